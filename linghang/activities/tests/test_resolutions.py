"""What a recorder types behind a resolution: who and until when, or why that cannot be read."""

from datetime import date

import pytest

from linghang.activities.resolutions import read_resolutions, written
from linghang.org.models import Person
from tests.making import make_person

HELD = date(2026, 12, 3)


def read(hospital, line, unit=None):
    drafts, unread = read_resolutions(line, unit or hospital.b_medicine, Person.objects.none(), HELD)
    return drafts[0], unread[0].why if unread else ""


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12-31", date(2026, 12, 31)),
        ("12月31日前", date(2026, 12, 31)),
        ("12.31之前", date(2026, 12, 31)),
        ("2027年1月15日", date(2027, 1, 15)),
        ("01-15", date(2027, 1, 15)),
        ("月底前", date(2026, 12, 31)),
        ("下月底", date(2027, 1, 31)),
        ("2月底前", date(2027, 2, 28)),
        ("年底前", date(2026, 12, 31)),
    ],
)
def test_days_as_people_write_them(typed, day, cast, hospital):
    draft, why = read(hospital, f"整理台账（何员，{typed}）")
    assert (draft.text, draft.owner, draft.due_on, why) == ("整理台账", cast.member, day, "")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("魏岚桂，12-31", "“内科党支部”和应到人员中没有“魏岚桂”，请核对姓名"),
        ("何圆", "“内科党支部”和应到人员中没有“何圆”，请核对姓名"),
        ("何员，12-32", "“12-32”不是一个日期，请写成 12-31 这样"),
        ("何员，下周五", "“下周五”读不出是哪一天，请写成 12-31 这样"),
        ("何员，13月底", "“13月底”不是一个日期，请写成 12-31 这样"),
        ("何员，2025-11-30", "期限“2025-11-30”早于开会那天"),
        ("何员，11-30", "开会那天“11-30”已过；如指次年，请写明 2027-11-30"),
        ("何员、王蕾，12-31", "写了两位责任人，一项只记一位；其他人写进正文"),
        ("何员，12-20，12-31", "写了两个期限，只留一个"),
        ("支部班子成员，12-31", "“支部班子成员”不是人员姓名，也不是日期"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_reason_and_kept_as_text(typed, why, cast, hospital):
    line = f"整理台账（{typed}）"
    draft, told = read(hospital, line)
    assert told == why
    assert (draft.text, draft.owner, draft.due_on) == (line, None, None)


def test_two_of_a_name_are_told_apart_by_their_staff_numbers(cast, hospital):
    make_person("7011", name="何员")
    assert read(hospital, "整理台账（何员，12-31）")[1] == "本单位有 2 位“何员”，请改写工号"
    assert read(hospital, "整理台账（7011，12-31）")[0].owner.staff_number == "7011"


@pytest.mark.parametrize(
    "line", ["通过工作计划（草案）", "学习党章（第六章）", "评议党员（见附件1）", "一句话"]
)
def test_other_words_in_brackets_are_part_of_the_sentence(line, cast, hospital):
    assert read(hospital, line)[0].text == line
    assert read(hospital, line)[1] == ""


def test_member_who_was_not_called_and_a_group_s_branch_count_as_the_unit_s_people(cast, hospital):
    assert read(hospital, "写心得（何员负责）", hospital.n_medicine_1)[0].owner == cast.member


def test_what_was_read_is_written_back_the_same(cast, hospital):
    draft, _ = read(hospital, "整理台账（何员，12-31）")
    assert read(hospital, written(draft))[0] == draft
