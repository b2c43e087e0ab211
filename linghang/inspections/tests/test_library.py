"""检查条目库: the eighteen core systems, and checklists composed from them."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pydantic import ValidationError as Malformed

from linghang.inspections.blueprint import (
    ChecklistEntry,
    ItemEntry,
    LibraryEntry,
    LibraryItem,
    apply_checklists,
    apply_library,
)
from linghang.inspections.models import Checklist, ChecklistItem

pytestmark = pytest.mark.django_db
SYSTEMS = (
    *(
        "首诊负责",
        "三级查房",
        "会诊",
        "分级护理",
        "值班和交接班",
        "疑难病例讨论",
        "急危重患者抢救",
        "术前讨论",
    ),
    *("死亡病例讨论", "查对", "手术安全核查", "手术分级管理", "新技术和新项目准入", "危急值报告", "病历管理"),
    *("抗菌药物分级管理", "临床用血审核", "信息安全管理"),
)


@pytest.mark.mechanism("S3-07")
def test_the_eighteen_core_systems_stand_in_the_library_each_with_its_regulation(hospital: Any) -> None:
    items = list(ChecklistItem.objects.filter(checklist__code="quality_core"))
    assert [item.text.partition("：")[0] for item in items] == list(SYSTEMS)
    for item, name in zip(items, SYSTEMS, strict=True):
        assert item.basis == f"医疗质量安全核心制度要点（国卫医发〔2018〕8 号）{name}制度"
        assert (item.get_basis_kind_display(), item.is_statute) == ("行业规定", False)
        assert item.judge


@pytest.mark.mechanism("S3-07")
def test_a_checklist_is_composed_from_the_library(cast: Any, hospital: Any, client_of: Any) -> None:
    composed = Checklist.objects.get(code="quality")
    first, last = composed.items.first(), composed.items.last()
    assert first
    assert last
    assert (first.code, first.points, first.basis_kind) == ("Q01", 10, "sector")
    assert first.text == "首诊负责：首诊医师负责到底，不推诿患者"
    assert last.basis_kind == "house"
    assert sum(item.points for item in composed.items.all()) == 100
    page = client_of(cast.office).get(reverse("inspections:round_new")).content.decode()
    assert "核心制度落实检查表" in page
    assert "十八项医疗质量安全核心制度" not in page, "nobody is inspected by a library"


def library(text: str) -> LibraryEntry:
    return LibraryEntry(
        code="own", title="本院条目库", items=[LibraryItem(code="A", text=text, judge="看记录")]
    )


def composed(**more: Any) -> ChecklistEntry:
    return ChecklistEntry(
        code="own_list",
        title="本院检查表",
        library="own",
        items=[ItemEntry(code="1", use="A", points=Decimal(5), **more)],
    )


def test_what_a_line_writes_itself_stands_and_the_rest_is_taken_over(hospital: Any) -> None:
    assert apply_library([library("按时交班")], None) == 1
    assert apply_library([library("按时交班")], None) == 0
    assert apply_checklists([composed(judge="抽查两次")], None) == 1
    assert apply_checklists([composed(judge="抽查两次")], None) == 0
    item = ChecklistItem.objects.get(checklist__code="own_list")
    assert (item.text, item.judge, item.points) == ("按时交班", "抽查两次", 5)
    apply_library([library("按时、当面交班")], None)
    assert apply_checklists([composed()], None) == 1
    assert ChecklistItem.objects.get(checklist__code="own_list").text == "按时、当面交班"


def test_a_line_that_says_nothing_or_takes_what_is_not_there_is_refused(hospital: Any) -> None:
    with pytest.raises(ValidationError, match="条目库“own”里没有“A”"):
        apply_checklists([composed()], None)
    with pytest.raises(Malformed, match="要写 text，或用 use 取自条目库"):
        ItemEntry(code="1", points=Decimal(5))
