"""One battery over every fact source that any module offers."""

import re
from datetime import date, timedelta

import polars as pl
import pytest
from django.apps import apps
from polars.testing import assert_frame_equal

from linghang.kernel import clock
from linghang.kernel.access import Gated
from linghang.kernel.facts import FIXED, SOURCES, Bool, Code, Date, Number, facts
from tests.making import (
    make_attendance,
    make_check,
    make_finding,
    make_line,
    make_meeting,
    make_resolution,
)

pytestmark = pytest.mark.django_db
EVERY = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
FROM, TO = date(2000, 1, 1), date(2100, 1, 1)


@pytest.fixture
def year(hospital):
    """Something of everything that is counted."""
    meeting = make_meeting(of_year=2026)
    make_meeting(kind="themed_day", also=["lesson"], state="planned")
    make_attendance(meeting=meeting)
    make_resolution(meeting=meeting)
    make_line(state="closed", closed_on=clock.today())
    check = make_check(state="confirmed", confirmed_on=clock.today())
    make_finding(inspection=check, confirmed_on=clock.today())


def test_there_are_sources_to_count():
    assert {"activities.meetings", "activities.attendance"} <= set(SOURCES)


@EVERY
def test_a_source_is_named_by_its_module_and_counts_a_gated_model(source):
    app, _, plural = source.name.partition(".")
    assert app in {config.label for config in apps.get_app_configs()}
    assert plural.isidentifier()
    assert source.title
    assert issubclass(apps.get_model(source.of), Gated)


@EVERY
def test_a_source_has_typed_columns_and_no_free_text(source):
    assert set(source.columns.values()) <= {Code, Number, Date, Bool}
    assert not set(source.columns) & set(FIXED)


@EVERY
def test_rows_fit_the_schema_and_point_at_real_records(source, year):
    frame = source.frame(FROM, TO)
    assert frame.schema == pl.Schema(source.schema)
    model = apps.get_model(source.of)
    assert not frame["record"].is_null().any()
    assert not frame["unit"].is_null().any()
    assert not frame["day"].is_null().any()
    known = set(
        model._base_manager.filter(pk__in=frame["record"].unique().to_list()).values_list("pk", flat=True)
    )
    assert set(frame["record"]) <= known
    units = set(apps.get_model("org.Unit").objects.values_list("pk", flat=True))
    people = set(apps.get_model("org.Person").objects.values_list("pk", flat=True))
    assert set(frame["unit"]) <= units
    assert set(frame["person"].drop_nulls()) <= people


@EVERY
def test_codes_are_codes_and_never_sentences(source, year):
    frame = source.frame(FROM, TO)
    for column in [name for name, kind in source.columns.items() if kind is Code]:
        for value in frame[column].drop_nulls().unique():
            assert re.fullmatch(r"[a-z0-9_.-]+", value), (column, value)


@EVERY
def test_a_period_gives_the_facts_of_its_own_days_only(source, year):
    """Up to today: what is still to come may be counted with the period that is running."""
    today = clock.today()
    frame = source.frame(FROM, today).filter(pl.col("day") <= today)
    for day in sorted(frame["day"].unique())[::40]:
        assert source.frame(day, day)["day"].unique().to_list() == [day]
    middle = today - timedelta(days=200)
    parts = [source.frame(FROM, middle), source.frame(middle + timedelta(days=1), today)]
    assert sum(part.height for part in parts) == frame.height


@EVERY
def test_asked_for_some_units_a_source_gives_what_it_gives_of_them_among_all(source, year):
    everything = source.frame(FROM, TO)
    units = everything["unit"].unique().sort().to_list()
    for asked in ([], units[:1], units[1:], units):
        of_these = everything.filter(pl.col("unit").is_in(asked))
        assert_frame_equal(source.frame(FROM, TO, asked), of_these, check_row_order=False)


@EVERY
def test_an_empty_period_is_an_empty_frame_of_the_same_shape(source, hospital):
    frame = source.frame(date(1950, 1, 1), date(1950, 12, 31))
    assert frame.height == 0
    assert frame.schema == pl.Schema(source.schema)


def test_free_text_is_refused_when_a_source_is_declared():
    with pytest.raises(TypeError, match="must be Code, Number, Date or Bool"):
        facts("test.texts", "文字", of="org.Unit", words=str)


def test_a_source_is_declared_once():
    with pytest.raises(ValueError, match="declared twice"):
        facts("activities.meetings", "又一次", of="activities.Meeting")(lambda start, end, units=None: [])


def test_a_new_source_is_read_through_its_frame(monkeypatch):
    monkeypatch.setattr("linghang.kernel.facts.SOURCES", {})

    @facts("test.days", "日子", of="org.Unit", good=Bool, weight=Number)
    def days(start, end, units=None):
        return [(1, 2, None, start, True, 1), (2, 2, 3, end, False, None)]

    from linghang.kernel.facts import SOURCES as NOW

    frame = NOW["test.days"].frame(FROM, TO)
    assert frame["weight"].to_list() == [1.0, None]
    assert frame["person"].to_list() == [None, 3]
