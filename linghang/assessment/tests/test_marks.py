"""Marking by hand without eighteen times seventy clicks: 全部满分, and one sheet there and back."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from linghang.assessment import actions
from linghang.assessment.definition import ItemEntry
from linghang.assessment.mark_sheets import read_marks, read_points, write_marks
from linghang.assessment.models import Mark, MarkImport
from linghang.assessment.tests.acts import AFTER, go_live, open_cycle
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import WrongState
from linghang.kernel.models import Trail
from linghang.ui.sheets import CellProblem, SheetProblem, read_workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(hospital, cast):
    go_live()
    with clock.at(AFTER):
        yield open_cycle(cast.office, hospital.party)


def body(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def mark(cycle, unit, code):
    return Mark.objects.filter(cycle=cycle, unit=unit, code=code).first()


# --- 全部满分 --------------------------------------------------------------------------------------------------------


def test_full_points_are_entries_in_the_form_until_somebody_saves_them(hospital, cast, client_of, cycle):
    medicine, surgery, imaging = hospital.b_medicine.pk, hospital.b_surgery.pk, hospital.b_imaging.pk
    actions.enter_manual(cycle, cast.office, marks={"D2": {imaging: Decimal(3)}})
    client, url = client_of(cast.office), reverse("assessment:manual_item", args=[cycle.pk, "D2"])
    others = cycle.branches().count() - 1
    assert f"还有 {others} 行没有评" in body(client.get(url))
    text = body(client.post(url, {"fill": "full", f"value_{surgery}": "6.5", f"note_{surgery}": "差两项"}))
    assert f"已把还没有评的 {others - 1} 行填为满分" in text
    assert "现在还没有保存" in text
    assert f'name="value_{medicine}" value="10"' in text
    assert f'name="value_{surgery}" value="6.5"' in text
    assert f'name="value_{imaging}" value="3"' in text
    assert "差两项" in text
    assert Mark.objects.filter(cycle=cycle).count() == 1
    data = {f"value_{unit.pk}": "10" for unit in cycle.branches()} | {
        f"value_{surgery}": "6.5",
        f"value_{imaging}": "3",
    }
    assert client.post(url, data).status_code == 302
    assert mark(cycle, hospital.b_medicine, "D2").value == 10
    assert mark(cycle, hospital.b_surgery, "D2").value == Decimal("6.5")
    assert Trail.objects.filter(verb="assessment.enter_manual", subject=cycle.ref).count() == 2


def test_a_branch_that_is_ticked_as_not_applicable_is_not_filled(hospital, cast, client_of, cycle):
    url = reverse("assessment:manual_item", args=[cycle.pk, "C2"])
    pk = hospital.b_medicine.pk
    text = body(client_of(cast.office).post(url, {"fill": "full", f"out_{pk}": "on"}))
    assert f'name="value_{pk}" value=' not in text
    assert "填为满分" in text


def test_counts_and_vetoes_are_never_filled(hospital, cast, client_of, cycle):
    for code in ("P1", "V1"):
        text = body(client_of(cast.office).get(reverse("assessment:manual_item", args=[cycle.pk, code])))
        assert "全部满分" not in text


def test_all_items_of_a_branch_are_one_act(hospital, cast, client_of, cycle):
    url = reverse("assessment:manual_unit", args=[cycle.pk, hospital.b_medicine.pk])
    client = client_of(cast.office)
    assert "全部满分" in body(client.get(url))
    assert client.post(url, {"value_D1": "4", "value_D2": "9", "value_D3": "3"}).status_code == 302
    assert Trail.objects.filter(verb="assessment.enter_manual", subject=cycle.ref).count() == 1
    assert client.post(url, {"value_D1": "4", "value_D2": "99"}).status_code == 422
    assert mark(cycle, hospital.b_medicine, "D2").value == 9


def test_saving_again_leaves_who_gave_a_mark_and_when(hospital, cast, cycle):
    marks = {"D2": {hospital.b_medicine.pk: Decimal(9), hospital.b_surgery.pk: Decimal(8)}}
    actions.enter_manual(cycle, cast.clerk_office, marks=marks)
    marks["D2"][hospital.b_surgery.pk] = Decimal(7)
    actions.enter_manual(cycle, cast.office, marks=marks)
    assert mark(cycle, hospital.b_medicine, "D2").by_name == cast.clerk_office.name
    assert mark(cycle, hospital.b_surgery, "D2").by_name == cast.office.name


# --- one sheet -------------------------------------------------------------------------------------------------------


class Filled:
    """The downloaded workbook in somebody's Excel."""

    def __init__(self, cycle):
        self.cycle, self.book = cycle, load_workbook(BytesIO(write_marks(cycle)))
        self.sheet = self.book["评分"]
        self.head = next(row for row in self.sheet.iter_rows() if row[0].value == "党支部")

    def cell(self, unit, code):
        column = next(cell.column for cell in self.head if str(cell.value).startswith(f"{code} "))
        row = next(row[0].row for row in self.sheet.iter_rows() if row[0].value == unit.name)
        return self.sheet.cell(row, column)

    def put(self, unit, code, value):
        self.cell(unit, code).value = value
        return self

    @property
    def content(self):
        target = BytesIO()
        self.book.save(target)
        return target.getvalue()

    def read(self, cycle=None):
        return read_marks(read_workbook(self.content, "评分表.xlsx"), cycle or self.cycle)

    def file(self):
        return SimpleUploadedFile("评分表.xlsx", self.content)


def test_the_sheet_has_a_row_a_branch_a_column_an_item_and_what_was_given(hospital, cast, cycle):
    marks = {"D2": {hospital.b_medicine.pk: Decimal("7.5")}, "C2": {hospital.b_medicine.pk: None}}
    actions.enter_manual(cycle, cast.office, marks=marks)
    filled = Filled(cycle)
    items = [item for item in cycle.scheme.content.items if item.by_hand]
    assert len(filled.head) == 1 + len(items)
    assert len([item for item in items if not item.claimed]) == 18
    names = [row[0].value for row in filled.sheet.iter_rows(min_row=filled.head[0].row + 1)]
    assert names == [unit.name for unit in cycle.branches()]
    assert filled.cell(hospital.b_medicine, "D2").value == 7.5
    assert filled.cell(hospital.b_medicine, "C2").value == "不适用"
    assert filled.cell(hospital.b_surgery, "D2").value is None


def test_a_sheet_comes_back_as_it_went_and_changes_nothing(hospital, cast, cycle):
    marks = {"D2": {hospital.b_medicine.pk: Decimal("7.5")}, "C2": {hospital.b_medicine.pk: None}}
    actions.enter_manual(cycle, cast.office, marks=marks)
    found = Filled(cycle).read()
    assert found == {"changes": [], "refused": [], "same": 2, "unread": []}
    with pytest.raises(ValidationError, match="2 处都与现有评分一致"):
        actions.import_marks(cast.office, cycle=cycle, name="评分表.xlsx", outcome=found)
    assert not MarkImport.objects.exists()


def test_office_fills_the_sheet_sees_the_preview_and_confirms(hospital, cast, client_of, cycle):
    actions.enter_manual(cycle, cast.clerk_office, marks={"D2": {hospital.b_surgery.pk: Decimal(5)}})
    client = client_of(cast.office)
    sheet = client.get(reverse("assessment:marks_sheet", args=[cycle.pk]))
    assert sheet["Content-Type"].endswith("sheet")
    filled = Filled(cycle)
    filled.put(hospital.b_medicine, "D2", 8).put(hospital.b_medicine, "C2", "不适用")
    filled.put(hospital.b_surgery, "D2", "６．５分").put(hospital.b_surgery, "P1", 1)
    upload = reverse("assessment:marks_upload", args=[cycle.pk])
    response = client.post(upload, {"file": filled.file(), "note": "12 月 8 日集中评定"})
    made = MarkImport.objects.get()
    assert response.url == made.get_absolute_url()
    text = body(client.get(response.url))
    assert "改动 4 处，与现有一致 0 处，不能导入 0 处" in text
    assert "确认写入 4 个评分" in text
    assert Mark.objects.count() == 1
    assert client.post(reverse("assessment:markimport_confirm_marks", args=[made.pk])).status_code == 302
    assert mark(cycle, hospital.b_medicine, "C2").value is None
    changed = mark(cycle, hospital.b_surgery, "D2")
    assert (changed.value, changed.note, changed.by_name) == (
        Decimal("6.5"),
        "12 月 8 日集中评定",
        cast.office.name,
    )
    assert Trail.objects.filter(verb="assessment.confirm_marks").count() == 1
    told = Trail.objects.filter(verb="assessment.enter_manual", note="评分表“评分表.xlsx”")
    assert told.get().subject == cycle.ref
    assert Filled(cycle).read()["changes"] == []


def test_each_refused_cell_is_named_and_nothing_is_written(hospital, cast, client_of, cycle):
    filled = Filled(cycle)
    filled.put(hospital.b_medicine, "D2", 11).put(hospital.b_surgery, "D2", "良好")
    filled.put(hospital.b_imaging, "D2", 9).put(hospital.b_medicine, "C2", "/")
    found = filled.read()
    place = filled.cell(hospital.b_medicine, "D2").coordinate
    first = next(cell for cell in found["refused"] if cell["cell"] == place)
    assert first["sheet"] == "评分"
    assert first["row"] == str(filled.cell(hospital.b_medicine, "D2").row)
    assert first["column"] == "D2 质量安全与国考相关指标"
    assert first["reason"] == "“11”超出范围"
    assert first["remedy"] == "请按“0 至 10 分”填，不适用的写“不适用”，不评的空着"
    assert {cell["reason"] for cell in found["refused"]} == {"“11”超出范围", "“良好”不是分数", "“/”不是分数"}
    made = actions.import_marks(cast.office, cycle=cycle, name="评分表.xlsx", outcome=found)
    text = body(client_of(cast.office).get(made.get_absolute_url()))
    assert f"评分 {place}" in text
    assert "改好后重新上传" in text
    assert "确认写入" not in text
    with pytest.raises(ValidationError, match="3 处不能导入"):
        actions.confirm_marks(made, cast.office)
    assert not Mark.objects.exists()


def test_strange_branches_double_rows_and_strange_columns_are_told(hospital, cast, cycle):
    filled = Filled(cycle)
    last = filled.sheet.max_row
    filled.put(hospital.b_medicine, "D2", 9)
    for offset, name in ((1, "没有的党支部"), (2, hospital.b_medicine.name)):
        filled.sheet.cell(last + offset, 1).value = name
        filled.sheet.cell(last + offset, filled.cell(hospital.b_medicine, "D2").column).value = 5
    wide = filled.sheet.max_column + 1
    filled.sheet.cell(filled.head[0].row, wide).value = "党办意见"
    filled.sheet.cell(filled.head[0].row + 1, wide).value = "好"
    found = filled.read()
    reasons = [cell["reason"] for cell in found["refused"]]
    assert reasons[0] == "参加考核的没有“没有的党支部”"
    assert reasons[1].startswith("这个支部在工作表“评分”第")
    assert any("党办意见" in each for each in found["unread"])
    assert len(found["changes"]) == 1


def test_a_formula_is_refused_before_it_is_read(hospital, cast, client_of, cycle):
    filled = Filled(cycle).put(hospital.b_medicine, "D2", "=4+4")
    url = reverse("assessment:marks_upload", args=[cycle.pk])
    text = body(client_of(cast.office).post(url, {"file": filled.file()}), 422)
    place = filled.cell(hospital.b_medicine, "D2").coordinate
    assert f"{place} 单元格：是公式" in text
    assert "选择性粘贴为数值" in text
    assert not MarkImport.objects.exists()


def test_the_sheet_of_another_cycle_or_of_no_cycle_is_refused(hospital, cast, cycle):
    filled = Filled(cycle).put(hospital.b_medicine, "D2", 8)
    filled.sheet.cell(1, 1).value = "2025 年度人工评分表"
    with pytest.raises(SheetProblem, match="2025 年度人工评分表”，不是“2026 年度人工评分表"):
        filled.read()
    with pytest.raises(SheetProblem, match="请先下载评分表"):
        read_marks(read_workbook("姓名,工号\n何员,3004".encode(), "名册.csv"), cycle)


def test_what_somebody_marked_after_the_preview_is_not_overwritten(hospital, cast, cycle):
    found = Filled(cycle).put(hospital.b_medicine, "D2", 8).put(hospital.b_surgery, "D2", 8).read()
    made = actions.import_marks(cast.office, cycle=cycle, name="评分表.xlsx", outcome=found)
    actions.enter_manual(cycle, cast.clerk_office, marks={"D2": {hospital.b_medicine.pk: Decimal(6)}})
    with pytest.raises(ValidationError, match="预览之后有人改过"):
        actions.confirm_marks(made, cast.office)
    assert mark(cycle, hospital.b_surgery, "D2") is None


def test_only_the_office_and_only_while_marks_are_open(hospital, cast, client_of, cycle):
    found = Filled(cycle).put(hospital.b_medicine, "D2", 8).read()
    with pytest.raises(PermissionDenied):
        actions.import_marks(cast.secretary, cycle=cycle, name="评分表.xlsx", outcome=found)
    made = actions.import_marks(cast.office, cycle=cycle, name="评分表.xlsx", outcome=found)
    for person in (cast.secretary, cast.leader, cast.outsider):
        assert client_of(person).get(made.get_absolute_url()).status_code == 404
    type(cycle).objects.filter(pk=cycle.pk).update(state="proposed")
    with pytest.raises(WrongState):
        actions.confirm_marks(made, cast.office)
    assert (made.state, Mark.objects.count()) == ("previewed", 0)
    assert actions.discard_marks(made, cast.office).state == "discarded"


def test_a_large_sheet_asks_for_a_second_factor(hospital, cast, client_of, cycle, settings):
    settings.SECOND_FACTOR = True
    parameters.put(SYSTEM, "org.large_import", 1, AFTER)
    filled = Filled(cycle).put(hospital.b_medicine, "D2", 8).put(hospital.b_surgery, "D2", 8)
    made = actions.import_marks(cast.office, cycle=cycle, name="评分表.xlsx", outcome=filled.read())
    confirm = reverse("assessment:markimport_confirm_marks", args=[made.pk])
    assert "2fa" in client_of(cast.office).post(confirm).url
    assert not Mark.objects.exists()


@pytest.mark.parametrize(
    ("written", "value"), [("4", "4"), (4.25, "4.25"), (4.000000001, "4"), (" ４ 分", "4"), ("不适用", None)]
)
def test_points_are_read_as_offices_write_them(written, value):
    item = ItemEntry(code="X", dimension="A", name="项", full=5)
    assert read_points(written, item) == (None if value is None else Decimal(value))


@pytest.mark.parametrize("written", ["4.125", "五分", "-1", "6", "NaN", "1e9", True, "#N/A", "无"])
def test_what_is_no_point_is_refused(written):
    with pytest.raises(CellProblem):
        read_points(written, ItemEntry(code="X", dimension="A", name="项", full=5))
