"""A catalogue of rules as offices keep it, row by row; and what each row will become in the library.

Reading knows nothing of the library; planning compares what was read with it, and is done again at the confirmation.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from linghang.kernel import clock
from linghang.org.models import Unit
from linghang.policies.models import Policy
from linghang.ui.sheets import Cell, CellProblem, Row, Sheet, Skipped, Table, day, fill_down, meaning, tables

Entry = dict[str, Any]
KNOWN = {
    "serial": ("序号", "编号", "目录号", "顺序号", "号"),
    "title": (
        "制度名称", "名称", "标题", "文件名称", "制度标题", "规章制度名称", "制度文件名称", "题名", "行为准则", "准则",
        "准则内容", "规章制度", "制度",
    ),
    "number": ("文号", "发文字号", "制度编号", "文件编号", "文件号", "发文文号"),
    "category": ("类别", "分类", "制度类别", "门类", "所属类别", "制度分类", "维度", "岗位"),
    "owner": ("责任部门", "主责部门", "归口部门", "起草部门", "负责部门", "责任科室", "牵头部门", "主管部门", "制定部门", "归口管理部门"),
    "published": ("发布日期", "印发日期", "发文日期", "发布时间", "印发时间", "颁布日期", "实施日期", "生效日期", "成文日期"),
    "revision": ("修订情况", "修订", "变更情况", "修订记录", "备注"),
    "state": ("状态", "效力", "现行情况", "效力状态"),
    "valid": ("是否有效", "有效性", "是否现行"),
    "void": ("是否废止", "是否失效"),
    "version": ("版本", "版本号", "版次"),
    "review": ("复审日期", "复审日", "下次复审", "下次复审日期", "复审时间", "评审日期"),
    "text": ("正文", "条文", "制度内容", "主要内容"),
}  # fmt: skip
_REPEALED = re.compile(r"废止|作废|失效|停止执行|停用")
_MERGED = re.compile(r"(?:与|并入|合并[至到入])?第?\s*(\d+)\s*号?(?:制度)?(?:合并)?")
_YES, _NO = {"是", "已废止", "√", "Y"}, {"否", "无效", "失效", "×", "N"}
_LONGEST = {"title": 120, "number": 60, "category": 30, "version": 30, "owner": 80, "note": 200}
DITTO = ("category", "owner", "published")
FILLED = ("number", "category", "version", "published_on", "review_on", "owner_id", "owner_name", "text")


def read_catalogue(sheets: Sequence[Sheet]) -> tuple[list[Entry], list[Entry]]:
    """Every row of every table as it says of itself, and what was passed over (notes, totals, repeated headers)."""
    found: list[Entry] = []
    asides: list[Entry] = []
    for sheet in sheets:
        for table in [] if sheet.hidden else tables(sheet, KNOWN, least=2):
            if table.index("title") is None:
                continue
            ditto = [i for name in DITTO if (i := table.index(name)) is not None]
            found += [_read(table, row) for row in fill_down(table.rows, ditto, blanks=False)]
            asides += [_aside(table, one) for one in table.skipped]
    return found, asides


def _aside(table: Table, one: Skipped) -> Entry:
    return {"sheet": table.sheet, "row": one.number, "text": one.text[:80], "why": one.why}


def _read(table: Table, row: Row) -> Entry:
    said = {name: _cell(table, row, name) for name in KNOWN}
    told: Entry = {
        "sheet": table.sheet,
        "row": row.number,
        "serial": _number(said["serial"]),
        "title": _title(said["title"]),
        "text": str(said["text"] or "").strip(),
        "cautions": [],
    }
    for name in ("number", "category", "owner", "version"):
        told[name] = meaning(said[name])
    told["note"] = "；".join(filter(None, (meaning(said["state"]), meaning(said["revision"]))))
    told["published_on"] = _day(told, "发布日期", said["published"])
    told["review_on"] = _day(told, "复审日", said["review"])
    told |= _standing(told["note"], meaning(said["valid"]) in _NO or meaning(said["void"]) in _YES)
    told["version"] = told["version"] or told.pop("edition")
    told.pop("edition", None)
    return _shortened(told)


def _cell(table: Table, row: Row, name: str) -> Cell:
    at = table.index(name)
    return None if at is None or at >= len(row.cells) else row.cells[at]


def _number(cell: Cell) -> int | None:
    found = re.fullmatch(r"(?:第)?(\d{1,6})(?:号|[.、])?", meaning(cell))
    return int(found[1]) if found else None


def _title(cell: Cell) -> str:
    return meaning(cell).strip("《》").strip()


def _day(told: Entry, label: str, cell: Cell) -> str:
    """A date as an ISO day; what was written less exactly or not understood is said."""
    try:
        found = day(cell)
    except CellProblem as problem:
        told["cautions"].append([f"{label}：{problem.reason}", f"{problem.remedy}；先按没写导入"])
        return ""
    if found is None:
        return ""
    if found.precision != "day":
        what = "月" if found.precision == "month" else "年"
        told["cautions"].append([f"{label}只写到{what}", f"按 {found.date} 记，可在登记里更正"])
    return found.date.isoformat()


def _standing(note: str, over: bool) -> Entry:
    """What the remark says of an entry: repealed, merged with another number of the catalogue, or its edition."""
    if over or (_REPEALED.search(note) and not re.search(r"未|不", note)):
        return {"state": Policy.State.REPEALED, "into": None, "edition": ""}
    if note.startswith(str(Policy.State.SUPERSEDED.label)):
        return {"state": Policy.State.SUPERSEDED, "into": None, "edition": ""}
    if "合并" in note or "并入" in note:
        found = _MERGED.search(note) if re.search(r"\d", note) else None
        return {"state": Policy.State.MERGED, "into": int(found[1]) if found else None, "edition": ""}
    edition = re.search(r"第[一二三四五六七八九十\d]+版|\d{4}年?(?:第.次)?修订|[Vv]\d[\d.]*", note)
    return {"state": Policy.State.IN_FORCE, "into": None, "edition": edition[0] if edition else ""}


def _shortened(told: Entry) -> Entry:
    for name, most in _LONGEST.items():
        if name != "title" and len(told[name]) > most:
            told["cautions"].append([f"“{told[name][:12]}…”超过 {most} 字", "只保留前面的部分"])
            told[name] = told[name][:most]
    return told


# --- what becomes of each row ----------------------------------------------------------------------------------------


def plan(rows: Sequence[Entry], kind: str = Policy.Kind.RULE) -> list[Entry]:
    """Each row with its outcome (imported, merged, refused), the reasons with their remedy, and what it changes."""
    library = _Library(kind)
    found = [library.place(_begun(row, at)) for at, row in enumerate(rows)]
    _resolve(found)
    return found


def _begun(row: Entry, at: int) -> Entry:
    """A row before it is judged; `read` keeps what reading had to say of it."""
    read = row["cautions"]
    return row | {"at": at, "read": list(read), "cautions": list(read), "faults": [], "changes": []}


def key_of(title: str) -> str:
    """A title without what varies between two lists: spaces, quotes, width of signs."""
    return re.sub(r"[\s《》“”\"'·]+", "", unicodedata.normalize("NFKC", title))


class _Library:
    """What stands in the library and what earlier rows have brought, by title; departments by name."""

    def __init__(self, kind: str) -> None:
        self.kind, self.known = kind, dict[str, list[Policy]]()
        for policy in Policy.objects.filter(kind=kind).order_by("pk"):
            self.known.setdefault(key_of(policy.title), []).append(policy)
        here = Unit.objects.on(clock.today()).order_by("path")
        self.units = {unit.name: unit.pk for unit in reversed(here.filter(kind__in=Unit.STAFF))}
        self.rows: dict[str, list[Entry]] = {}
        self.numbers: dict[str, int] = {}

    def place(self, row: Entry) -> Entry:
        """One row's outcome."""
        if fault := self._fault(row):
            return row | {"outcome": "refused", "faults": [fault]}
        self._owner(row)
        if not row["published_on"] and self.kind == Policy.Kind.RULE:
            row["cautions"].append(["没有发布日期", "照样导入；查到以后在登记里补上"])
        key = key_of(row["title"])
        if twin := next(
            (one for one in self.rows.get(key, []) if _alike(one["number"], row["number"])), None
        ):
            row["cautions"].append([f"与第 {twin['row']} 行同名同文号", "只留前一行"])
            return row | {"outcome": "merged", "twin": twin["at"]}
        self.rows.setdefault(key, []).append(row)
        self._same_number(row)
        if held := self._held(key, row["number"]):
            return row | {"outcome": "merged", "policy": held.pk, "changes": _changes(held, row)}
        return row | {"outcome": "imported"}

    def _held(self, key: str, number: str) -> Policy | None:
        """The rule of that title in the library: the edition of that number first, then the one in force."""
        found = [policy for policy in self.known.get(key, []) if _alike(policy.number, number)]
        found.sort(key=lambda p: (p.number != number, p.state != Policy.State.IN_FORCE))
        return found[0] if found else None

    def _fault(self, row: Entry) -> list[str] | None:
        if not row["title"]:
            return ["没有制度名称", "在原表补上名称后重新上传，已导入的行不会重复"]
        if len(row["title"]) > _LONGEST["title"]:
            return [
                f"名称有 {len(row['title'])} 字，超过 {_LONGEST['title']} 字",
                "名称一列只写名称，条文放到“正文”列",
            ]
        if row["published_on"] > clock.today().isoformat():
            return [f"发布日期 {row['published_on']} 晚于今天", "核对日期；还没有发布的，发布后再导入"]
        return None

    def _owner(self, row: Entry) -> None:
        row["owner_id"] = self.units.get(row["owner"])
        row["owner_name"] = "" if row["owner_id"] else row["owner"]
        if row["owner_name"]:
            row["cautions"].append([f"组织里没有“{row['owner']}”", "先记下原名；建立该部门后在登记里更正"])

    def _same_number(self, row: Entry) -> None:
        if row["number"]:
            first = self.numbers.setdefault(row["number"], row["row"])
            if first != row["row"]:
                row["cautions"].append([f"文号与第 {first} 行相同", "两行名称不同，都导入；请核对文号"])


def _alike(one: str, other: str) -> bool:
    return not one or not other or key_of(one) == key_of(other)


def _changes(held: Policy, row: Entry) -> list[list[str]]:
    """What the row adds to a rule that is there: only what was empty, and that it is no longer in force."""
    found = []
    for name in FILLED:
        now = row[name] or ""
        if now and not getattr(held, name):
            found.append([name, "", str(now)])
    if held.state == Policy.State.IN_FORCE and row["state"] != Policy.State.IN_FORCE:
        found.append(["state", str(held.state), str(row["state"])])
    return found


def _resolve(found: Sequence[Entry]) -> None:
    """Say into which row of the same sheet each merged entry went; what leads nowhere or in a circle is left open."""
    by_serial = {(row["sheet"], row["serial"]): row for row in found if row["serial"] is not None}
    for row in found:
        row["into_at"] = None
        if row["outcome"] == "refused" or row["state"] != Policy.State.MERGED:
            continue
        target = by_serial.get((row["sheet"], row["into"]))
        if target is None or target["outcome"] == "refused" or _circles(row, by_serial):
            row["cautions"].append(["看不出并入哪一项", "按“已并入”导入，去向留空；请向责任部门核实"])
            continue
        row["into_at"] = target["at"]
        if target["state"] == Policy.State.REPEALED:
            row["cautions"].append([f"并入的第 {row['into']} 号已废止", "照样导入；请核对是否另有去向"])


def _circles(row: Entry, by_serial: dict[Any, Entry]) -> bool:
    seen, at = {row["at"]}, row
    while at["state"] == Policy.State.MERGED and (following := by_serial.get((at["sheet"], at["into"]))):
        if following["at"] in seen:
            return True
        seen.add(following["at"])
        at = following
    return False
