"""一年的计划：党办拟年计划、分到季、列入月度部署；责任清单下发，书记在手机上签署，履责记录由系统得出。"""

from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
YEAR, QUARTER = "提升医疗质量和患者安全", "四季度集中整改"


@pytest.mark.mechanism("S0-12", "S2-09")
def test_a_plan_becomes_a_months_item_and_a_list_of_duties_is_signed(visitor: Come) -> None:
    office = visitor("1003")
    draw_plans(office)
    take_into_the_month(office)
    hand_out(office)
    sign(visitor("3001", phone=True))


def draw_plans(office: Visitor) -> None:
    """年计划写两侧，分解时时间和责任部门已经填好。"""
    office.go("部署")
    office.click("计划")
    office.arrives("2026 年计划")
    office.click("拟定计划")
    office.arrives("拟定计划")
    office.type("计划", YEAR)
    office.type("党建一侧", "党员带头落实核心制度")
    office.type("业务一侧", "平均住院日下降")
    office.send("拟定计划")
    office.arrives(YEAR)
    office.sees("缺同部署、同督察、同考核")
    office.look("1-year-plan")
    office.click("分解")
    office.type("计划", QUARTER)
    office.send("拟定计划")
    office.arrives(QUARTER)
    office.sees("2026 年第四季度")


def take_into_the_month(office: Visitor) -> None:
    """一点就列入月度部署，事项由计划带出。"""
    office.click("列入月度部署")
    office.arrives("报送部署事项")
    office.send("报送部署事项")
    office.arrives("2026 年 10 月部署")
    office.click(f"{QUARTER}；党建：党员带头落实核心制度；业务：平均住院日下降")
    office.click(QUARTER)
    office.arrives(QUARTER)
    office.look("2-taken-into-the-month")
    office.go("部署")
    office.click("计划")
    office.sees(QUARTER)
    office.look("3-year")


def hand_out(office: Visitor) -> None:
    office.click("责任清单")
    office.arrives("岗位责任清单")
    office.click("下发责任清单")
    office.send("下发责任清单")
    office.sees("等本人签署")
    office.look("4-lists")


def sign(secretary: Visitor) -> None:
    secretary.sees("签署 2026 年岗位责任清单")
    secretary.click("去签署：签署 2026 年岗位责任清单")
    secretary.sees("对党员教育管理负领导责任")
    secretary.click("签署")
    secretary.sees("办理痕迹，不是电子签名")
    secretary.look("5-performance-on-the-phone")
