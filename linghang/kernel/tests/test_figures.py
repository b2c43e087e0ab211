"""How a figure is opened, kept, and compared with what stands behind it later."""

from datetime import date

import polars as pl
import pytest

from linghang.kernel import figures
from linghang.kernel.facts import FIXED
from linghang.kernel.figures import (
    Change,
    Part,
    Sight,
    change_since,
    kept_parts,
    make_figure,
    open_figure,
    part,
)
from linghang.kernel.models import Figure

DAY = date(2026, 11, 30)
SCHEMA = FIXED | {"kind": pl.String, "score": pl.Float64}
ROWS = [
    (1, 7, None, date(2026, 3, 9), "themed_day", 90.0),
    (2, 7, None, date(2026, 4, 9), "themed_day", 80.0),
    (2, 7, None, date(2026, 4, 9), "lesson", 80.0),
    (3, 7, None, date(2026, 5, 9), "themed_day", 70.0),
]


def facts(*rows):
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def kept(keys, *rows):
    return {"numerator": part("activities.Meeting", keys, facts(*rows))}


@pytest.fixture
def figure(db):
    made = make_figure("B5", "主题党日", {"full": 3.0}, DAY, "2", kept([1, 2], *ROWS))
    made.save()
    return Figure.objects.get()


def test_a_figure_keeps_its_records_and_counts_them(figure):
    held = kept_parts(figure)["numerator"]
    assert held.refs() == ["activities.meeting:1", "activities.meeting:2"]
    assert (figure.count, figure.as_of, str(figure)) == (2, DAY, "主题党日 2")


def test_months_later_the_same_records_say_so_in_whatever_order_they_come(figure):
    assert change_since(figure, kept([2, 1], *reversed(ROWS))).same


def test_a_record_that_was_changed_is_named(figure):
    corrected = (2, 7, None, date(2026, 4, 10), "themed_day", 80.0)
    found = change_since(figure, kept([1, 2], ROWS[0], corrected, ROWS[2]))
    assert (found.changed, found.gone, found.later) == (("activities.meeting:2",), 0, ())
    assert not found.same


def test_a_record_that_lost_one_of_its_kinds_has_changed(figure):
    assert change_since(figure, kept([1, 2], *ROWS[:2])).changed == ("activities.meeting:2",)


def test_what_is_gone_and_what_came_later_are_told_apart(figure):
    found = change_since(figure, kept([1, 3], *ROWS))
    assert (found.changed, found.gone, found.later) == ((), 1, ("activities.meeting:3",))


@pytest.mark.parametrize(
    "edit",
    [{"value": "3"}, {"as_of": date(2026, 12, 1)}, {"definition": {"full": 4.0}}, {"title": "别的"}],
    ids=lambda edit: next(iter(edit)),
)
def test_a_figure_that_was_edited_by_hand_is_found_out(figure, edit):
    Figure.objects.update(**edit)
    figure.refresh_from_db()
    assert change_since(figure, kept([1, 2], *ROWS)) == Change(figure.as_of, edited=True)


def test_records_exchanged_by_hand_are_found_out(figure):
    other = make_figure("B5", "主题党日", {"full": 3.0}, DAY, "2", kept([1, 3], *ROWS))
    Figure.objects.update(records=other.records)
    figure.refresh_from_db()
    assert change_since(figure, kept([1, 3], *ROWS)).edited


def test_a_number_without_records_is_the_same_as_long_as_there_are_none(db):
    none = make_figure("M2", "反复问题", {}, DAY, "0", {})
    assert change_since(none, {}).same
    assert change_since(none, kept([1], *ROWS)).later == ("activities.meeting:1",)


def test_what_a_source_no_longer_says_of_a_record_is_a_change():
    assert part("a.B", [1, 9], facts(*ROWS)) != Part("a.B", {})
    assert part("a.B", [9], facts(*ROWS)).digests != part("a.B", [1], facts(*ROWS)).digests


def test_a_figure_opens_only_with_its_verb_and_only_where_its_owner_says_so(hospital, cast, monkeypatch):
    monkeypatch.setattr(figures, "OFFERS", {})

    @figures.figure("test.count", "assessment.view_cycle")
    def opener(person, pk, query):
        return Sight("数", ("家", "")) if query.get("day") and pk == 7 else None

    assert open_figure(cast.office, "test.count", 7, {"day": "1"}).title == "数"
    assert open_figure(cast.office, "test.count", 8, {"day": "1"}) is None
    assert open_figure(cast.office, "test.count", 7, {}) is None
    assert open_figure(cast.office, "test.nothing", 7, {"day": "1"}) is None
    assert open_figure(cast.member, "test.count", 7, {"day": "1"}) is None
