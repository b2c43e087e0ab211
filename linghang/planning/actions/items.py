"""The monthly deployment, read top to bottom: 征集 → 开会 → 采纳 → 生成提示单.

What becomes of the sheets (核稿、签发、下发) is the affair of dispatch; what was said at the meeting, of activities.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F

from linghang.activities import actions as activities
from linghang.activities.models import Meeting, Resolution, Topic
from linghang.dispatch import actions as dispatch
from linghang.dispatch.actions import LineDraft
from linghang.dispatch.models import Order
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, keep, record, step, verb
from linghang.kernel.notices import tell
from linghang.kernel.refs import tie
from linghang.org.models import Person, Post, Unit
from linghang.planning.models.items import Item, meeting_of, month_of, next_month
from linghang.planning.models.plans import Plan
from linghang.rules.periods import add_months, month_words

State = Item.State
VIEW = verb("planning.view_item", "查看部署事项")
CALL = verb("planning.call", "安排部署会")
ARRANGE = verb("planning.arrange", "调整议程次序")
FIRST = "传达学习近期重要讲话和重要指示批示精神"


def call(
    by: Actor,
    *,
    unit: Unit,
    held_on: date,
    starts_at: time | None = None,
    place: str = "",
    first: str = FIRST,
) -> Meeting:
    """安排部署会: plan the month's meeting, its agenda the 第一议题 and then what has been accepted so far.

    Raises ValidationError when the month already has one.
    """
    month = month_of(held_on)
    if not by.may(CALL, unit):
        raise PermissionDenied("您的职务不能安排部署会")
    if known := meeting_of(unit, month):
        raise ValidationError({"held_on": f"{month.month} 月部署会已安排在 {known.held_on}"})
    with transaction.atomic():
        accepted = list(Item.objects.of(unit, month).agreed())
        agenda = _agenda(first, accepted)
        title = f"{month_words(month)}党建重点工作部署会"
        given: dict[str, Any] = {"held_on": held_on, "starts_at": starts_at, "place": place, "title": title}
        meeting = activities.plan(by, unit=unit, kind=Meeting.Kind.DEPLOYMENT, topics=agenda, **given)
        for item in accepted:
            _bind(item, meeting)
        record(by, CALL, meeting)
    return meeting


def _agenda(first: str, items: Iterable[Item]) -> list[Any]:
    found = [activities.TopicDraft(first, kind=Topic.Kind.FIRST)]
    return found + [activities.TopicDraft(item.text[:200], source=item.ref) for item in items]


def _bind(item: Item, meeting: Meeting) -> None:
    item.meeting = meeting
    item.save(update_fields=["meeting"])
    tie(meeting, item, "deployment")


@creation(Item, "planning.submit", to=State.SUBMITTED)
def submit(
    by: Actor,
    /,
    *,
    unit: Unit,
    department: Unit,
    month: date,
    plan: Plan | None = None,
    about: str = "",
    **wanted: Any,
) -> Item:
    """报送部署事项：`plan` is the one it carries out, `about` the record that gave rise to it (a finding: 举一反三)."""
    if plan is not None and plan.state != Plan.State.RUNNING:
        raise ValidationError("这项计划已经办结或终止，不能再据此报送")
    item = Item(unit=unit, department=department, month=month_of(month), plan=plan)
    item.submitter = by if isinstance(by, Person) else None
    _refuse_late(item)
    _fill(item, **wanted)
    for source in filter(None, (plan, about)):
        tie(source, item, "plan" if source is plan else "origin")
    return item


def _refuse_late(item: Item) -> None:
    if Item.objects.of(item.unit, item.month).filter(state=State.DEPLOYED).exists():
        raise ValidationError(f"{item.month.month} 月的提示单已经生成，请报到下一个月")


def _fill(
    item: Item,
    *,
    text: str,
    due_on: date,
    reason: str = "",
    scope: str = Item.Scope.ALL,
    categories: Sequence[str] = (),
    units: Iterable[Unit] = (),
    business: bool = False,
    owner_role: Any = None,
) -> None:
    """Write the content of an item; units and categories that the scope does not use are dropped."""
    named = list(units) if scope in (Item.Scope.GENERAL, Item.Scope.CHOSEN) else []
    kinds = list(categories) if scope == Item.Scope.CATEGORY else []
    if scope == Item.Scope.CATEGORY and not kinds:
        raise ValidationError({"categories": "请选择至少一个分类"})
    if scope in (Item.Scope.GENERAL, Item.Scope.CHOSEN) and not named:
        raise ValidationError({"units": "请选择总支或支部"})
    item.text, item.due_on, item.reason, item.scope = text, due_on, reason, scope
    item.categories, item.business, item.owner_role = kinds, business, owner_role
    if item._state.adding:
        item.place = Item.objects.of(item.unit, item.month).count() + 1
    keep(item)
    item.units.set(named)


@step(Item, "planning.edit_item", at={State.SUBMITTED})
def edit_item(item: Item, by: Actor, /, **wanted: Any) -> None:
    """修改"""
    _fill(item, **wanted)


@creation(Item, "planning.adopt", to=State.ACCEPTED)
def adopt(by: Actor, /, *, resolution: Resolution, **wanted: Any) -> Item:
    """列为部署事项：what a deployment meeting resolved of itself, without an item before it."""
    meeting = resolution.meeting
    if meeting.kind != Meeting.Kind.DEPLOYMENT:
        raise ValidationError("只有部署会的议定事项可以列为部署事项")
    item = Item(unit=meeting.unit, department=meeting.unit, month=month_of(meeting.held_on), meeting=meeting)
    item.submitter = by if isinstance(by, Person) else None
    _refuse_late(item)
    _fill(item, **wanted)
    tie(meeting, resolution, "resolution")
    tie(resolution, item, "deployment")
    return item


@step(Item, "planning.accept", at={State.SUBMITTED, State.DECLINED}, to=State.ACCEPTED)
def accept(item: Item, by: Actor, /, **wanted: Any) -> None:
    """采纳"""
    _refuse_late(item)
    if wanted:
        _fill(item, **wanted)
    item.answer = ""
    meeting = meeting_of(item.unit, item.month)
    if meeting is None:
        return
    _bind(item, meeting)
    _put_on_agenda(meeting, by, [*_items_of(meeting).exclude(pk=item.pk), item])


def _items_of(meeting: Meeting) -> Any:
    return Item.objects.agreed().filter(meeting=meeting).order_by("place", "pk")


def _put_on_agenda(meeting: Meeting, by: Actor, items: Iterable[Item]) -> None:
    """Write the agenda of a meeting to come anew: the 第一议题 stays first, what is not ours stays last."""
    if meeting.state != Meeting.State.PLANNED or meeting.recorded_on is not None:
        return
    own = {topic.kind: topic.title for topic in meeting.topics.filter(kind=Topic.Kind.FIRST)}
    other = meeting.topics.exclude(kind=Topic.Kind.FIRST).exclude(
        source__startswith=f"{Item._meta.label_lower}:"
    )
    topics = _agenda(own.get(Topic.Kind.FIRST, FIRST), sorted(items, key=lambda item: (item.place, item.pk)))
    topics += [activities.TopicDraft(topic.title, kind=topic.kind, source=topic.source) for topic in other]
    activities.rewrite_agenda(meeting, by, topics)


@step(Item, "planning.reword", at={State.ACCEPTED})
def reword(item: Item, by: Actor, /, **wanted: Any) -> None:
    """修改议定内容"""
    _fill(item, **wanted)
    if item.meeting:
        _put_on_agenda(item.meeting, by, [*_items_of(item.meeting).exclude(pk=item.pk), item])


@step(Item, "planning.decline", at={State.SUBMITTED, State.ACCEPTED}, to=State.DECLINED)
def decline(item: Item, by: Actor, *, reason: str) -> None:
    """不采纳"""
    item.answer = reason
    _leave_agenda(item, by)
    if item.submitter:
        tell([item.submitter], f"部署事项未采纳：{item.text}（{reason}）", about=item)


@step(Item, "planning.postpone", at={State.SUBMITTED, State.ACCEPTED}, to=State.SUBMITTED)
def postpone(item: Item, by: Actor, *, due_on: date) -> None:
    """改列下月"""
    _leave_agenda(item, by)
    item.month, item.due_on = next_month(item.month), due_on
    item.place = Item.objects.of(item.unit, item.month).count() + 1


def _leave_agenda(item: Item, by: Actor) -> None:
    meeting, item.meeting = item.meeting, None
    if meeting is not None:
        _put_on_agenda(meeting, by, _items_of(meeting).exclude(pk=item.pk))


def arrange(by: Actor, *, unit: Unit, month: date, places: dict[int, int]) -> None:
    """调整议程次序: the number that each item (by key) shall have; the agenda follows while it is only planned."""
    if not by.may(ARRANGE, unit):
        raise PermissionDenied("您的职务不能调整议程次序")
    with transaction.atomic():
        items = list(Item.objects.select_for_update().of(unit, month).exclude(state=State.DEPLOYED))
        items.sort(key=lambda item: (places.get(item.pk, item.place), item.place, item.pk))
        for place, item in enumerate(items, 1):
            item.place = place
        Item.objects.bulk_update(items, ["place"])
        meeting = meeting_of(unit, month)
        if meeting:
            _put_on_agenda(meeting, by, _items_of(meeting))
        record(by, ARRANGE, meeting or unit, note=f"{month:%Y-%m}")


@dataclass(frozen=True)
class Sheet:
    """What one branch would get: the lines that concern it, or the order it already has this month."""

    branch: Unit
    owner: Person | None
    items: list[Item]
    holders: dict[str, Person]
    known: Order | None = None

    @property
    def lines(self) -> list[LineDraft]:
        """The lines as dispatch takes them, each tied to the item it came from."""
        return [
            LineDraft(
                text=item.text,
                due_on=item.due_on,
                owner=self.owner_of(item),
                business=item.business,
                source=item.ref,
            )
            for item in self.items
        ]

    def owner_of(self, item: Item) -> Person | None:
        """Whoever holds the suggested role in the branch, else its secretary."""
        return self.holders.get(item.owner_role_id or "", self.owner)


def sheets(unit: Unit, month: date) -> list[Sheet]:
    """The month's sheets before they exist: every branch with at least one agreed line. Five queries in all."""
    branches = list(Unit.objects.on(clock.today()).branches().under(unit).order_by("path"))
    items = list(
        Item.objects.of(unit, month)
        .agreed()
        .select_related("meeting")
        .prefetch_related("units")
        .order_by("place", "pk")
    )
    posts = Post.objects.on(clock.today()).filter(unit__in=branches).select_related("person", "role")
    heads: dict[int, Person] = {}
    holders: dict[int, dict[str, Person]] = {branch.pk: {} for branch in branches}
    for post in posts.order_by(F("acting_for").asc(nulls_first=True), "pk"):
        holders[post.unit_id].setdefault(post.role_id, post.person)
        if post.role.leads:
            heads.setdefault(post.unit_id, post.person)
    known = {
        order.unit_id: order
        for order in Order.objects.filter(kind=Order.Kind.REMINDER, issuer=unit, period=month).exclude(
            state=Order.State.VOID
        )
    }
    found = []
    for branch in branches:
        if concerned := [item for item in items if item.concerns(branch)]:
            found.append(
                Sheet(branch, heads.get(branch.pk), concerned, holders[branch.pk], known.get(branch.pk))
            )
    return found


@step(Item, "planning.deploy", at={State.ACCEPTED}, to=State.DEPLOYED)
def deploy(item: Item, by: Actor) -> None:
    """生成提示单"""
    item.deployed_on = clock.today()


def deploy_month(by: Actor, *, unit: Unit, month: date) -> list[Order]:
    """Draft one 月度提示单 per branch with the agreed lines that concern it, all or none.

    A branch that has its sheet of the month already gets no second one; what was neither accepted nor declined goes to
    the next month. Raises ValidationError when nothing is agreed, or the meeting that is to agree is still to come.
    """
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        items = list(Item.objects.select_for_update().of(unit, month).agreed())
        if not items:
            raise ValidationError("没有已采纳的事项，请先采纳再生成提示单")
        meeting = meeting_of(unit, month)
        if meeting and meeting.state == Meeting.State.PLANNED:
            raise ValidationError(f"{meeting.held_on:%m-%d} 的部署会还没有记录；先开会、记录，再生成提示单")
        wanted = [sheet for sheet in sheets(unit, month) if sheet.known is None]
        drafted = [_draft(by, unit, month, sheet) for sheet in wanted]
        for item in items:
            if item.state == State.ACCEPTED:
                deploy(item, by)
        for item in Item.objects.of(unit, month).waiting():
            postpone(item, by, due_on=add_months(item.due_on, 1))
    return drafted


def _draft(by: Actor, unit: Unit, month: date, sheet: Sheet) -> Order:
    meeting = next((item.meeting for item in sheet.items if item.meeting), None)
    return dispatch.draft(
        by,
        kind=Order.Kind.REMINDER,
        unit=sheet.branch,
        issuer=unit,
        title=f"{month_words(month)}月度提示单",
        period=month,
        about=meeting.ref if meeting else "",
        lines=sheet.lines,
    )
