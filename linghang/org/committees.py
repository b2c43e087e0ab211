"""Leaderships: which posts are vacant, whether a committee is as it should be, whose term ends, who leads doubly."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from linghang.kernel.parameters import value
from linghang.org.actions.posts import BODIES, seen
from linghang.org.models import Membership, Post, Term, Unit
from linghang.org.parameters import DUAL_POSITIONS, DUAL_TITLES
from linghang.rules import branch as rules
from linghang.rules import governance
from linghang.rules.clauses import Verdict
from linghang.rules.terms import Stage
from linghang.rules.terms import Term as Seen

# The duties that a committee of a branch shares out, by role (支部工作条例 第二十条).
DUTIES = {"organiser": "组织", "publicist": "宣传", "disciplinarian": "纪检"}
SEATS = ("secretary", "deputy_secretary", *DUTIES, "committee_member")
# The grid of supervision: from the discipline secretary to the leader of a group (R-LJ-02).
LEVELS = (
    ("一级", "纪委书记", "discipline_secretary"),
    ("二级", "纪工委委员", "discipline_member"),
    ("三级", "支部纪检委员", "disciplinarian"),
    ("四级", "党小组长", "group_leader"),
)


@dataclass(frozen=True)
class Committee:
    """The leadership of one branch on a day: who sits on it, and what the rules say of it."""

    unit: Unit
    full: int
    posts: list[Post]
    verdicts: list[Verdict]

    @property
    def unmet(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if not verdict.met]


def committees(units: Iterable[Unit], day: date) -> list[Committee]:
    """The leaderships of these branches on a day, in three queries; temporary branches are led by whom they were given."""
    branches = [u for u in units if u.kind == Unit.Kind.BRANCH and not u.is_temporary]
    posts, last = _posts(branches, day)
    full: dict[int, int] = defaultdict(int)
    held = Membership.objects.on(day).filter(branch__in=branches, status=Membership.Status.FULL)
    for branch in held.values_list("branch", flat=True):
        full[branch] += 1
    return [
        Committee(u, full[u.pk], posts[u.pk], list(_judge(u, full[u.pk], posts[u.pk], last, day)))
        for u in branches
    ]


def _posts(branches: list[Unit], day: date) -> tuple[dict[int, list[Post]], dict[int, date]]:
    """Who holds a seat on that day, and when each branch last lost its secretary."""
    found: dict[int, list[Post]] = defaultdict(list)
    last: dict[int, date] = {}
    held = Post.objects.filter(unit__in=branches, role__in=SEATS, since__lte=day, acting_for=None)
    for post in held.select_related("person", "role").order_by("role__order", "since"):
        if post.until is None or post.until > day:
            found[post.unit_id].append(post)
        elif post.role_id == "secretary":
            last[post.unit_id] = max(post.until, last.get(post.unit_id, date.min))
    return found, last


def _judge(unit: Unit, full: int, posts: list[Post], last: dict[int, date], day: date) -> Iterator[Verdict]:
    roles = [post.role_id for post in posts]
    seats, secretaries = len({post.person_id for post in posts}), roles.count("secretary")
    yield rules.vacancy("书记", None if secretaries else last.get(unit.pk, unit.since), on=day)
    if not rules.needs_committee(full, on=day):
        if secretaries:
            yield rules.officers(full, secretaries, roles.count("deputy_secretary"), on=day)
        return
    yield rules.has_committee(full, seats > 1, on=day)
    if seats > 1:
        yield rules.committee_size(seats, on=day)
        yield rules.committee_duties([DUTIES[r] for r in roles if r in DUTIES], on=day)


@dataclass(frozen=True)
class Due:
    """A leadership and its term; without one entered, nobody can say when the next election is due."""

    unit: Unit
    term: Term | None
    seen: Seen | None

    @property
    def stage(self) -> str:
        return str(self.seen.stage.value) if self.seen else "无法判定"

    @property
    def tone(self) -> str:
        if self.seen is None:
            return "grey"
        tones = {Stage.RUNNING: "green", Stage.OVERDUE: "red"}
        return tones.get(self.seen.stage, "amber")


def calendar(units: Iterable[Unit], day: date) -> list[Due]:
    """换届日历: every leadership with a term, the first due first, those without an entered election last."""
    bodies = [u for u in units if u.kind in BODIES and not u.is_temporary]
    held = Term.objects.filter(unit__in=bodies, until=None).select_related("unit")
    terms = {term.unit_id: term for term in held}
    found = [Due(u, t, seen(t, day)) if (t := terms.get(u.pk)) else Due(u, None, None) for u in bodies]
    return sorted(found, key=lambda due: (due.seen.ends_on if due.seen else date.max, due.unit.path))


def is_dual(post: Post, positions: Iterable[str], titles: Iterable[str]) -> bool:
    """Whether a secretary also leads in the profession: by office held, or by rank, as the hospital defines it."""
    held, rank = post.person.position, post.person.title
    return any(word in held for word in positions) or any(word == rank for word in titles)


def definition(day: date) -> tuple[list[str], list[str]]:
    """Which offices and which ranks make a secretary a 双带头人 here."""
    return value(DUAL_POSITIONS, day).split(), value(DUAL_TITLES, day).split()


def dual_leaders(top: Unit, day: date) -> list[tuple[Post, bool]]:
    """Every branch secretary below a unit on a day, and whether they are 双带头人 by the hospital's own definition."""
    positions, titles = definition(day)
    held = Post.objects.on(day).filter(role="secretary", acting_for=None, unit__path__startswith=top.path)
    posts = held.exclude(unit__shape__in=Unit.TEMPORARY).select_related("person", "unit", "role")
    return [(post, is_dual(post, positions, titles)) for post in posts.order_by("unit__path")]


def grid(units: "QuerySet[Unit]", day: date) -> list[tuple[str, str, list[Post]]]:
    """四级网格 (R-LJ-02): made by the posts themselves, from the discipline secretary to the leaders of groups."""
    roles = [role for _, _, role in LEVELS]
    held = Post.objects.on(day).filter(role__in=roles, unit__in=units, acting_for=None)
    posts = list(held.select_related("person", "unit", "role").order_by("unit__path"))
    return [(level, name, [p for p in posts if p.role_id == role]) for level, name, role in LEVELS]


def grid_verdict(levels: list[tuple[str, str, list[Post]]], day: date) -> Verdict:
    """R-LJ-02: whether each level of the grid has somebody; where there are no groups the third is the last."""
    held = [name for _, name, posts in levels if posts]
    return governance.grid(held, "党小组长" in held, on=day)
