"""Every way posts are given and end, stand-ins among them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q

from linghang.kernel.access import SYSTEM, Actor
from linghang.kernel.flow import creation, step
from linghang.kernel.notices import tell
from linghang.org.actions.units import end_rows
from linghang.org.models import Person, Post, Role, Unit


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
    end_rows(post.stand_ins.all(), until)


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
