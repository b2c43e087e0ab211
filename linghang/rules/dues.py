"""Membership dues (党费规定 第一、二、五、六、七、八条): the whole base at one rate, not in slices."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from linghang.rules.clauses import Rule, Verdict
from linghang.rules.register import check_override, rule

CENT = Decimal("0.01")
NOMINAL = Decimal("0.20")  # 第六条: students, the unemployed and those on subsistence allowance, a month


class Payer(StrEnum):
    """By what a member's dues are reckoned."""

    EMPLOYED = "在职"
    RETIRED = "离退休"
    NOMINAL = "学生、下岗失业、低保"
    RELIEVED = "经批准少交或免交"


@dataclass(frozen=True)
class Bracket:
    """Up to and including this base the rate holds; without a bound it holds for everything above."""

    most: Decimal | None
    rate: Decimal


BRACKETS: dict[Payer, tuple[str, tuple[Bracket, ...]]] = {
    Payer.EMPLOYED: (
        "R-DF-01",
        (
            Bracket(Decimal(3000), Decimal("0.005")),
            Bracket(Decimal(5000), Decimal("0.01")),
            Bracket(Decimal(10000), Decimal("0.015")),
            Bracket(None, Decimal("0.02")),
        ),
    ),
    Payer.RETIRED: (
        "R-DF-02",
        (Bracket(Decimal(5000), Decimal("0.005")), Bracket(None, Decimal("0.01"))),
    ),
}


@dataclass(frozen=True)
class Dues:
    """What a member owes a month, and why."""

    rule: Rule
    amount: Decimal
    sentence: str


def monthly(payer: Payer, base: Decimal, *, on: date, agreed: Decimal | None = None) -> Dues:
    """R-DF-01 … 03: the monthly dues on a base in yuan, rounded half-up to the cent.

    `agreed` is what the superior organisation allowed a member in difficulties (第七条). Raises ValueError for a negative
    base or a relief without the agreed amount.
    """
    if base < 0:
        raise ValueError("党费基数不能为负")
    if payer is Payer.NOMINAL:
        return Dues(rule("R-DF-03", on), NOMINAL, f"每月 {NOMINAL} 元")
    if payer is Payer.RELIEVED:
        return _relieved(agreed, on)
    code, brackets = BRACKETS[payer]
    rate = next(each.rate for each in brackets if each.most is None or base <= each.most)
    amount = (base * rate).quantize(CENT, ROUND_HALF_UP)
    return Dues(rule(code, on), amount, f"基数 {base} 元 × {rate * 100:f}% ＝ {amount} 元")


def _relieved(agreed: Decimal | None, on: date) -> Dues:
    if agreed is None:
        raise ValueError("少交或免交须填经上级同意的数额（免交填 0）")
    return Dues(rule("R-DF-03", on), agreed, f"经支部研究、上级同意，每月交 {agreed} 元")


def first_month(admitted_on: date) -> date:
    """R-DF-04: a probationary member pays from the month of the meeting that admitted them; its first day (第八条)."""
    return admitted_on.replace(day=1)


def back_payment(months: int, *, on: date) -> Verdict:
    """R-DF-05: dues are generally made up for no more than six months (参照中央和国家机关办法 第一条)."""
    law = rule("R-DF-05", on)
    most = check_override(law, None).number("months")
    return law.verdict(months <= most, f"补交 {months} 个月，一般不超过 {most} 个月")


def settled(payer_since: date, today: date) -> Verdict:
    """R-DF-06: a base is settled at the start of the year and generally kept through it (参照办法 第二条)."""
    law = rule("R-DF-06", today)
    met = payer_since.year == today.year
    return law.verdict(met, f"党费基数 {payer_since} 核定，{'本年内有效' if met else '今年尚未核定'}")
