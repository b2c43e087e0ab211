"""The yearly appraisal of medical ethics (医德考评指导意见): four grades, few excellent, some acts make it poor."""

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from math import floor

from linghang.rules.clauses import Level, Value, Verdict
from linghang.rules.register import check_override, rule

Own = Mapping[str, Value] | None

GRADES = ("优秀", "良好", "一般", "较差")
POOR = (
    "索取或收受患者及其亲友财物",
    "收受药品器械企业回扣",
    "乱收费情节严重",
    "伪造或违规修改病历",
    "严重责任事故",
    "出具虚假医学证明",
    "服务态度恶劣造成后果",
)


def graded(grades: Collection[str], *, on: date) -> Verdict:
    """R-YD-01: one of four grades, once a year."""
    law = rule("R-YD-01", on)
    strange = [grade for grade in grades if grade not in GRADES]
    if strange:
        return law.verdict(False, f"等次只有{'、'.join(GRADES)}，没有“{strange[0]}”")
    return law.verdict(len(grades) == 1, f"本年度有 {len(grades)} 个等次，应为 1 个")


def excellent(count: int, appraised: int, *, on: date, own: Own = None) -> Verdict:
    """R-YD-02: generally a tenth, at most fifteen in a hundred are excellent, rounded down."""
    law = rule("R-YD-02", on)
    settings = check_override(law, own)
    usual, most = (_quota(settings.share(name).of, appraised) for name in ("usual", "most"))
    fact = f"考评 {appraised} 人，优秀 {count} 人，一般 {usual} 人，最多 {most} 人"
    if count > most:
        return law.verdict(False, fact, Level.BLOCK)
    return law.verdict(count <= usual, fact)


def _quota(share: Fraction, of: int) -> int:
    return floor(share * of)


def poor(acts: Collection[str], grade: str, *, on: date) -> Verdict:
    """R-YD-03: whoever did one of these acts is to be graded poor."""
    law = rule("R-YD-03", on)
    if strange := [act for act in acts if act not in POOR]:
        raise ValueError(f"“{strange[0]}”不在应评较差的情形之列")
    met = not acts or grade == "较差"
    return law.verdict(met, f"有{'、'.join(acts)}，应评较差" if acts else "没有应评较差的情形")


def appraisal_cycle(last: int, year: int, *, on: date) -> Verdict:
    """R-YD-04: a physician is appraised every three years, conduct included (医师法 第四十二条)."""
    law = rule("R-YD-04", on)
    years = check_override(law, None).number("years")
    return law.verdict(
        year - last <= years, f"上次考核 {last} 年，周期 {years} 年，应不晚于 {last + years} 年"
    )
