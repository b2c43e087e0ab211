"""The register: codes, versions, citations, and what a hospital may change."""

import doctest
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest

import linghang.rules
from linghang.rules.clauses import Basis, Confidence, Level, Share
from linghang.rules.register import NotInForce, Settings, TooLoose, all_rules, check_override, rule, versions

DAY = date(2026, 9, 1)
OVER_HALF = Share(Fraction(1, 2), exclusive=True)


def test_the_notebook_example_works():
    assert doctest.testmod(linghang.rules).failed == 0


def test_each_version_is_unique_and_versions_do_not_overlap():
    keys = [(each.code, each.version) for each in all_rules()]
    assert len(keys) == len(set(keys))
    for code in {each.code for each in all_rules()}:
        for earlier, later in pairwise(versions(code)):
            assert earlier.until is not None
            assert earlier.until < later.since
            assert earlier.version < later.version


def test_each_rule_names_regulation_and_article():
    for each in all_rules():
        assert each.name
        assert each.article
        assert str(each.regulation)
        assert each.since >= each.regulation.since


def test_the_text_itself_passes_as_a_hospitals_own_value():
    for each in all_rules():
        assert check_override(each, each.defaults) == each.defaults


@pytest.mark.parametrize(
    ("code", "cite", "level", "confidence"),
    [
        ("R-ZB-09", "支部工作条例 第十一条", Level.WARN, Confidence.HIGH),
        ("R-ZB-14", "支部工作条例 第十六条", Level.WARN, Confidence.FAIR),
        ("R-ZB-21", "支部工作条例 第二十条", Level.BLOCK, Confidence.HIGH),
        ("R-XJ-03", "基层组织选举工作条例 第五条", Level.BLOCK, Confidence.HIGH),
        ("R-BJ-02", "发展党员工作细则（2026） 第十九条、第二十条", Level.BLOCK, Confidence.HIGH),
    ],
)
def test_citations(code, cite, level, confidence):
    law = rule(code, DAY)
    assert (law.cite, law.level, law.confidence) == (cite, level, confidence)


@pytest.mark.parametrize(
    ("code", "on", "version"),
    [
        ("R-XJ-06", date(2020, 7, 12), 1),
        ("R-XJ-06", date(2020, 7, 13), 2),  # 基层组织选举工作条例 2020-07-13 发布
        ("R-BJ-02", date(2026, 5, 10), 1),
        ("R-BJ-02", date(2026, 5, 11), 2),  # 发展党员工作细则 2026-05-11 修订发布
        ("R-ZB-09", date(2018, 10, 28), 1),  # 支部工作条例 2018-10-28 起施行
    ],
)
def test_a_case_is_judged_by_the_text_of_its_day(code, on, version):
    assert rule(code, on).version == version


def test_a_rule_not_yet_in_force_and_an_unknown_one_are_refused():
    with pytest.raises(NotInForce, match="R-ZB-09（支部工作条例 第十一条）在 2018-10-27 尚未施行"):
        rule("R-ZB-09", date(2018, 10, 27))
    with pytest.raises(LookupError, match="没有编号为 R-ZB-99 的规则"):
        rule("R-ZB-99", DAY)


def test_all_rules_of_a_day_hold_one_version_each():
    in_force = all_rules(DAY)
    assert len(in_force) < len(all_rules())
    assert len({each.code for each in in_force}) == len(in_force)
    assert not [each for each in all_rules(date(2010, 1, 1)) if each.code.startswith("R-ZB")]


def test_what_rests_on_a_weak_source_is_off_and_marked():
    low = [each for each in all_rules() if each.confidence is Confidence.LOW]
    assert [each.code for each in low] == ["R-DW-07", "R-GY-08", "R-LD-01", "R-LD-02", "R-RX-04"]
    assert not low[0].enabled
    assert low[0].mark == "待核"
    assert rule("R-ZB-09", DAY).enabled
    assert rule("R-ZB-09", DAY).mark == ""


def test_a_lesson_each_quarter_is_the_hospitals_own_rule():
    """条例第十六条未定党课频次."""
    assert rule("R-ZB-16", DAY).basis is Basis.HOSPITAL
    assert check_override(rule("R-ZB-16", DAY), {"period_months": 12}).number("period_months") == 12


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("R-ZB-09", {"times_per_period": 2}),  # 第十一条 每季度一次 → 两次
        ("R-ZB-09", {"period_months": 1}),  # → 每月一次
        ("R-DW-03", {"period_months": 3, "times_per_period": 1}),  # 每年两次 → 每季度一次
        ("R-ZB-02", {"max_members": 40}),  # 第四条 一般不超过 50 人
        ("R-ZB-25", {"remind_months": 8}),  # 第二十一条 提前 6 个月
        ("R-BJ-01", {"quorum": Share(Fraction(2, 3))}),  # 第十一条 半数以上到会
        ("R-BJ-05", {"quorum": Share(Fraction(1, 3))}),  # 院内规定，可自定
        ("R-ZB-24", {"branch_years": 3}),
    ],
)
def test_a_hospital_may_be_stricter(code, changes):
    settings = check_override(rule(code, DAY), changes)
    assert {name: settings[name] for name in changes} == changes


@pytest.mark.parametrize(
    ("code", "changes", "words"),
    [
        ("R-ZB-09", {"times_per_period": 0}, "R-ZB-09 党员大会：每期次数不得低于 1（支部工作条例 第十一条）"),
        ("R-ZB-09", {"period_months": 6, "times_per_period": 4}, "每期月数不得高于 3"),
        ("R-DW-03", {"period_months": 6, "times_per_period": 0}, "每期次数不得低于 2"),
        ("R-ZB-02", {"max_members": 60}, "支部党员数不得高于 50（支部工作条例 第四条）"),
        ("R-ZB-24", {"branch_years": 5}, "支部任期年数只能是 3（支部工作条例 第二十一条）"),
        ("R-BJ-01", {"quorum": Share(Fraction(1, 2))}, "到会比例不得低于 超过半数"),
        ("R-XJ-06", {"quorum": Share(Fraction(2, 3), True)}, "到会比例不得低于 五分之四以上"),
        ("R-BJ-02", {"secret_ballot": 0}, "须无记名"),
    ],
)
def test_a_hospital_may_not_be_looser(code, changes, words):
    with pytest.raises(TooLoose, match=words) as refusal:
        check_override(rule(code, DAY), changes)
    assert str(refusal.value).endswith("院内规定只能更严，不能更松")


@pytest.mark.parametrize(
    ("code", "changes", "words"),
    [
        ("R-ZB-09", {"speed": 1}, "没有名为 speed 的参数"),
        ("R-ZB-09", {"times_per_period": True}, "每期次数应填不小于 0 的整数"),
        ("R-ZB-09", {"times_per_period": OVER_HALF}, "每期次数应填不小于 0 的整数"),
        ("R-ZB-02", {"max_members": -1}, "支部党员数应填不小于 0 的整数"),
        ("R-ZB-09", {"period_months": 2}, "每期月数只能填 1、3、6、12"),
        ("R-BJ-01", {"quorum": 2}, "到会比例应填比例"),
    ],
)
def test_values_of_the_wrong_form_are_refused(code, changes, words):
    with pytest.raises(ValueError, match=words):
        check_override(rule(code, DAY), changes)


def test_settings_give_numbers_and_shares_by_name():
    settings = Settings(a=1, b=OVER_HALF)
    assert (settings.number("a"), settings.share("b")) == (1, OVER_HALF)
    with pytest.raises(TypeError):
        settings.number("b")
    with pytest.raises(TypeError):
        settings.share("a")


@pytest.mark.parametrize(
    ("text", "label", "least"),
    [
        (">1/2", "超过半数", {1: 1, 2: 2, 7: 4, 8: 5}),
        (">=1/2", "半数以上", {1: 1, 2: 1, 7: 4, 8: 4}),
        (">=4/5", "五分之四以上", {5: 4, 6: 5, 7: 6, 10: 8}),
        (">4/5", "超过五分之四", {5: 5, 6: 5, 7: 6, 10: 9}),
        (">=2/3", "三分之二以上", {3: 2, 7: 5, 9: 6}),
        (">=3/4", "3/4以上", {4: 3, 5: 4}),
    ],
)
def test_a_share_is_exact(text, label, least):
    share = Share.parse(text)
    assert (share.text, str(share)) == (text, label)
    for total, needed in least.items():
        assert share.least(total) == needed
        for count in range(total + 2):
            assert share.reached(count, total) == (count >= needed)


@pytest.mark.parametrize("text", ["1/2", ">0", ">=3/2", ""])
def test_a_share_that_makes_no_sense_is_refused(text):
    with pytest.raises(ValueError, match=r"看不懂|超出范围"):
        Share.parse(text)


def test_the_stricter_share_is_the_greater():
    shares = sorted(Share.parse(text) for text in (">4/5", ">=2/3", ">1/2", ">=4/5", ">=1/2"))
    assert [share.text for share in shares] == [">=1/2", ">1/2", ">=2/3", ">=4/5", ">4/5"]


def test_levels_have_chinese_names():
    assert [level.label for level in Level] == ["不得继续", "提示并说明", "到期提醒", "仅供参考"]
