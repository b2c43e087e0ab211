"""Which units a register means: found in the tree under any usual spelling, or proposed and asked about."""

import re
import secrets
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from linghang.org.models import Unit
from linghang.org.roster_columns import tidy_unit, unit_key
from linghang.org.roster_outcomes import RosterRow

Kind = Unit.Kind
CREATE, BLANK, SKIP, MAP = "create", "blank", "skip", "map:"
_HEADS = (Kind.COMMITTEE, Kind.GENERAL)
_WITHIN: dict[str, tuple[str, ...]] = {
    Kind.GENERAL: (Kind.COMMITTEE, Kind.SUBCOMMITTEE, Kind.GENERAL),
    Kind.BRANCH: (Kind.BRANCH,),
    Kind.GROUP: (Kind.GROUP,),
    Kind.DEPARTMENT: (Kind.DIVISION, Kind.DEPARTMENT, Kind.WARD),
}
_NUMERALS = re.compile(r"[\d一二三四五六七八九十]")
_DIGITS = str.maketrans("123456789", "一二三四五六七八九")
_NEAR = 0.8
_LONGEST = 80


def place_key(name: str, kind: str) -> str:
    """What the spellings of one unit share: 内科支部, 中共示例医院内科党支部委员会, 内科　支 部."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    if kind == Kind.DEPARTMENT:
        return re.sub(r"[()（）·、\s]", "", plain)
    plain = re.sub(r"^.*?医院(?=.)", "", unit_key(plain))
    if kind == Kind.BRANCH:
        return plain if plain.endswith("支部") else f"{plain}支部"
    return re.sub(r"委员会$", "委", re.sub(r"总支部?(委员会)?$", "总支", plain))


def group_key(name: str, branch: str) -> str:
    """What the spellings of one group share within its branch: 内科第一党小组, 第1小组, 一组."""
    plain = unicodedata.normalize("NFKC", tidy_unit(name)).removeprefix(_stem(branch))
    return re.sub(r"[党小第]", "", plain).translate(_DIGITS)


def _stem(branch: str) -> str:
    return re.sub(r"党?支部(委员会)?$", "", branch)


@dataclass
class Question:
    """A unit that the file names and the tree lacks: where it would stand, what it may be, what was chosen."""

    key: str
    kind: str
    name: str
    parent: "Unit | None" = None
    parent_name: str = ""
    creatable: bool = True
    rows: int = 0
    near: list[Unit] = field(default_factory=list)
    suggestion: str = ""
    choice: str = ""
    unit: "Unit | None" = None

    @property
    def effective(self) -> str:
        """What was chosen, else what is suggested."""
        return self.choice or self.suggestion

    def options(self) -> list[tuple[str, str]]:
        """The choices in words, the nearest units first."""
        kind = Kind(self.kind).label
        found = [(f"{MAP}{unit.pk}", f"就是“{unit}”") for unit in self.near]
        if self.creatable:
            found.append((CREATE, f"新建{kind}，设在“{self.parent_name}”下"))
        blank = {
            Kind.GENERAL: f"不建，支部设在“{self.parent_name}”下",
            Kind.GROUP: "不建党小组，只导入人员",
            Kind.DEPARTMENT: "不填科室，只导入人员",
        }.get(Kind(self.kind))
        return [*found, *([(BLANK, blank)] if blank else []), (SKIP, "这些行不导入")]


@dataclass(frozen=True)
class Placed:
    """Where a row belongs: units that exist or will be made; or why it cannot be placed."""

    branch: Unit | None = None
    general: Unit | None = None
    department: Unit | None = None
    group: Unit | None = None
    refusal: tuple[str, str, str] | None = None
    remarks: tuple[tuple[str, str, str], ...] = ()


class Tree:
    """The units of today, looked up as registers spell them; what is missing becomes a question once."""

    def __init__(self, units: Iterable[Unit], choices: Mapping[str, str], since: date) -> None:
        self.units = {unit.pk: unit for unit in units}
        self.choices, self.since = choices, since
        self.questions: dict[str, Question] = {}
        self.root = next(unit for unit in self.units.values() if unit.kind == Kind.HOSPITAL)
        heads = (u for u in self.units.values() if u.kind in _HEADS and u.parent_id == self.root.pk)
        self.head = min(heads, key=lambda u: (u.order, u.pk), default=None)
        self._by_key: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            for kind, kinds in _WITHIN.items():
                if unit.kind in kinds:
                    self._by_key[kind, place_key(unit.name, kind)].append(unit)

    @property
    def fresh(self) -> list[Unit]:
        """The units to be made, those above before those below."""
        order = (Kind.GENERAL, Kind.SUBCOMMITTEE, Kind.BRANCH, Kind.GROUP, Kind.DEPARTMENT)
        made = [q.unit for q in self.questions.values() if q.unit is not None]
        return sorted(made, key=lambda unit: order.index(Kind(unit.kind)))

    def place(self, row: RosterRow) -> Placed:
        """The units of one row. A unit that is left out by choice, or not yet chosen, refuses the row."""
        general, branch, group, department = self._general(row), None, None, None
        asked: list[tuple[str, Question | Unit | None]] = []
        branch_found = self._branch(row, general)
        if isinstance(branch_found, Question) and isinstance(general, Question):
            asked.append(("general_branch", general))
        asked.append(("branch", branch_found))
        department_found = self._department(row)
        asked.append(("department", department_found))
        for name, found in asked:
            if refusal := _refusal(name, found):
                return Placed(refusal=refusal)
        branch, department = _unit(branch_found), _unit(department_found)
        if row.party_group and branch is not None:
            found = self._group(row.party_group, branch)
            if refusal := _refusal("party_group", found):
                return Placed(refusal=refusal)
            group = _unit(found)
        remarks = self._remarks(row, general, branch)
        upper = _unit(general) or (branch.parent if branch else None)
        return Placed(branch, upper, department, group, remarks=remarks)

    def _remarks(
        self, row: RosterRow, general: "Question | Unit | None", branch: Unit | None
    ) -> tuple[tuple[str, str, str], ...]:
        """A register that places a known branch elsewhere does not move it."""
        if not row.general_branch or branch is None or branch.pk is None or branch.parent is None:
            return ()
        if isinstance(general, Unit) and general.pk == branch.parent_id:
            return ()
        reason = f"名册写“{row.general_branch}”，系统中“{branch}”属于“{branch.parent}”；隶属未改动"
        return (("general_branch", reason, "需要调整的，请在组织页“调整隶属”"),)

    # -- one kind each -----------------------------------------------------------------------------------------

    def _general(self, row: RosterRow) -> "Question | Unit | None":
        if not row.general_branch:
            return self.head
        key = place_key(row.general_branch, Kind.GENERAL)
        found = self._by_key.get((Kind.GENERAL, key), [])
        if len(found) == 1:
            return found[0]
        return self._question(Kind.GENERAL, key, row.general_branch, self.head, found)

    def _branch(self, row: RosterRow, general: "Question | Unit | None") -> "Question | Unit | None":
        key = place_key(row.branch, Kind.BRANCH)
        found = self._by_key.get((Kind.BRANCH, key), [])
        upper = _unit(general) if isinstance(general, Unit) or general is None else _answer(general)
        if len(found) > 1 and upper is not None:
            found = [unit for unit in found if unit.parent_id == upper.pk] or found
        if len(found) == 1:
            return found[0]
        if isinstance(general, Question):
            self._settle(general)
            upper = general.unit or _answer(general) or self.head
        above = place_key(row.general_branch, Kind.GENERAL) if row.general_branch else ""
        return self._question(Kind.BRANCH, f"{above}|{key}", row.branch, upper or self.head, found)

    def _department(self, row: RosterRow) -> "Question | Unit | None":
        if not row.department:
            return None
        key = place_key(row.department, Kind.DEPARTMENT)
        found = self._by_key.get((Kind.DEPARTMENT, key), [])
        if len(found) == 1:
            return found[0]
        return self._question(Kind.DEPARTMENT, key, tidy_unit(row.department), self.root, found)

    def _group(self, name: str, branch: Unit) -> "Question | Unit | None":
        key = group_key(name, branch.name)
        groups = [u for u in self.units.values() if u.kind == Kind.GROUP and u.parent_id == branch.pk]
        found = [u for u in groups if branch.pk and group_key(u.name, branch.name) == key]
        if len(found) == 1:
            return found[0]
        full = tidy_unit(name)
        if re.match(r"第|\d|[一二三四五六七八九十]", full):
            full = f"{_stem(branch.name)}{full}"
        return self._question(Kind.GROUP, f"{branch.name}|{key}", full, branch, found or groups)

    # -- questions ---------------------------------------------------------------------------------------------

    def _question(self, kind: str, key: str, name: str, parent: Unit | None, same: list[Unit]) -> Question:
        question = self.questions.get(f"{kind}|{key}")
        if question is None:
            question = self._ask(kind, f"{kind}|{key}", name, parent, same)
        question.rows += 1
        self._settle(question)
        return question

    def _ask(self, kind: str, key: str, name: str, parent: Unit | None, same: list[Unit]) -> Question:
        if kind == Kind.GENERAL and name.endswith("党委"):
            kind = Kind.SUBCOMMITTEE
        question = Question(key, kind, name, parent, str(parent or ""))
        under_general = parent is not None and parent.kind == Kind.GENERAL
        too_deep = under_general and kind in (Kind.GENERAL, Kind.SUBCOMMITTEE)
        question.creatable = parent is not None and len(name) <= _LONGEST and not too_deep
        # Several units of one name, or the groups of the branch itself: only a person can tell which is meant.
        question.near = same or self._nearest(kind, name)
        if not same or kind == Kind.GROUP:
            question.suggestion = self._suggest(question)
        choice = self.choices.get(key, "")
        known = {value for value, _ in question.options()}
        named = choice.startswith(MAP) and int(choice.removeprefix(MAP)) in self.units
        question.choice = choice if choice in known or named else ""
        self.questions[key] = question
        return question

    def _suggest(self, question: Question) -> str:
        if question.near and question.kind != Kind.GROUP and _is_near(question, question.near[0]):
            return f"{MAP}{question.near[0].pk}"
        return CREATE if question.creatable else BLANK if question.kind != Kind.BRANCH else ""

    def _nearest(self, kind: str, name: str) -> list[Unit]:
        """Up to five units of the kind that are spelled most like this."""
        within = _WITHIN.get(kind, _WITHIN[Kind.GENERAL])
        asked = _bare(name, kind)
        likeness: Callable[[Unit], float] = lambda unit: _likeness(asked, _bare(unit.name, kind))  # noqa: E731
        found = [unit for unit in self.units.values() if unit.kind in within and likeness(unit) > 0.4]
        return sorted(found, key=likeness, reverse=True)[:5]

    def _settle(self, question: Question) -> None:
        """Make the unit of a question that is answered with 新建; it is written only at confirmation."""
        if question.effective == CREATE and question.unit is None and question.parent is not None:
            question.unit = Unit(
                code=f"{question.kind}-{secrets.token_hex(4)}",
                name=question.name,
                kind=question.kind,
                parent=question.parent,
                since=self.since,
            )
        elif question.effective.startswith(MAP):
            question.near = [
                self.units[int(question.effective.removeprefix(MAP))],
                *(unit for unit in question.near if f"{MAP}{unit.pk}" != question.effective),
            ]


def _bare(name: str, kind: str) -> str:
    return re.sub(r"(支部|总支|委|科)$", "", place_key(name, kind if kind in _WITHIN else Kind.GENERAL))


def _likeness(one: str, other: str) -> float:
    """How alike two names are; an abbreviation counts more than a name that only shares some signs."""
    ratio = SequenceMatcher(None, one, other).ratio()
    return ratio + 1 if _abbreviates(one, other) or _abbreviates(other, one) else ratio


def _abbreviates(short: str, full: str) -> bool:
    """心内 for 心血管内: every sign in order, the first one the same, and at least two of them."""
    signs = iter(full)
    return len(short) > 1 and short[:1] == full[:1] and all(sign in signs for sign in short)


def _is_near(question: Question, unit: Unit) -> bool:
    one, other = _bare(question.name, question.kind), _bare(unit.name, question.kind)
    if sorted(_NUMERALS.findall(one)) != sorted(_NUMERALS.findall(other)):
        return False
    return _likeness(one, other) >= _NEAR and one[:1] == other[:1]


def _answer(question: Question) -> Unit | None:
    return question.near[0] if question.effective.startswith(MAP) else None


def _unit(found: "Question | Unit | None") -> Unit | None:
    if isinstance(found, Question):
        return found.unit or _answer(found)
    return found


def _refusal(name: str, found: "Question | Unit | None") -> tuple[str, str, str] | None:
    """Why a row cannot be placed here: column, reason, remedy."""
    if not isinstance(found, Question) or found.effective not in (SKIP, ""):
        return None
    kind = Kind(found.kind).label
    if found.effective == SKIP:
        reason = f"系统中没有{kind}“{found.name}”，已选择不导入这些行"
        return name, reason, "请改正名称，或在“新单位”中改为新建或对应到现有单位"
    if len(found.near) > 1:
        return name, f"“{found.name}”可以是几个单位，分不清是哪一个", "请在“新单位”中指定，或在名册中写明所属党总支"
    return name, f"系统中没有{kind}“{found.name}”", "请在“新单位”中选择怎样处理"
