"""Every way posts are given and end, stand-ins among them."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q

from linghang.kernel import clock
from linghang.kernel.access import SYSTEM, Actor
from linghang.kernel.flow import creation, step, verb
from linghang.kernel.notices import tell
from linghang.kernel.todos import waiting_for
from linghang.org.actions.units import check_act, end_rows
from linghang.org.models import Handover, Person, Post, Role, Term, Unit
from linghang.rules import terms

LIAISON = "liaison"


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
    fulltime: bool = False,
) -> Post:
    """任职"""
    _check_kind(by, role)
    check_place(unit, role)
    check_post(person, unit, role, since)
    if fulltime and not role.party_work:
        raise ValidationError({"fulltime": f"“{role}”不是党务岗位，不分专职、兼职"})
    until = min(filter(None, (until, unit.until)), default=None)  # no post outlives its unit
    given = {"since": since, "until": until, "document": document, "fulltime": fulltime}
    return Post(person=person, unit=unit, role=role, **given)


def _check_kind(by: Actor, role: Role) -> None:
    """Business posts are the office's to give and to end, administration and audit the administrator's (三员分立)."""
    if by is not SYSTEM and by.may("org.manage_accounts") == (role.kind == Role.Kind.BUSINESS):
        raise ValidationError(f"您的职务不能办理{role.get_kind_display()}岗位的任免（三员分立）")


def check_place(unit: Unit, role: Role) -> None:
    """Raise ValidationError where units of this kind have no such post; the blueprint says which have."""
    if not role.stands_at(unit.kind):
        places = "、".join(Unit.Kind(kind).label for kind in role.at)
        raise ValidationError(
            {"role": f"{unit.get_kind_display()}不设“{role}”，只设在{places}；“{unit}”请另选职务"}
        )


def check_post(person: Person, unit: Unit, role: Role, since: date, acting: bool = False) -> None:
    """Raise ValidationError where this person may not hold this post from that day on."""
    if unit.until and unit.until <= since:
        raise ValidationError({"unit": f"“{unit}”已于 {unit.until} 撤销"})
    # One appointment at a time at a unit and of a person: two offices may act at the same moment.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if role.pk == LIAISON:
        _check_liaison(person, unit, since)
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


def _check_liaison(person: Person, unit: Unit, day: date) -> None:
    """A branch's contact sits on a committee above it, and sees it by that seat alone: the post gives no rights."""
    if unit.is_temporary:
        raise ValidationError({"role": f"“{unit}”是临时党组织，由批准组织直接管理，不设联系委员"})
    seats = person.posts.on(day).filter(role__on_committee=True).select_related("unit")
    if not any(unit.path.startswith(seat.unit.path) and seat.unit_id != unit.pk for seat in seats):
        raise ValidationError({"role": f"{person}不是“{unit}”上级党委、总支的班子成员，不能任联系委员"})


@step(Post, "org.mark_fulltime", when=lambda post: post.role.party_work)
def mark_fulltime(post: Post, by: Actor, *, fulltime: bool) -> None:
    """登记专职兼职"""
    if post.until and post.until <= clock.today():
        raise ValidationError(f"该职务已于 {post.until} 结束")
    if post.fulltime == fulltime:
        raise ValidationError({"fulltime": f"已登记为{'专职' if fulltime else '兼职'}"})
    post.fulltime = fulltime


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
    check_post(person, post.unit, post.role, since, acting=True)
    tell([person], f"您自 {since} 至 {until} 代办{post.label}的事务", about=post)
    return Post(person=person, unit=post.unit, role=post.role, since=since, until=until, acting_for=post)


# --- terms of office ---------------------------------------------------------------------------------------------------

BODIES: dict[str, terms.Body] = {
    Unit.Kind.COMMITTEE: terms.Body.COMMITTEE,
    Unit.Kind.SUBCOMMITTEE: terms.Body.COMMITTEE,
    Unit.Kind.GENERAL: terms.Body.GENERAL_BRANCH,
    Unit.Kind.BRANCH: terms.Body.BRANCH,
}


def seen(term: Term, on: date) -> terms.Term:
    """A term as the rules see it on a day (支部工作条例 第二十一条，选举工作条例 第三条)."""
    postponed = terms.Postponement(term.postponed_to, term.approval) if term.postponed_to else None
    return terms.term(BODIES[term.unit.kind], term.elected_on, on=on, postponed=postponed)


@creation(Term, "org.begin_term")
def begin_term(by: Actor, *, unit: Unit, elected_on: date, document: str = "") -> Term:
    """登记换届"""
    if unit.kind not in BODIES or unit.until:
        raise ValidationError(f"“{unit}”不是在用的党委、党总支或党支部，没有任期")
    check_act(unit, "换届选举", elected_on)
    if elected_on > clock.today():
        raise ValidationError({"elected_on": "还没到这一天，选举之后再登记"})
    now = unit.terms.filter(until__isnull=True).first()
    if now and elected_on <= now.elected_on:
        raise ValidationError({"elected_on": f"应晚于上次选举的日期 {now.elected_on}"})
    unit.terms.filter(until__isnull=True).update(until=elected_on)
    return Term(unit=unit, elected_on=elected_on, document=document)


@step(Term, "org.postpone", when=lambda term: term.until is None)
def postpone(term: Term, by: Actor, *, to: date, approval: str, note: str = "") -> None:
    """延期换届"""
    due = seen(term, clock.today())
    if to <= due.ends_on:
        raise ValidationError({"to": f"应晚于届满日期 {due.ends_on}"})
    verdict = terms.election_day(BODIES[term.unit.kind], due.ends_on, to, approval)
    if not verdict.met:
        raise ValidationError({"to": f"{verdict.sentence}（{verdict.rule.cite}）"})
    term.postponed_to, term.postponed_on, term.approval = to, clock.today(), approval


# --- 岗位交接单 ----------------------------------------------------------------------------------------------------------

verb("org.view_handover", "查看岗位交接单")


@creation(Handover, "org.draw_handover", to=Handover.State.DRAWN)
def draw_handover(by: Actor, *, post: Post, taker: Person, remarks: str = "") -> Handover:
    """制作岗位交接单"""
    if taker.pk == post.person_id:
        raise ValidationError({"taker": "接收人不能是移交人本人"})
    found = [
        {"title": todo.title, "why": todo.why, "due": todo.due_on.isoformat() if todo.due_on else ""}
        for todo in waiting_for(Person.objects.get(pk=post.person_id))
        if not todo.waiting
    ]
    found += _contacts(post)
    tell([post.person, taker], f"{post.label}的岗位交接单已制作，请双方确认", about=post)
    given = {"unit": post.unit, "role": post.role, "giver": post.person, "taker": taker}
    return Handover(**given, drawn_on=clock.today(), items=found, remarks=remarks)


def _contacts(post: Post) -> list[dict[str, str]]:
    """委员联系支部, as whoever takes over must know: who is the contact here, and where the giver is one."""
    here = Q(unit=post.unit) | Q(person=post.person_id, unit__path__startswith=post.unit.path)
    held = Post.objects.on(clock.today()).filter(here, role=LIAISON).select_related("unit", "person")
    return [
        {
            "title": f"{each.unit}的联系委员：{each.person}",
            "why": f"自 {each.since}；人员变动的另行任命",
            "due": "",
        }
        for each in held.order_by("unit__path", "since")
    ]


def _only(side: str, said: str) -> Callable[[Handover, Actor], None]:
    def check(sheet: Handover, by: Actor) -> None:
        if by.pk != getattr(sheet, f"{side}_id"):
            raise PermissionDenied(f"只能由{said}本人确认")

    return check


@step(
    Handover,
    "org.give_over",
    at={Handover.State.DRAWN},
    to=Handover.State.GIVEN,
    only=_only("giver", "移交人"),
)
def give_over(sheet: Handover, by: Actor, *, remarks: str = "") -> None:
    """确认移交"""
    sheet.remarks = remarks or sheet.remarks
    tell([sheet.taker], f"{sheet}：移交人已确认，请您接收", about=sheet)


@step(
    Handover,
    "org.take_over",
    at={Handover.State.GIVEN},
    to=Handover.State.TAKEN,
    checks="org.give_over",
    only=_only("taker", "接收人"),
)
def take_over(sheet: Handover, by: Actor) -> None:
    """确认接收"""
    tell([sheet.giver], f"{sheet}：接收人已确认，交接完成", about=sheet)
