"""同考核、同奖惩: the branch's sheet has a part for the hospital's own work, and what follows from it is one table."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from linghang.assessment import actions
from linghang.assessment.tests.test_actions import cycle, published
from linghang.kernel import clock

__all__ = ["cycle"]
pytestmark = pytest.mark.django_db


@pytest.mark.mechanism("S0-10")
def test_quality_disciplines_and_patients_are_assessed_beside_party_work_and_rewarded_by_one_table(
    hospital, cast, client_of, cycle
):
    office = client_of(cast.office)
    scheme = office.get(reverse("assessment:scheme", args=[cycle.scheme_id]))
    parts = {}
    for dimension, item, _ in scheme.context["items"]:
        parts.setdefault(dimension, []).append(item.name)
    assert {"质量安全与国考相关指标", "学科人才与双培养", "运营与成本改进"} <= set(parts["D 党业融合"])
    assert "患者与职工满意度" in parts["F 群众满意"]
    assert "支部党员大会" in parts["B 组织生活"]
    published(cycle, cast)
    uses = reverse("assessment:uses", args=[cycle.pk])
    assert office.get(uses).status_code == 404, "nothing follows from a result that is not settled"
    with clock.at(date(2026, 12, 20)):
        actions.lock(cycle, cast.office)
    sheet = openpyxl.load_workbook(BytesIO(b"".join(office.get(uses)))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    table = {row[0]: row[1:4] for row in rows if row[0] and str(row[0]).endswith("支部")}
    assert table["内科党支部"][:2] == ["示范", "有"]
    assert table["机关党支部"][:2] == ["差", "无"]
    assert float(table["内科党支部"][2]) > 1 > float(table["机关党支部"][2])
