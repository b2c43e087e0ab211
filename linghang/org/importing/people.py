"""Who of a register is known already: by staff number, identity digest, name and birth date, name and branch."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from linghang.org.identity import digest
from linghang.org.models import Person, Unit
from linghang.org.roster.days import covers
from linghang.org.roster.duplicates import bare_number
from linghang.org.roster.outcomes import RosterRow
from linghang.org.roster.words import clean_name
from linghang.ui.sheets import Day

Words = tuple[str, str, str]
_FEW = 5


@dataclass(frozen=True)
class Match:
    """What is known of a row's person: the person and by what, or why it cannot be told, or nothing."""

    person: Person | None = None
    basis: str = ""
    rank: int = 9
    refusal: Words | None = None
    remarks: tuple[Words, ...] = ()


def row_digest(row: RosterRow) -> str:
    """The keyed digest of a row's identity number where the hospital keeps one, else nothing."""
    if not settings.KEEP_IDENTITY or row.identity is None:
        return ""
    return digest(row.identity.number, settings.IDENTITY_KEY.encode())


def described(person: Person) -> str:
    """A person as others must be able to tell them apart: 周明（工号 3001，内科党支部）."""
    number = f"工号 {person.staff_number}" if person.staff_number else "无工号"
    return f"{person.name}（{number}，{person.branch or person.department or '未编入支部'}）"


class Known:
    """Everybody in the system, looked up the four ways."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.by_number: dict[str, Person] = {}
        self.by_digest: dict[str, Person] = {}
        self._by_name: dict[str, list[Person]] = defaultdict(list)
        for person in people:
            if person.staff_number:
                self.by_number[bare_number(person.staff_number)] = person
            if person.identity_digest:
                self.by_digest[person.identity_digest] = person
            self._by_name[clean_name(person.name)].append(person)

    def find(self, row: RosterRow, branch: Unit) -> Match:
        """The one known person that a row means. Several, or one that contradicts the row, refuse it."""
        match = self._by_keys(row) or self._by_words(row, branch)
        if match.person is not None and match.person.left_on:
            reason = f"{described(match.person)}已于 {match.person.left_on} 离院"
            return Match(refusal=("name", reason, "确已返院的，请先在人员页恢复后重新导入"))
        return match

    def _by_keys(self, row: RosterRow) -> Match | None:
        mark = row_digest(row)
        for key, known, column, basis, rank in (
            (bare_number(row.staff_number), self.by_number, "staff_number", "工号", 0),
            (mark, self.by_digest, "identity", "公民身份号码", 1),
        ):
            person = known.get(key) if key else None
            if person is None:
                continue
            if clean_name(person.name) != row.name:
                reason = f"{basis}属于已有人员{described(person)}，与本行姓名“{row.name}”不同"
                return Match(refusal=(column, reason, f"请核对{basis}和姓名后改正"))
            return Match(person, basis, rank)
        return None

    def _by_words(self, row: RosterRow, branch: Unit) -> Match:
        namesakes = [p for p in self._by_name.get(row.name, ()) if not _contradicts(p, row)]
        same = [p for p in namesakes if p.birth_on and row.born_on and same_day(p.birth_on, row.born_on)]
        if same:
            return _one(same, row, branch, "姓名和出生日期", 2)
        unsure = [p for p in namesakes if not (p.birth_on and row.born_on)]
        here = [p for p in unsure if branch.pk is not None and p.branch_id == branch.pk]
        if here:
            return _one(here, row, branch, "姓名和党支部", 3)
        if not unsure:
            return Match()
        reason = f"系统里有同名的{_list(unsure)}，缺出生日期，不能认定是同一人，按新人导入"
        return Match(remarks=(("name", reason, "是同一人的，请先撤销，补上工号或出生日期后重新导入"),))


def _contradicts(person: Person, row: RosterRow) -> bool:
    """Two staff numbers, or two identity numbers, are two people."""
    known, written = bare_number(person.staff_number), bare_number(row.staff_number)
    mark = row_digest(row)
    return bool(
        (known and written and known != written)
        or (person.identity_digest and mark and person.identity_digest != mark)
    )


def same_day(known: date, written: Day) -> bool:
    """Whether a kept date and a written one can be the same; a kept first of month or year may stand for it."""
    if covers(written, known):
        return True
    month = known.day == 1 and (known.year, known.month) == (written.date.year, written.date.month)
    return month or (known.day == known.month == 1 and known.year == written.date.year)


def _one(found: Sequence[Person], row: RosterRow, branch: Unit, basis: str, rank: int) -> Match:
    """The only one; of several the one in this branch, then who joined on this day, then who is of this sex."""
    if len(found) > 1:
        here = [p for p in found if branch.pk is not None and p.branch_id == branch.pk]
        found = here or found
    if len(found) > 1 and row.joined_on:
        joined = [p for p in found if p.joined_on and same_day(p.joined_on, row.joined_on)]
        found = joined or found
    if len(found) > 1 and row.sex:
        found = [p for p in found if p.sex == row.sex] or found
    if len(found) > 1:
        reason = f"系统里有 {len(found)} 位相符的人：{_list(found)}，分不清是哪一位"
        return Match(refusal=("name", reason, "请在名册中补上工号后重新导入"))
    return Match(found[0], basis, rank)


def _list(found: Sequence[Person]) -> str:
    words = "、".join(described(person) for person in found[:_FEW])
    return words if len(found) <= _FEW else f"{words}等 {len(found)} 人"


def settle_claims(matches: dict[int, tuple[RosterRow, Match, bool]]) -> dict[int, Match]:
    """Two rows cannot be one known person: the surer one keeps it, the others are refused by name."""
    claims: dict[int, list[int]] = defaultdict(list)
    for at, (_, match, _) in matches.items():
        if match.person is not None:
            claims[match.person.pk].append(at)
    settled = {at: match for at, (_, match, _) in matches.items()}
    for rivals in claims.values():
        first, *others = sorted(rivals, key=lambda at: (matches[at][1].rank, not matches[at][2], at))
        for at in others:
            winner, match, _ = matches[first]
            reason = f"与第 {winner.row} 行都指向系统里的{described(match.person)}"  # type: ignore[arg-type]
            settled[at] = Match(
                refusal=("name", reason, "是两个人的，请补上工号或出生日期；同一人的删去一行")
            )
    return settled
