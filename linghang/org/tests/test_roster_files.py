"""Whole files as hospitals send them: every row has one outcome, whatever the sheets look like."""

import datetime
from collections import Counter
from pathlib import Path

from linghang.org.roster.reading import Roster, parse_roster
from linghang.org.tests.test_roster import HEAD, assert_complete, codes, row
from linghang.ui.sheets import Sheet, read_workbook
from linghang.ui.tests.workbooks import xls_of, xlsx_of

# -- files as hospitals send them (invented people) ------------------------------------------------------------

SAMPLES = Path(__file__).with_name("samples")


def sample(name: str) -> tuple[Roster, int]:
    """A sample file's outcome, and how many rows of it bear a running number."""
    sheets = read_workbook(SAMPLES / name, name)
    numbered = sum(isinstance(cells[0], (int, float)) for sheet in sheets for cells in sheet.rows)
    found = parse_roster(sheets)
    assert_complete(found)
    return found, numbered


def test_the_large_register_is_accounted_for_row_by_row() -> None:
    found, numbered = sample("roster-large.xlsx")
    assert (found.data_rows, numbered) == (1477, 1477)
    assert found.summary().startswith("共 1477 行：可导入 1462 人，合并 0 行，不能导入 15 行")
    assert Counter(refusal.column for refusal in found.refusals) == {"姓名": 7, "入党时间": 8}
    assert [aside.why for aside in found.asides] == ["附注", "附注"]
    counts = Counter(codes(found))
    assert (counts["identity_check_digit"], counts["identity_truncated"], counts["identity_taken"]) == (
        14,
        4,
        11,
    )
    assert len({person.branch for person in found.people}) == 70
    assert len({person.general_branch for person in found.people}) == 8
    assert sum(post.code == "secretary" for person in found.people for post in person.posts) == 69
    assert all(person.joined_on and person.category and person.department for person in found.people)


def test_the_small_register_has_another_order_of_columns() -> None:
    found, numbered = sample("roster-small.xlsx")
    assert (found.data_rows, numbered, len(found.people)) == (114, 114, 114)
    assert len({person.branch for person in found.people}) == 7
    assert {person.general_branch for person in found.people} == {"示例区第一人民医院党总支"}
    assert all(column.field for column in found.columns)


# -- other shapes ----------------------------------------------------------------------------------------------


def test_one_sheet_a_branch_with_three_header_rows_and_staff_numbers() -> None:
    head = [
        ["中共某医院党员信息登记表", *[None] * 7],
        ["序号", "基本情况", None, None, "党内情况", None, None, "备注"],
        [None, "工号", "姓名", "性别", "入党", None, "职务", None],
        [None, None, None, None, "入党日期", "转正日期", None, None],
    ]
    merges = ["A1:H1", "A2:A4", "B2:D2", "E2:G2", "H2:H4", "B3:B4", "C3:C4", "D3:D4", "E3:F3", "G3:G4"]
    names = ["内科一党支部", "外科", "Sheet3"]
    sheets = {
        name: [
            *head,
            [1, "0100" + str(at), "赵一", "女", "2010.3.1", "2011.3.1", "组织委员", None],
            [2, 2000 + at, "钱二", "男"],
        ]
        for at, name in enumerate(names)
    }
    found = parse_roster(read_workbook(xlsx_of(sheets, dict.fromkeys(names, merges)), "a.xlsx"))
    assert_complete(found)
    assert found.data_rows == 6
    assert {person.branch for person in found.people} == {"内科一党支部", "外科"}
    assert found.people[0].staff_number == "01000"
    assert found.people[1].staff_number == "2000"
    assert [refusal.sheet for refusal in found.refusals] == ["Sheet3", "Sheet3"]
    assert found.people[0].confirmed_on is not None


def test_one_sheet_a_general_branch_with_a_section_line_above_each_table() -> None:
    head = ["序号", "姓名", "性别", "出生年月", "入党时间", "转正时间", "支部职务"]
    rows = [
        ["第一党总支党员花名册", *[None] * 6],
        ["一、心血管内科党支部（2人）", *[None] * 6],
        head,
        [1, "孙三", "男", "1980.5", "2005.7.1", "2006.7.1", "书记"],
        [2, "李四", "女", "1981.5", "2005.7.1", "2006.7.1", None],
        ["小计", 2, *[None] * 5],
        ["二、呼吸内科党支部（1人）", *[None] * 6],
        head,
        [1, "周五", "男", "1982.5", "2005.7.1", "2006.7.1", "书记"],
        ["填表人：吴六", *[None] * 6],
    ]
    sheets = {"第一党总支": rows, "第二党总支": [["第二党总支党员花名册", *[None] * 6], *rows[1:]]}
    merges = {name: ["A1:G1", "A2:G2", "A7:G7"] for name in sheets}
    found = parse_roster(read_workbook(xlsx_of(sheets, merges), "a.xlsx"))
    assert_complete(found)
    assert [(p.general_branch, p.branch) for p in found.people[:3]] == [
        ("第一党总支", "心血管内科党支部"), ("第一党总支", "心血管内科党支部"), ("第一党总支", "呼吸内科党支部"),
    ]  # fmt: skip
    assert found.data_rows == 6
    assert {aside.why for aside in found.asides} == {"合计", "分节", "重复的表头", "附注"}


def test_sections_inside_one_table_start_ditto_anew() -> None:
    rows = [
        ["姓名", "性别", "科室", "入党时间"],
        ["第一党总支", None, None, None],
        ["内科党支部", None, None, None],
        ["甲", "男", "心内", "2005.7.1"],
        ["乙", "女", "同上", "2005.7.1"],
        ["外科党支部", None, None, None],
        ["丙", "女", "同上", "2005.7.1"],
        ["第二党总支", None, None, None],
        ["丁", "女", "检验", "2005.7.1"],
    ]
    found = parse_roster([Sheet("名册", rows)])
    assert_complete(found)
    assert [(p.general_branch, p.branch, p.department) for p in found.people] == [
        ("第一党总支", "内科党支部", "心内"), ("第一党总支", "内科党支部", "心内"), ("第一党总支", "外科党支部", ""),
    ]  # fmt: skip
    assert [refusal.reason[:5] for refusal in found.refusals] == ["没有党支部"]


def test_old_excel_file_without_identity_column_is_read() -> None:
    rows = [
        ["姓名", "工号", "支部", "入党日期", "是否正式党员"],
        ["甲", 101, "内科支部", 38534, "正式"],
        ["乙", 102, "", "2025.7", "预备"],
    ]
    found = parse_roster(read_workbook(xls_of("Sheet1", rows), "名册.xls"))
    assert_complete(found)
    assert [(p.staff_number, p.branch, p.category) for p in found.people] == [
        ("101", "内科支部", "full"), ("102", "内科支部", "probationary"),
    ]  # fmt: skip
    assert found.people[0].joined_on is not None
    assert found.people[0].joined_on.date == datetime.date(2005, 7, 1)


def test_staff_number_of_two_people_is_refused_and_of_one_person_merged() -> None:
    rows = [
        ["工号", "姓名", "支部"],
        ["A1", "甲", "内科支部"],
        ["a1", "甲", "内科支部"],
        ["A1", "乙", "内科支部"],
    ]
    found = parse_roster([Sheet("名册", rows)])
    assert_complete(found)
    assert [merged.row for merged in found.merged] == [3]
    assert "工号“A1”与第 2 行“甲”相同" in found.refusals[0].reason


def test_total_sheet_beside_branch_sheets_counts_nobody_twice() -> None:
    head = ["姓名", "出生日期", "所在党支部", "入党时间"]
    people = [["甲", "1980-1-1", "内科党支部", "2005.7.1"], ["乙", "1981-1-1", "外科党支部", "2005.7.1"]]
    sheets = [Sheet("汇总", [head, *people])] + [Sheet(p[2], [head, [*p[:2], None, p[3]]]) for p in people]
    found = parse_roster(sheets)
    assert_complete(found)
    assert (len(found.people), len(found.merged)) == (2, 2)
    assert found.merged[0].duplicate_of == ("汇总", 2)


def test_hidden_sheet_is_mentioned() -> None:
    found = parse_roster([Sheet("名册", [HEAD, row(1)]), Sheet("旧名册", hidden=True)])
    assert [note.sheet for note in found.notes] == ["旧名册"]
