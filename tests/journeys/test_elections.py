"""换届从提醒到批复：支部请示，总支转报，党办批复；大会上末位票数相等，再次投票；批复之后岗位才变。"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docx import Document

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SCENES = ("term",)
TITLE = "内科党支部 2026 年换届选举"


def words_of(path: Path) -> str:
    """Everything a Word file says."""
    file: Any = Document(str(path))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])


def test_an_election_from_the_reminder_to_the_approval_with_a_tie_at_the_last_place(visitor: Come) -> None:
    secretary, office = visitor("3001", phone=True), visitor("1003")
    request(secretary)
    forward(visitor("2001"))
    reply(office, "批复请示", "院党字〔2026〕31 号")
    nominate(secretary)
    general = visitor("2001")
    forward(general)
    reply(office, "批复候选人", "院党字〔2026〕33 号")
    meet(secretary)
    organiser = visitor("3002", phone=True)
    count(organiser, {"钱总": 6, "周明": 5, "王蕾": 4, "何员": 4}, "7-count")
    check(secretary, "何员、王蕾票数相等，应就他们再次投票")
    secretary.look("8-tie")
    count(organiser, {"王蕾": 5, "何员": 2}, "9-second-ballot")
    check(secretary, "待委员会分工")
    divide(secretary)
    report(secretary)
    forward(general)
    posts_are_as_before(office)
    reply(office, "批复选举结果", "院党字〔2026〕40 号")
    posts_have_changed(office)


def request(secretary: Visitor) -> None:
    """工作台提醒任期届满；发起只填日期，名额由名册算出；请示打印出来签批。"""
    secretary.arrives("今天")
    secretary.look("1-reminder")
    secretary.click(re.compile("^发起换届"))
    secretary.arrives("发起选举")
    secretary.type("拟定选举日", "2026-10-14")
    secretary.look("2-begin")
    secretary.send("发起选举")
    secretary.arrives(TITLE)
    secretary.look("3-drafted")
    with secretary.download() as files:
        secretary.click("请示")
    assert "内科党支部关于进行换届选举的请示" in words_of(files[0])
    secretary.click("上报请示")
    secretary.sees("等第一党总支转报")


def forward(general: Visitor) -> None:
    general.go("工作台")
    general.click(f"去转报：{TITLE}")
    general.arrives(TITLE)
    general.look("4-general")
    general.click("转报")
    general.sees("等上级批复")


def reply(office: Visitor, verb: str, number: str) -> None:
    """收到文件，登记文号。"""
    office.go("工作台")
    office.click(f"登记批复：{TITLE}")
    office.arrives(TITLE)
    office.click(verb)
    office.arrives(verb)
    office.type("批复文号", number)
    office.look(f"5-{verb}")
    office.send(verb)
    office.sees(number)


def nominate(secretary: Visitor) -> None:
    """应选 3 人，4 名候选人；预备党员不在名单里，页面说明为什么。"""
    secretary.go("工作台")
    secretary.click(f"报候选人：{TITLE}")
    secretary.click("上报候选人")
    secretary.arrives("上报候选人")
    secretary.sees(re.compile("没有被选举权：.*（预备党员）"))
    for name in ("周明", "王蕾", "何员"):
        secretary.tick(name)
    secretary.send("上报候选人")
    secretary.sees("至少应有 4 人")
    secretary.tick("钱总")
    secretary.look("6-candidates")
    secretary.send("上报候选人")
    secretary.sees("候选人待批复")


def meet(secretary: Visitor) -> None:
    """安排大会，开过记一次：到会只勾没来的。"""
    secretary.go("工作台")
    secretary.click(f"去办理：{TITLE}")
    secretary.click("安排选举大会")
    secretary.type("地点", "示教室")
    secretary.send("安排选举大会")
    secretary.sees("大会定于 2026-10-14")
    secretary.click("看会议")
    secretary.arrives("换届选举大会")
    secretary.click("记录")
    secretary.arrives("记一次")
    secretary.type("议定事项", "选举新一届支部委员会")
    secretary.click("保存")
    secretary.sees("已确认")


def count(teller: Visitor, votes: dict[str, int], picture: str) -> None:
    """只录发出、收回和每人得票，谁投了谁不在系统里。"""
    teller.go("工作台")
    teller.click(f"去办理：{TITLE}")
    teller.click("录入计票")
    teller.arrives("录入计票")
    teller.type("发出选票", "7")
    teller.type("收回选票", "7")
    for name, number in votes.items():
        teller.type(f"{name}得票", str(number))
    teller.look(picture)
    teller.send("录入计票")
    teller.sees("计票待复核")


def check(secretary: Visitor, words: str) -> None:
    secretary.go("工作台")
    secretary.click(f"去复核：{TITLE}")
    secretary.click("复核计票")
    secretary.sees(words)


def divide(secretary: Visitor) -> None:
    """第一次委员会会议选书记，其他委员分工。"""
    secretary.click("委员会分工")
    secretary.arrives("委员会分工")
    secretary.choose("书记", "钱总")
    secretary.type("书记得票", "2")
    secretary.choose("组织委员", "王蕾")
    secretary.choose("宣传委员", "周明")
    secretary.choose("纪检委员", "周明")
    secretary.look("10-divide")
    secretary.send("委员会分工")
    secretary.sees("批复后任职")
    secretary.look("11-formed")


def report(secretary: Visitor) -> None:
    with secretary.download() as files:
        secretary.click("结果报告")
    assert "支部书记：钱总" in words_of(files[0])
    secretary.click("上报选举结果")
    secretary.sees("结果待批复")


def posts_are_as_before(office: Visitor) -> None:
    office.go("组织")
    office.click("内科党支部")
    office.arrives("内科党支部")
    office.misses("宣传委员")


def posts_have_changed(office: Visitor) -> None:
    """老班子同日免职，新班子任职，文号在案。"""
    office.sees("已批复生效")
    office.look("12-enacted")
    office.go("组织生活")
    office.click("换届选举")
    office.arrives("换届和补选")
    office.sees("院党字〔2026〕40 号")
    office.look("14-list")
    office.go("组织")
    office.click("内科党支部")
    office.arrives("内科党支部")
    office.sees("宣传委员", "钱总")
    office.look("13-unit")
