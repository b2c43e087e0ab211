"""Party posts that a register names: which role at which unit, and whether there is room for them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from linghang.kernel.access import Actor
from linghang.org.importing.units import Placed
from linghang.org.models import Person, Post, Role, Unit
from linghang.org.roster.outcomes import RosterRow
from linghang.org.roster.posts import PartyPost
from linghang.rules.branch import committee_size
from linghang.rules.clauses import Level

Words = tuple[str, str, str]
_ADJUST = "请在任职页调整"
# What a post is called at the head of the hospital, and at a 党总支 or 二级党委 below it.
_HEAD = {
    "secretary": "party_secretary",
    "deputy_secretary": "deputy_party_secretary",
    "disciplinarian": "discipline_secretary",
}
_BRANCH = frozenset(
    {"secretary", "deputy_secretary", "organiser", "publicist", "disciplinarian", "committee_member"}
)


class Seats:
    """Who holds what from the as-of day on; fills up while the rows of a register are walked."""

    def __init__(
        self, posts: Iterable[Post], roles: Mapping[str, Role], head: Unit | None, as_of: date, by: Actor
    ) -> None:
        self.roles, self.head, self.as_of, self.by = roles, head, as_of, by
        self.fresh: list[Post] = []
        self._kinds: dict[int, str] = {}
        self._held: dict[tuple[str, str], list[Person]] = {}
        for post in posts:
            self._kinds[post.person_id] = post.role.kind
            if post.acting_for_id is None:
                self._held.setdefault((post.unit.code, post.role_id), []).append(post.person)

    def take(self, row: RosterRow, person: Person, placed: Placed) -> tuple[list[Post], list[Words]]:
        """The new posts of one row's person, and what could not be done about the rest."""
        posts: list[Post] = []
        cautions: list[Words] = []
        for written in row.posts:
            unit, code = self._seat(written, placed)
            role = self.roles.get(code)
            if unit is None or role is None:
                reason = f"党内职务“{row.party_post}”在系统中没有对应的单位或岗位，没有导入"
                cautions.append(("party_post", reason, _ADJUST))
            elif reason := self._refusal(person, unit, role) or self._crowded(person, unit, role):
                cautions.append(("party_post", reason, _ADJUST))
            elif not self._holds(person, unit, role):
                posts.append(self._seated(person, unit, role))
        return posts, list(dict.fromkeys(cautions))

    def _seat(self, written: PartyPost, placed: Placed) -> tuple[Unit | None, str]:
        """Unit and role of a post as it was written."""
        if written.scope == "branch":
            return placed.branch, written.code if written.code in _BRANCH else ""
        if written.scope == "group":
            return placed.group, written.code
        if written.scope == "discipline_committee":
            return self.head, "discipline_secretary" if written.code == "secretary" else ""
        unit = placed.general if written.scope == "general_branch" else self.head
        if unit is None or (self.head is not None and unit.pk == self.head.pk):
            return self.head, _HEAD.get(written.code, "party_committee_member")
        return unit, "general_secretary" if written.code == "secretary" else "general_member"

    def _refusal(self, person: Person, unit: Unit, role: Role) -> str:
        """Why this seat is not given to this person; empty when it may be, or is theirs already."""
        if self._holds(person, unit, role):
            return ""
        label = f"{unit}{role.suffix}" if role.suffix else role.name
        if not role.stands_at(unit.kind):
            return f"{unit.get_kind_display()}不设“{role}”，没有导入"
        if person.pk and person.pk == self.by.pk:
            return f"不能由本人导入本人的任职（{label}）"
        if self.head is not None and unit.pk == self.head.pk and not self.by.may("org.appoint", unit):
            return f"您的职务不能任命{label}，没有导入"
        if person.pk and self._kinds.get(person.pk, Role.Kind.BUSINESS) != Role.Kind.BUSINESS:
            return f"{person}现任系统管理或审计岗位，不能兼任{label}（三员分立）"
        holders = self._held.get((unit.code, role.pk), [])
        if role.single and holders:
            said = "现任为" if holders[0].pk else "在名册里已写给"
            return f"{label}{said} {holders[0].name}，只能由一人担任；人员照常导入，职务没有导入"
        return ""

    def _crowded(self, person: Person, unit: Unit, role: Role) -> str:
        """Why a committee has no room for one more; empty where it has, or where it is no branch's (R-ZB-21)."""
        if unit.kind != Unit.Kind.BRANCH or not role.on_committee:
            return ""
        seated = {id(holder) if holder.pk is None else holder.pk for holder in self._committee(unit)}
        if (id(person) if person.pk is None else person.pk) in seated:
            return ""
        verdict = committee_size(len(seated) + 1, on=self.as_of)
        if verdict.met or verdict.level is not Level.BLOCK:
            return ""
        return f"“{unit}”{verdict.sentence}（{verdict.rule.cite}）；人员照常导入，职务没有导入"

    def _committee(self, unit: Unit) -> Iterator[Person]:
        for (code, role), holders in self._held.items():
            if code == unit.code and self.roles[role].on_committee:
                yield from holders

    def _holds(self, person: Person, unit: Unit, role: Role) -> bool:
        held = self._held.get((unit.code, role.pk), [])
        return any(holder is person or (person.pk is not None and holder.pk == person.pk) for holder in held)

    def _seated(self, person: Person, unit: Unit, role: Role) -> Post:
        post = Post(person=person, unit=unit, role=role, since=self.as_of)
        self._held.setdefault((unit.code, role.pk), []).append(person)
        self.fresh.append(post)
        return post
