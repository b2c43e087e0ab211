"""Every way the organisation changes. Read top to bottom: units, people, memberships, posts, accounts, grants."""

import secrets
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from linghang.kernel import clock
from linghang.kernel.access import SYSTEM, Actor
from linghang.kernel.flow import VERBS, creation, record, step, verb
from linghang.kernel.notices import tell
from linghang.kernel.parameters import guarded
from linghang.org.models import Coverage, Grant, Membership, Person, Placement, Post, Role, Unit, User

for code, label in (
    ("org.view_unit", "查看组织"),
    ("org.view_person", "查看人员"),
    ("org.view_contacts", "查看联系方式"),
    ("org.export_people", "导出人员"),
    ("org.manage_accounts", "管理账号"),
    ("org.sign_in_failed", "登录失败"),
):
    verb(code, label)

# Which kind of unit may stand under which: a head may be a 党委 or a 总支, a branch may hang under any of them.
PARENTS: dict[str, frozenset[str]] = {
    Unit.Kind.COMMITTEE: frozenset({Unit.Kind.HOSPITAL}),
    Unit.Kind.SUBCOMMITTEE: frozenset({Unit.Kind.COMMITTEE}),
    Unit.Kind.GENERAL: frozenset({Unit.Kind.HOSPITAL, Unit.Kind.COMMITTEE, Unit.Kind.SUBCOMMITTEE}),
    Unit.Kind.BRANCH: frozenset({Unit.Kind.COMMITTEE, Unit.Kind.SUBCOMMITTEE, Unit.Kind.GENERAL}),
    Unit.Kind.GROUP: frozenset({Unit.Kind.BRANCH}),
    Unit.Kind.DIVISION: frozenset({Unit.Kind.HOSPITAL}),
    Unit.Kind.DEPARTMENT: frozenset({Unit.Kind.HOSPITAL, Unit.Kind.DIVISION}),
    Unit.Kind.WARD: frozenset({Unit.Kind.DEPARTMENT}),
}


@creation(Unit, "org.add_unit")
def add_unit(
    by: Actor,
    *,
    name: str,
    kind: str,
    parent: Unit | None,
    since: date,
    category: str = "",
    code: str = "",
    order: int = 0,
) -> Unit:
    """新增单位"""
    _check_parent(kind, parent)
    unit = Unit(name=name, kind=kind, parent=parent, since=since, category=category, order=order)
    unit.code = code or f"{kind}-{secrets.token_hex(4)}"
    unit.full_clean()
    unit.save()
    unit.path = f"{parent.path if parent else '/'}{step_of(unit)}"
    if parent:
        Placement.objects.create(unit=unit, parent=parent, since=since)
    return unit


def step_of(unit: Unit) -> str:
    """A unit's own part of its path; of one width, so that paths sort as the tree was built."""
    return f"{unit.pk:05}/"


def _check_parent(kind: str, parent: Unit | None) -> None:
    if parent is None:
        if kind != Unit.Kind.HOSPITAL:
            raise ValidationError({"parent": "请选择上级单位"})
    elif parent.kind not in PARENTS.get(kind, frozenset()):
        label = Unit.Kind(kind).label
        raise ValidationError({"parent": f"{label}不能设在“{parent}”（{parent.get_kind_display()}）之下"})


@step(Unit, "org.edit_unit")
def edit_unit(unit: Unit, by: Actor, *, name: str, category: str = "", note: str = "") -> None:
    """修改名称和分类"""
    unit.name, unit.category = name, category


@step(Unit, "org.move_unit")
def move_unit(unit: Unit, by: Actor, *, parent: Unit, since: date, note: str = "") -> None:
    """调整隶属"""
    guarded(since)
    _check_parent(unit.kind, parent)
    if parent.path.startswith(unit.path):
        raise ValidationError({"parent": "不能移到自己的下级之下"})
    if unit.parent_id == parent.pk:
        raise ValidationError({"parent": f"已在“{parent}”之下"})
    last = unit.placements.order_by("-since").first()
    if last and since <= last.since:
        raise ValidationError({"since": f"应晚于上次调整的日期 {last.since}"})
    unit.placements.filter(until__isnull=True).update(until=since)
    Placement.objects.create(unit=unit, parent=parent, since=since)
    _replant(unit, parent)


def _replant(unit: Unit, parent: Unit) -> None:
    old, new = unit.path, f"{parent.path}{step_of(unit)}"
    below = Unit.objects.filter(path__startswith=old)
    below.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    unit.parent, unit.path = parent, new


@step(Unit, "org.close_unit")
def close_unit(unit: Unit, by: Actor, *, until: date, note: str = "") -> None:
    """撤销单位"""
    guarded(until)
    if unit.until:
        raise ValidationError(f"“{unit}”已于 {unit.until} 撤销")
    if below := unit.children.filter(until__isnull=True).first():
        raise ValidationError(f"下级“{below}”还在，请先调整或撤销")
    if count := unit.memberships.filter(until__isnull=True).count():
        raise ValidationError(f"还有 {count} 名党员在“{unit}”，请先转出")
    unit.until = until
    for dated in (unit.placements, unit.covers, unit.covered_by, unit.posts):
        _end(dated.all(), until)


def _end(rows: Any, until: date) -> None:
    """End what still runs on that day; what was to begin later never begins."""
    going = rows.filter(Q(until__isnull=True) | Q(until__gt=until))
    going.filter(since__gt=until).update(until=F("since"))
    going.filter(since__lte=until).update(until=until)


@step(Unit, "org.cover", when=lambda unit: unit.kind == Unit.Kind.BRANCH)
def cover(unit: Unit, by: Actor, *, department: Unit, weight: Any = 1, since: date, note: str = "") -> None:
    """设置覆盖科室"""
    if department.kind not in (Unit.Kind.DEPARTMENT, Unit.Kind.WARD):
        raise ValidationError({"department": "只能覆盖科室或病区"})
    if last := unit.covers.filter(department=department, since__gt=since).first():
        raise ValidationError({"since": f"应晚于上次设置的日期 {last.since}"})
    unit.covers.filter(department=department, until__isnull=True).exclude(since=since).update(until=since)
    Coverage.objects.update_or_create(
        branch=unit, department=department, since=since, defaults={"weight": weight, "until": None}
    )


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


@creation(Post, "org.appoint")
def appoint(
    by: Actor,
    *,
    person: Person,
    unit: Unit,
    role: Role,
    since: date,
    until: date | None = None,
    document: str = "",
) -> Post:
    """任职"""
    _check_kind(by, role)
    _check_post(person, unit, role, since)
    return Post(person=person, unit=unit, role=role, since=since, until=until, document=document)


def _check_kind(by: Actor, role: Role) -> None:
    """Business posts are the office's to give and to end, administration and audit the administrator's (三员分立)."""
    if by is not SYSTEM and by.may("org.manage_accounts") == (role.kind == Role.Kind.BUSINESS):
        raise ValidationError(f"您的职务不能办理{role.get_kind_display()}岗位的任免（三员分立）")


def _check_post(person: Person, unit: Unit, role: Role, since: date, acting: bool = False) -> None:
    if unit.until and unit.until <= since:
        raise ValidationError({"unit": f"“{unit}”已于 {unit.until} 撤销"})
    # One appointment at a time at a unit and of a person: two offices may act at the same moment.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    said = Post(unit=unit, role=role).label
    open_posts = Post.objects.filter(Q(until__isnull=True) | Q(until__gt=since))
    own = list(open_posts.filter(person=person).select_related("role", "unit"))
    if any(post.unit_id == unit.pk and post.role_id == role.pk for post in own):
        raise ValidationError({"role": f"{person}已担任{said}"})
    if clash := next((post for post in own if post.role.kind != role.kind), None):
        kinds = f"{clash.role.get_kind_display()}与{role.get_kind_display()}"
        raise ValidationError({"role": f"{person}现任{clash.label}；{kinds}岗位须由不同的人担任（三员分立）"})
    if role.single and not acting:
        holder = (
            open_posts.filter(unit=unit, role=role, acting_for__isnull=True).select_related("person").first()
        )
        if holder:
            raise ValidationError({"role": f"{said}现由{holder.person}担任，请先免去"})


@step(Post, "org.end_post")
def end_post(post: Post, by: Actor, *, until: date, note: str = "") -> None:
    """免职"""
    _check_kind(by, post.role)
    if post.until and post.until <= until:
        raise ValidationError(f"该职务已于 {post.until} 结束")
    if until < post.since:
        raise ValidationError({"until": f"不能早于任职日期 {post.since}"})
    post.until = until
    _end(post.stand_ins.all(), until)


@creation(Post, "org.stand_in")
def stand_in(by: Actor, *, post: Post, person: Person, since: date, until: date) -> Post:
    """授权代办"""
    _check_kind(by, post.role)
    if post.until and post.until <= since:
        raise ValidationError({"since": f"{post.label}已于 {post.until} 结束"})
    if person.pk == post.person_id:
        raise ValidationError({"person": "代办人不能是本人"})
    if until <= since:
        raise ValidationError({"until": "代办须有结束日期，且晚于开始日期"})
    _check_post(person, post.unit, post.role, since, acting=True)
    tell([person], f"您自 {since} 至 {until} 代办{post.label}的事务", about=post)
    return Post(person=person, unit=post.unit, role=post.role, since=since, until=until, acting_for=post)


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
