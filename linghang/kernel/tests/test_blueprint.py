"""A module's section of a blueprint: strict entries, references that are checked, one battery over all sections."""

from typing import Annotated, ClassVar

import pytest
from pydantic import ValidationError

from linghang.kernel import blueprint
from linghang.kernel.blueprint import SECTIONS, Entry, Ref, section

CODES = {"codes": {"test.colours": {"red", "green", "blue"}}}


class Paint(Entry):
    code: str
    colour: Annotated[str, Ref("test.colours")] = ""
    places: dict[Annotated[str, Ref("test.colours")], int] = {}


def words(problem: ValidationError) -> str:
    return " ".join(error["msg"] for error in problem.errors())


def test_an_unknown_key_is_an_error():
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Paint.model_validate({"code": "x", "color": "red"})


def test_a_known_code_passes_and_an_empty_one_means_none():
    assert Paint.model_validate({"code": "x", "colour": "red"}, context=CODES).colour == "red"
    assert Paint.model_validate({"code": "x", "colour": ""}, context=CODES).colour == ""


def test_an_unknown_code_is_refused_with_the_nearest_one():
    with pytest.raises(ValidationError) as problem:
        Paint.model_validate({"code": "x", "colour": "gren"}, context=CODES)
    assert "“gren”不在 test.colours 中，是否为“green”？" in words(problem.value)


def test_nothing_is_suggested_where_nothing_is_near():
    with pytest.raises(ValidationError) as problem:
        Paint.model_validate({"code": "x", "places": {"zzzz": 1}}, context=CODES)
    assert "是否为" not in words(problem.value)


def test_without_known_codes_nothing_is_checked():
    assert Paint.model_validate({"code": "x", "colour": "any"}).colour == "any"
    assert Paint.model_validate({"code": "x", "colour": "any"}, context={"codes": {}}).colour == "any"


def test_a_section_is_offered_by_name(monkeypatch):
    monkeypatch.setattr(blueprint, "SECTIONS", {})

    @section("test.paint", "油漆", Paint, codes=lambda: ["red"], order=1)
    def apply(entries, by):
        return len(entries)

    found = blueprint.SECTIONS["test.paint"]
    assert (found.title, found.order, found.schema) == ("油漆", 1, Paint)
    assert found.apply([1, 2], None) == 2
    assert list(found.codes()) == ["red"]


@pytest.mark.django_db
@pytest.mark.parametrize("found", SECTIONS.values(), ids=SECTIONS.keys())
def test_every_section_is_strict_names_its_key_and_offers_its_codes(found, hospital):
    assert issubclass(found.schema, Entry)
    assert found.schema.model_config["extra"] == "forbid"
    assert found.schema.key in found.schema.model_fields
    assert found.title
    assert all(isinstance(code, str) for code in found.codes())


@pytest.mark.django_db
def test_sections_are_applied_floor_by_floor(hospital):
    by_order = [found.name for found in sorted(SECTIONS.values(), key=lambda s: s.order)]
    assert [name for name in by_order if name.startswith("org.")] == [
        "org.roles",
        "org.grants",
        "org.units",
        "org.people",
    ]
    assert by_order.index("org.people") < min(
        i for i, name in enumerate(by_order) if name[:3] not in ("ker", "org")
    )


class Kind(Entry):
    key: ClassVar[str] = "name"
    name: str


def test_an_entry_may_be_known_by_another_key():
    assert (Kind.key, Entry.key) == ("name", "code")
