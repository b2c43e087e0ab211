"""支部在手机上：组织委员记一次主题党日作为佐证，书记各点一下，总支审核，党办看到办结。"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docx import Document

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SCENES = ("reminder",)
LINE = "开展“以案促改”主题党日"


def words_of(path: Path) -> str:
    """Everything a Word file says."""
    file: Any = Document(str(path))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])


def test_a_themed_day_is_recorded_once_and_closes_its_line(visitor: Come) -> None:
    organiser = visitor("3002", phone=True)
    record(organiser)
    report(organiser)
    secretary = visitor("3001", phone=True)
    confirm_meeting(secretary)
    list_the_resolution(secretary)
    confirm_line(secretary)
    review(visitor("2001"))
    office_sees_it_closed(visitor("1003"))
    print_papers(secretary)


def record(organiser: Visitor) -> None:
    """一分钟以内：不多于 4 个要填的框、8 次点按。"""
    organiser.arrives("今天")
    organiser.look("1-desk")
    organiser.clicks = organiser.fields = 0
    organiser.click(f"上报：{LINE}")
    organiser.arrives(LINE)
    organiser.click("记一次会作佐证")
    organiser.arrives("记一次")
    organiser.tick("主题党日")
    organiser.sees("没来的（应到 6 人）")
    organiser.tick("何员")
    organiser.choose("何员缺席原因", "请假")
    organiser.type("议定事项", "下月前每人写一篇心得（周明，11-10前）")
    organiser.look("2-record")
    organiser.click("保存")
    organiser.sees("等书记确认")
    organiser.look("3-recorded")
    assert organiser.fields <= 4
    assert organiser.clicks <= 8


def report(organiser: Visitor) -> None:
    """上报时，刚记的会已经是佐证，不用再传。"""
    organiser.go("工作台")
    organiser.click(f"上报：{LINE}")
    organiser.sees("佐证", "1 份")
    organiser.click("上报")
    organiser.arrives("上报")
    organiser.type("办理情况", "10 月 14 日开展，6 人应到，5 人到会")
    organiser.look("4-report")
    organiser.send("上报")
    organiser.sees("待书记确认")


def confirm_meeting(secretary: Visitor) -> None:
    """从工作台点进记录，一点确认。"""
    secretary.arrives("今天")
    secretary.look("5-secretary-desk")
    secretary.click(re.compile("^看记录：请确认"))
    secretary.arrives("主题党日")
    secretary.sees("何员（请假）")
    secretary.clicks = 0
    secretary.click("确认")
    secretary.sees("已确认")
    assert secretary.clicks == 1
    secretary.look("6-meeting-confirmed")


def list_the_resolution(secretary: Visitor) -> None:
    """会上的决议列入工作清单：事项、期限、责任人都从决议带来，一个字不用打。"""
    secretary.fields = 0
    secretary.click("列入工作清单")
    secretary.arrives("列入工作清单")
    assert secretary.field("要做什么").input_value() == "下月前每人写一篇心得"
    assert secretary.field("期限").input_value() == "2026-11-10"
    secretary.look("7-worklist-line")
    secretary.send("列入工作清单")
    secretary.sees("下月前每人写一篇心得")
    assert secretary.fields == 0


def confirm_line(secretary: Visitor) -> None:
    secretary.go("工作台")
    secretary.click(f"确认：确认：{LINE}")
    secretary.arrives(LINE)
    secretary.clicks = 0
    secretary.click("确认")
    secretary.sees("待审核")
    assert secretary.clicks == 1
    secretary.look("7-line-confirmed")


def review(general: Visitor) -> None:
    """总支书记审核。"""
    general.arrives("今天")
    general.look("8-general-desk")
    general.click(f"审核：审核：{LINE}")
    general.arrives(LINE)
    general.sees("10 月 14 日开展")
    general.click("审核")
    general.sees("已办结")


def office_sees_it_closed(office: Visitor) -> None:
    office.go("单据")
    office.arrives("单据")
    office.click("2026 年 10 月月度提示单")
    office.arrives("2026 年 10 月月度提示单")
    office.sees("2 条，完成 1", "佐证 1")
    office.look("9-office-sees-it-closed")


def print_papers(secretary: Visitor) -> None:
    """会前的议程、签到表，会后的会议记录，都是能打开的 Word。"""
    secretary.go("组织生活")
    secretary.arrives("组织生活")
    secretary.look("10-meetings")
    secretary.click(re.compile("主题党日"), secretary.page.locator("main table"))
    said = {"议程": "内科党支部", "签到表": "何员", "会议记录": "每人写一篇心得"}
    for paper, words in said.items():
        with secretary.download() as files:
            secretary.click(paper)
        assert files[0].suffix == ".docx"
        assert words in words_of(files[0])
