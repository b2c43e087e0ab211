"""Resolutions as a recorder types them: one a line, “（责任人，期限）” at the end where something is to be carried out.

What was meant as a name or a day and cannot be read is told with the reason; it is never dropped without a word. Other
words in brackets (“（草案）”) are part of the sentence.
"""

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from linghang.activities.actions import ResolutionDraft
from linghang.activities.sentences import sentences
from linghang.dispatch.models import staff_of
from linghang.org.models import Person, Unit
from linghang.rules.periods import add_months

TAIL = re.compile(r"[（(]([^（）()]{1,30})[）)]\s*[。.；;]?$")
BETWEEN = re.compile(r"[，,、；;\s]+")
DAY = re.compile(r"(?:(\d{4})[-年/.])?(\d{1,2})[-月/.](\d{1,2})[日号]?(?:之?[前内])?$")
MONTH_END = re.compile(r"(?:(\d{1,2})月|(本|下)?月|年)底(?:之?前)?$")
LIKE_A_DAY = re.compile(r"\d\s*[-月/.日号周]|[周月季年]底|[下本]周|前$")
NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}$")
OFFICE = re.compile(r"(?:同志|负责|牵头|落实)$")
# A day without its year that has gone by is next year's, unless that is too far to be meant.
NEAR = timedelta(days=183)
KEEP = "改好再保存；若就是这样写，直接再保存一次，按原文记下，不带责任人和期限。"


@dataclass(frozen=True)
class Unread:
    """A line that could not be read as it was meant, and why."""

    line: str
    why: str

    def __str__(self) -> str:
        return f"“{self.line if len(self.line) <= 24 else self.line[:23] + '…'}”：{self.why}。"


class Unclear(Exception):
    """Why a piece in the brackets says neither who nor until when."""


@dataclass(frozen=True)
class Reader:
    """Whom and which days the resolutions of one meeting may name."""

    unit: Unit
    held_on: date
    known: Mapping[str, Sequence[Person]]

    def read(self, line: str) -> ResolutionDraft:
        """One resolution. Raises Unclear when what stands in its brackets was meant as somebody or a day and is neither."""
        tail = TAIL.search(line)
        if tail is None:
            return ResolutionDraft(line)
        found: dict[str, date | Person] = {}
        strange = [piece for piece in filter(None, BETWEEN.split(tail[1])) if not self._take(piece, found)]
        if not strange:
            due_on, owner = found.get("due_on"), found.get("owner")
            return ResolutionDraft(line[: tail.start()].strip(), due_on, owner)  # type: ignore[arg-type]
        if why := next(filter(None, (self._meant(piece, bool(found)) for piece in strange)), ""):
            raise Unclear(why)
        return ResolutionDraft(line)

    def _take(self, piece: str, found: dict[str, date | Person]) -> bool:
        """Whether the piece was read: as a day, or as one person."""
        name = OFFICE.sub("", piece)
        if people := self.known.get(piece) or self.known.get(name):
            if len(people) > 1:
                raise Unclear(f"本单位有 {len(people)} 位“{name}”，请改写工号")
            if "owner" in found:
                raise Unclear("写了两位责任人，一项只记一位；其他人写进正文")
            found["owner"] = people[0]
        elif day := self._day(piece):
            if "due_on" in found:
                raise Unclear("写了两个期限，只留一个")
            found["due_on"] = day
        else:
            return False
        return True

    def _day(self, piece: str) -> date | None:
        if written := DAY.match(piece):
            return self._dated(piece, written[1], int(written[2]), int(written[3]))
        if not (end := MONTH_END.match(piece)):
            return None
        month = int(end[1] or (12 if piece[0] == "年" else self.held_on.month))
        if not 1 <= month <= 12:
            raise Unclear(f"“{piece}”不是一个日期，请写成 12-31 这样")
        day = add_months(self.held_on.replace(month=month, day=1), int(end[2] == "下"))
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        return last if last >= self.held_on else add_months(last, 12)

    def _dated(self, piece: str, year: str | None, month: int, of_month: int) -> date:
        try:
            day = date(int(year or self.held_on.year), month, of_month)
            again = day if year or day >= self.held_on else day.replace(year=day.year + 1)
        except ValueError:
            raise Unclear(f"“{piece}”不是一个日期，请写成 12-31 这样") from None
        if again < self.held_on:
            raise Unclear(f"期限“{piece}”早于开会那天")
        if again != day and again - self.held_on > NEAR:
            raise Unclear(f"开会那天“{piece}”已过；如指次年，请写明 {again.isoformat()}")
        return again

    def _meant(self, piece: str, beside_another: bool) -> str:
        """Why a piece that looks like a day or a name, or stands beside one, is neither; empty for other words."""
        if LIKE_A_DAY.search(piece):
            return f"“{piece}”读不出是哪一天，请写成 12-31 这样"
        name = OFFICE.sub("", piece)
        if NAME.match(name) and (beside_another or Person.objects.filter(name__startswith=name[0]).exists()):
            return f"“{self.unit}”和应到人员中没有“{name}”，请核对姓名"
        return f"“{piece}”不是人员姓名，也不是日期" if beside_another else ""


def read_resolutions(
    text: str, unit: Unit, people: Iterable[Person], held_on: date
) -> tuple[list[ResolutionDraft], list[Unread]]:
    """What was agreed, as drafts; and the lines that could not be read as they were meant, which the drafts keep as text.

    “整理台账（王蕾，11-30前）” names who and until when: somebody of the unit or called to the meeting, by name or staff
    number; and a day, or the end of a month.
    """
    lines = sentences(text)
    known = _known(unit, people) if any(TAIL.search(line) for line in lines) else {}
    reader = Reader(unit, held_on, known)
    drafts, unread = [], []
    for line in lines:
        try:
            drafts.append(reader.read(line))
        except Unclear as problem:
            drafts.append(ResolutionDraft(line))
            unread.append(Unread(line, str(problem)))
    return drafts, unread


def refuse_unread(unread: Sequence[Unread], as_written: Iterable[str]) -> None:
    """Raise ValidationError for lines that were not read, unless all of them were asked about and sent again unchanged."""
    if {one.line for one in unread} - set(as_written):
        raise ValidationError({"resolutions": [*map(str, unread), KEEP]})


def _known(unit: Unit, people: Iterable[Person]) -> Mapping[str, Sequence[Person]]:
    branch = unit.parent if unit.kind == Unit.Kind.GROUP and unit.parent else unit
    found: dict[str, list[Person]] = defaultdict(list)
    for person in {one.pk: one for one in (*people, *staff_of(branch))}.values():
        found[person.name].append(person)
        found[person.staff_number].append(person)
    return found


def written(draft: ResolutionDraft) -> str:
    """A resolution as it would have been typed."""
    tail = [draft.owner.name if draft.owner else "", f"{draft.due_on.isoformat()}前" if draft.due_on else ""]
    words = "，".join(filter(None, tail))
    return f"{draft.text}（{words}）" if words else draft.text
