"""Dated values: a default, a change from a day on, what is locked, what is looser than the rule."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from linghang.kernel import parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.models import Parameter, Trail
from linghang.kernel.parameters import DECLARED, declare, guard, histories, history, put, read_once, value

pytestmark = pytest.mark.django_db
MARCH, MAY, JULY = date(2026, 3, 1), date(2026, 5, 1), date(2026, 7, 1)


@pytest.fixture(autouse=True)
def own_parameters(monkeypatch):
    monkeypatch.setattr(parameters, "DECLARED", DECLARED.copy())
    monkeypatch.setattr(parameters, "GUARDS", [])
    declare("test.days", "天数", 7, group="测试")


def test_a_parameter_has_its_default_until_it_is_set(cast):
    assert value("test.days", MARCH) == 7
    put(cast.office, "test.days", 5, MAY)
    assert [value("test.days", day) for day in (MARCH, MAY, JULY)] == [7, 5, 5]


def test_a_change_closes_the_row_before_it(cast):
    put(cast.office, "test.days", 5, MARCH)
    put(cast.office, "test.days", 3, JULY, "院字〔2026〕8 号")
    rows = Parameter.objects.filter(code="test.days").values_list(
        "value", "since", "until", "note", "by_name"
    )
    assert list(rows) == [(5, MARCH, JULY, "", "陈岚"), (3, JULY, None, "院字〔2026〕8 号", "陈岚")]
    assert [value("test.days", day) for day in (date(2026, 6, 30), JULY)] == [5, 3]


def test_a_change_replaces_what_was_to_come_later(cast):
    put(cast.office, "test.days", 5, JULY)
    put(cast.office, "test.days", 4, MAY)
    assert history("test.days") == [(date.min, 7), (MAY, 4)]


def test_the_same_day_may_be_set_again(cast):
    put(cast.office, "test.days", 5, MAY)
    put(cast.office, "test.days", 6, MAY)
    assert history("test.days") == [(date.min, 7), (MAY, 6)]


def test_all_histories_come_in_one_query(cast, django_assert_num_queries):
    put(cast.office, "test.days", 5, MAY)
    with django_assert_num_queries(1):
        found = histories()
    assert found["test.days"] == [(date.min, 7), (MAY, 5)]
    assert set(DECLARED) <= set(found)


def test_a_request_reads_what_is_set_once_and_sees_its_own_change(cast, django_assert_num_queries):
    put(cast.office, "test.days", 5, MARCH)
    with read_once():
        with django_assert_num_queries(1):
            assert [value("test.days", day) for day in (date(2026, 2, 1), MARCH, MAY)] == [7, 5, 5]
            assert histories()["test.days"][-1] == (MARCH, 5)
        put(cast.office, "test.days", 3, MAY)
        with read_once():
            assert value("test.days", JULY) == 3
    Parameter.objects.filter(code="test.days").delete()
    assert value("test.days", JULY) == 7


def test_a_value_is_said_with_its_unit():
    declare("test.on", "开关", True, group="测试")
    declare("test.length", "长度", 300, unit="字", group="测试")
    assert [parameters.DECLARED["test.on"].said(held) for held in (True, False)] == ["启用", "不启用"]
    assert parameters.DECLARED["test.length"].said(300) == "300 字"
    assert parameters.DECLARED["test.days"].said(7) == "7"


def test_only_whoever_holds_the_verb_may_set(cast):
    with pytest.raises(ValidationError, match="不能设置参数"):
        put(cast.secretary, "test.days", 5, MAY)
    assert value("test.days", JULY) == 7


def test_a_locked_day_is_refused(cast):
    @guard
    def locked(since):
        if since < MAY:
            raise ValidationError("该日在已锁定的考核周期内")

    with pytest.raises(ValidationError, match="已锁定"):
        put(cast.office, "test.days", 5, MARCH)
    assert put(cast.office, "test.days", 5, MAY).value == 5


def test_a_value_that_may_not_be_is_refused(cast):
    def at_least_one(new, since):
        if new < 1:
            raise ValidationError("不能少于 1")

    declare("test.times", "次数", 1, group="测试", check=at_least_one)
    with pytest.raises(ValidationError, match="不能少于 1"):
        put(cast.office, "test.times", 0, MAY)
    assert not Parameter.objects.filter(code="test.times").exists()


def test_a_change_leaves_a_trace(cast):
    put(cast.office, "test.days", 5, MAY, "经党委会研究")
    trace = Trail.objects.latest("pk")
    assert (trace.verb, trace.label, trace.subject) == (
        "kernel.set_parameter",
        "设置参数",
        "kernel.parameter:test.days",
    )
    assert trace.changes == {"value": ["7", "5"], "since": ["", "2026-05-01"]}
    assert (trace.actor_name, trace.subject_name, trace.note) == ("陈岚", "天数", "经党委会研究")


def test_every_declared_parameter_has_words_a_group_and_a_default_that_passes_its_own_check(hospital):
    for code, declared in DECLARED.items():
        assert all((declared.title, declared.group)), code
        assert declared.unit or declared.kind is not int, f"{code} is a number of what?"
        assert declared.kind in (int, bool, str), code
        if declared.check and declared.default != "":
            declared.check(declared.default, MAY)


def test_the_machine_may_set(hospital):
    assert put(SYSTEM, "test.days", 9, MAY).by_name == "系统"
