"""What an office may set about duties: how often, from which day counting starts, and when a duty is nearly due."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from linghang.kernel.parameters import declare
from linghang.rules import duties
from linghang.rules.duties import AMBER, STATUTORY, statutory
from linghang.rules.periods import Kind
from linghang.rules.register import PERIOD, TIMES, TooLoose, check_override, rule, versions

GO_LIVE = "compliance.go_live"
YEAR_START = "compliance.year_start"
SETTLE_DAYS = "compliance.settle_days"
BACKFILL_DAYS = "compliance.backfill_days"
CLOSING_DAY = "compliance.closing_day"
DIGEST_HOUR = "compliance.digest_hour"
AMBER_DAYS = {
    Kind.MONTH: "compliance.soon_month",
    Kind.QUARTER: "compliance.soon_quarter",
    Kind.HALF: "compliance.soon_half",
    Kind.YEAR: "compliance.soon_year",
}
# Which parameter holds the frequency of which rule.
FREQUENCIES: Mapping[str, str] = {
    "compliance.assembly_frequency": "R-ZB-09",
    "compliance.board_frequency": "R-ZB-10",
    "compliance.group_frequency": "R-ZB-12",
    "compliance.themed_day_frequency": "R-ZB-14",
    "compliance.lesson_frequency": "R-ZB-16",
    "compliance.life_frequency": "R-ZB-17",
    "compliance.review_frequency": "R-ZB-18",
    "compliance.secretary_lesson_frequency": "R-ZB-15",
    "compliance.study_group_frequency": "R-DW-02",
    "compliance.ideology_topic_frequency": "R-DW-03",
    "compliance.leaders_life_frequency": "R-DW-04",
    "compliance.governance_frequency": "R-DW-01",
    "compliance.debrief_frequency": "R-DW-05",
    "compliance.committee_frequency": "R-DW-06",
}


def read_frequency(written: str) -> dict[str, int]:
    """“每季度 1 次” as the two numbers of a rule. Raises ValidationError for anything else."""
    found = duties.read_frequency(str(written))
    if found is None:
        raise ValidationError(f"“{written}”看不懂：请写成“每月 1 次”“每季度 2 次”“每半年 1 次”或“每年 1 次”")
    return {PERIOD: int(found[0]), TIMES: found[1]}


def write_frequency(kind: Kind, times: int) -> str:
    """The words for a frequency, as `read_frequency` reads them."""
    return f"每{kind.label} {times} 次"


def read_day(written: Any) -> date:
    """A day as YYYY-MM-DD. Raises ValidationError for anything else."""
    try:
        return date.fromisoformat(str(written).strip())
    except ValueError:
        raise ValidationError(f"“{written}”不是日期，请写成 2026-01-01") from None


def _not_looser(code: str) -> Callable[[Any, date], None]:
    def check(written: Any, since: date) -> None:
        changes = read_frequency(written)
        try:
            law = rule(code, since)
            check_override(law, changes)
        except TooLoose:
            text = check_override(law, None)
            least = write_frequency(Kind(text.number(PERIOD)), text.number(TIMES))
            raise ValidationError(f"{law.cite}要求{least}，院内规定只能更严，不能更松") from None
        except (ValueError, LookupError) as problem:
            raise ValidationError(str(problem)) from None

    return check


def _is_day(written: Any, since: date) -> None:
    if written:
        read_day(written)


def _is_closing_day(written: Any, since: date) -> None:
    read_day(f"2027-{written}")


def _between(low: int, high: int) -> Callable[[Any, date], None]:
    def check(number: Any, since: date) -> None:
        if not low <= int(number) <= high:
            raise ValidationError(f"应在 {low} 至 {high} 之间")

    return check


def _declare_frequencies() -> None:
    for code, law_code in FREQUENCIES.items():
        duty, law = statutory(law_code), versions(law_code)[-1]
        usual = duty.frequencies[0]
        declare(
            code,
            f"{duty.name}频次",
            write_frequency(usual.kind, usual.times),
            group="组织生活频次",
            help=f"{law.note}。自生效日起的整期执行" if law.note else "只能比法规更严；自生效日起的整期执行",
            basis=law.cite,
            check=_not_looser(law_code),
        )


assert set(FREQUENCIES.values()) == set(STATUTORY)
_declare_frequencies()
declare(
    GO_LIVE,
    "起算日",
    "",
    group="体检",
    help="上线之日；此前开始的期间不计。未设定时全部显示“未纳入”",
    check=_is_day,
)
declare(
    YEAR_START,
    "考核年度起始月",
    1,
    unit="月",
    group="体检",
    help="欠缺在本考核年度内一直显示“要办”",
    check=_between(1, 12),
)
declare(
    SETTLE_DAYS,
    "上线核对期",
    90,
    unit="天",
    group="体检",
    help="起算日后这些天内，任期和班子的欠缺只提示、不亮红",
    check=_between(0, 366),
)
declare(
    BACKFILL_DAYS,
    "补记提示",
    31,
    unit="天",
    group="体检",
    help="一期过后这些天内，工作台提示补记，灯保持“要办”",
    check=_between(0, 92),
)
declare(
    CLOSING_DAY,
    "年度事项截止日",
    "03-31",
    group="体检",
    help="组织生活会、民主评议可以开到次年的哪一天（月-日），依年度通知",
    check=_is_closing_day,
)
for _kind, _code in AMBER_DAYS.items():
    declare(
        _code,
        f"每{_kind.label}事项提前多久标“快到期”",
        AMBER[_kind],
        unit="天",
        group="体检",
        check=_between(1, 92),
    )
declare(
    DIGEST_HOUR,
    "每日摘要几点以后发",
    7,
    unit="点",
    group="体检",
    help="每人每天至多一条，本人可以关闭；灯变了不另发通知",
    check=_between(0, 23),
)
# What a branch may be asked for in a month before the office is warned: code, title, most, unit.
_BURDEN = (
    ("compliance.burden_sheets", "收到的单据", 3, "张"),
    ("compliance.burden_lines", "要办的事项", 10, "项"),
    ("compliance.burden_fields", "要填写的内容", 40, "处"),
    ("compliance.burden_inspections", "接受检查", 1, "次"),
    ("compliance.burden_meetings", "法规外的会", 1, "次"),
)
BURDEN = tuple(code for code, *_ in _BURDEN)
for _code, _title, _most, _unit in _BURDEN:
    declare(
        _code,
        _title,
        _most,
        unit=_unit,
        group="基层负担",
        help="每个支部每月不超过多少；超过时提醒党办，不禁止",
        basis="整治形式主义为基层减负若干规定",
        check=_between(0, 500),
    )
