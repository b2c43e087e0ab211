"""When a branch must exist, how large it may be, and how it is led (支部工作条例 第四、五、二十条)."""

from collections.abc import Collection, Mapping
from datetime import date

from linghang.rules.clauses import Level, Value, Verdict
from linghang.rules.periods import add_years
from linghang.rules.register import check_override, rule

DUTIES = ("组织", "宣传", "纪检")

Own = Mapping[str, Value] | None


def has_branch(full_members: int, exists: bool, *, on: date, own: Own = None) -> Verdict:
    """R-ZB-01: where there are three or more full members there shall be a branch (第四条)."""
    law = rule("R-ZB-01", on)
    least = check_override(law, own).number("min_members")
    if full_members < least:
        return law.verdict(True, f"正式党员 {full_members} 人，不足 {least} 人，可与邻近单位建联合党支部")
    fact = f"正式党员 {full_members} 人，{least} 人以上应建党支部"
    return law.verdict(exists, f"{fact}，{'已建' if exists else '尚未建立'}")


def size(members: int, *, on: date, own: Own = None) -> Verdict:
    """R-ZB-02: a branch generally has no more than fifty members, probationary ones included (第四条)."""
    law = rule("R-ZB-02", on)
    most = check_override(law, own).number("max_members")
    fact = f"支部党员 {members} 人"
    if members > most:
        return law.verdict(False, f"{fact}，一般不超过 {most} 人，请考虑分设支部")
    return law.verdict(True, f"{fact}，不超过 {most} 人")


def joint_units(units: int, *, on: date, own: Own = None) -> Verdict:
    """R-ZB-03: a joint branch generally covers no more than five units (第五条)."""
    law = rule("R-ZB-03", on)
    most = check_override(law, own).number("max_units")
    fact = f"联合党支部覆盖 {units} 个单位"
    return law.verdict(units <= most, f"{fact}，一般不超过 {most} 个")


def needs_committee(full_members: int, *, on: date, own: Own = None) -> bool:
    """R-ZB-20: seven or more full members elect a committee (第二十条)."""
    return full_members >= check_override(rule("R-ZB-20", on), own).number("min_members")


def has_committee(full_members: int, exists: bool, *, on: date, own: Own = None) -> Verdict:
    """R-ZB-20: whether the committee that is needed is there (第二十条)."""
    law = rule("R-ZB-20", on)
    least = check_override(law, own).number("min_members")
    if not needs_committee(full_members, on=on, own=own):
        return law.verdict(True, f"正式党员 {full_members} 人，不足 {least} 人，可不设支部委员会")
    fact = f"正式党员 {full_members} 人，{least} 人以上应设支部委员会"
    return law.verdict(exists, f"{fact}，{'已设' if exists else '尚未设立'}")


def committee_size(members: int, *, on: date, own: Own = None) -> Verdict:
    """R-ZB-21: three to five, at most seven; six and seven want a reason, eight are refused (第二十条)."""
    law = rule("R-ZB-21", on)
    settings = check_override(law, own)
    least, usual, most = (settings.number(name) for name in ("min_size", "usual_size", "max_size"))
    fact = f"支部委员 {members} 人"
    if members > most:
        return law.verdict(False, f"{fact}，超过最多 {most} 人")
    if members > usual:
        return law.verdict(False, f"{fact}，通常 {least} 至 {usual} 人，请说明理由", Level.WARN)
    if members < least:
        return law.verdict(False, f"{fact}，少于 {least} 人，应及时补选", Level.WARN)
    return law.verdict(True, f"{fact}，在 {least} 至 {usual} 人之间")


def officers(full_members: int, secretaries: int, deputies: int, *, on: date) -> Verdict:
    """R-ZB-22: without a committee a branch has one secretary and, if needed, one deputy (第二十条)."""
    law = rule("R-ZB-22", on)
    if needs_committee(full_members, on=on):
        return law.verdict(True, f"正式党员 {full_members} 人，应设支部委员会，本条不适用")
    met = secretaries == 1 and deputies <= 1
    fact = f"书记 {secretaries} 名、副书记 {deputies} 名"
    return law.verdict(met, f"{fact}，不设支部委员会的应设书记 1 名，必要时副书记 1 名")


def committee_duties(duties: Collection[str], *, on: date) -> Verdict:
    """R-ZB-23: among the committee someone answers for organisation, publicity and discipline (第二十条)."""
    law = rule("R-ZB-23", on)
    missing = [duty for duty in DUTIES if duty not in duties]
    if missing:
        return law.verdict(False, f"支部委员分工缺{'、'.join(missing)}委员")
    return law.verdict(True, "组织、宣传、纪检委员齐备")


FORBIDDEN = ("发展党员", "处分处置党员", "收缴党费", "选举代表", "换届选举")


def project_branch(months: int, full_members: int, exists: bool, *, on: date) -> Verdict:
    """R-ZB-04: a project of six months or more with three full members has a branch, where it can (第五条)."""
    law = rule("R-ZB-04", on)
    least = check_override(law, None).number("project_months")
    owed = months >= least and full_members >= check_override(rule("R-ZB-01", on), None).number("min_members")
    fact = f"项目 {months} 个月，正式党员 {full_members} 人"
    return law.verdict(exists or not owed, f"{fact}，{'应建党支部' if owed else '不要求建党支部'}")


def temporary(approved_by: str, leaders_named: bool, *, on: date) -> Verdict:
    """R-ZB-06: a temporary branch is approved by the superior, who names its leaders (第八条)."""
    law = rule("R-ZB-06", on)
    missing = [] if approved_by.strip() else ["批准的上级党组织"]
    missing += [] if leaders_named else ["指定的班子"]
    return law.verdict(
        not missing, f"临时党支部缺{'、'.join(missing)}" if missing else f"{approved_by}批准，班子由其指定"
    )


def temporary_may(act: str, *, on: date) -> Verdict:
    """R-ZB-07: a temporary branch does not admit or punish members, take dues, elect delegates or re-elect (第八条)."""
    law = rule("R-ZB-07", on)
    return law.verdict(act not in FORBIDDEN, f"临时党支部{'不' if act in FORBIDDEN else '可以'}办理{act}")


def temporary_stands(task_ended_on: date | None, *, on: date) -> Verdict:
    """R-ZB-08: when the task is over a temporary branch ends by itself (第八条)."""
    law = rule("R-ZB-08", on)
    ended = task_ended_on is not None and task_ended_on <= on
    return law.verdict(
        not ended, f"任务于 {task_ended_on} 结束，临时党支部自然撤销" if ended else "任务仍在进行"
    )


def vacancy(post: str, since: date | None, *, on: date) -> Verdict:
    """R-ZB-26: a post that falls vacant is filled in time, by election or, if need be, by the superior (第二十一条)."""
    law = rule("R-ZB-26", on)
    return law.verdict(since is None, f"{post}自 {since} 空缺，应及时补选" if since else f"{post}在岗")


def secretary_seniority(member_since: date, *, on: date) -> Verdict:
    """R-ZB-27: a secretary has generally been a member for a year (第二十三条)."""
    law = rule("R-ZB-27", on)
    years = check_override(law, None).number("min_years")
    return law.verdict(
        add_years(member_since, years) <= on, f"党龄自 {member_since} 起算，一般应满 {years} 年"
    )


def group_leader(chosen: str, *, on: date) -> Verdict:
    """R-ZB-29: a group's leader is named by the branch or proposed by the group (第十三条)."""
    law = rule("R-ZB-29", on)
    return law.verdict(chosen in ("指定", "推荐"), f"党小组组长由{chosen}产生，应由支部指定或党小组推荐")
