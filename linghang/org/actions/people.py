"""Every way people and their memberships change."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step
from linghang.org.actions.members import leave
from linghang.org.actions.units import check_act
from linghang.org.models import Membership, Person, Unit
from linghang.org.phones import PHONES, read_phone


@creation(Person, "org.add_person")
def add_person(by: Actor, /, **data: Any) -> Person:
    """新增人员"""
    data = _checked(data)
    return Person(pinyin=spell(data["name"]), **data)


def spell(name: str) -> str:
    """Pinyin and initials of a name, for searching: "周明" ⇒ "zhouming zm"."""
    from pypinyin import lazy_pinyin  # its dictionary is large: loaded when a name is first spelt

    parts = lazy_pinyin(name)
    return f"{''.join(parts)} {''.join(part[:1] for part in parts)}"


def _checked(data: dict[str, Any]) -> dict[str, Any]:
    """The same, the telephone number as it is kept. Raises ValidationError for what is none."""
    written = data.get("phone") or ""
    if written and not read_phone(written):
        raise ValidationError({"phone": f"“{written}”不是有效的电话号码：{PHONES}"})
    return {**data, "phone": read_phone(written)} if "phone" in data else data


@step(Person, "org.edit_person")
def edit_person(person: Person, by: Actor, /, **data: Any) -> None:
    """修改人员信息"""
    for field, value in _checked(data).items():
        setattr(person, field, value)
    person.pinyin = spell(person.name)


def _of_no_branch(person: Person, by: Actor) -> None:
    if person.branch is not None:
        raise ValidationError(
            f"{person}已编入{person.branch}：转往其他支部请开介绍信，登错的请用“移出支部（更正）”"
        )


@step(Person, "org.enroll", only=_of_no_branch)
def enroll(person: Person, by: Actor, *, branch: Unit, status: str, since: date, note: str = "") -> None:
    """编入支部。首次登记，或写明依据的补录；从院内其他支部、从院外转来的凭介绍信。"""
    check_act(branch, "发展党员")
    if branch.kind != Unit.Kind.BRANCH or branch.until:
        raise ValidationError({"branch": "请选择在用的党支部"})
    if not by.may("org.enroll", branch):
        raise ValidationError({"branch": f"您的职务不能编入“{branch}”"})
    if since > clock.today():
        raise ValidationError({"since": "还没到这一天，到时再编入"})
    last = person.memberships.order_by("-until").select_related("branch").first()
    if last and not note.strip():
        raise ValidationError({"note": f"曾编入{last.branch}，再次编入是补录，请写明依据"})
    if last and last.until and since < last.until:
        raise ValidationError({"since": f"不能早于离开{last.branch}的 {last.until}"})
    Membership.objects.create(person=person, branch=branch, status=status, since=since)
    person.branch = branch


@step(Person, "org.leave_branch")
def leave_branch(person: Person, by: Actor, *, until: date, note: str) -> None:
    """移出支部（更正）。只用来更正登记；转出组织关系开介绍信，党员减少另行登记。"""
    now = person.memberships.filter(until__isnull=True).first()
    if now is None:
        raise ValidationError(f"{person}不在任何支部")
    if not note.strip():
        raise ValidationError({"note": "请写明为什么更正；转出组织关系请开介绍信"})
    if until < now.since:
        raise ValidationError({"until": f"不能早于编入日期 {now.since}"})
    leave(person, now, until)
