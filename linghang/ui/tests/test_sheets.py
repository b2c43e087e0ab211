"""Workbooks: what is refused and why, what is found in them, and what is written."""

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from linghang.ui.sheets import (
    CellProblem,
    Heading,
    Limits,
    Page,
    Row,
    Sheet,
    SheetProblem,
    day,
    fill_down,
    meaning,
    read_workbook,
    tables,
    text,
    write_workbook,
)

from .workbooks import ods_of, part_of, with_part, xls_of, xlsx, xlsx_of

PLAIN = {"名册": [["姓名", "工号"], ["张三", 12]]}
SHEET = "xl/worksheets/sheet1.xml"
COLUMNS = {
    "name": ["姓名"],
    "branch": ["所在党支部", "支部"],
    "joined": ["入党时间"],
    "confirmed": ["转正时间"],
    "sex": ["性别"],
    "post": ["党内职务"],
    "office": ["职务"],
}


def refusal(content: bytes, name: str = "名册.xlsx", limits: Limits | None = None) -> str:
    with pytest.raises(SheetProblem) as caught:
        read_workbook(content, name, limits or Limits())
    return str(caught.value)


# -- reading ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (xlsx_of(PLAIN), "名册.xlsx"),
        (xls_of("名册", PLAIN["名册"]), "名册.XLS"),
        (ods_of("名册", PLAIN["名册"]), "名册.ods"),
    ],
)
def test_the_three_kinds_are_read_alike(content: bytes, name: str) -> None:
    [sheet] = read_workbook(content, name)
    assert sheet.name == "名册"
    assert [[text(cell) for cell in row] for row in sheet.rows] == [["姓名", "工号"], ["张三", "12"]]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_text_table_is_read_in_every_usual_encoding(encoding: str, separator: str) -> None:
    written = '姓名,工号,备注\r\n张三,0012,"外出\n进修"\r\n李四,,\r\n'.replace(",", separator)
    [sheet] = read_workbook(written.encode(encoding), "名册.csv")
    assert (sheet.name, sheet.rows[1:]) == ("名册", [["张三", "0012", "外出\n进修"], ["李四", None, None]])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bytes(range(1, 256)) * 20, "损坏"),
        (b"\r\n\r\n", "没有内容"),
        (b"a,b\n" * 60_000, "超过上限"),
        (b'"' + b"a" * 200_000, "损坏"),
        (b"<html><table>", "网页"),
    ],
)
def test_what_is_no_text_table_is_refused(content: bytes, words: str) -> None:
    assert words in refusal(content, "名册.csv")


def test_a_cell_with_an_error_is_not_empty() -> None:
    book = xlsx_of({"名册": [["姓名"], ["张三"]]})
    cells = part_of(book, SHEET).replace(b'<c r="A2" t="s"><v>1</v>', b'<c r="A2" t="e"><v>#N/A</v>')
    [sheet] = read_workbook(with_part(book, SHEET, cells, replace=True), "名册.xlsx")
    assert sheet.rows[1] == ["#N/A"]
    with pytest.raises(CellProblem, match="错误值"):
        day("#N/A")


def test_form_lines_between_the_rows_are_no_data_but_a_name_with_a_colon_is() -> None:
    rows = [["姓名", "性别", "支部"], ["书记签字：", None, "日期："], ["曾用名：甲", "男", "内科"]]
    [table] = tables(Sheet("s", [[*row] for row in rows]), COLUMNS)
    assert ([row.number for row in table.rows], [line.why for line in table.skipped]) == ([3], ["附注"])


def test_rows_start_at_a1_and_keep_types_and_merges() -> None:
    moment = datetime.date(2010, 3, 13)
    rows = [[None, None], [None, "组织情况", None], [None, moment, 3.5]]
    [sheet] = read_workbook(io.BytesIO(xlsx_of({"一": rows}, {"一": ["B2:C2"]})), "a.xlsx")
    assert sheet.rows == [[None, None, None], [None, "组织情况", None], [None, moment, 3.5]]
    assert sheet.merged == [(1, 1, 1, 2)]


def test_hidden_sheets_are_named_but_not_read() -> None:
    def write(book):
        book.add_worksheet("明细").write(0, 0, "姓名")
        hidden = book.add_worksheet("选项")
        hidden.write_formula(0, 0, "=1+1")
        hidden.hide()

    first, second = read_workbook(xlsx(write), "a.xlsx")
    assert (first.rows, second.rows, second.hidden) == ([["姓名"]], [], True)


def test_a_path_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx_of(PLAIN))
    assert read_workbook(path, path.name)[0].rows[0] == ["姓名", "工号"]


# -- refusals --------------------------------------------------------------------------------------------------


def test_formula_is_refused_with_its_address() -> None:
    def write(book):
        book.add_worksheet("首页").write(0, 0, "x")
        sheet = book.add_worksheet("一季度")
        for at in range(40_000):
            sheet.write(at, 1, f"填充内容{at}")
        sheet.write_formula("F39999", "=SUM(A1:A2)")

    message = refusal(xlsx(write))
    assert "工作表“一季度”F39999 单元格" in message
    assert "请复制后选择性粘贴为数值" in message


def test_formula_with_a_namespace_prefix_is_refused() -> None:
    plain = xlsx_of(PLAIN)
    cell = b'<x:row r="9"><x:c r="D9"><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row></sheetData>'
    changed = with_part(plain, SHEET, part_of(plain, SHEET).replace(b"</sheetData>", cell), replace=True)
    assert "D9" in refusal(changed)


def test_formula_behind_the_cells_is_no_formula_of_a_cell() -> None:
    plain = xlsx_of(PLAIN)
    tail = b'<extLst><ext xmlns:xm="urn:x"><xm:f>Sheet1!A1</xm:f></ext></extLst></worksheet>'
    changed = with_part(plain, SHEET, part_of(plain, SHEET).replace(b"</worksheet>", tail), replace=True)
    assert read_workbook(changed, "a.xlsx")[0].rows[1] == ["张三", 12.0]


def test_formula_of_an_ods_is_refused() -> None:
    assert "工作表“名册”" in refusal(ods_of("名册", [["1"]], "of:=1+1"), "名册.ods")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "0 字节"),
        (xlsx_of(PLAIN)[:3000], "a.xlsx", "不完整或已损坏"),
        (xls_of("名册", PLAIN["名册"])[:900], "a.xls", "Excel 工作簿"),
        (xlsx_of(PLAIN), "a.xls", "扩展名是“.xls”，内容却是“.xlsx”"),
        (xls_of("名册", [["a"]]), "a.xlsx", "扩展名是“.xlsx”，内容却是“.xls”"),
        (xlsx_of(PLAIN), "a.xlsm", "宏"),
        (with_part(xlsx_of(PLAIN), "xl/vbaProject.bin", b"x"), "a.xlsx", "宏"),
        (xlsx_of(PLAIN), "a.csv", "扩展名是“.csv”，内容却是“.xlsx”"),
        (xlsx_of(PLAIN), "名册", "无扩展名"),
        ("姓名,工号\n张三,1".encode("gb18030"), "a.xls", "CSV"),
        (b"\r\n<html><table></table></html>", "a.xls", "网页"),
        (xls_of("名册", [["a"]], encrypted=True), "a.xls", "打开密码"),
        (xlsx_of({"空": []}), "a.xlsx", "没有内容"),
    ],
)
def test_refusal_says_what_and_what_to_do(content: bytes, name: str, words: str) -> None:
    message = refusal(content, name)
    assert words in message
    assert "请" in message


def test_word_document_under_a_workbooks_name_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    assert "不是电子表格" in refusal(target.getvalue())


def test_encrypted_package_is_refused() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert "打开密码" in refusal(ole)


def test_zip_bomb_is_refused_without_unpacking() -> None:
    bomb = with_part(xlsx_of(PLAIN), "xl/bomb.xml", b"\0" * (400 * 2**20))
    assert len(bomb) < 2**20
    assert "大得不正常" in refusal(bomb)


def test_package_of_very_many_parts_is_refused() -> None:
    target = io.BytesIO(xlsx_of(PLAIN))
    with zipfile.ZipFile(target, "a") as archive:
        for number in range(2_001):
            archive.writestr(f"xl/media/{number}.txt", b"")
    assert "个部件，大得不正常" in refusal(target.getvalue())


def test_entry_that_lies_about_its_size_is_refused() -> None:
    plain = xlsx_of(PLAIN)
    size = len(part_of(plain, SHEET)).to_bytes(4, "little")
    assert plain.count(size) >= 1
    assert "不完整或已损坏" in refusal(plain.replace(size, (64).to_bytes(4, "little")))


def test_document_type_is_refused_before_an_entity_expands() -> None:
    plain = xlsx_of(PLAIN)
    text_of = part_of(plain, SHEET).replace(b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet', 1)
    assert "已损坏" in refusal(with_part(plain, SHEET, text_of, replace=True))


def test_two_hundred_thousand_rows_are_refused() -> None:
    def write(book):
        sheet = book.add_worksheet("明细")
        for at in range(200_000):
            sheet.write_number(at, 0, at)

    assert "工作表“明细”：有 200000 行，超过上限 50000 行" in refusal(xlsx(write))


def test_formatted_empty_rows_do_not_count() -> None:
    def write(book):
        sheet, style = book.add_worksheet("明细"), book.add_format({"bold": True})
        sheet.write(0, 0, "姓名")
        for at in range(60_000):
            sheet.write_blank(at, 1, None, style)

    assert len(read_workbook(xlsx(write), "a.xlsx")[0].rows) == 1


def test_two_cells_at_the_ends_of_the_sheet_do_not_exhaust_memory() -> None:
    def write(book):
        sheet = book.add_worksheet("明细")
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")

    assert "占用的区域过大" in refusal(xlsx(write))


def test_upload_limit_holds_for_paths_and_bytes() -> None:
    assert "超过上限" in refusal(xlsx_of(PLAIN), limits=Limits(upload=100))


# -- cells -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2010.03.13", "2010-3-13", "2010/3/13", "2010年3月13日", "2010年 3 月 13 日", "20100313", "２０１０/３/１３", 40250, 40250.0,
        40250.5, "40250", "2010.3.13.", "2010-03-13 00:00:00", "2010、3、13", "二〇一〇年三月十三日", 20100313.0,
        datetime.date(2010, 3, 13), datetime.datetime(2010, 3, 13, 9, 30), " 2010。03。13　", "'2010-03-13", "二O一〇年三月十三日", "2010-03-13T00:00:00",
    ],
)  # fmt: skip
def test_every_spelling_is_the_same_day(written: object) -> None:
    found = day(written)
    assert found is not None
    assert (found.date, found.precision) == (datetime.date(2010, 3, 13), "day")


@pytest.mark.parametrize(
    "written", ["2011.03", "2011年3月", "2011/3", "2011-3", "201103", 2011.03, 201103, "二〇一一年三月"]
)
def test_month_is_kept_as_a_month(written: object) -> None:
    found = day(written)
    assert found is not None
    assert (found.date, found.precision) == (datetime.date(2011, 3, 1), "month")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2010.02.30", "不是真实存在的日期"),
        ("20101301", "不是真实存在的日期"),
        ("94.1.14", "年份只有两位"),
        ("3/13/2010", "看不出"),
        ("待查", "看不出"),
        ("1810.3.1", "年之间"),
        (2011.1, "1 月还是 10 月"),
        (True, "不是日期"),
        (-5, "看不出"),
        ("#REF!", "错误值"),
    ],
)
def test_impossible_dates_are_reported(written: object, words: str) -> None:
    with pytest.raises(CellProblem, match=words):
        day(written)


@pytest.mark.parametrize("written", [None, "", "  ", "无", "—", "/", "\u3000"])
def test_nothing_is_no_date(written: object) -> None:
    assert day(written) is None


def test_text_is_tidied_but_chinese_punctuation_stays() -> None:
    assert text("　１３８Ａ \n张三（女），\u200b ") == "138A 张三（女），"
    assert text(1001.0) == "1001"
    assert text(0.25) == "0.25"
    assert meaning(" 无 ") == ""


def test_ditto_and_blank_mean_the_line_above() -> None:
    rows = [Row(1, ["甲", "x"]), Row(2, ["同上", None]), Row(3, [None, "〃"]), Row(4, ["同 上"], ("乙", ""))]
    assert [r.cells for r in fill_down(rows, [0])] == [["甲", "x"], ["甲", None], ["甲", "〃"], [None]]
    assert [r.cells[0] for r in fill_down(rows, [0], blanks=False)] == ["甲", "甲", None, None]


# -- tables ----------------------------------------------------------------------------------------------------


def test_header_groups_are_joined_and_everything_else_is_accounted_for() -> None:
    rows = [
        ["某医院党员名册", None, None, None, None],
        ["填报单位：党委  2025年11月28日", None, None, None, None],
        ["序号", "姓名", "党籍情况", None, "党内职务"],
        [None, None, "入党时间", "转正时间", None],
        [1, 2, 3, 4, 5],
        [1, "张三", "2010.3", "2011.3", None],
        [None, None, None, None, None],
        ["序号", "姓名", "党籍情况", None, "党内职务"],
        [None, None, "入党时间", "转正时间", None],
        [2, "李四", "2012.3", None, "书记"],
        ["合  计", 2, None, None, None],
        ["填表人：王五", None, None, "审核人：", None],
        ["说明：1.本表一式两份", None, None, None, None],
        ["2.由支部填写", None, None, None, None],
    ]
    merges = {"一": ["A1:E1", "A3:A4", "B3:B4", "C3:D3", "E3:E4"]}
    [table] = tables(read_workbook(xlsx_of({"一": rows}, merges), "a.xlsx")[0], COLUMNS)
    assert table.labels == ["序号", "姓名", "党籍情况/入党时间", "党籍情况/转正时间", "党内职务"]
    assert table.header == range(3, 5)
    assert [row.number for row in table.rows] == [6, 10]
    assert [(s.number, s.why) for s in table.skipped] == [
        (5, "列号"), (8, "重复的表头"), (9, "重复的表头"), (11, "合计"), (12, "附注"), (13, "附注"), (14, "附注"),
    ]  # fmt: skip
    assert table.lead[0] == "某医院党员名册"


def test_group_centred_without_merging_still_spans_its_columns() -> None:
    rows = [
        ["姓名", "党籍", None, "职务"],
        [None, "入党时间", "转正时间", None],
        ["张三", "2010.3.1", None, None],
    ]
    [table] = tables(Sheet("一", rows), COLUMNS)
    assert table.labels == ["姓名", "党籍/入党时间", "党籍/转正时间", "职务"]


def test_the_longer_label_of_a_path_names_the_field() -> None:
    rows = [
        ["姓名", "党内职务", "行政", "入党时间"],
        [None, "职务", "职务", None],
        ["张三", "书记", "主任", "2010.3.1"],
    ]
    [table] = tables(Sheet("一", rows, [(0, 0, 1, 0), (0, 3, 1, 3)]), COLUMNS)
    assert [column.field for column in table.columns] == ["name", "post", "office", "joined"]


def test_labels_are_known_despite_spaces_breaks_and_hints() -> None:
    rows = [["姓  名*", "所在\n党支部", "入党时间（年月日）"], ["张三", "内科", "2010.3.1"]]
    assert [column.field for column in tables(Sheet("一", rows), COLUMNS)[0].columns] == [
        "name",
        "branch",
        "joined",
    ]


def test_years_and_dates_among_the_labels_do_not_hide_the_header() -> None:
    rows = [
        ["姓名", "支部", "入党时间", 2024, "备注（截至2025年6月30日）"],
        ["甲", "内科", "2010.3.1", "合格", None],
    ]
    [table] = tables(Sheet("一", rows), COLUMNS)
    assert table.labels == ["姓名", "支部", "入党时间", "2024", "备注（截至2025年6月30日）"]


def test_tables_below_each_other_and_side_by_side_are_all_found() -> None:
    head = ["姓名", "性别", "入党时间"]
    below = [
        head,
        ["甲", "男", "2010.1.1"],
        ["姓名", "支部", "入党时间", "性别"],
        ["乙", "内科", "2011.1.1", "女"],
    ]
    assert [[r.cells[0] for r in t.rows] for t in tables(Sheet("一", below), COLUMNS)] == [["甲"], ["乙"]]
    beside = [
        [*head, None, *head],
        ["甲", "男", "2010.1.1", None, "乙", "女", "2011.1.1"],
        ["丙", "男", "2010.1.1"],
    ]
    left, right = tables(Sheet("一", beside), COLUMNS)
    assert [row.cells[left.index("name")] for row in left.rows] == ["甲", "丙"]
    assert [row.cells[right.index("name")] for row in right.rows] == ["乙"]


def test_cells_merged_downwards_count_for_every_row() -> None:
    rows = [["支部", "姓名", "性别"], ["内科", "甲", "男"], [None, "乙", "女"], ["外科", "丙", "女"]]
    [table] = tables(Sheet("一", rows, [(1, 0, 2, 0)]), COLUMNS)
    assert [row.cells[0] for row in table.rows] == ["内科", "内科", "外科"]


def test_months_over_indicators_keep_their_path() -> None:
    rows = [["科室", "1月", None, "2月", None], [None, "人次", "手术", "人次", "手术"], ["内科", 1, 2, 3, 4]]
    merges = [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4)]
    [table] = tables(
        Sheet("一", rows, merges), {"dept": ["科室"], "visits": ["人次"], "operations": ["手术"]}
    )
    assert table.labels == ["科室", "1月/人次", "1月/手术", "2月/人次", "2月/手术"]
    assert [column.field for column in table.columns] == ["dept", *["visits", "operations"] * 2]


def test_a_sheet_without_a_known_header_has_no_table() -> None:
    assert tables(Sheet("一", [["随便", "写写"], ["一", "二"]]), COLUMNS) == []


# -- writing ---------------------------------------------------------------------------------------------------


def written(*pages: Page) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(write_workbook(*pages)))


HEADINGS = [
    Heading("姓名"),
    Heading("入党时间", "date", group="党籍情况"),
    Heading("转正时间", "date", group="党籍情况"),
    Heading("得分", "number"),
    Heading("占比", "percent"),
]


def test_written_cells_have_types_and_the_sheet_is_ready_to_print() -> None:
    rows = [
        ["张三", datetime.date(2010, 3, 13), None, 98.5, 0.25],
        ["李四", "2011年", None, float("nan"), "—"],
    ]
    sheet = written(Page("名单", HEADINGS, rows, title="党员名单", note="2025年11月"))["名单"]
    assert sheet["B5"].value == datetime.datetime(2010, 3, 13)
    assert sheet["B5"].number_format == "yyyy-mm-dd"
    assert (sheet["D5"].value, sheet["E5"].value, sheet["E5"].number_format) == (98.5, 0.25, "0.0%")
    assert (sheet["B6"].value, sheet["D6"].value, sheet["E6"].value) == ("2011年", None, "—")
    assert (sheet["A1"].value, sheet["B3"].value, sheet["B4"].value) == ("党员名单", "党籍情况", "入党时间")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A5", "A4:E6")
    assert (sheet.print_title_rows, sheet.print_area) == ("$3:$4", "'名单'!$A$1:$E$6")
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToWidth in (None, 1)
    assert int(sheet.page_setup.fitToHeight) == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.column_dimensions["A"].width >= 6


@pytest.mark.parametrize(
    "text_of", ["=1+1", "+86", "-5", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =cmd|'/c calc'!A1"]
)
def test_text_that_looks_like_a_formula_stays_text(text_of: str) -> None:
    content = write_workbook(Page("一", [Heading("内容"), Heading("数", "number")], [[text_of, text_of]]))
    assert b"<f>" not in part_of(content, SHEET)
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert read_workbook(content, "a.xlsx")[0].rows[1][0].strip() == text_of.strip()


def test_what_is_written_can_be_read_back() -> None:
    rows = [["张三", datetime.date(2010, 3, 13), datetime.date(2011, 3, 13), 1.5, 0.5]]
    [sheet] = read_workbook(write_workbook(Page("一", HEADINGS, rows, title="党员名单")), "a.xlsx")
    [table] = tables(sheet, COLUMNS)
    assert table.labels[1] == "党籍情况/入党时间"
    assert list(table.rows[0].cells) == rows[0]


def test_sheet_names_are_made_valid_and_unique() -> None:
    pages = [Page("内科/外科[一]：" + "长" * 40, [Heading("a")], []) for _ in range(3)]
    names = written(*pages).sheetnames
    assert len(set(names)) == 3
    assert all(len(name) <= 31 for name in names)


def test_an_empty_list_still_has_its_header_and_a_long_text_is_cut_visibly() -> None:
    assert written(Page("一", [Heading("a")], [])).active["A1"].value == "a"
    cell = written(Page("一", [Heading("a")], [["长" * 40_000]])).active["A2"].value
    assert len(cell) == 32_767
    assert cell.endswith("已截断）")
