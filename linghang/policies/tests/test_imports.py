"""Catalogues as offices keep them: every row told, confirmed as shown, taken back while nothing rests on it."""

from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from linghang.kernel.models import Trail
from linghang.kernel.refs import tie
from linghang.policies import actions, imports
from linghang.policies.models import BASIS, Policy, PolicyImport
from linghang.ui.sheets import SheetProblem
from tests.making import make_meeting, unit

SAMPLE = Path(__file__).with_name("samples") / "policies.xlsx"
DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def day(on_day: Any) -> Any:
    with on_day(DAY):
        yield


def workbook(*rows: tuple[Any, ...], merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def uploaded(by: Any, *rows: tuple[Any, ...], **more: Any) -> PolicyImport:
    return imports.import_policies(by, content=workbook(*rows, **more), name="目录.xlsx")


HEAD = ("序号", "类别", "制度名称", "文号", "责任部门", "发布日期", "修订情况")


@pytest.mark.mechanism("S2-11", "S3-15")
def test_a_catalogue_of_742_rows_is_told_row_by_row_and_taken_over(cast):
    made = imports.import_policies(cast.office, content=SAMPLE.read_bytes(), name="policies.xlsx")
    assert Counter(row["outcome"] for row in made.outcome) == {"imported": 742}
    assert not Policy.objects.exists()
    imports.confirm_policies(made, cast.office)
    states = Counter(Policy.objects.values_list("state", flat=True))
    assert states == {"in_force": 487, "repealed": 122, "merged": 133}
    assert not Policy.objects.filter(state="merged", successor=None).exists()
    third = Policy.objects.get(title="会诊制度")
    assert (third.number, third.published_on, third.successor.title) == (
        "",
        date(2023, 3, 5),
        "科教工作登记制度（185）",
    )
    assert Policy.objects.filter(category="医疗核心").count() == 18
    assert Policy.objects.get(title="三级查房制度").number == "院字〔2017〕148号"
    assert Policy.objects.filter(version="第三版").count() == 145
    assert not Policy.objects.filter(published_on=None).exists()
    again = imports.import_policies(cast.office, content=SAMPLE.read_bytes(), name="policies.xlsx")
    assert {row["outcome"] for row in again.outcome} == {"merged"}
    assert not any(row["changes"] for row in again.outcome)


def test_other_headers_notes_merged_cells_and_dates_are_understood(cast):
    made = uploaded(
        cast.office,
        ("某医院制度清单（2026 年版）",),
        ("填报单位：内科",),
        ("编号", "分类", "名称", "发文字号", "归口部门", "印发时间", "版本", "下次复审"),
        (
            1,
            "护理",
            "《分级护理制度》",
            "院字〔2020〕1号",
            "内科",
            "二〇二〇年三月一日",
            "第二版",
            "2027年3月",
        ),
        (2, None, "护理交接班制度", None, "同上", "2021/5/6", None, None),
        (3, "药事", "处方点评制度", None, "药学部", None, None, None),
        ("合计", None, "3 项"),
        ("注：以文件为准",),
        merged="B4:B5",
    )
    imports.confirm_policies(made, cast.office)
    nursing, shift, pharmacy = Policy.objects.order_by("pk")
    assert (nursing.title, nursing.published_on, nursing.review_on) == (
        "分级护理制度",
        date(2020, 3, 1),
        date(2027, 3, 1),
    )
    assert (nursing.version, nursing.owner) == ("第二版", unit("d-medicine"))
    assert (shift.category, shift.owner) == ("护理", unit("d-medicine"))
    assert (pharmacy.owner, pharmacy.owner_name, pharmacy.published_on) == (None, "药学部", None)
    assert [one["why"] for one in made.asides] == ["合计", "附注"]
    told = {row["title"]: [reason for reason, _ in row["cautions"]] for row in made.outcome}
    assert told["分级护理制度"] == ["复审日只写到月"]
    assert told["处方点评制度"] == ["组织里没有“药学部”", "没有发布日期"]


def test_a_column_that_says_yes_or_no_is_understood_beside_the_remark(cast):
    made = uploaded(
        cast.office,
        ("文件名称", "文件编号", "状态", "是否有效", "备注"),
        ("甲制度", "院字〔2020〕1号", "现行", "是", "第二版"),
        ("乙制度", "院字〔2020〕2号", None, "否", None),
        ("丙制度", "院字〔2020〕3号", "失效", None, "2022年修订"),
        ("丁制度", "院字〔2020〕4号", None, None, "未废止"),
    )
    imports.confirm_policies(made, cast.office)
    found = list(Policy.objects.order_by("pk").values_list("title", "state", "version"))
    assert found == [
        ("甲制度", "in_force", "第二版"),
        ("乙制度", "repealed", ""),
        ("丙制度", "repealed", ""),
        ("丁制度", "in_force", ""),
    ]


def test_a_row_that_cannot_be_taken_is_refused_with_reason_and_remedy(cast):
    made = uploaded(
        cast.office,
        HEAD,
        (1, "护理", None, "院字〔2020〕1号", "内科", "2020-1-1", None),
        (2, "护理", "甲制度", None, "内科", "2027-1-1", None),
        (3, "护理", "乙制度", None, "内科", "2020年13月", None),
        (4, "护理", "乙制度", None, "内科", "2020-1-1", None),
    )
    outcomes = [(row["row"], row["outcome"], row["faults"]) for row in made.outcome]
    assert [(row, outcome) for row, outcome, _ in outcomes] == [
        (2, "refused"), (3, "refused"), (4, "imported"), (5, "merged"),
    ]  # fmt: skip
    assert outcomes[0][2] == [["没有制度名称", "在原表补上名称后重新上传，已导入的行不会重复"]]
    assert "晚于今天" in outcomes[1][2][0][0]
    assert "不是真实存在的日期" in made.outcome[2]["cautions"][0][0]


def test_two_entries_that_went_into_each_other_lead_nowhere_and_say_so(cast):
    made = uploaded(
        cast.office,
        HEAD,
        (1, "护理", "甲制度", None, "内科", "2020-1-1", "与第2号合并"),
        (2, "护理", "乙制度", None, "内科", "2020-1-1", "与第1号合并"),
        (3, "护理", "丙制度", None, "内科", "2020-1-1", "并入第9号"),
    )
    imports.confirm_policies(made, cast.office)
    assert list(Policy.objects.values_list("state", "successor")) == [("merged", None)] * 3
    assert all(row["cautions"][0][0] == "看不出并入哪一项" for row in made.outcome)


def test_a_rule_that_is_there_gets_what_was_missing_and_nothing_else(cast):
    held = Policy.objects.create(title="甲制度", number="院字〔2020〕1号", category="护理")
    made = uploaded(cast.office, HEAD, (1, "药事", "甲制度", "院字〔2020〕1号", "内科", "2020-1-1", "废止"))
    imports.confirm_policies(made, cast.office)
    held.refresh_from_db()
    assert (held.category, held.owner, held.state) == ("护理", unit("d-medicine"), "repealed")
    imports.undo_policies(made, cast.office)
    held.refresh_from_db()
    assert (held.owner, held.published_on, held.state) == (None, None, "in_force")


def test_what_changed_after_the_preview_wants_a_new_one(cast):
    made = uploaded(cast.office, HEAD, (1, "护理", "甲制度", None, "内科", "2020-1-1", None))
    Policy.objects.create(title="甲制度")
    with pytest.raises(ValidationError, match="重新上传"):
        imports.confirm_policies(made, cast.office)
    assert Policy.objects.count() == 1


def test_an_import_is_taken_back_until_something_rests_on_it(cast):
    made = uploaded(
        cast.office,
        HEAD,
        (1, "护理", "甲制度", None, "内科", "2020-1-1", None),
        (2, "护理", "乙制度", None, "内科", "2020-1-1", "与第1号合并"),
    )
    imports.confirm_policies(made, cast.office)
    tie(Policy.objects.get(title="甲制度"), make_meeting(), BASIS)
    with pytest.raises(ValidationError, match="“甲制度”被其他记录引用"):
        imports.undo_policies(made, cast.office)
    other = uploaded(cast.office, HEAD, (1, "护理", "丁制度", None, "内科", "2020-1-1", None))
    imports.confirm_policies(other, cast.office)
    actions.review(Policy.objects.get(title="丁制度"), cast.office)
    with pytest.raises(ValidationError, match="“丁制度”导入后办理过"):
        imports.undo_policies(other, cast.office)
    third = uploaded(cast.office, HEAD, (1, "护理", "戊制度", None, "内科", "2020-1-1", None))
    imports.confirm_policies(third, cast.office)
    imports.undo_policies(third, cast.office)
    assert (third.state, Policy.objects.count()) == ("undone", 3)
    assert [t.verb for t in Trail.objects.filter(subject=third.ref).order_by("pk")] == [
        "policies.import_policies", "policies.confirm_policies", "policies.undo_policies",
    ]  # fmt: skip


def test_a_file_without_a_list_of_rules_is_refused_with_what_to_do(cast):
    with pytest.raises(ValidationError, match="制度名称"):
        uploaded(cast.office, ("姓名", "工号"), ("张三", "1"))
    with pytest.raises(SheetProblem):
        imports.import_policies(cast.office, content=b"\x00\x01nothing", name="目录.xlsx")
    with pytest.raises(PermissionDenied):
        uploaded(cast.secretary, HEAD, (1, "护理", "甲制度", None, "内科", "2020-1-1", None))
