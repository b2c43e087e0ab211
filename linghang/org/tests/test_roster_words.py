"""What registers say in words and shapes that no sample has: each is understood, asked about, or refused; never guessed."""

import datetime
from typing import Any

import pytest

from linghang.org.roster.columns import bare_unit, unit_key
from linghang.org.roster.posts import party_part, read_posts
from linghang.org.roster.reading import Roster, parse_roster
from linghang.org.roster.words import category_of, clean_name, is_no_name, standing_of
from linghang.ui.sheets import Sheet, read_workbook
from linghang.ui.tests.workbooks import part_of, with_part, xlsx_of

AS_OF = datetime.date(2026, 11, 1)
HEAD = ["姓名", "所在党支部", "入党时间", "党员类别"]


def roster(*rows: list[Any], head: list[Any] | None = None, name: str = "Sheet1") -> Roster:
    return of(Sheet(name, [head or HEAD, *rows]))


def of(*sheets: Sheet) -> Roster:
    found = parse_roster(sheets, as_of=AS_OF)
    assert len(found.people) + len(found.merged) + len(found.refused) == found.data_rows
    return found


def member(
    name: str, branch: str | None = "内科党支部", joined: Any = "2010.3.1", kind: Any = "正式党员"
) -> list[Any]:
    return [name, branch, joined, kind]


# Columns --------------------------------------------------------------------------------------------------------------


def test_the_plainest_label_wins_over_one_that_may_mean_something_else() -> None:
    head = ["姓名", "所在党支部", "入党时间", "人员类别", "党员类别"]
    found = roster(["甲", "内科党支部", "2024.3.1", "在编", "预备党员"], head=head)
    assert found.people[0].category == "probationary"


def test_one_column_of_posts_means_both_kinds() -> None:
    head = ["姓名", "所在党支部", "入党时间", "职务"]
    rows = [["甲", "内科党支部", "2010.3.1", "支部书记兼科主任"], ["乙", "内科党支部", "2010.3.1", "护士长"]]
    first, second = roster(*rows, head=head).people
    assert ([post.code for post in first.posts], first.admin_post) == (["secretary"], "科主任")
    assert (second.posts, second.admin_post) == ([], "护士长")


def test_columns_under_one_group_that_cannot_be_told_apart_are_asked_about() -> None:
    rows = [["姓名", "所在党支部", "入党时间", "党内职务", None], [None, None, None, "任职文号", "任职起始"]]
    sheet = Sheet("s", [*rows, ["甲", "内科党支部", "2010.3.1", "1号", "2020"]], [(0, 3, 0, 4)])
    found = of(sheet)
    assert found.people[0].party_post == ""
    assert any(
        "分不清“党内职务/任职文号”、“党内职务/任职起始”" in note.reason.replace(" ", "")
        for note in found.notes
    )


def test_the_column_beneath_its_group_that_bears_the_name_is_taken() -> None:
    rows = [["姓名", "所在党支部", "入党时间", None, "党员类别"], [None, None, "介绍人", "日期", None]]
    found = of(Sheet("s", [*rows, ["甲", "内科党支部", "王某", "2010.3.1", "正式"]], [(0, 2, 0, 3)]))
    assert found.people[0].joined_on is not None


def test_a_column_that_was_not_understood_is_named() -> None:
    found = roster([*member("甲"), "某人"], head=[*HEAD, "介绍人姓名"])
    assert [note.reason for note in found.notes] == ["没有读取的列：介绍人姓名"]


@pytest.mark.parametrize(
    ("label", "written", "category"),
    [
        ("是否正式党员", "是", "full"),
        ("是否正式党员", "否", "probationary"),
        ("是否预备党员", "否", "full"),
        ("是否预备党员", "√", "probationary"),
        ("党员类别", "否", None),
        ("党员类别", "流动党员", "full"),
    ],
)
def test_yes_and_no_are_read_with_their_question(label: str, written: str, category: str | None) -> None:
    assert category_of(written, label) == category


# Rows -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["23", "13900001111", "2010.3.1", "男", "内科党支部", "姓名", "甲一、乙二", "甲/乙", "曾用名：甲"]
)
def test_what_is_no_name_refuses_the_row(name: str) -> None:
    [refusal] = roster(member(name)).refusals
    assert (refusal.column, "不是一个人的姓名" in refusal.reason) == ("姓名", True)
    assert is_no_name(clean_name(name))


@pytest.mark.parametrize(
    ("written", "name"), [("★郑一", "郑一"), ("1.冯二", "冯二"), ("陈三①", "陈三"), ("王五*", "王五")]
)
def test_signs_beside_a_name_are_no_part_of_it(written: str, name: str) -> None:
    assert clean_name(written) == name


def test_a_note_behind_the_name_says_who_is_a_member() -> None:
    rows = [member(f"张{note[-1]}（{note}）", joined="2024.3.1", kind=None) for note in ("预备", "预备党员")]
    rows += [member(f"李四（{note}）", kind=None) for note in ("积极分子", "发展对象", "已转出", "去世")]
    found = roster(*rows)
    assert [person.category for person in found.people] == ["probationary"] * 2
    assert [refusal.column for refusal in found.refusals] == ["党员类别"] * 4


@pytest.mark.parametrize("kind", ["已转出", "停止党籍", "开除党籍", "去世", "发展对象"])
def test_who_is_no_longer_or_not_yet_a_member_is_refused(kind: str) -> None:
    assert "不是在册党员" in roster(member("甲", kind=kind)).refusals[0].reason


def test_a_remark_that_somebody_left_is_asked_about() -> None:
    found = roster([*member("甲"), "2025年组织关系已转出"], head=[*HEAD, "备注"])
    assert [caution.code for caution in found.cautions] == ["gone"]


@pytest.mark.parametrize("branch", ["男", "2010.3.1", "——"])
def test_what_is_no_branch_refuses_the_row(branch: str) -> None:
    assert roster(member("甲", branch)).refusals[0].column == "所在党支部"


def test_a_cell_with_an_error_is_neither_empty_nor_the_line_above() -> None:
    book = xlsx_of({"s": [HEAD, member("甲"), member("乙", "外科党支部"), member("丙")]})
    sheet = part_of(book, "xl/worksheets/sheet1.xml").decode()
    for address, error in (("B3", "#N/A"), ("C4", "#REF!")):
        start = sheet.index(f'<c r="{address}"')
        end = sheet.index("</c>", start)
        sheet = f'{sheet[:start]}<c r="{address}" t="e"><v>{error}</v>{sheet[end:]}'
    found = of(
        *read_workbook(with_part(book, "xl/worksheets/sheet1.xml", sheet.encode(), replace=True), "a.xlsx")
    )
    assert [(r.row, r.column) for r in found.refusals] == [(3, "所在党支部"), (4, "入党时间")]


def test_nobody_joined_before_the_party_was_founded() -> None:
    assert "早于 1921 年" in roster(member("甲", joined="190701")).refusals[0].reason


def test_sample_and_total_lines_hold_nobody() -> None:
    rows = [
        ["示例", *member("张三")],
        [1, *member("甲")],
        ["内科党支部小计", 1],
        [None, "共1人"],
        ["支部书记签字：", None, "日期："],
    ]
    found = roster(*rows, head=["序号", *HEAD])
    assert [person.name for person in found.people] == ["甲"]
    assert [aside.why for aside in found.asides] == ["合计", "合计", "附注", "填写示例"]


# Who is who -----------------------------------------------------------------------------------------------------------


def test_a_staff_number_without_its_zeros_is_the_same_number() -> None:
    rows = [["0045", *member("甲")], [45, *member("甲")], [45, *member("乙")]]
    found = roster(*rows, head=["工号", *HEAD])
    assert ([r.row for r in found.merged], [r.row for r in found.refusals]) == ([3], [4])


def test_namesakes_of_another_sex_are_not_merged() -> None:
    rows = [[sex, *member("李静")] for sex in ("男", "女")]
    found = roster(*rows, head=["性别", *HEAD])
    assert (len(found.people), [c.code for c in found.cautions]) == (2, ["namesake"])


def test_namesakes_of_branches_with_the_same_number_under_two_general_branches_are_not_merged() -> None:
    rows = [[general, *member("李静", "第一党支部")] for general in ("第一党总支", "第二党总支")]
    assert len(roster(*rows, head=["所属党总支", *HEAD]).people) == 2


def test_a_blank_general_branch_is_that_of_the_line_above_where_branches_bear_numbers() -> None:
    generals = ["第一党总支", None, "第二党总支", None]
    rows = [
        [general, *member(name, "第一党支部")] for general, name in zip(generals, "甲乙丙丁", strict=True)
    ]
    found = roster(*rows, head=["所属党总支", *HEAD])
    assert [p.general_branch for p in found.people] == ["第一党总支"] * 2 + ["第二党总支"] * 2


def test_a_list_of_the_committee_beside_the_register_adds_the_posts() -> None:
    committee = Sheet("支委名单", [["姓名", "所在党支部", "党内职务"], ["甲", "内科党支部", "书记"]])
    found = of(Sheet("名册", [HEAD, member("甲"), member("乙")]), committee)
    assert [post.code for post in found.people[0].posts] == ["secretary"]
    assert len(found.merged) == 1
    twice = of(Sheet("名册", [HEAD, member("甲"), member("甲", joined="2015.1.1")]), committee)
    assert len(twice.people) == 3


# Titles and lines between ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "standing"),
    [
        ("入党积极分子名册", "入党积极分子名册"),
        ("预备党员（3人）", "预备党员（3人）"),
        ("已转出党员", "已转出党员"),
        ("正式党员、预备党员名册", ""),
        ("党员名册", ""),
        ("其中预备党员3人", None),
        ("说明：不含积极分子", None),
        ("内科党支部", None),
    ],
)
def test_a_line_speaks_of_a_kind_of_people_or_not(line: str, standing: str | None) -> None:
    assert standing_of(line) == standing


def test_people_below_a_line_are_what_it_says() -> None:
    rows = [
        [1, *member("甲", kind=None)],
        ["预备党员"],
        [2, *member("乙", joined="2024.1.1", kind=None)],
        ["已转出党员"],
        [3, *member("丙")],
    ]
    found = roster(*rows, head=["序号", *HEAD])
    assert [person.category for person in found.people] == [None, "probationary"]
    assert "“已转出党员”不是在册党员" in found.refusals[0].reason


def test_a_form_line_with_the_branch_in_its_own_cell_begins_a_section() -> None:
    head = ["序号", "姓名", "性别", "入党时间"]
    blocks = [
        [["党支部名称：", branch, None, "填表时间：2026.1"], head, [1, name, "男", "2010.3.1"]]
        for branch, name in (("内科党支部", "甲"), ("外科党支部", "乙"))
    ]
    found = of(Sheet("Sheet1", [row for block in blocks for row in block]))
    assert [(p.name, p.branch) for p in found.people] == [("甲", "内科党支部"), ("乙", "外科党支部")]


# Units and posts ------------------------------------------------------------------------------------------------------


def test_ordinals_are_the_same_in_any_spelling_and_two_numbers_are_not_one() -> None:
    spellings = ("内科一支部", "内科第一党支部", "内科1支部", "中共内科第1支部委员会")
    assert len({unit_key(name) for name in spellings}) == 1
    assert unit_key("内科第十一党支部") == unit_key("内科11支部") != unit_key("内科一支部")
    assert unit_key("骨科一二病区党支部") != unit_key("骨科十二病区党支部")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("1.内科党支部", "内科党支部"),
        ("内科党支部（23人）", "内科党支部"),
        ("内科党支部（本部）", "内科党支部（本部）"),
    ],
)
def test_numbers_and_counts_are_no_part_of_a_units_name(written: str, name: str) -> None:
    assert bare_unit(written) == name


@pytest.mark.parametrize("post", ["原支部书记", "团支部书记", "拟任组织委员", "书记助理", "书记（代）"])
def test_who_held_will_hold_or_helps_holds_nothing(post: str) -> None:
    held, unknown = read_posts(post)
    assert (held, len(unknown)) == ([], 1)


def test_a_branch_whose_name_only_sounds_so_keeps_its_secretary() -> None:
    for post in ("离退休党支部书记", "前列腺外科党支部书记", "集团支部书记"):
        assert [p.code for p in read_posts(post)[0]] == ["secretary"], post


def test_posts_in_a_mixed_column_are_parted() -> None:
    assert party_part("党委副书记、院长") == ("党委副书记", "院长")
    assert party_part("工会委员") == ("", "工会委员")
