"""Every way a member's standing changes: steps towards the Party, confirmation, suspension, leaving; corrections.

Only that the organisation decided, on which day and by which document: what it weighed is not recorded here.
"""

from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import Max

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step, verb
from linghang.kernel.parameters import value
from linghang.org.models import Contact, Membership, Milestone, Person, Spell, Unit
from linghang.org.parameters import PENALTIES
from linghang.rules import development
from linghang.rules.penalties import watch_time

Kind = Milestone.Kind
FULL, PROBATIONARY = Membership.Status.FULL, Membership.Status.PROBATIONARY
VIEW_SPELLS = verb("org.view_spells", "查看党员情形")
EXPORT_REGISTER = verb("org.export_register", "导出党员名册")
COMPARE_REGISTER = verb("org.compare_register", "比对党员名册")

# Steps in the order in which they happen in a life; what ends a road may be followed by a new beginning.
ORDER = (Kind.APPLIED, Kind.ACTIVIST, Kind.CANDIDATE, Kind.ADMITTED, Kind.EXTENDED, Kind.CONFIRMED)
CLOSING = (Kind.DROPPED, Kind.TRANSFERRED, *Milestone.ENDS)


@creation(Milestone, "org.note_milestone")
def note_milestone(
    by: Actor, *, person: Person, unit: Unit, kind: str, on: date, decided_by: str = "", document: str = ""
) -> Milestone:
    """登记培养进展"""
    if kind not in Milestone.BEFORE:
        raise ValidationError({"kind": "接收、转正和离开请在人员页办理"})
    if _held(person) is not None:
        raise ValidationError(f"{person}已是党员")
    return _mark(person, unit, kind, on, decided_by=decided_by, document=document)


@step(Person, "org.confirm_member")
def confirm_member(
    person: Person, by: Actor, *, on: date, decided_by: str = "", document: str = "", note: str = ""
) -> None:
    """转为正式党员"""
    held = _probation(person)
    _not_yet(on, "on")
    if on <= held.since:
        raise ValidationError({"on": f"应晚于预备期开始的 {held.since}"})
    _mark(person, held.branch, Kind.CONFIRMED, on, decided_by=decided_by, document=document).save()
    _follow(held, on, held.branch, FULL)
    person.confirmed_on = on


@step(Person, "org.extend_probation")
def extend_probation(
    person: Person,
    by: Actor,
    *,
    on: date,
    until: date,
    decided_by: str = "",
    document: str = "",
    note: str = "",
) -> None:
    """延长预备期。次数和长短依《细则》（R-FZ-23）。"""
    held = _probation(person)
    _not_yet(on, "on")
    start = person.joined_on or held.since
    before = person.milestones.filter(kind=Kind.EXTENDED, corrected=False, on__gte=start).count()
    for field, verdict in (
        (NON_FIELD_ERRORS, development.extensions(before + 1, on=on)),
        ("until", development.extension(start, until, on=on)),
    ):
        if not verdict.met:
            raise ValidationError({field: f"{verdict.sentence}（{verdict.rule.cite}）"})
    made = _mark(person, held.branch, Kind.EXTENDED, on, decided_by=decided_by, document=document)
    made.until = until
    made.save()


@step(Person, "org.end_membership")
def end_membership(
    person: Person,
    by: Actor,
    *,
    kind: str,
    on: date,
    decided_by: str = "",
    document: str = "",
    note: str = "",
) -> None:
    """登记党员减少"""
    held = _held(person)
    if held is None:
        raise ValidationError(f"{person}不在任何支部")
    if kind not in Milestone.ENDS:
        raise ValidationError({"kind": "请选择减少的类别；转出组织关系请开介绍信"})
    if kind == Kind.CANCELLED and held.status != PROBATIONARY:
        raise ValidationError({"kind": "只有预备党员可以取消预备党员资格"})
    _not_yet(on, "on")
    _mark(person, held.branch, kind, on, decided_by=decided_by, document=document).save()
    leave(person, held, on)


def leave(person: Person, held: Membership, on: date) -> None:
    """End a membership on a day and with it whatever was special about it; posts are ended where they are given."""
    if on < held.since:
        raise ValidationError({"on": f"不能早于编入日期 {held.since}"})
    Membership.objects.filter(pk=held.pk).update(until=on)
    for spell in person.spells.standing().running(on):
        Spell.objects.filter(pk=spell.pk).update(until=max(on, spell.since))
    person.branch = None


# --- what is special for a time ------------------------------------------------------------------------------------


@creation(Spell, "org.note_spell")
def note_spell(
    by: Actor, *, person: Person, kind: str, since: date, place: str = "", settled: bool = False
) -> Spell:
    """登记流动、失联或照顾"""
    if kind not in Spell.ASIDE:
        raise ValidationError({"kind": "请选择流动党员、失去联系或活动不作硬性要求"})
    if kind == Spell.Kind.FLOATING and not place:
        raise ValidationError({"place": "请选择外出地"})
    gone = {"place": place, "settled": settled} if kind == Spell.Kind.FLOATING else {}
    return _begin(person, kind, since, **gone)


@creation(Spell, "org.restrict")
def restrict(
    by: Actor,
    *,
    person: Person,
    kind: str,
    since: date,
    decided_by: str,
    document: str = "",
    until: date | None = None,
    situation: int | None = None,
    passed_on: date | None = None,
) -> Spell:
    """登记中止或不计入"""
    if kind not in Spell.RIGHTS:
        raise ValidationError({"kind": "请选择停止党籍、中止党员权利、留党察看或不计入应到会"})
    if not decided_by.strip():
        raise ValidationError({"decided_by": "请填写决定的党组织"})
    excused = kind == Spell.Kind.EXCUSED
    if excused and not (situation and passed_on):
        raise ValidationError({"passed_on": "不计入应到会须属五种情形之一，经上级同意并经党员大会通过"})
    given: dict[str, Any] = {"situation": situation, "passed_on": passed_on} if excused else {}
    if kind == Spell.Kind.WATCHED or until:
        given["until"] = _watched_until(person, kind, since, until)
    return _begin(person, kind, since, decided_by=decided_by, document=document, **given)


def _watched_until(person: Person, kind: str, since: date, until: date | None) -> date:
    """The day on which 留党察看 is over: known when it is decided, a year or two on (R-DZ-03)."""
    if kind != Spell.Kind.WATCHED or until is None:
        raise ValidationError({"until": "留党察看须填写期满日期，其他情形不填"})
    if not value(PENALTIES):
        raise ValidationError({"kind": "本院没有启用留党察看的登记"})
    before = person.spells.filter(kind=kind, corrected=False, until=since).first()
    verdict = watch_time(since, until, before.since if before else None)
    if not verdict.met:
        raise ValidationError({"until": f"{verdict.sentence}（{verdict.rule.cite}）"})
    return until


def _open(spell: Spell) -> bool:
    return spell.until is None and not spell.corrected


@step(Spell, "org.end_spell", when=lambda s: _open(s) and s.kind not in Spell.RIGHTS)
def end_spell(spell: Spell, by: Actor, *, until: date) -> None:
    """结束流动、失联或照顾"""
    _close(spell, until)


@step(Spell, "org.lift", when=lambda s: _open(s) and s.kind in Spell.RIGHTS)
def lift(spell: Spell, by: Actor, *, until: date, decided_by: str, document: str = "") -> None:
    """恢复党籍、权利或计入"""
    _close(spell, until)
    spell.decided_by = "；".join(filter(None, (spell.decided_by, f"恢复：{decided_by} {document}".strip())))[
        :60
    ]


@step(Spell, "org.contact", when=lambda s: _open(s) and s.kind == Spell.Kind.FLOATING)
def contact(spell: Spell, by: Actor, *, on: date) -> None:
    """登记联系流动党员"""
    _not_yet(on, "on")
    if on < spell.since:
        raise ValidationError({"on": f"不能早于外出日期 {spell.since}"})
    Contact.objects.get_or_create(spell=spell, on=on, defaults={"by_id": by.pk})


# --- corrections ---------------------------------------------------------------------------------------------------


@step(Milestone, "org.correct_milestone", when=lambda m: not m.corrected)
def correct_milestone(milestone: Milestone, by: Actor, *, on: date, document: str = "", note: str) -> None:
    """更正事项日期。原记录留着，只是不再算数。"""
    milestone.corrected = True
    Milestone.objects.filter(pk=milestone.pk).update(corrected=True)
    made = _mark(
        milestone.person,
        milestone.unit,
        milestone.kind,
        on,
        decided_by=milestone.decided_by,
        document=document or milestone.document,
    )
    made.until = milestone.until
    made.save()


def _by_its_kind(spell: Spell, by: Actor) -> None:
    if spell.kind in Spell.RIGHTS and not by.may("org.lift", spell):
        raise PermissionDenied(f"{spell.get_kind_display()}由登记它的党办更正")


@step(Spell, "org.correct_spell", when=lambda s: not s.corrected, only=_by_its_kind)
def correct_spell(
    spell: Spell,
    by: Actor,
    *,
    since: date | None = None,
    until: date | None = None,
    place: str = "",
    settled: bool = False,
    note: str,
) -> None:
    """更正党员情形。原记录留着，只是不再算数；没有 `since` 的，就是没有这回事。"""
    spell.corrected = True
    Spell.objects.filter(pk=spell.pk).update(corrected=True)
    if since is None:
        return
    _room(spell, since, until)
    kept = ("person", "unit", "kind", "decided_by", "document", "situation", "passed_on")
    given: dict[str, Any] = {name: getattr(spell, name) for name in kept}
    if spell.kind == Spell.Kind.FLOATING:
        given |= {"place": place or spell.place, "settled": settled}
    made = Spell.objects.create(since=since, until=until, **given)
    touched = spell.contacts.filter(on__gte=since)
    Contact.objects.bulk_create(Contact(spell=made, on=each.on, by_id=each.by_id) for each in touched)


def _room(spell: Spell, since: date, until: date | None) -> None:
    """Raise ValidationError where these days are not to be had for this spell: ahead, or taken by another of its kind."""
    _not_yet(since, "since")
    if until and until < since:
        raise ValidationError({"until": f"不能早于开始的 {since}"})
    if spell.kind == Spell.Kind.WATCHED:
        _watched_until(spell.person, spell.kind, since, until)
    elif until:
        _not_yet(until, "until")
    elif _held(spell.person) is None:
        raise ValidationError({"until": f"{spell.person}已不在任何支部，请填写结束日期"})
    for other in spell.person.spells.filter(kind=spell.kind, corrected=False):
        if other.since < (until or date.max) and since < (other.until or date.max):
            raise ValidationError({"since": f"与另一段重叠：{other.since} 至 {other.until or '现在'}"})


@step(Person, "org.correct_membership")
def correct_membership(
    person: Person, by: Actor, *, membership: Membership, since: date, until: date | None = None, note: str
) -> None:
    """更正组织关系日期。原记录留着，另起一行。"""
    held = Membership.objects.filter(person=person, pk=membership.pk).first()
    if held is None:
        raise ValidationError({"membership": "请选择这名党员的一段组织关系"})
    if (held.until is None) != (until is None):
        raise ValidationError({"until": "已结束的须有结束日期，未结束的不能在此结束"})
    if since > (until or clock.today()):
        raise ValidationError({"since": "开始日期不能晚于结束日期"})
    for other in person.memberships.exclude(pk=held.pk):
        if other.since < (until or date.max) and since < (other.until or date.max):
            raise ValidationError(
                {"since": f"与{other.branch}的一段重叠：{other.since} 至 {other.until or '现在'}"}
            )
    # The old row gives up its open end: a person has one that is open. Its own dates are in the trail.
    Membership.objects.filter(pk=held.pk).update(corrected=True)
    Membership.objects.create(person=person, branch=held.branch, status=held.status, since=since, until=until)


# --- shared --------------------------------------------------------------------------------------------------------


def _held(person: Person) -> Membership | None:
    found: Membership | None = person.memberships.filter(until=None).select_related("branch").first()
    return found


def _probation(person: Person) -> Membership:
    held = _held(person)
    if held is None or held.status != PROBATIONARY:
        raise ValidationError(f"{person}现在不是预备党员")
    return held


def _follow(held: Membership, on: date, branch: Unit, status: str) -> Membership:
    """Close one membership and begin the next on the same day: never two at a time, never a gap."""
    Membership.objects.filter(pk=held.pk).update(until=on)
    made: Membership = Membership.objects.create(person=held.person, branch=branch, status=status, since=on)
    return made


def _not_yet(day: date, name: str) -> None:
    if day > clock.today():
        raise ValidationError({name: "还没到这一天，到时再登记"})


def _mark(person: Person, unit: Unit, kind: str, on: date, **more: Any) -> Milestone:
    """A step that fits between those that are known: what comes before it is not later, what comes after not earlier."""
    _not_yet(on, "on")
    rank = _rank(kind)
    for other in _same_road(person, on):
        late = _rank(other.kind) < rank and other.on > on
        early = _rank(other.kind) > rank and other.on < on
        if late or early:
            raise ValidationError({"on": f"与“{other.get_kind_display()}”的日期 {other.on} 先后不符"})
    return Milestone(person=person, unit=unit, kind=kind, on=on, **more)


def _same_road(person: Person, on: date) -> list[Milestone]:
    """The steps between the last end of a road before a day and the first one after it."""
    known = list(person.milestones.filter(corrected=False))
    ends = [m.on for m in known if m.kind in CLOSING]
    start = max((day for day in ends if day < on), default=date.min)
    stop = min((day for day in ends if day >= on), default=date.max)
    return [m for m in known if start <= m.on <= stop and not (m.on == start and m.kind in CLOSING)]


def _rank(kind: str) -> int:
    return ORDER.index(Kind(kind)) if kind in ORDER else len(ORDER)


def _begin(person: Person, kind: str, since: date, **more: Any) -> Spell:
    held = _held(person)
    if held is None:
        raise ValidationError(f"{person}不在任何支部")
    _not_yet(since, "since")
    same = person.spells.filter(kind=kind, corrected=False)
    if same.filter(until=None).exists():
        raise ValidationError(f"{person}已登记“{Spell.Kind(kind).label}”，请先结束")
    last = same.aggregate(last=Max("until"))["last"]
    if last and since < last:
        raise ValidationError({"since": f"上一段到 {last} 才结束"})
    return Spell(person=person, unit=held.branch, kind=kind, since=since, **more)


def _close(spell: Spell, until: date) -> None:
    _not_yet(until, "until")
    if until < spell.since:
        raise ValidationError({"until": f"不能早于开始的 {spell.since}"})
    spell.until = until
