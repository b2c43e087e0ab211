"""支部在手机上：组织委员记一次主题党日，随会上报；书记点一下，会和上报一并确认；总支审核，党办看到办结。"""

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
    reported(organiser)
    secretary = visitor("3001", phone=True)
    confirm_meeting(secretary)
    list_the_resolution(secretary)
    line_is_confirmed(secretary)
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
    organiser.click("记一次会并上报")
    organiser.arrives("记一次")
    assert organiser.page.get_by_label("主题党日", exact=True).first.is_checked()
    organiser.sees("没来的（应到 6 人）", "随这次会上报", LINE)
    organiser.tick("何员")
    organiser.choose("何员缺席原因", "请假")
    organiser.type("议定事项", "下月前每人写一篇心得（周明，11-10前）")
    organiser.look("2-record")
    organiser.click("保存")
    organiser.sees("并上报 1 条事项，等书记确认")
    organiser.look("3-recorded")
    assert organiser.fields <= 4
    assert organiser.clicks <= 8


def reported(organiser: Visitor) -> None:
    """记完会，事项已经上报，办理情况由记录写出，什么都不用再填。"""
    organiser.click(LINE)
    organiser.arrives(LINE)
    organiser.sees("待书记确认", "10 月 14 日主题党日，应到 6 人、实到 5 人，议定 1 项。", "1 份")
    organiser.look("4-reported")


def confirm_meeting(secretary: Visitor) -> None:
    """从工作台点进记录，看得见随会上报了什么，一点确认。"""
    secretary.arrives("今天")
    secretary.look("5-secretary-desk")
    secretary.click(re.compile("^看记录：请确认"))
    secretary.arrives("主题党日")
    secretary.sees("何员（请假）", "随会上报", LINE)
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


def line_is_confirmed(secretary: Visitor) -> None:
    """那条事项不再等书记：确认记录时已一并确认。"""
    secretary.go("工作台")
    assert f"确认：{LINE}" not in secretary.page.inner_text("main")


def review(general: Visitor) -> None:
    """总支书记审核。"""
    general.arrives("今天")
    general.look("8-general-desk")
    general.click(f"审核：审核：{LINE}")
    general.arrives(LINE)
    general.sees("10 月 14 日主题党日")
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
