"""docs/rules.md: every rule with what it says, who judges it, where it is written, and how sure we are of it."""

from collections.abc import Iterator

from linghang.rules.catalogue import how
from linghang.rules.clauses import Rule
from linghang.rules.register import all_rules

FAMILIES: dict[str, str] = {
    "ZB": "支部工作",
    "XJ": "选举",
    "BJ": "表决的分母与票数",
    "FZ": "发展党员二十五步",
    "JY": "教育管理",
    "DF": "党费",
    "DZ": "党章",
    "DW": "党委职责",
    "GY": "公立医院党建",
    "LD": "领导人员",
    "YD": "医德考评",
    "JL": "处分与影响期",
    "LJ": "廉洁",
    "TS": "投诉与纠纷",
    "RX": "热线",
    "XF": "信访",
    "XC": "整改",
}
_HEAD = "| 编号 | 内容 | 判定 | 出处 | 起止 | 级别 | 置信 |\n| --- | --- | --- | --- | --- | --- | --- |"


def document() -> str:
    """The whole register as one page of Markdown, one table a family."""
    parts = [
        "# 规则\n\n由 `./run.sh flows` 从 `linghang/rules/texts` 生成。规则的内容是本项目的转述，不是原文。"
    ]
    for family, title in FAMILIES.items():
        own = [each for each in all_rules() if each.code.startswith(f"R-{family}-")]
        parts.append(f"## {title}\n\n{_HEAD}\n" + "\n".join(_row(each) for each in own))
    return "\n\n".join(parts) + "\n"


def _row(law: Rule) -> str:
    until = f"至 {law.until}" if law.until else "起"
    parameters = "；".join(parameter.demand for parameter in law.parameters)
    said = "。".join(filter(None, (law.says, f"参数：{parameters}" if parameters else "", law.note)))
    basis = "" if law.basis.value == "党内法规" else f"（{law.basis}）"
    code = f"{law.code} v{law.version}" if law.version > 1 else law.code
    where = f"`{how(law.code)}`" if "：" not in how(law.code) else how(law.code)
    return f"| {code} | {said} | {where} | {law.cite}{basis} | {law.since} {until} | {law.level} | {law.confidence} |"


def listing(wanted: str = "") -> Iterator[str]:
    """One line a rule, for the command line: those whose code, name or words hold the wanted text."""
    for law in all_rules():
        if wanted in f"{law.code}{law.name}{law.says}{law.cite}":
            yield f"{law.code} v{law.version}　{law.name}　{law.cite}　{law.level.label}{'　待核' if law.mark else ''}"


def shown(law: Rule) -> str:
    """One rule in full, for the command line."""
    lines = [
        f"{law.code} v{law.version}　{law.name}",
        law.says,
        f"出处：{law.regulation} {law.article}（{law.basis}）",
        f"施行：{law.since} 至 {law.until or '今'}　级别：{law.level} {law.level.label}　置信：{law.confidence}",
        f"判定：{how(law.code)}",
        *(f"参数：{parameter.name}　{parameter.demand}" for parameter in law.parameters),
    ]
    return "\n".join([*lines, f"说明：{law.note}"] if law.note else lines)
