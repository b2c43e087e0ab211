"""Unified social credit codes: the example of the standard, codes that stand in public registers, and every slip."""

import pytest

from linghang.rules.credit_code import PLACES, check_character, credit_code_fault

SAMPLE = "91350100M000100Y43"  # GB 32100-2015


@pytest.mark.parametrize("code", [SAMPLE, "914403001922038216", "9144030071526726XG", "91440300708461136T"])
def test_a_code_of_a_public_register_is_sound(code):
    assert credit_code_fault(code) == ""
    assert check_character(code[:17]) == code[17]


def test_of_all_last_places_one_is_right():
    assert [last for last in PLACES if credit_code_fault(SAMPLE[:17] + last) == ""] == [SAMPLE[17]]


@pytest.mark.parametrize("place", range(17))
def test_one_wrong_character_is_always_found(place):
    for other in set(PLACES) - {SAMPLE[place]}:
        assert "校验位不符" in credit_code_fault(SAMPLE[:place] + other + SAMPLE[place + 1 :])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "是 18 位，这里是 0 位"),
        (SAMPLE[:17], "是 18 位，这里是 17 位"),
        (SAMPLE.lower(), "这里有“my”"),
        ("9135O1OOM000100Y43", "这里有“O”"),
        ("91350100M001000Y43", "校验位不符"),  # two neighbours changed places
    ],
)
def test_what_is_wrong_is_said(code, said):
    assert said in credit_code_fault(code)
