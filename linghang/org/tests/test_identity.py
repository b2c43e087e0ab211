"""Identity numbers: what is read, what is wrong with the rest, and what may be kept. All numbers are invented."""

import datetime
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.org.identity import IdentityProblem, check_digit, digest, masked, normalise, read

NUMBER = "341502197911175719"


@pytest.mark.parametrize(
    "value",
    [
        NUMBER,
        f" {NUMBER} ",
        "３４１５０２１９７９１１１７５７１９",
        "3415 0219 7911 1757 19",
        f"'{NUMBER}",
        "341502-19791117-5719",
    ],
)
def test_spaces_quotes_and_wide_digits_do_not_matter(value: str) -> None:
    assert read(value).number == NUMBER


def test_the_number_tells_birth_date_and_sex() -> None:
    assert (read(NUMBER).born_on, read(NUMBER).sex) == (datetime.date(1979, 11, 17), "male")
    assert read("342401199608203316").sex == "male"
    assert read("342401197610155000").sex == "female"


def test_a_small_x_is_a_check_digit() -> None:
    assert read("34240119650919377x").number.endswith("7X")


def test_the_example_of_the_standard_holds() -> None:
    # GB 11643-1999, 6.1: 11010519491231002X and 440524188001010014
    assert check_digit("11010519491231002") == "X"
    assert check_digit("44052418800101001") == "4"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "empty"),
        (None, "empty"),
        (3.415001994051011e17, "truncated"),
        (341500199405101100, "truncated"),
        ("3.41502E+17", "scientific"),
        ("3.41502E17", "scientific"),
        ("341502197911175000", "truncated"),
        ("341502791117571", "old"),
        (341502791117571.0, "old"),
        ("341502791317571", "date"),
        ("34150219791117571", "length"),
        ("3415021979111757199", "length"),
        ("34A502197911175719", "characters"),
        ("34X502197911175719", "characters"),
        ("991502197911175719", "region"),
        ("341502197902305719", "date"),
        ("341502197911175718", "check_digit"),
        ("待补", "characters"),
    ],
)
def test_every_fault_has_its_own_reason_and_remedy(value: object, code: str) -> None:
    with pytest.raises(IdentityProblem) as caught:
        read(value)
    assert caught.value.code == code
    assert caught.value.remedy.startswith("请")


def test_a_sound_number_that_ends_in_zeros_is_not_taken_for_damage() -> None:
    assert read("342401197610155000").masked == "3424**********5000"


def test_an_old_number_is_named_as_such() -> None:
    with pytest.raises(IdentityProblem, match="15 位旧身份证号码"):
        read("341502791117571")


def test_only_the_masked_form_shows() -> None:
    assert masked(NUMBER) == "3415**********5719"
    assert masked("12345") == "*****"
    assert NUMBER not in repr(read(NUMBER))


def test_digest_is_keyed_and_blind_to_spelling() -> None:
    key = b"key of this hospital"
    assert digest(f" {NUMBER}", key) == hmac.new(key, NUMBER.encode(), hashlib.sha256).hexdigest()
    assert digest(NUMBER, key) != digest(NUMBER, b"another key")
    with pytest.raises(ValueError, match="guessable"):
        digest(NUMBER, b"")


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place: int, by: int) -> None:
    wrong = f"{NUMBER[:place]}{(int(NUMBER[place]) + by) % 10}{NUMBER[place + 1 :]}"
    with pytest.raises(IdentityProblem):
        read(wrong)


def test_normalising_does_not_check() -> None:
    assert normalise("１２３ x") == "123X"
    assert normalise(None) == ""
