"""Accounts, and what the roles may do."""

import secrets
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import VERBS, creation, record, step, verb
from linghang.org.models import Grant, Person, Role, User

ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def one_time_password() -> str:
    """A password to be printed and changed at once; without letters and digits that look alike on paper."""
    while True:
        word = "".join(secrets.choice(ALPHABET) for _ in range(12))
        if (
            any(c.islower() for c in word)
            and any(c.isupper() for c in word)
            and any(c.isdigit() for c in word)
        ):
            return word


@creation(User, "org.open_account")
def open_account(by: Actor, *, person: Person, password: str, username: str = "") -> User:
    """开通账号"""
    if hasattr(person, "user"):
        raise ValidationError(f"{person}已有账号 {person.user.username}")
    name = username or person.staff_number
    if not name:
        raise ValidationError(f"{person}没有工号，请指定账号名")
    user = User(username=name, person=person, must_change=True)
    user.set_password(password)
    return user


@transaction.atomic
def open_accounts(by: Actor, *, people: Iterable[Person]) -> list[tuple[User, str]]:
    """Accounts for all of them or for none, each with its one-time password."""
    words = [(person, one_time_password()) for person in people]
    return [(open_account(by, person=person, password=word), word) for person, word in words]


@step(User, "org.reset_password")
def reset_password(user: User, by: Actor, *, password: str) -> None:
    """重置密码"""
    user.set_password(password)
    user.must_change = True


@step(User, "org.suspend_account")
def suspend_account(user: User, by: Actor) -> None:
    """停用账号"""
    if user.person.ref == by.ref:
        raise ValidationError("不能停用自己的账号")
    user.is_active = False


@step(User, "org.restore_account")
def restore_account(user: User, by: Actor) -> None:
    """启用账号"""
    user.is_active = True


@transaction.atomic
def set_grant(by: Actor, *, role: Role, code: str, extent: str | None, since: date) -> None:
    """设置权限: from a day on, a role may do a verb so far (None: no longer). Raises ValidationError when refused."""
    if not by.may("org.set_grant"):
        raise ValidationError("您的职务不能设置权限")
    if since < clock.today():
        raise ValidationError({"since": "权限只能从今天起调整"})
    if extent and role.kind != Role.Kind.BUSINESS and code.partition(".")[0] not in SYSTEM_APPS:
        raise ValidationError({"code": f"{role}不办业务，不能授予“{VERBS.get(code, code)}”（三员分立）"})
    rows = Grant.objects.filter(role=role, verb=code)
    rows.filter(since__gte=since).delete()
    rows.filter(until__isnull=True).update(until=since, by_name=by.name)
    if extent:
        Grant.objects.create(role=role, verb=code, extent=extent, since=since, by_name=by.name)
    record(
        by, "org.set_grant", role, label="设置权限", changes={code: ["", f"{extent or '取消'} 自 {since}"]}
    )


verb("org.set_grant", "设置权限")
# What the two roles that keep and watch the system may hold verbs of.
SYSTEM_APPS = frozenset({"org", "kernel"})
