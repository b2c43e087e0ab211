"""Every way people and their memberships change."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step
from linghang.org.actions.units import check_act
from linghang.org.models import Membership, Person, Unit


@creation(Person, "org.add_person")
def add_person(by: Actor, /, **data: Any) -> Person:
    """新增人员"""
    return Person(pinyin=spell(data["name"]), **data)


def spell(name: str) -> str:
    """Pinyin and initials of a name, for searching: "周明" ⇒ "zhouming zm"."""
    from pypinyin import lazy_pinyin  # its dictionary is large: loaded when a name is first spelt

    parts = lazy_pinyin(name)
    return f"{''.join(parts)} {''.join(part[:1] for part in parts)}"


@step(Person, "org.edit_person")
def edit_person(person: Person, by: Actor, /, **data: Any) -> None:
    """修改人员信息"""
    for field, value in data.items():
        setattr(person, field, value)
    person.pinyin = spell(person.name)


@step(Person, "org.enroll")
def enroll(person: Person, by: Actor, *, branch: Unit, status: str, since: date, note: str = "") -> None:
    """编入支部"""
    check_act(branch, "发展党员")
    if branch.kind != Unit.Kind.BRANCH or branch.until:
        raise ValidationError({"branch": "请选择在用的党支部"})
    if not by.may("org.enroll", branch):
        raise ValidationError({"branch": f"您的职务不能编入“{branch}”"})
    if since > clock.today():
        raise ValidationError({"since": "还没到这一天，到时再编入"})
    now = person.memberships.filter(until__isnull=True).first()
    if now and since <= now.since:
        raise ValidationError({"since": f"应晚于现有编入日期 {now.since}"})
    person.memberships.filter(until__isnull=True).update(until=since)
    Membership.objects.create(person=person, branch=branch, status=status, since=since)
    person.branch = branch


@step(Person, "org.leave_branch")
def leave_branch(person: Person, by: Actor, *, until: date, note: str = "") -> None:
    """转出支部"""
    now = person.memberships.filter(until__isnull=True).first()
    if now is None:
        raise ValidationError(f"{person}不在任何支部")
    if until < now.since:
        raise ValidationError({"until": f"不能早于编入日期 {now.since}"})
    person.memberships.filter(pk=now.pk).update(until=until)
    person.branch = None
