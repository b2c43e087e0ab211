"""组织的变动：加人、任职、代办、免职即刻失权，单位增设与调整，名册一次导入。"""

import re
from collections.abc import Callable
from pathlib import Path

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
WORKER = True
ROSTER = Path(__file__).resolve().parents[2] / "linghang/org/tests/samples/roster-small.xlsx"


def test_a_person_is_added_enrolled_and_appointed(visitor: Come) -> None:
    office = visitor("1003")
    office.go("党员")
    office.arrives("党员和职工")
    office.click("新增人员")
    office.type("姓名", "罗新")
    office.type("工号", "3010")
    office.choose("所在科室", "内科")
    office.send("新增人员")
    office.arrives("罗新")
    office.click("编入支部")
    office.choose("党支部", "内科党支部")
    office.send("编入支部")
    office.sees("正式党员")
    office.go("组织")
    office.click("内科党支部")
    office.arrives("内科党支部")
    office.click("任职")
    office.type("人员", "3010")
    office.choose("职务", "宣传委员")
    office.send("任职")
    office.sees("罗新")
    office.look("1-appointed")
    office.go("组织")
    office.click("内科党支部")
    office.sees("宣传委员", "罗新")


def test_a_stand_in_is_named_in_every_trace_and_an_ended_post_ends_its_rights_at_once(visitor: Come) -> None:
    office, stranger = visitor("1003"), visitor("3004", phone=True)
    stranger.arrives("今天")
    shut_out(stranger)

    post_of(office, "周明", "授权代办")
    office.type("代办人", "3004")
    office.type("至（不含）", "2026-11-01")
    office.send("授权代办")
    office.sees("已授权代办")
    stranger.go("工作台")
    stranger.sees("代")
    stranger.look("2-stand-in-may")
    stranger.go("记一次")
    stranger.arrives("记一次")
    stranger.tick("党课")
    stranger.type("议定事项", "党课按计划讲完")
    stranger.click("保存")
    stranger.sees("已确认", "（代）")
    stranger.look("3-trace-of-a-stand-in")

    post_of(office, "何员", "免职")
    office.type("免职日期", "2026-10-14")
    office.send("免职")
    office.sees("已免职")
    shut_out(stranger)


def shut_out(stranger: Visitor) -> None:
    """菜单里没有“记一次”，直接敲地址也进不去。"""
    stranger.go("工作台")
    stranger.arrives("今天")
    assert not stranger.page.get_by_role("link", name="记一次").count()
    answer = stranger.page.goto("/activities/record/")
    assert answer is not None
    assert answer.status == 404
    stranger.problems.clear()
    stranger.look("4-shut-out")
    stranger.click("回到工作台")
    stranger.arrives("今天")


def post_of(office: Visitor, name: str, verb: str) -> None:
    """打开内科党支部里这个人的职务，点这个动作。"""
    office.go("组织")
    office.click("内科党支部")
    office.arrives("内科党支部")
    office.click(f"{verb}：{name}")


def test_a_branch_is_set_up_and_moved_with_its_history_kept(visitor: Come) -> None:
    office = visitor("1003")
    office.go("组织")
    office.click("新增单位")
    office.type("名称", "麻醉党支部")
    office.choose("类别", "党支部")
    office.choose("上级单位", "第一党总支")
    office.choose("分类", "临床")
    office.type("成立日期", "2026-09-01")
    office.send("新增单位")
    office.arrives("麻醉党支部")
    office.click("调整隶属")
    office.choose("新的上级", "第二党总支")
    office.type("自哪天起", "2026-10-14")
    office.type("批复文号", "院党字〔2026〕21 号")
    office.send("调整隶属")
    office.sees("上级 第二党总支", "第一党总支（至 2026-10-14）", "院党字〔2026〕21 号")
    office.look("5-moved")
    general = visitor("2002")
    general.go("组织")
    general.sees("麻醉党支部")


def test_a_register_is_previewed_its_units_decided_and_imported_with_a_bar(visitor: Come) -> None:
    office = visitor("1003")
    office.go("党员")
    office.click("导入名册")
    office.arrives("导入名册")
    office.page.get_by_label("党员名册").set_input_files(ROSTER)
    office.type("名册截至日", "2026-10-01")
    office.send("上传并预览")
    office.arrives("roster-small")
    office.sees("未导入")
    office.look("6-preview")
    decide_on_units(office)
    office.look("7-decided")
    office.click("确认导入")
    office.agree()
    office.sees(re.compile("已导入|已确认"))
    office.look("8-imported")
    with office.download() as files:
        office.click("下载报告")
    assert files[0].suffix == ".xlsx"
    office.go("党员")
    office.type("在本表中查找", "李文晓")
    office.sees("心血管内科党支部")


def decide_on_units(office: Visitor) -> None:
    """名册里有、系统里没有的单位，由党办逐个或按建议决定。"""
    office.click(re.compile("^先选新单位"))
    office.sees("名册里有、系统里没有的单位")
    office.look("6b-units")
    if office.offers(re.compile("^全部按建议处理")):
        office.click(re.compile("^全部按建议处理"))
        office.agree()
    else:
        office.click(re.compile("^保存(本页)?选择"))
    office.sees("单位都已选择")
