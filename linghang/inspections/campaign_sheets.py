"""A list of problems as offices keep it: 问题 → 措施 → 子措施 over merged cells, a row for each leaf; what each row becomes."""

import calendar
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from linghang.inspections.models.campaigns import Campaign
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.org.models import Coverage, Person, Post, Unit
from linghang.ui.sheets import Cell, CellProblem, Row, Sheet, Table, day, meaning, tables

Entry = dict[str, Any]
KNOWN = {
    "number": ("序号", "编号", "问题序号"),
    "aspect": ("方面", "问题类别", "类别", "问题方面", "反馈意见", "分类"),
    "text": ("问题", "存在问题", "具体问题", "问题表现", "反馈问题", "问题描述", "查摆问题", "问题清单", "主要问题"),
    "measure": ("整改措施", "措施", "整改任务", "主要措施", "任务", "工作措施"),
    "child": ("子措施", "具体措施", "具体举措", "细化措施", "子任务", "举措"),
    "leader": ("责任领导", "牵头领导", "分管领导", "责任院领导", "牵头院领导"),
    "unit": ("整改党组织", "责任党组织", "责任支部", "党支部", "责任单位", "整改单位", "承办单位"),
    "department": ("责任部门", "责任科室", "牵头部门", "主责部门"),
    "owner": ("责任人", "整改责任人", "直接责任人", "具体责任人", "经办人"),
    "verifier": ("复核人", "验收人", "核验人", "销号复核人"),
    "due": ("完成时限", "整改时限", "期限", "完成时间", "整改期限", "时限", "办结时限"),
}  # fmt: skip
_LONGEST = 300
# “2026年12月底前”, “12月31日前完成”: what a date as people write it ends with.
_LOOSE = re.compile(r"(底|末)?(之前|以前|前|内)?(完成)?$")


def read_problems(
    sheets: Sequence[Sheet], campaign: Campaign, by: Actor, verb: str, verifier: Person | None = None
) -> Entry:
    """The problems with their measures, and every row with what became of it: imported, merged into a problem, refused.

    Where the list names nobody, whoever leads the Party organisation puts it right and `verifier` verifies it.
    """
    reader = _Reader(campaign, by, verb, verifier.pk if verifier else None)
    for sheet in sheets:
        for table in [] if sheet.hidden else tables(sheet, KNOWN, least=2):
            if table.index("text") is None:
                continue
            reader.begin()
            for row in table.rows:
                reader.take(table, row)
    return {"problems": reader.problems, "rows": reader.rows}


class _Reader:
    """Row after row: the problem and the measure under which a row stands are those of the rows above."""

    def __init__(self, campaign: Campaign, by: Actor, verb: str, verifier: int | None) -> None:
        self.campaign, self.places, self.people = campaign, _Places(by, verb), _People()
        self.verifier = verifier
        self.known = dict(campaign.problems.standing().values_list("text", "number"))
        self.problems: list[Entry] = []
        self.rows: list[Entry] = []
        self.begin()

    def begin(self) -> None:
        self.problem: Entry | None = None
        self.text = self.measure = ""

    def take(self, table: Table, row: Row) -> None:
        said = {name: meaning(_cell(table, row, name)) for name in KNOWN if name != "due"}
        due = _cell(table, row, "due")
        told: Entry = {"sheet": table.sheet, "row": row.number, "faults": [], "cautions": []}
        told |= {name: said[name] for name in ("text", "measure", "child")}
        self.rows.append(told)
        if said["text"] and said["text"] != self.text:
            self._open(said, due, told)
        elif self.problem is None:
            fault = (
                ["所属的问题没有导入", "先改好那一行，再重新上传"]
                if self.text
                else ["没有问题", "补上“问题”一列"]
            )
            told["faults"].append(fault)
            told["outcome"] = "refused"
        else:
            told["outcome"] = "merged"
        if self.problem is not None:
            told["text"] = self.problem["text"]
            told["problem"] = len(self.problems) - 1
            self._measure(said, due, told)

    def _open(self, said: Entry, due: Cell, told: Entry) -> None:
        """A row that begins a problem."""
        self.text, self.measure, self.problem = said["text"], "", None
        unit, department = self.places.find(said["unit"], said["department"])
        if fault := self._fault(said, unit):
            told["outcome"], told["faults"] = "refused", [fault]
            return
        told["outcome"] = "imported"
        owner = self._person(said["owner"], "责任人", told) or self.people.heads.get(unit)
        verifier = self._person(said["verifier"], "复核人", told) or self.verifier
        if verifier is not None and verifier == owner:
            _caution(told, "复核人就是责任人", "复核人留空，请另指定")
            verifier = None
        self.problem = {
            "row": told["row"], "text": said["text"], "aspect": said["aspect"][:60], "plan": [],
            "unit": unit, "department": department, "leader": self._person(said["leader"], "责任领导", told),
            "owner": owner, "verifier": verifier, "due_on": self._due(due, told),
        }  # fmt: skip
        self.known[said["text"]] = 0
        self.problems.append(self.problem)

    def _fault(self, said: Entry, unit: int | None) -> list[str] | None:
        if len(said["text"]) > _LONGEST:
            return [f"问题有 {len(said['text'])} 字，超过 {_LONGEST} 字", "概括成一句，细节写在措施里"]
        if said["text"] in self.known:
            number = self.known[said["text"]]
            where = f"清单里第 {number} 号" if number else "本表前面"
            return [f"{where}已有同样的问题", "改在原来的问题里补措施，不重复列"]
        if unit is None:
            name = said["unit"] or said["department"] or "（没写）"
            return [
                f"看不出“{name}”由哪个党组织整改",
                "“整改党组织”写支部或总支全称；写科室的，先在组织里设好覆盖",
            ]
        return None

    def _measure(self, said: Entry, due: Cell, told: Entry) -> None:
        """What a row says is to be done, under the measure of the rows above where it only adds to that."""
        if len(said["measure"]) > _LONGEST or len(said["child"]) > _LONGEST:
            told["outcome"], told["faults"] = "refused", [[f"措施超过 {_LONGEST} 字", "拆成几条措施或子措施"]]
            return
        plan = self.problem["plan"] if self.problem else []
        leaf = {"owner": self._person(said["owner"], "责任人", told), "due_on": self._due(due, told)}
        if said["measure"] and (said["measure"] != self.measure or not plan):
            self.measure = said["measure"]
            plan.append({"text": said["measure"], **leaf, "children": []})
        if said["child"]:
            if not plan or not self.measure:
                self.measure = said["child"]
                plan.append({"text": said["child"], **leaf, "children": []})
            else:
                plan[-1]["children"].append({"text": said["child"], **leaf})

    def _person(self, name: str, label: str, told: Entry) -> int | None:
        if not name:
            return None
        found, fault = self.people.find(name)
        if fault:
            _caution(told, f"{label}：{fault}", "先留空，可在问题里指定")
        return found

    def _due(self, cell: Cell, told: Entry) -> str:
        try:
            found = day(_LOOSE.sub("", meaning(cell)) if isinstance(cell, str) else cell)
        except CellProblem:
            until = self.campaign.until.isoformat()
            _caution(told, f"期限“{meaning(cell)}”不是日期", f"按专项截止日 {until} 记，可在问题里改")
            return until
        if found is None:
            return ""
        if found.precision == "day":
            return found.date.isoformat()
        month = 12 if found.precision == "year" else found.date.month
        last = calendar.monthrange(found.date.year, month)[1]
        return date(found.date.year, month, last).isoformat()


def _caution(told: Entry, why: str, what: str) -> None:
    if [why, what] not in told["cautions"]:
        told["cautions"].append([why, what])


def _cell(table: Table, row: Row, name: str) -> Cell:
    at = table.index(name)
    return None if at is None or at >= len(row.cells) else row.cells[at]


class _Places:
    """Branches and 总支 within reach by name, and the branch that covers a department."""

    def __init__(self, by: Actor, verb: str) -> None:
        today = clock.today()
        units = list(Unit.objects.within(by, verb).on(today))
        self.party = {_short(unit.name): unit.pk for unit in units if unit.is_party}
        self.staff = {unit.name: unit.pk for unit in Unit.objects.on(today).filter(kind__in=Unit.STAFF)}
        covers = Coverage.objects.on(today).filter(branch__in=units).order_by("-weight")
        self.covering: dict[int, int] = {}
        for department, branch in covers.values_list("department", "branch"):
            self.covering.setdefault(department, branch)

    def find(self, unit: str, department: str) -> tuple[int | None, int | None]:
        """Which Party organisation puts it right and which department it is a matter of; several names: the first known."""
        departments = [self.staff[name] for name in _names(f"{department}、{unit}") if name in self.staff]
        matter = departments[0] if departments else None
        party = [self.party[_short(name)] for name in _names(unit) if _short(name) in self.party]
        if party:
            return party[0], matter
        return next((self.covering[one] for one in departments if one in self.covering), None), matter


def _names(told: str) -> list[str]:
    return [name for name in re.split(r"[、，,;；/\s]+", told) if name]


def _short(name: str) -> str:
    return re.sub(r"(中共|党支部|支部|委员会)", "", name)


class _People:
    """Whoever works here, by name; who shares a name is not guessed."""

    def __init__(self) -> None:
        self.known: dict[str, list[int]] = {}
        for pk, name in Person.objects.filter(left_on=None).values_list("pk", "name"):
            self.known.setdefault(name, []).append(pk)
        led = Post.objects.on(clock.today()).filter(role__leads=True).order_by("-acting_for", "-pk")
        self.heads: dict[int | None, int] = dict(led.values_list("unit", "person"))

    def find(self, told: str) -> tuple[int | None, str]:
        """The person that is meant, or why it cannot be said; of several the first is the one who answers."""
        names = _names(told)
        found = self.known.get(names[0], []) if names else []
        if len(found) == 1:
            return found[0], ""
        return None, f"“{told}”有多人同名" if found else f"没有叫“{told}”的人"
