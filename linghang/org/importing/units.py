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
from linghang.org.roster.columns import numbers_alike, tidy_unit, unit_key
from linghang.org.roster.outcomes import RosterRow

Kind = Unit.Kind
CREATE, BLANK, SKIP, MAP = "create", "blank", "skip", "map:"
_HEADS = (Kind.COMMITTEE, Kind.GENERAL)
_WITHIN: dict[str, tuple[str, ...]] = {
    Kind.GENERAL: (Kind.COMMITTEE, Kind.SUBCOMMITTEE, Kind.GENERAL),
    Kind.BRANCH: (Kind.BRANCH,),
    Kind.GROUP: (Kind.GROUP,),
    Kind.DEPARTMENT: (Kind.DIVISION, Kind.DEPARTMENT, Kind.WARD),
}
_HOSPITAL = re.compile(r"^.*?(医院|保健院|卫生院|疗养院|防治院)(?=.)")
_JOINTS = re.compile(r"[/\\\-—－>＞→]+|(?<=总支)|(?<=总支部)|(?<=党委)")
_NUMERALS = re.compile(r"[\d一二三四五六七八九十]")
_DIGITS = str.maketrans("123456789", "一二三四五六七八九")
_NEAR, _ALIKE = 0.8, 0.4
_LONGEST = 80


def place_key(name: str, kind: str) -> str:
    """What the spellings of one unit share: 内科支部, 中共示例医院内科党支部委员会, 内科　支 部."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    if kind == Kind.DEPARTMENT:
        return numbers_alike(re.sub(r"[()（）·、\s]", "", plain))
    full = unit_key(plain)
    plain = _HOSPITAL.sub("", full)
    if kind == Kind.BRANCH:
        # 儿童医院党支部 is a branch of that name: nothing would be left of it.
        plain = full if plain == "支部" else plain
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
    parent: Unit | None = None
    parent_name: str = ""
    creatable: bool = True
    rows: int = 0
    near: list[Unit] = field(default_factory=list)
    suggestion: str = ""
    choice: str = ""
    unit: Unit | None = None

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


Found = Question | Unit | None
Words = tuple[str, str, str]


@dataclass(frozen=True)
class Placed:
    """Where a row belongs: units that exist or will be made; or why it cannot be placed."""

    branch: Unit | None = None
    general: Unit | None = None
    department: Unit | None = None
    group: Unit | None = None
    refusal: Words | None = None
    remarks: tuple[Words, ...] = ()


class Tree:
    """The units of today, looked up as registers spell them; what is missing becomes a question once."""

    def __init__(
        self,
        units: Iterable[Unit],
        choices: Mapping[str, str],
        since: date,
        within: Callable[[Unit], bool] = lambda unit: True,
    ) -> None:
        self.units, self._within = {unit.pk: unit for unit in units}, within
        self.choices, self.since = choices, since
        self.questions: dict[str, Question] = {}
        self._made: dict[tuple[str, str], Unit] = {}
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
        return sorted(self._made.values(), key=lambda unit: order.index(Kind(unit.kind)))

    def place(self, row: RosterRow) -> Placed:
        """The units of one row. A unit that is left out by choice, or not yet chosen, refuses the row."""
        self._split(row)
        known = self._known_general(row)
        general: Found = known
        branch: Found = self._known_branch(row, known)
        if branch is None:
            general = general or self._ask_general(row)
            branch = self._ask_branch(row, general)
        department = self._department(row)
        asked = (("general_branch", general), ("branch", branch), ("department", department))
        if refusal := next(filter(None, (_refusal(name, found) for name, found in asked)), None):
            return Placed(refusal=refusal)
        home = _unit(branch)
        group = self._group(row.party_group, home) if row.party_group and home is not None else None
        if refusal := _refusal("party_group", group):
            return Placed(refusal=refusal)
        upper = _unit(general) or (home.parent if home else None)
        return Placed(home, upper, _unit(department), _unit(group), remarks=_remarks(row, general, home))

    def _split(self, row: RosterRow) -> None:
        """第一党总支心血管内科党支部 in one cell: the branch behind the 党总支, where the tree has it there."""
        *above, last = filter(None, _JOINTS.split(row.branch))
        if not above or self._branches(row, None):
            return
        key = place_key(above[-1], Kind.GENERAL)
        found = self._by_key.get((Kind.BRANCH, place_key(last, Kind.BRANCH)), [])
        if any(unit.parent and place_key(unit.parent.name, Kind.GENERAL) == key for unit in found):
            row.branch, row.general_branch = last, row.general_branch or above[-1]

    # -- one kind each -----------------------------------------------------------------------------------------

    def _known_general(self, row: RosterRow) -> Unit | None:
        if not row.general_branch:
            return None
        found = self._by_key.get((Kind.GENERAL, place_key(row.general_branch, Kind.GENERAL)), [])
        return found[0] if len(found) == 1 else None

    def _ask_general(self, row: RosterRow) -> Found:
        if not row.general_branch:
            return self.head
        key = place_key(row.general_branch, Kind.GENERAL)
        same = self._by_key.get((Kind.GENERAL, key), [])
        return self._question(Kind.GENERAL, key, row.general_branch, self.head, same)

    def _branches(self, row: RosterRow, general: Unit | None) -> list[Unit]:
        """The branches of that name; of several, those under the 党总支 that the row names."""
        found = self._by_key.get((Kind.BRANCH, place_key(row.branch, Kind.BRANCH)), [])
        below = [unit for unit in found if general is not None and unit.parent_id == general.pk]
        return below or found

    def _known_branch(self, row: RosterRow, general: Unit | None) -> Unit | None:
        found = self._branches(row, general)
        return found[0] if len(found) == 1 else None

    def _ask_branch(self, row: RosterRow, general: Found) -> Question:
        upper = _unit(general) or self.head
        above = place_key(row.general_branch, Kind.GENERAL) if row.general_branch else ""
        key = f"{above}|{place_key(row.branch, Kind.BRANCH)}"
        return self._question(Kind.BRANCH, key, row.branch, upper, self._branches(row, _unit(general)))

    def _department(self, row: RosterRow) -> Found:
        if not row.department:
            return None
        key = place_key(row.department, Kind.DEPARTMENT)
        found = self._by_key.get((Kind.DEPARTMENT, key), [])
        if len(found) == 1:
            return found[0]
        return self._question(Kind.DEPARTMENT, key, tidy_unit(row.department), self.root, found)

    def _group(self, name: str, branch: Unit) -> Found:
        key = group_key(name, branch.name)
        groups = [u for u in self.units.values() if u.kind == Kind.GROUP and u.parent_id == branch.pk]
        found = [u for u in groups if group_key(u.name, branch.name) == key]
        if len(found) == 1:
            return found[0]
        full = tidy_unit(name)
        if re.match(r"第|\d|[一二三四五六七八九十]", full):
            full = f"{_stem(branch.name)}{full}"
        return self._question(Kind.GROUP, f"{branch.name}|{key}", full, branch, found or groups)

    # -- questions ---------------------------------------------------------------------------------------------

    def _question(self, kind: str, key: str, name: str, parent: Unit | None, same: list[Unit]) -> Question:
        found = self.questions.get(f"{kind}|{key}")
        if found is None:
            found = self.questions[f"{kind}|{key}"] = self._ask(kind, f"{kind}|{key}", name, parent, same)
        found.rows += 1
        return found

    def _ask(self, kind: str, key: str, name: str, parent: Unit | None, same: list[Unit]) -> Question:
        kind = Kind.SUBCOMMITTEE if kind == Kind.GENERAL and name.endswith("党委") else Kind(kind)
        question = Question(key, kind, name, parent, str(parent or ""))
        upper = kind in (Kind.GENERAL, Kind.SUBCOMMITTEE)
        too_deep = upper and parent is not None and parent.kind == Kind.GENERAL
        fits = parent is not None and self._within(parent) and len(name) <= _LONGEST
        question.creatable = fits and not too_deep and not self._taken(parent, name)
        # Several units of one name, or the groups of the branch itself: only a person can tell which is meant.
        question.near = same or self._nearest(kind, name)
        if not same or kind == Kind.GROUP:
            question.suggestion = _suggest(question)
        question.choice = self._chosen(question)
        self._settle(question)
        return question

    def _chosen(self, question: Question) -> str:
        """The choice that was made, if it still makes sense in the present tree."""
        choice = self.choices.get(question.key, "")
        if not choice.startswith(MAP):
            return choice if choice in {value for value, _ in question.options()} else ""
        unit = self.units.get(int(choice.removeprefix(MAP)))
        within = _WITHIN.get(question.kind, _WITHIN[Kind.GENERAL])
        return choice if unit is not None and unit.kind in within else ""

    def _nearest(self, kind: str, name: str) -> list[Unit]:
        """Up to five units of the kind that are spelled most like this."""
        within, asked = _WITHIN.get(kind, _WITHIN[Kind.GENERAL]), _bare(name, kind)
        rated = [(_likeness(asked, _bare(u.name, kind)), u) for u in self.units.values() if u.kind in within]
        found = sorted((pair for pair in rated if pair[0] > _ALIKE), key=lambda pair: -pair[0])
        return [unit for _, unit in found[:5]]

    def _settle(self, question: Question) -> None:
        """Make the unit of a question answered with 新建 (written only at confirmation), or the one it maps to."""
        if question.effective == CREATE:
            question.unit = self._make(question)
        elif question.effective.startswith(MAP):
            unit = self.units[int(question.effective.removeprefix(MAP))]
            question.near = [unit, *(other for other in question.near if other.pk != unit.pk)]

    def _taken(self, parent: Unit | None, name: str) -> bool:
        """Whether there is a unit of this name below this parent: another would be its double."""
        below = (unit for unit in self.units.values() if parent and unit.parent_id == parent.pk)
        return parent is not None and parent.pk is not None and any(unit.name == name for unit in below)

    def _make(self, question: Question) -> Unit:
        """The new unit; two spellings that come to one name below one parent share it."""
        key = (question.parent.code if question.parent else "", question.name)
        if key not in self._made:
            self._made[key] = Unit(
                code=f"{question.kind}-{secrets.token_hex(4)}",
                name=question.name,
                kind=question.kind,
                parent=question.parent,
                since=self.since,
            )
        return self._made[key]


def _suggest(question: Question) -> str:
    if question.near and question.kind != Kind.GROUP and _is_near(question, question.near[0]):
        return f"{MAP}{question.near[0].pk}"
    if question.creatable:
        return CREATE
    return SKIP if question.kind == Kind.BRANCH else BLANK


def _remarks(row: RosterRow, general: Found, branch: Unit | None) -> tuple[Words, ...]:
    """A register that places a known branch elsewhere does not move it."""
    if not row.general_branch or branch is None or branch.pk is None or branch.parent is None:
        return ()
    if isinstance(general, Unit) and general.pk == branch.parent_id:
        return ()
    reason = f"名册写“{row.general_branch}”，系统中“{branch}”属于“{branch.parent}”；隶属未改动"
    return (("general_branch", reason, "需要调整的，请在组织页“调整隶属”"),)


def _bare(name: str, kind: str) -> str:
    """What is left of a name to compare by; nothing is left of the hospital's own 党委 or 党总支."""
    return re.sub(r"科?(支部|总支|委)?$", "", place_key(name, kind if kind in _WITHIN else Kind.GENERAL))


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


def _unit(found: Found) -> Unit | None:
    if isinstance(found, Question):
        return found.unit or _answer(found)
    return found


def _refusal(name: str, found: Found) -> Words | None:
    """Why a row cannot be placed here: column, reason, remedy."""
    if not isinstance(found, Question) or found.effective not in (SKIP, ""):
        return None
    kind = Kind(found.kind).label
    if found.effective == SKIP:
        reason = f"系统中没有{kind}“{found.name}”，已选择不导入这些行"
        return name, reason, "请改正名称，或在“新单位”中改为新建或对应到现有单位"
    if len(found.near) > 1:
        return (
            name,
            f"“{found.name}”可以是几个单位，分不清是哪一个",
            "请在“新单位”中指定，或在名册中写明所属党总支",
        )
    return name, f"系统中没有{kind}“{found.name}”", "请在“新单位”中选择怎样处理"
