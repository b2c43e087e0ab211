"""An import as a workbook: every row with its outcome, reasons and remedies, so that the file can be mended."""

from linghang.org.importing.entries import ROWS, Entry, figures
from linghang.org.importing.tabs import chosen, entries, place
from linghang.org.models import Import
from linghang.ui.sheets import Heading, Page, write_workbook

_OUTCOMES = {"imported": "导入", "merged": "合并", "refused": "未导入"}


def report(imp: Import) -> bytes:
    """The workbook of one import: all rows, what was refused, cautions, units, remarks on the file."""
    count = figures(imp)
    note = (
        f"{count['rows']} 行 = 导入 {count['imported']} + 合并 {count['merged']} + 未导入 {count['refused']}；"
        f"文件校验码 {imp.digest[:16]}；状态：{imp.get_state_display()}"
    )
    title = f"{imp.name} 导入结果"
    pages = [
        Page("全部结果", _ALL, [_all(entry) for entry in entries(imp, *ROWS)], title=title, note=note),
        Page("未导入", _FAULTS, _faults(entries(imp, "refused"), "faults"), title="未导入的行"),
        Page("提醒", _FAULTS, _faults(entries(imp, *ROWS), "cautions"), title="已导入、请核对的行"),
    ]
    if units := entries(imp, "unit"):
        rows = [[unit["name"], unit["what"], unit["rows"], chosen(unit)] for unit in units]
        pages.append(Page("新单位", _UNITS, rows, title="名册里有、系统里没有的单位"))
    if notes := entries(imp, "note", "aside"):
        rows = [
            [n["sheet"], n.get("row", ""), n.get("name", ""), n["reason"], n.get("remedy", "")] for n in notes
        ]
        pages.append(Page("整份文件", _NOTES, rows, title="对整份文件的说明和跳过的行"))
    return write_workbook(*pages)


_ALL = [
    Heading("工作表"),
    Heading("行", "integer"),
    Heading("姓名"),
    Heading("党支部", width=24),
    Heading("结果"),
    Heading("与谁合并、变动", width=40),
    Heading("原因或提醒", width=50),
    Heading("怎样改", width=40),
]
_FAULTS = [
    Heading("工作表"),
    Heading("行", "integer"),
    Heading("姓名"),
    Heading("单元格"),
    Heading("列"),
    Heading("原因", width=60),
    Heading("怎样改", width=50),
]
_UNITS = [
    Heading("名册里的名称", width=30),
    Heading("类别"),
    Heading("行数", "integer"),
    Heading("怎样处理", width=50),
]
_NOTES = [
    Heading("工作表"),
    Heading("行", "integer"),
    Heading("内容", width=40),
    Heading("说明", width=60),
    Heading("建议", width=50),
]


def _all(entry: Entry) -> list[object]:
    said = [*entry["faults"], *entry["cautions"]]
    return [
        entry["sheet"],
        entry["row"],
        entry["name"],
        entry["branch"],
        _OUTCOMES[entry["kind"]],
        "；".join(filter(None, [entry.get("into", ""), *entry["changes"]])),
        "\n".join(f"{fault['column']}：{fault['reason']}" for fault in said),
        "\n".join(dict.fromkeys(fault["remedy"] for fault in said if fault["remedy"])),
    ]


def _faults(found: list[Entry], part: str) -> list[list[object]]:
    return [
        [
            entry["sheet"],
            entry["row"],
            entry["name"],
            place({**entry, **fault}),
            fault["column"],
            fault["reason"],
            fault["remedy"],
        ]
        for entry in found
        for fault in entry[part]
    ]
