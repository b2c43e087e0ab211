"""Who signs for the head of the hospital: secretary and president, and whom the blueprint names beside one who is both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q

from linghang.decisions.models import TaskForce
from linghang.decisions.parameters import SECOND_SIGNER
from linghang.kernel import clock
from linghang.kernel.parameters import value
from linghang.org.models import Person, Post, Unit
from linghang.rules import governance
from linghang.rules.clauses import Verdict

SECRETARY, PRESIDENT, DISCIPLINE = "party_secretary", "president", "discipline_secretary"


@dataclass(frozen=True)
class Seats:
    """Whoever holds the two seats on a day, stand-ins included; `doubled` says that one person holds both posts."""

    secretary: tuple[Person, ...]
    president: tuple[Person, ...]
    doubled: bool = False

    @property
    def missing(self) -> list[str]:
        """Which of the two signatures nobody can give."""
        found = [] if self.secretary else ["书记"]
        return found if self.president else [*found, "第二签字人" if self.doubled else "院长"]

    def of(self, person: Any) -> list[str]:
        """The seats that somebody may sign for."""
        held = {"secretary": self.secretary, "president": self.president}
        return [seat for seat, people in held.items() if person.pk in {one.pk for one in people}]


def holders(roles: Sequence[str], day: date | None = None) -> dict[str, list[Person]]:
    """Whoever holds these roles on a day: one query."""
    found: dict[str, list[Person]] = {role: [] for role in roles}
    posts = cast(Any, Post.objects)
    for post in posts.on(day or clock.today()).filter(role__in=roles).select_related("person"):
        found[post.role_id].append(post.person)
    return found


def seats(day: date | None = None) -> Seats:
    """Who may sign on a day. Nobody signs for both: where one person holds both posts, the second is whom the blueprint
    names (R-GY-04); where it names nobody, the second signature cannot be given.
    """
    second = value(SECOND_SIGNER, day)
    held = holders([SECRETARY, PRESIDENT, *([second] if second else [])], day)
    both = {one.pk for one in held[SECRETARY]} & {one.pk for one in held[PRESIDENT]}
    apart = [one for one in held[PRESIDENT] if one.pk not in both]
    if both and not apart:
        apart = [one for one in held.get(second, ()) if one.pk not in both]
    return Seats(tuple(held[SECRETARY]), tuple(apart), bool(both))


def leaders() -> Any:
    """The leadership of the hospital today: whoever sits on its head's committee or holds such a post at the hospital."""
    here, posts = Unit.objects.on(clock.today()), cast(Any, Post.objects)
    head = here.party().order_by("path").values("pk")[:1]
    at = Q(unit__kind=Unit.Kind.HOSPITAL) | Q(unit__in=head)
    held = posts.on(clock.today()).filter(at, role__on_committee=True)
    return Person.objects.filter(posts__in=held).distinct().order_by("pinyin", "pk")


def apart(day: date | None = None) -> Verdict:
    """Whether secretary and president are two people, and there is a secretary for discipline (R-GY-03)."""
    held = holders([SECRETARY, PRESIDENT, DISCIPLINE], day)
    first = {role: str(people[0]) if people else "" for role, people in held.items()}
    same = {one.pk for one in held[SECRETARY]} & {one.pk for one in held[PRESIDENT]}
    president = first[PRESIDENT] if not same else first[SECRETARY]
    return governance.heads_apart(first[SECRETARY], president, first[DISCIPLINE], on=day or clock.today())


def short_of_leaders(forces: Any) -> Any:
    """The weighty task forces among these that lack the secretary or the president as a leader today, as a query."""
    posts = cast(Any, Post.objects).on(clock.today())
    led = Q(person=OuterRef("lead")) | Q(person=OuterRef("partner"))
    by_secretary, by_president = (Exists(posts.filter(led, role=role)) for role in (SECRETARY, PRESIDENT))
    return forces.filter(~by_secretary | ~by_president, weighty=True, until=None)


def lacking(forces: Sequence[TaskForce]) -> dict[int, str]:
    """What the leadership of each weighty task force lacks today (双组长), in words: one query for all."""
    held, found = holders([SECRETARY, PRESIDENT]), {}
    wanted = {
        name: {one.pk for one in held[role]} for name, role in (("书记", SECRETARY), ("院长", PRESIDENT))
    }
    for force in forces:
        leading = {force.lead_id, force.partner_id}
        absent = [name for name, people in wanted.items() if not leading & people]
        if force.weighty and force.until is None and absent:
            found[force.pk] = f"缺{'、'.join(absent)}任组长"
    return found
