"""Membership dues: golden tables (党费规定)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.rules import dues
from linghang.rules.dues import Payer

DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("base", "amount"),
    [  # 第二条 全额同率，不累进
        ("0", "0.00"),
        ("3000", "15.00"),
        ("3000.01", "30.00"),
        ("5000", "50.00"),
        ("5000.01", "75.00"),
        ("10000", "150.00"),
        ("10000.01", "200.00"),
        ("12345.67", "246.91"),
    ],
)
def test_the_whole_base_pays_one_rate(base, amount):
    found = dues.monthly(Payer.EMPLOYED, Decimal(base), on=DAY)
    assert found.amount == Decimal(amount)
    assert found.rule.code == "R-DF-01"


@pytest.mark.parametrize(("base", "amount"), [("5000", "25.00"), ("5000.01", "50.00"), ("8000", "80.00")])
def test_the_retired_pay_less(base, amount):
    """第五条."""
    found = dues.monthly(Payer.RETIRED, Decimal(base), on=DAY)
    assert found.amount == Decimal(amount)
    assert found.sentence.startswith(f"基数 {base} 元 × ")


def test_students_pay_twenty_cents():
    """第六条."""
    assert dues.monthly(Payer.NOMINAL, Decimal(0), on=DAY).amount == Decimal("0.20")


def test_relief_needs_the_agreed_amount():
    """第七条."""
    assert dues.monthly(Payer.RELIEVED, Decimal(4000), on=DAY, agreed=Decimal(0)).amount == 0
    with pytest.raises(ValueError, match="须填经上级同意的数额"):
        dues.monthly(Payer.RELIEVED, Decimal(4000), on=DAY)


def test_a_negative_base_is_refused():
    with pytest.raises(ValueError, match="不能为负"):
        dues.monthly(Payer.EMPLOYED, Decimal(-1), on=DAY)


def test_a_probationary_member_pays_from_the_month_of_the_meeting():
    """第八条."""
    assert dues.first_month(date(2026, 6, 30)) == date(2026, 6, 1)


@pytest.mark.parametrize(("months", "met"), [(6, True), (7, False)])
def test_no_more_than_six_months_are_made_up(months, met):
    assert dues.back_payment(months, on=DAY).met is met


def test_a_base_is_settled_each_year():
    assert dues.settled(date(2026, 1, 8), DAY).met
    assert dues.settled(date(2025, 1, 8), DAY).sentence.endswith("今年尚未核定")


@given(st.decimals(0, 100_000, places=2), st.decimals(0, 100_000, places=2))
def test_whoever_earns_more_never_pays_less(one, other):
    low, high = sorted((one, other))
    for payer in (Payer.EMPLOYED, Payer.RETIRED):
        assert dues.monthly(payer, low, on=DAY).amount <= dues.monthly(payer, high, on=DAY).amount
