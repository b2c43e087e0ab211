"""Every rule of the field is here: judged by a function, or not judged for a reason that is given."""

from datetime import date
from pathlib import Path

import pytest

from linghang.rules import document
from linghang.rules.__main__ import answer, main, parser
from linghang.rules.asking import Unclear, ask
from linghang.rules.catalogue import JUDGES, UNJUDGED, how, judge_of
from linghang.rules.register import all_rules, rule, versions

DOCS = Path(__file__).resolve().parents[3] / "docs" / "rules.md"
# How many rules each table of the field has (§§2.1–2.9), numbered without a gap.
FIELD = {
    "BJ": 8, "ZB": 29, "XJ": 12, "FZ": 25, "JY": 11, "DF": 6, "DZ": 4, "DW": 7, "GY": 9, "LD": 2,
    "YD": 4, "JL": 5, "LJ": 5, "TS": 3, "RX": 4, "XF": 5, "XC": 1,
}  # fmt: skip
DAY = date(2026, 9, 1)


def test_no_rule_of_the_field_is_missing_and_none_is_invented():
    wanted = {f"R-{family}-{n:02}" for family, most in FIELD.items() for n in range(1, most + 1)}
    assert {each.code for each in all_rules()} == wanted


def test_every_rule_is_judged_or_says_why_not():
    for code in {each.code for each in all_rules()}:
        judged = judge_of(versions(code)[-1]) is not None
        assert judged is not (code in UNJUDGED), code
        assert how(code)
    assert not set(JUDGES) & set(UNJUDGED)


def test_every_rule_says_something_in_our_words():
    for each in all_rules():
        assert len(each.says) >= 4, each.code


def test_the_written_page_is_the_register():
    assert DOCS.read_text(encoding="utf-8") == document.document()


def test_a_rule_is_found_by_its_words_and_shown_in_full():
    assert [line[:8] for line in document.listing("五分之四")] == ["R-XJ-06 ", "R-XJ-06 "]
    shown = document.shown(rule("R-XJ-06", DAY))
    assert "基层组织选举工作条例" in shown
    assert "rules.voting.election" in shown
    assert "说明：" in document.shown(rule("R-ZB-16", DAY))


@pytest.mark.parametrize(
    ("code", "given", "said"),
    [
        ("R-ZB-02", {"members": "51"}, "支部党员 51 人，一般不超过 50 人，请考虑分设支部"),
        ("R-BJ-01", {"base": "7", "present": "5", "yes": "3"}, "赞成 3 票，须应到会人数超过半数（至少 4 票），未通过"),
        ("R-XJ-02", {"members": "480", "scattered": "是", "approval": "批复"}, "可开党员代表大会"),
        ("R-ZB-23", {"duties": "组织,宣传"}, "缺纪检委员"),
        ("R-DF-01", {"payer": "在职", "base": "3000.01"}, "＝ 30.00 元"),
        ("R-XJ-09", {"base": "7", "present": "6", "issued": "6", "returned": "6", "seats": "1", "votes": "甲:4,乙:2"}, "当选：甲"),
        ("R-JY-05", {"since": "2026-01-01", "stopped_on": "", "today": "2026-08-01"}, "应停止党籍"),
        ("R-JY-01", {"studied": "31.5"}, "31.5 学时"),
    ],
)  # fmt: skip
def test_a_rule_answers_on_the_command_line(code, given, said):
    assert said in ask(code, DAY, given)


@pytest.mark.parametrize(
    ("code", "given", "complaint"),
    [
        ("R-ZB-02", {}, "还要给出 members（整数）"),
        ("R-ZB-02", {"members": "很多"}, "members 应是整数，不能是“很多”"),
        ("R-ZB-02", {"members": "5", "colour": "red"}, "不认识 colour"),
        ("R-JY-05", {"since": "昨天", "stopped_on": "", "today": "2026-08-01"}, "since 应是日期"),
        ("R-XJ-02", {"members": "480", "scattered": "也许", "approval": "批复"}, "scattered 应是是或否"),
        ("R-ZB-13", {"chair": "路人"}, "chair 应是书记、副书记、委员"),
        ("R-GY-01", {}, "R-GY-01 不由系统判定：写在章程里，由人核对文本"),
        ("R-XJ-03", {"members": "5"}, "不能在命令行问"),
        ("R-BJ-01", {"base": "7", "present": "9", "yes": "3"}, "多于应到会人数"),
    ],
)
def test_what_is_asked_wrongly_is_answered_in_words(code, given, complaint):
    with pytest.raises(Unclear, match=complaint):
        ask(code, DAY, given)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["list", "五分之四"], "R-XJ-06 v1"),
        (["list", "没有这个词"], "没有包含“没有这个词”的规则"),
        (["show", "R-XJ-06"], "1990-06-27 至 2020-07-12"),
        (["show", "R-XJ-06", "--on", "2026-09-01"], "R-XJ-06 v2"),
        (["ask", "R-ZB-02", "members=51"], "请考虑分设支部"),
        (
            ["ask", "R-ZB-11", "committee_met_on=", "meeting_on=2026-09-01", "--on", "2026-09-01"],
            "没有支委会讨论的记录",
        ),
    ],
)
def test_the_command_answers_in_words(line, said):
    assert said in answer(parser().parse_args(line))


def test_an_unknown_rule_and_a_rule_not_yet_in_force_are_told(capsys):
    assert main(["show", "R-XX-01"]) == "没有编号为 R-XX-01 的规则"
    assert "尚未施行" in main(["ask", "R-ZB-02", "members=5", "--on", "2010-01-01"])
    assert main(["ask", "R-ZB-02", "members=5"]) is None
    assert capsys.readouterr().out.strip() == "支部党员 5 人，不超过 50 人"
