"""One row of a member register: every cell normalised, every fault named with its cell and remedy.

What decides whether somebody is a member, of which branch and since when must be right, or the row is refused.
Everything else is left empty with a caution: a damaged identity number must not lose the person.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from linghang.org.identity import Identity, IdentityProblem, Sex, read
from linghang.org.phones import PHONES, first_phone
from linghang.org.roster.columns import TITLES, bare_unit
from linghang.org.roster.days import covers, latest, years_after
from linghang.org.roster.outcomes import Category, Caution, Refusal, RosterRow
from linghang.org.roster.posts import party_part, read_posts
from linghang.org.roster.words import (
    GONE,
    PEOPLES,
    category_of,
    clean_name,
    is_no_name,
    is_outside,
    speaks_of_standing,
)
from linghang.ui.sheets import Cell, CellProblem, Day, Row, day, is_blank, meaning, text

_SEXES: dict[str, Sex] = {"男": "male", "男性": "male", "女": "female", "女性": "female"}
_SEX_NAMES = {"male": "男", "female": "女"}
_PLAIN = ("party_group", "native_place", "education", "degree", "title", "department", "admin_post", "remark")
_CHECK = "请核对后改正"
# A number as our own export shows it: whoever knows it knows it already.
_MASKED = re.compile(r"\d{4}\*{7,10}[\dXx]{4}")
_PARTY_FOUNDED = datetime.date(1921, 7, 1)


@dataclass(frozen=True)
class Layout:
    """What is known of a table before its rows are read."""

    sheet: str
    index: Mapping[str, int]
    labels: Mapping[str, str]
    as_of: datetime.date | None
    branch: str = ""


def read_row(row: Row, layout: Layout, general: str) -> RosterRow | list[Refusal]:
    """Read one row, whose 同上 are already filled in; `general` is the 党总支 that the branch belongs to."""
    return _Reader(row, layout).read(general)


@dataclass
class _Reader:
    row: Row
    layout: Layout
    refusals: list[Refusal] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)
    note: str = ""

    def read(self, general: str) -> RosterRow | list[Refusal]:
        values: dict[str, Any] = {name: meaning(self.cell(name)) for name in _PLAIN}
        values |= {"name": self.name(), "branch": self.branch(), "general_branch": general}
        values |= {"identity": self.identity(), "sex": self.sex(), "born_on": self.day("born_on")}
        values |= {
            "joined_on": self.day("joined_on", decisive=True),
            "confirmed_on": self.day("confirmed_on"),
            "entered_on": self.day("entered_on"),
        }
        values |= {"ethnicity": self.ethnicity(), "phone": self.phone(), "staff_number": self.staff_number()}
        values |= {"category": self.category(values["confirmed_on"])}
        stated = frozenset(name for name, value in values.items() if value)
        cells = {name: f"{letters(at)}{self.row.number}" for name, at in self.layout.index.items()}
        person = RosterRow(self.layout.sheet, self.row.number, stated=stated, cells=cells, **values)
        self.posts(person)
        self.remark(person)
        self.compare_identity(person)
        self.compare_days(person)
        person.cautions = self.cautions
        return self.refusals or person

    # -- cells -------------------------------------------------------------------------------------------------

    def cell(self, name: str) -> Cell:
        index = self.layout.index.get(name)
        return None if index is None or index >= len(self.row.cells) else self.row.cells[index]

    def _where(self, name: str) -> dict[str, Any]:
        index = self.layout.index.get(name)
        return {
            "sheet": self.layout.sheet,
            "row": self.row.number,
            "column": self.layout.labels.get(name) or TITLES[name],
            "cell": "" if index is None else f"{letters(index)}{self.row.number}",
        }

    def refuse(self, name: str, reason: str, remedy: str = _CHECK) -> None:
        self.refusals.append(Refusal(reason=reason, remedy=remedy, **self._where(name)))

    def caution(self, code: str, name: str, reason: str, remedy: str = _CHECK) -> None:
        self.cautions.append(Caution(code=code, reason=reason, remedy=remedy, **self._where(name)))

    # -- who and where -----------------------------------------------------------------------------------------

    def name(self) -> str:
        full = clean_name(self.cell("name"))
        name = re.sub(r"[（(【\[].*$", "", full)
        if not name or meaning(name) == "" or name == "同上":
            self.refuse("name", "没有姓名", "请补上姓名后重新导入")
        elif is_no_name(name):
            self.refuse("name", f"“{name}”不是一个人的姓名", "请核对这一行有没有错列；几个人的请分行填写")
        elif name != full:
            self.note = full.removeprefix(name).strip("（）()【】[]")
            self.caution("name_note", "name", f"姓名“{full}”里的括注没有导入", "需要保留的请写到备注栏")
        if re.search(r"\d", name):
            self.caution("name_digits", "name", f"姓名“{name}”里有数字")
        return name

    def branch(self) -> str:
        section = self.row.section[1] if self.row.section else ""
        written = bare_unit(meaning(self.cell("branch")))
        branch = written or section or self.layout.branch
        if not branch:
            self.refuse("branch", "没有党支部，也无法从上一行、分节行或表名得知", "请填写所在党支部")
        elif written in _SEXES or not re.search(r"[^\W\d_]", branch):
            self.refuse("branch", f"“{branch}”不是党支部的名称", "请核对这一行有没有错列")
        return branch

    def staff_number(self) -> str:
        number = meaning(self.cell("staff_number")).replace(" ", "").upper()
        if re.fullmatch(r"\d\.\d+E\+?\d+", number):
            self.caution(
                "staff_number",
                "staff_number",
                f"工号成了科学计数“{number}”，没有导入",
                "请设为文本格式后重录",
            )
            return ""
        return number

    # -- the person --------------------------------------------------------------------------------------------

    def identity(self) -> Identity | None:
        value = self.cell("identity")
        if is_blank(value) or not meaning(value) or _MASKED.fullmatch(meaning(value)):
            return None
        try:
            return read(value)
        except IdentityProblem as problem:
            self.caution(
                f"identity_{problem.code}", "identity", f"{problem.reason}，本行未导入号码", problem.remedy
            )
            return None

    def sex(self) -> Sex | None:
        written = meaning(self.cell("sex"))
        if written and written not in _SEXES:
            self.caution("sex", "sex", f"性别“{written}”无法识别，没有导入", "请填“男”或“女”")
        return _SEXES.get(written)

    def day(self, name: str, *, decisive: bool = False) -> Day | None:
        """A date; one that cannot be refuses the row where the date decides, else it is left empty."""
        try:
            found = day(self.cell(name))
        except CellProblem as problem:
            if decisive:
                self.refuse(name, problem.reason, problem.remedy)
            else:
                self.caution("date", name, f"{problem.reason}，没有导入", problem.remedy)
            return None
        if found and found.precision != "day" and name != "born_on":
            to = {"month": "月", "year": "年"}[found.precision]
            written = text(self.cell(name))
            self.caution(f"{found.precision}_precision", name, f"“{written}”只精确到{to}", "请按档案补全到日")
        return found

    def ethnicity(self) -> str:
        written = meaning(self.cell("ethnicity")).replace(" ", "")
        bare = written.removesuffix("族")
        if written and bare not in PEOPLES:
            self.caution("ethnicity", "ethnicity", f"民族“{written}”不在 56 个民族名称里，按原样导入")
            return written
        return f"{bare}族" if written else ""

    def phone(self) -> str:
        written = meaning(self.cell("phone"))
        found = first_phone(written)
        if written and not found:
            reason = f"电话“{written}”不是有效号码，没有导入；这一行照常导入"
            self.caution("phone", "phone", reason, f"请改为{PHONES}")
        return found

    # -- membership --------------------------------------------------------------------------------------------

    def category(self, confirmed: Day | None) -> Category | None:
        written = meaning(self.cell("category")).replace(" ", "")
        above = self.row.section[2] if len(self.row.section) > 2 else ""
        said = written or (self.note if speaks_of_standing(self.note) else "") or above
        if is_outside(said) or GONE.search(above):
            reason = f"“{above if GONE.search(above) else said}”不是在册党员"
            self.refuse("category", reason, "名册只导入在册的正式党员和预备党员；确在册的请在党员类别栏写明")
        elif found := category_of(said, self.layout.labels.get("category", "")):
            return found
        elif written:
            self.caution(
                "category", "category", f"党员类别“{written}”无法识别，没有导入", "请填“正式党员”或“预备党员”"
            )
        elif confirmed:
            return "full"
        elif "category" in self.layout.index:
            self.caution(
                "category", "category", "没有填写党员类别，也没有转正时间", "请填“正式党员”或“预备党员”"
            )
        return None

    def remark(self, person: RosterRow) -> None:
        if GONE.search(person.remark):
            reason = f"备注写着“{person.remark[:30]}”，可能已不在册"
            self.caution("gone", "remark", reason, "已不在册的，请从名册中删去这一行后重新上传")

    def posts(self, person: RosterRow) -> None:
        person.party_post = meaning(self.cell("party_post"))
        if "party_post" not in self.layout.index:
            # A register of members with one column 职务 means both kinds by it.
            person.party_post, person.admin_post = party_part(person.admin_post)
        person.posts, unknown = read_posts(person.party_post)
        if unknown:
            pieces = "、".join(unknown)
            self.caution(
                "post",
                "party_post",
                f"党内职务“{pieces}”无法识别，只保留文字",
                "请写成“组织委员”这样的规范名称",
            )
        if person.posts and person.category == "probationary":
            reason = f"预备党员担任“{person.party_post}”，而预备党员没有选举权和被选举权"
            self.caution("probationary_post", "party_post", reason, "请核对党员类别或党内职务（党章第七条）")

    def compare_identity(self, person: RosterRow) -> None:
        """The number says birth date and sex as well: fill what is empty, name what differs."""
        if not person.identity:
            return
        born, sex = person.identity.born_on, person.identity.sex
        if person.sex and person.sex != sex:
            reason = f"性别为“{_SEX_NAMES[person.sex]}”，公民身份号码显示为“{_SEX_NAMES[sex]}”"
            self.caution("sex_mismatch", "sex", reason)
        if person.born_on and not covers(person.born_on, born):
            written = text(self.cell("born_on"))
            reason = f"出生日期“{written}”与公民身份号码里的 {born} 不一致，暂按出生日期栏导入"
            self.caution("birth_mismatch", "born_on", reason, "请按档案核对哪一个有误")
        elif person.born_on is None or person.born_on.precision != "day":
            person.born_on = Day(born)
        person.sex = person.sex or sex

    def compare_days(self, person: RosterRow) -> None:
        """Dates of one life must follow each other; only what is certain, at the precision written, refuses."""
        born, joined, confirmed = person.born_on, person.joined_on, person.confirmed_on
        if joined and latest(joined) < _PARTY_FOUNDED:
            self.refuse("joined_on", f"入党时间“{self._text('joined_on')}”早于 1921 年 7 月")
        elif joined and born:
            self._age(born, joined)
        if joined and confirmed and latest(confirmed) < joined.date:
            reason = f"转正时间“{self._text('confirmed_on')}”早于入党时间“{self._text('joined_on')}”"
            self.refuse("confirmed_on", reason)
        if person.category == "probationary":
            self._probation(person)
        elif person.category == "full":
            self._full(person)
        self._future(person)

    def _age(self, born: Day, joined: Day) -> None:
        if latest(joined) < born.date:
            reason = f"入党时间“{self._text('joined_on')}”早于出生日期“{self._text('born_on') or born.date}”"
            self.refuse("joined_on", reason)
        elif latest(joined) < years_after(born.date, 18):
            self.caution(
                "under_age", "joined_on", "入党时未满 18 岁（党章第一条）", "请按档案核对出生日期和入党时间"
            )

    def _probation(self, person: RosterRow) -> None:
        as_of, joined, confirmed = self.layout.as_of, person.joined_on, person.confirmed_on
        if confirmed and as_of and confirmed.date > as_of:
            person.confirmed_on = None
            self.caution("planned", "confirmed_on", "预备党员的转正时间尚未到，没有导入", "转正后再录入")
        elif confirmed:
            remedy = "已转正的请把党员类别改为“正式党员”，未转正的请删去转正时间"
            self.refuse("category", f"党员类别是预备党员，却有转正时间“{self._text('confirmed_on')}”", remedy)
        elif joined and as_of and years_after(latest(joined), 1) < as_of:
            self.caution("probation_over", "category", "预备期一年已满", "请核对是否已转正，或已延长预备期")

    def _full(self, person: RosterRow) -> None:
        """A year lies between joining and confirmation; the year before 1983 is not asked for (党章第七条)."""
        as_of, joined, confirmed = self.layout.as_of, person.joined_on, person.confirmed_on
        if not confirmed and "confirmed_on" in self.layout.index:
            self.caution("no_confirmation", "confirmed_on", "正式党员没有转正时间", "请按档案补录")
        until = latest(confirmed) if confirmed else as_of
        if (
            joined
            and until
            and joined.date <= until < years_after(joined.date, 1)
            and joined.date.year >= 1983
        ):
            reason = "正式党员的入党时间距转正时间（或名册截至日）不满一年"
            self.caution("short_probation", "confirmed_on" if confirmed else "joined_on", reason)

    def _future(self, person: RosterRow) -> None:
        """Who is confirmed has joined; of a probationary member a date a little ahead may be a planned one."""
        as_of, joined, confirmed = self.layout.as_of, person.joined_on, person.confirmed_on
        if as_of and joined and joined.date > as_of:
            reason = f"入党时间“{self._text('joined_on')}”晚于名册截至日 {as_of}"
            if person.category == "full" or joined.date > years_after(as_of, 1):
                self.refuse("joined_on", reason, "请按档案改正入党时间")
            else:
                self.caution("future", "joined_on", reason)
        if as_of and confirmed and confirmed.date > as_of:
            self.caution(
                "future", "confirmed_on", f"转正时间“{self._text('confirmed_on')}”晚于名册截至日 {as_of}"
            )

    def _text(self, name: str) -> str:
        return text(self.cell(name))


def letters(index: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def text_columns(index: Mapping[str, int]) -> Sequence[int]:
    """The columns in which 同上 makes sense: not where everybody has a value of their own."""
    own = {"number", "name", "staff_number", "identity", "phone", "general_branch"}
    return [at for name, at in index.items() if name not in own]
