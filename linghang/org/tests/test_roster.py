"""The rows of member registers: every row has one outcome, and the right one."""

import datetime
from typing import Any

import pytest

from linghang.org.identity import check_digit
from linghang.org.roster.columns import unit_names
from linghang.org.roster.posts import read_posts
from linghang.org.roster.reading import Roster, parse_roster
from linghang.org.roster.words import clean_name
from linghang.ui.sheets import Sheet

HEAD = [
    "序号",
    "姓名",
    "性别",
    "公民身份号码",
    "出生日期",
    "所在党支部",
    "入党时间",
    "转正时间",
    "党员类别",
    "党内职务",
]
AS_OF = datetime.date(2025, 11, 28)


def number(born: str, order: str = "001") -> str:
    """An invented identity number with a right check digit."""
    first = f"341502{born}{order}"
    return first + check_digit(first)


def row(at: int = 1, **given: Any) -> list[Any]:
    """A sound row of HEAD, with some cells changed by their label."""
    usual = [
        at,
        f"张{'甲乙丙丁戊己庚辛'[at % 8]}",
        "男",
        None,
        f"1980-01-{at:02}",
        "内科党支部",
        "2010.03.13",
        "2011.03.13",
        "正式党员",
    ]
    cells = dict(zip(HEAD, [*usual, None], strict=True)) | given
    return list(cells.values())


def roster(*rows: list[Any], head: list[Any] | None = None, **options: Any) -> Roster:
    found = parse_roster([Sheet("党员名册", [head or HEAD, *rows])], as_of=AS_OF, **options)
    assert_complete(found)
    return found


def assert_complete(found: Roster) -> None:
    """Each data row once: imported, merged or refused."""
    assert len(found.people) + len(found.merged) + len(found.refused) == found.data_rows
    assert {r.place for r in found.rows}.isdisjoint(found.refused)
    assert len({r.place for r in found.rows}) == len(found.rows)


def codes(found: Roster) -> list[str]:
    return [caution.code for caution in found.cautions]


def test_a_sound_row_becomes_a_person_in_normal_form() -> None:
    identity = number("19800101")
    found = roster(
        row(1, 姓名=" 徐　 涛 ", 公民身份号码=f"{identity} ", 性别="男", 党内职务="书记兼组织委员")
    )
    [person] = found.people
    assert (person.name, person.sex, person.branch, person.category) == (
        "徐涛",
        "male",
        "内科党支部",
        "full",
    )
    assert person.identity is not None
    assert person.identity.number == identity
    assert person.joined_on is not None
    assert person.joined_on.date == datetime.date(2010, 3, 13)
    assert [post.code for post in person.posts] == ["secretary", "organiser"]
    assert codes(found) == []


# -- refusals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "column", "reason"),
    [
        ({"姓名": None}, "姓名", "没有姓名"),
        ({"姓名": " 　"}, "姓名", "没有姓名"),
        ({"所在党支部": None}, "所在党支部", "没有党支部"),
        ({"所在党支部": "同上"}, "所在党支部", "没有党支部"),
        ({"入党时间": "2010.02.30"}, "入党时间", "不是真实存在的日期"),
        ({"入党时间": "94.1.14"}, "入党时间", "年份只有两位"),
        ({"入党时间": "2031.05.04", "转正时间": None}, "入党时间", "晚于名册截至日"),
        ({"入党时间": "1979.01.01", "转正时间": None}, "入党时间", "早于出生日期"),
        ({"转正时间": "2009-01-01"}, "转正时间", "早于入党时间"),
        ({"党员类别": "预备党员"}, "党员类别", "却有转正时间"),
        ({"党员类别": "入党积极分子"}, "党员类别", "不是在册党员"),
    ],
)
def test_what_decides_membership_refuses_the_row(given: dict[str, Any], column: str, reason: str) -> None:
    found = roster(row(1, **given))
    [refusal] = found.refusals
    assert (refusal.sheet, refusal.row, refusal.column) == ("党员名册", 2, column)
    assert reason in refusal.reason
    assert refusal.remedy
    assert refusal.cell == f"{'ABCDEFGHIJ'[HEAD.index(column)]}2"
    assert found.people == []


def test_a_row_with_several_faults_lists_them_all() -> None:
    found = roster(row(1, 姓名=None, 所在党支部=None, 入党时间="2010.13.01"))
    assert [refusal.column for refusal in found.refusals] == ["姓名", "所在党支部", "入党时间"]
    assert len(found.refused) == 1


# -- cautions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code", "field", "value"),
    [
        ({"公民身份号码": 3.415001994051011e17}, "identity_truncated", "identity", None),
        ({"公民身份号码": "3.41502E+17"}, "identity_scientific", "identity", None),
        ({"公民身份号码": "341502197911175718"}, "identity_check_digit", "identity", None),
        ({"公民身份号码": "341502791117571"}, "identity_old", "identity", None),
        ({"性别": "未知"}, "sex", "sex", None),
        ({"出生日期": "1980.02.31"}, "date", "born_on", None),
        ({"转正时间": "不清楚"}, "date", "confirmed_on", None),
        ({"转正时间": None}, "no_confirmation", "confirmed_on", None),
        ({"党员类别": "在册"}, "category", "category", None),
        ({"党内职务": "联络员"}, "post", "posts", []),
        ({"出生日期": "2000-01-01"}, "under_age", "category", "full"),
        ({"转正时间": "2010.06"}, "short_probation", "category", "full"),
        ({"姓名": "张三（女）"}, "name_note", "name", "张三"),
    ],
)
def test_everything_else_is_left_empty_and_keeps_the_person(
    given: dict[str, Any], code: str, field: str, value: object
) -> None:
    found = roster(row(1, **given))
    [person] = found.people
    assert code in codes(found)
    assert getattr(person, field) == value
    assert all(caution.cell and caution.remedy for caution in person.cautions)


def test_month_is_kept_with_a_caution() -> None:
    found = roster(row(1, 入党时间="2010.03", 转正时间="2011年3月"))
    [person] = found.people
    assert person.joined_on is not None
    assert (person.joined_on.date, person.joined_on.precision) == (datetime.date(2010, 3, 1), "month")
    assert codes(found) == ["month_precision", "month_precision"]


def test_confirmation_in_the_month_of_the_anniversary_is_no_contradiction() -> None:
    assert codes(roster(row(1, 入党时间="2010.03.31", 转正时间="2011.03"))) == ["month_precision"]


def test_identity_number_fills_birth_date_and_sex() -> None:
    found = roster(row(1, 公民身份号码=number("19800117", "002"), 性别=None, 出生日期="1980.01"))
    [person] = found.people
    assert person.sex == "female"
    assert person.born_on is not None
    assert (person.born_on.date, person.born_on.precision) == (datetime.date(1980, 1, 17), "day")


def test_identity_number_against_sex_and_birth_date_is_asked() -> None:
    found = roster(row(1, 公民身份号码=number("19800102", "002")))
    assert sorted(codes(found)) == ["birth_mismatch", "sex_mismatch"]
    assert found.people[0].sex == "male"


def test_a_shifted_column_is_said_once_and_not_a_hundred_times() -> None:
    rows = [
        row(1, 姓名=f"王{chr(0x4E00 + at)}", 公民身份号码=number("19800101", f"{at:02}2")) for at in range(40)
    ]
    found = roster(*rows)
    assert "sex_mismatch" not in codes(found)
    [note] = [note for note in found.notes if "性别" in note.reason]
    assert len(note.rows) == 40


def test_probationary_member_with_a_post_is_cautioned() -> None:
    found = roster(row(1, 党员类别="预备党员", 入党时间="2025.03.13", 转正时间=None, 党内职务="宣传委员"))
    assert codes(found) == ["probationary_post"]


def test_planned_confirmation_and_overdue_probation_are_cautioned() -> None:
    planned = roster(row(1, 党员类别="预备党员", 入党时间="2025.03.13", 转正时间="2026.03.13"))
    assert (codes(planned), planned.people[0].confirmed_on) == (["planned"], None)
    assert codes(roster(row(1, 党员类别="预备党员", 入党时间="2023.03.13", 转正时间=None))) == [
        "probation_over"
    ]


def test_category_follows_from_confirmation_where_the_column_is_blank() -> None:
    assert roster(row(1, 党员类别=None)).people[0].category == "full"
    assert codes(roster(row(1, 党员类别=None, 转正时间=None))) == ["category"]


# -- the same person twice -------------------------------------------------------------------------------------


def test_same_identity_is_merged_and_completes_the_first_row() -> None:
    identity = number("19800101")
    first = row(1, 公民身份号码=identity, 转正时间=None)
    found = roster(first, row(2), row(1, 公民身份号码=identity, 党内职务="组织委员"))
    [merged] = found.merged
    assert (merged.row, merged.duplicate_of) == (4, ("党员名册", 2))
    assert found.people[0].confirmed_on is not None
    assert [post.code for post in found.people[0].posts] == ["organiser"]


def test_same_name_branch_and_birth_date_is_merged_even_without_numbers() -> None:
    found = roster(row(1), row(1, 出生日期="1980.01", 所在党支部="内科党支部"))
    assert [r.duplicate_of for r in found.merged] == [("党员名册", 2)]


def test_namesakes_with_different_numbers_are_two_people() -> None:
    found = roster(
        row(1, 公民身份号码=number("19800101", "001")), row(1, 公民身份号码=number("19800101", "003"))
    )
    assert len(found.people) == 2


def test_namesakes_without_birth_date_are_asked_not_merged() -> None:
    found = roster(row(1, 出生日期=None), row(1, 出生日期=None, 入党时间="2012.01.01", 转正时间="2013.01.01"))
    assert (len(found.people), codes(found)) == (2, ["namesake"])


def test_number_of_somebody_else_leaves_the_person_without_it() -> None:
    identity = number("19800101")
    found = roster(row(1, 公民身份号码=identity), row(2, 公民身份号码=identity))
    assert [person.identity is not None for person in found.people] == [True, False]
    assert codes(found) == ["identity_taken"]
    swapped = roster(row(2, 公民身份号码=identity), row(1, 公民身份号码=identity))
    assert [person.identity is not None for person in swapped.people] == [False, True]


def test_one_number_under_two_names_that_both_fit_is_refused() -> None:
    identity = number("19800101")
    found = roster(row(1, 公民身份号码=identity), row(1, 姓名="张假", 公民身份号码=identity))
    [refusal] = found.refusals
    assert refusal.row == 3
    assert "第 2 行“张乙”相同，姓名不同" in refusal.reason


def test_same_person_in_two_branches_is_asked() -> None:
    found = roster(row(1), row(1, 所在党支部="外科党支部"))
    assert (len(found.people), codes(found)) == (2, ["two_branches"])


def test_two_secretaries_of_one_branch_are_asked() -> None:
    assert codes(roster(row(1, 党内职务="书记"), row(2, 党内职务="党支部书记"))) == ["two_secretaries"]


def test_spellings_of_one_branch_become_one() -> None:
    found = roster(row(1), row(2), row(3, 所在党支部="内科支部"), row(4, 所在党支部="中共 内科支部委员会"))
    assert {person.branch for person in found.people} == {"内科党支部"}
    [note] = found.notes
    assert [place.row for place in note.rows] == [4, 5]


# -- 同上, blanks, columns -------------------------------------------------------------------------------------


def test_ditto_and_blank_branch_mean_the_line_above_also_after_a_refused_row() -> None:
    found = roster(
        row(1), row(2, 姓名=None, 所在党支部="外科党支部"), row(3, 所在党支部="同上"), row(4, 所在党支部=None)
    )
    assert [person.branch for person in found.people] == ["内科党支部", "外科党支部", "外科党支部"]


def test_blank_general_branch_is_that_of_the_branch_not_of_the_line_above() -> None:
    head = [*HEAD, "所属党总支"]
    rows = [
        [*row(1), "第一党总支"],
        [*row(2, 所在党支部="外科党支部"), None],
        [*row(3, 所在党支部="外科党支部"), "第二党总支"],
        [*row(4, 所在党支部="外科党支部"), "同上"],
    ]
    found = roster(*rows, head=head)
    assert [person.general_branch for person in found.people] == ["第一党总支"] + ["第二党总支"] * 3


def test_caller_corrects_the_columns() -> None:
    head = ["甲", "姓名", "性别", "备注", "出生日期", "单元", "入党时间", "转正时间", "党员类别", "党内职务"]
    assert len(roster(row(1), head=head).refused) == 1
    found = roster(row(1), head=head, mapping={5: "branch", ("党员名册", 3): None})
    assert found.people[0].branch == "内科党支部"
    assert {c.index: c.field for c in found.columns}[3] is None


def test_default_branch_serves_a_file_of_one_branch() -> None:
    assert roster(row(1, 所在党支部=None), branch="药学部党支部").people[0].branch == "药学部党支部"


def test_lines_with_a_running_number_only_hold_nobody() -> None:
    found = roster(row(1), [2, *[None] * 9], [3, *[None] * 9])
    assert found.data_rows == 1
    assert [aside.why for aside in found.asides] == ["只有序号", "只有序号"]


def test_a_file_without_a_register_says_so() -> None:
    found = parse_roster([Sheet("一", [["科室", "人次"], ["内科", 3]])])
    assert (found.data_rows, found.rows) == (0, [])
    assert any("没有找到党员名册的表头" in note.reason for note in found.notes)


# -- names, units, posts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("徐  涛", "徐涛"),
        ("欧阳　娜 娜", "欧阳娜娜"),
        ("买买提•艾力", "买买提·艾力"),
        ("阿依古丽.吐尔逊", "阿依古丽·吐尔逊"),
        ("John  Li", "John Li"),
    ],
)
def test_names_lose_padding_and_keep_the_dot(written: str, name: str) -> None:
    assert clean_name(written) == name


@pytest.mark.parametrize(
    ("line", "units"),
    [
        ("心血管内科党支部", ("", "心血管内科党支部")),
        ("（二）心血管内科党支部（21人）", ("", "心血管内科党支部")),
        ("党支部：心血管内科党支部    填表日期：2025年", ("", "心血管内科党支部")),
        ("中共某市人民医院心血管内科支部委员会党员名册", ("", "心血管内科支部委员会")),
        ("某市人民医院第一党总支心血管内科党支部党员花名册", ("第一党总支", "心血管内科党支部")),
        ("第一党总支（共130人）", ("第一党总支", "")),
        ("示例区第一人民医院党总支党员花名册", ("示例区第一人民医院党总支", "")),
        ("中共示例市人民医院委员会党员名册", None),
        ("全院党支部党员名册", None),
        ("各党支部名册", None),
        ("支部书记：张三", None),
        ("张三", None),
    ],
)
def test_a_line_names_a_unit_or_not(line: str, units: tuple[str, str] | None) -> None:
    assert unit_names(line) == units


@pytest.mark.parametrize(
    ("written", "posts"),
    [
        ("党支部书记", ["secretary branch"]),
        ("副书记", ["deputy_secretary branch"]),
        ("书记兼组织委员", ["secretary branch", "organiser branch"]),
        ("党支部书记、纪检委员", ["secretary branch", "disciplinarian branch"]),
        ("组织、宣传委员", ["organiser branch", "publicist branch"]),
        ("组织宣传委员", ["organiser branch", "publicist branch"]),
        ("支委（宣传）", ["committee_member branch", "publicist branch"]),
        ("支委", ["committee_member branch"]),
        ("青年委员", ["committee_member branch"]),
        ("党总支书记", ["secretary general_branch"]),
        ("党总支委员兼内科党支部书记", ["committee_member general_branch", "secretary branch"]),
        ("总支书记兼组织委员", ["secretary general_branch", "organiser general_branch"]),
        ("党委委员、纪委书记", ["committee_member committee", "secretary discipline_committee"]),
        ("第一党小组组长", ["group_leader group"]),
        ("党小组长、宣传委员", ["group_leader group", "publicist branch"]),
        ("副组长", ["deputy_group_leader group"]),
        ("无", []),
        ("党员", []),
        (None, []),
    ],
)
def test_party_posts_are_read_with_their_scope(written: str | None, posts: list[str]) -> None:
    found, unknown = read_posts(written)
    assert [f"{post.code} {post.scope}" for post in found] == posts
    assert unknown == []


def test_what_is_no_party_post_is_handed_back() -> None:
    assert read_posts("支部书记、护士长")[1] == ["护士长"]
