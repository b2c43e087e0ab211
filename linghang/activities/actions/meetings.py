"""Every way a meeting moves: planned, recorded, confirmed, corrected. Read top to bottom: this file is the workflow."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError

from linghang.activities.actions.reports import confirm_lines, report_lines, take_back_lines
from linghang.activities.actions.votes import confirm_vote, void_vote
from linghang.activities.keepers import keeps, only_keepers
from linghang.activities.models import (
    Attendance,
    Correction,
    Kind,
    Meeting,
    Resolution,
    Topic,
    Vote,
    held_by,
    kind_of,
)
from linghang.activities.parameters import RECORD_WITHIN
from linghang.activities.roll import expected, year_of
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, keep, step, verb
from linghang.kernel.models import Trail
from linghang.kernel.notices import tell
from linghang.kernel.parameters import value
from linghang.kernel.refs import key_of
from linghang.org.models import Person, Unit
from linghang.rules.periods import add_months

State = Meeting.State
VIEW = verb("activities.view_meeting", "查看组织生活")
VIEW_STUDY = verb("activities.view_study", "查看学时")
CONFIRM = "activities.confirm"
RECORDING = ("activities.record", "activities.record_planned")


@dataclass(frozen=True)
class TopicDraft:
    """An item of an agenda as it is handed in; `source` names the record it came from."""

    title: str
    kind: str = Topic.Kind.MATTER
    source: str = ""


@dataclass(frozen=True)
class ResolutionDraft:
    """What was agreed, in a sentence, and where it is to be carried out, until when and by whom."""

    text: str
    due_on: date | None = None
    owner: Person | None = None


Topics = Iterable[str | TopicDraft]
Resolutions = Iterable[str | ResolutionDraft]


@creation(Meeting, "activities.plan", to=State.PLANNED)
def plan(
    by: Actor,
    *,
    unit: Unit,
    kind: str,
    held_on: date,
    starts_at: time | None = None,
    place: str = "",
    title: str = "",
    topics: Topics = (),
    also: Collection[str] = (),
    again: bool = False,
    announce: bool = True,
    replies: Mapping[str, Any] | None = None,
) -> Meeting:
    """安排"""
    only_keepers(by, "activities.plan", unit)
    _check_not_long_ago(held_on)
    _check_kinds(unit, kind, also, held_on)
    _check_twin(unit, kind, held_on, again)
    meeting = Meeting(unit=unit, kind=kind, also=list(also), held_on=held_on, starts_at=starts_at)
    meeting.place, meeting.title, meeting.of_year = place, title, _year([kind, *also], held_on, None)
    # What is to be said afterwards is not asked of a plan.
    meeting.replies = _replies(meeting, {code: reply for code, reply in (replies or {}).items() if reply})
    keep(meeting)
    _set_agenda(meeting, list(topics) or meeting.about.usual_topics)
    if announce:
        _announce("已安排", meeting)
    return meeting


@step(Meeting, "activities.record_planned", at={State.PLANNED})
def record_planned(
    meeting: Meeting,
    by: Actor,
    *,
    held_on: date | None = None,
    title: str = "",
    chair: Person | None = None,
    absent: Mapping[int, str] | None = None,
    roll: Collection[int] | None = None,
    resolutions: Resolutions = (),
    topics: Topics | None = None,
    book_page: str = "",
    also: Collection[str] | None = None,
    of_year: int | None = None,
    days: int = 1,
    steps: Collection[str] = (),
    replies: Mapping[str, Any] | None = None,
    evidence_for: Iterable[str] = (),
) -> str:
    """记录：a planned meeting was held; its agenda stays unless another is given."""
    only_keepers(by, "activities.record_planned", meeting.unit)
    meeting.held_on = held_on or meeting.held_on
    meeting.also = list(also) if also is not None else meeting.also
    _check_kinds(meeting.unit, meeting.kind, meeting.also, meeting.held_on)
    meeting.of_year = _year([meeting.kind, *meeting.also], meeting.held_on, of_year)
    meeting.title = title or meeting.title
    meeting.chair = chair or meeting.chair
    meeting.days, meeting.steps = days, list(steps)
    meeting.replies = _all_replies(meeting, meeting.replies if replies is None else replies)
    _take_down(meeting, by, book_page)
    _call_roll(meeting, absent or {}, roll)
    _note(meeting, resolutions)
    if topics is not None:
        _set_agenda(meeting, topics)
    report_lines(meeting, by, evidence_for)
    return _settle(meeting, by)


@creation(Meeting, "activities.record")
def record(
    by: Actor,
    *,
    unit: Unit,
    kind: str,
    held_on: date,
    title: str = "",
    chair: Person | None = None,
    absent: Mapping[int, str] | None = None,
    roll: Collection[int] | None = None,
    resolutions: Resolutions = (),
    topics: Topics = (),
    book_page: str = "",
    also: Collection[str] = (),
    of_year: int | None = None,
    days: int = 1,
    steps: Collection[str] = (),
    replies: Mapping[str, Any] | None = None,
    evidence_for: Iterable[str] = (),
    again: bool = False,
) -> Meeting:
    """记录：`absent` maps keys of persons to reasons, everybody else came; `roll` narrows down who was expected.

    The open lines of the unit in `evidence_for` are reported with it. Raises ValidationError when the same unit has a meeting of this kind on this day, unless `again` says it is another.
    """
    only_keepers(by, "activities.record", unit)
    _check_kinds(unit, kind, also, held_on)
    _check_twin(unit, kind, held_on, again)
    meeting = Meeting(unit=unit, kind=kind, also=list(also), held_on=held_on, title=title, chair=chair)
    meeting.of_year, meeting.days, meeting.steps = _year([kind, *also], held_on, of_year), days, list(steps)
    meeting.replies = _all_replies(meeting, replies or {})
    _take_down(meeting, by, book_page)
    _call_roll(meeting, absent or {}, roll)
    _note(meeting, resolutions)
    _set_agenda(meeting, topics)
    report_lines(meeting, by, evidence_for)
    meeting.state = _settle(meeting, by)
    return meeting


@step(Meeting, CONFIRM, at={State.RECORDED}, to=State.CONFIRMED, checks=RECORDING)
def confirm(meeting: Meeting, by: Actor) -> None:
    """确认"""
    only_keepers(by, CONFIRM, meeting.unit)
    meeting.confirmed_on = clock.today()
    for vote in meeting.votes.filter(state=Vote.State.RECORDED):
        confirm_vote(vote, by)
    confirm_lines(meeting, by)


@step(Meeting, "activities.send_back", at={State.RECORDED}, to=State.PLANNED)
def send_back(meeting: Meeting, by: Actor, *, reason: str) -> None:
    """退回：to whoever took it down, who puts it right and records it again."""
    only_keepers(by, "activities.send_back", meeting.unit)
    for vote in meeting.votes.exclude(state=Vote.State.VOID):
        void_vote(vote, by, reason="会议记录退回，表决随到会人数重新登记")
    take_back_lines(meeting, by, f"会议记录退回：{reason}")
    last = Trail.objects.filter(
        subject=meeting.ref, verb__in=RECORDING, actor__startswith="org.person:"
    ).first()
    if last is not None:
        tell(Person.objects.filter(pk=key_of(last.actor)), f"记录被退回：{meeting}。{reason}", about=meeting)


@step(Meeting, "activities.correct", at={State.CONFIRMED})
def correct(meeting: Meeting, by: Actor, *, note: str) -> None:
    """更正：a confirmed record stays as it is; what was wrong is appended with name and day."""
    only_keepers(by, "activities.correct", meeting.unit)
    Correction.objects.create(meeting=meeting, text=note, by_name=by.name, at=clock.now())


@step(Meeting, "activities.edit_plan", at={State.PLANNED}, when=lambda meeting: meeting.recorded_on is None)
def edit_plan(
    meeting: Meeting,
    by: Actor,
    *,
    held_on: date,
    starts_at: time | None = None,
    place: str = "",
    title: str = "",
    topics: Topics = (),
) -> None:
    """修改安排"""
    only_keepers(by, "activities.edit_plan", meeting.unit)
    before = _when(meeting)
    meeting.held_on, meeting.starts_at, meeting.place, meeting.title = held_on, starts_at, place, title
    _check_kinds(meeting.unit, meeting.kind, meeting.also, held_on)
    _set_agenda(meeting, topics)
    if _when(meeting) != before:
        _announce("安排有变", meeting)


def rewrite_agenda(meeting: Meeting, by: Actor, topics: Topics) -> Meeting:
    """Give a planned meeting another agenda by 修改安排; its day, place and title stay."""
    kept = {name: getattr(meeting, name) for name in ("held_on", "starts_at", "place", "title")}
    return edit_plan(meeting, by, topics=topics, **kept)


@step(Meeting, "activities.cancel", at={State.PLANNED, State.RECORDED}, to=State.CANCELLED)
def cancel(meeting: Meeting, by: Actor, *, reason: str) -> None:
    """取消"""
    only_keepers(by, "activities.cancel", meeting.unit)
    if meeting.recorded_on is None:
        _announce("已取消", meeting)
    take_back_lines(meeting, by, f"会议记录取消：{reason}")


# What the verbs are made of ------------------------------------------------------------------------------------------


def _check_kinds(unit: Unit, kind: str, also: Iterable[str], day: date) -> None:
    allowed = {each.code for each in held_by(unit.kind)}
    for wanted in (kind, *also):
        if wanted not in allowed:
            raise ValidationError({"kind": f"{unit.get_kind_display()}不开“{kind_of(wanted).title}”"})
    if kind in also:
        raise ValidationError({"also": "“同时作为”里不用再选本身的类别"})
    if unit.until and day >= unit.until:
        raise ValidationError({"held_on": f"“{unit}”已于 {unit.until} 撤销"})


def _check_twin(unit: Unit, kind: str, day: date, again: bool) -> None:
    twin = None if again or kind_of(kind).one_tap else Meeting.objects.twins(unit, kind, day).first()
    if twin is not None:
        done = "已有安排，请从安排里记录" if twin.state == State.PLANNED else "已记过"
        words = (
            f"{day:%m-%d} {unit}的{twin.get_kind_display()}{done}。如当天确有另一次，请勾选“是另一次”再保存"
        )
        raise ValidationError(words, code="twin")


def _year(kinds: Iterable[str], day: date, given: int | None) -> int | None:
    return given or next((year for kind in kinds if (year := year_of(kind, day))), None)


def _take_down(meeting: Meeting, by: Actor, book_page: str) -> None:
    if meeting.held_on > clock.today():
        raise ValidationError({"held_on": "还没到这一天：先安排，开过再记录"})
    _check_not_long_ago(meeting.held_on)
    meeting.chair = meeting.chair or meeting.unit.heads().first()
    meeting.recorder_name, meeting.recorded_on, meeting.book_page = by.name, clock.today(), book_page
    # What it gives is written down with it: a later change of the kind does not reach back.
    meeting.hours = max(kind_of(kind).hours for kind in (meeting.kind, *meeting.also)) * meeting.days
    keep(meeting)


def _replies(meeting: Meeting, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was replied of what its kinds ask, as it is kept. Raises ValidationError for what nobody asked."""
    asked = meeting.asked
    if unasked := given.keys() - asked.keys():
        raise ValidationError(f"{meeting.kinds_shown}不问这些：{'、'.join(sorted(unasked))}")
    read = {code: ask.read(given[code]) for code, ask in asked.items() if code in given}
    return {code: reply for code, reply in read.items() if reply != ""}


def _all_replies(meeting: Meeting, given: Mapping[str, Any]) -> dict[str, Any]:
    """The same, of a meeting that was held: what must be replied, is."""
    return _replies(meeting, {code: given.get(code, "") for code in meeting.asked} | dict(given))


def _check_not_long_ago(day: date) -> None:
    months = value(RECORD_WITHIN)
    if day < add_months(clock.today(), -months):
        remedy = "年份写错的请改日期；确是那时的会，以纸质记录本为准"
        raise ValidationError({"held_on": f"{day} 距今已超过 {months} 个月，不再补录。{remedy}"})


def _call_roll(meeting: Meeting, absent: Mapping[int, str], roll: Collection[int] | None) -> None:
    people = dict(expected(meeting.unit, meeting.kind, meeting.held_on).values_list("pk", "name"))
    if roll is not None:
        people = {pk: people[pk] for pk in people.keys() & set(roll)}
    _check_number(meeting.about, len(people))
    if absent.keys() - people.keys():
        raise ValidationError({"absent": "缺席的人不在应到名单里，请重新勾选"})
    if nameless := [people[pk] for pk, reason in absent.items() if reason not in Attendance.Reason.values]:
        raise ValidationError({"absent": f"请选择缺席原因：{'、'.join(nameless)}"})
    meeting.attendances.all().delete()
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, person_id=pk, present=pk not in absent, reason=absent.get(pk, ""))
        for pk in people
    )


def _check_number(kind: Kind, people: int) -> None:
    """A talk has two sides, a turn at speaking one person."""
    wanted = {Kind.Who.PAIR: 2, Kind.Who.SPEAKER: 1}.get(Kind.Who(kind.who))
    if wanted and people != wanted:
        raise ValidationError({"people": "请选谈话双方两人" if wanted == 2 else "请选主讲人一人"})


def _check_bare(meeting: Meeting, *content: object) -> None:
    """谈心谈话 keeps the day and the two, nothing of what was said (支部工作条例 第十九条 asks for no more)."""
    if meeting.about.bare and any(content):
        raise ValidationError(f"{meeting.get_kind_display()}只记日期和人，不记内容")


def _note(meeting: Meeting, resolutions: Resolutions) -> None:
    meeting.resolutions.all().delete()
    drafts = [ResolutionDraft(one) if isinstance(one, str) else one for one in resolutions]
    _check_bare(meeting, drafts, meeting.title, meeting.book_page)
    rows = [
        Resolution(meeting=meeting, place=place, text=draft.text, due_on=draft.due_on, owner=draft.owner)
        for place, draft in enumerate(drafts, 1)
    ]
    for row in rows:
        row.clean_fields(exclude=("meeting",))
    Resolution.objects.bulk_create(rows)


def _set_agenda(meeting: Meeting, topics: Topics) -> None:
    """A 第一议题 stands first, wherever it was handed in (S0-02)."""
    meeting.topics.all().delete()
    drafts = [TopicDraft(one) if isinstance(one, str) else one for one in topics]
    _check_bare(meeting, drafts)
    drafts.sort(key=lambda draft: draft.kind != Topic.Kind.FIRST)
    rows = [
        Topic(meeting=meeting, place=place, title=draft.title, kind=draft.kind, source=draft.source)
        for place, draft in enumerate(drafts, 1)
    ]
    for row in rows:
        row.clean_fields(exclude=("meeting",))
    Topic.objects.bulk_create(rows)


def _settle(meeting: Meeting, by: Actor) -> str:
    """Whoever answers for the unit's records confirms by recording; anybody else's record waits for that one tap."""
    if keeps(by, CONFIRM, meeting.unit):
        meeting.confirmed_on = clock.today()
        return State.CONFIRMED
    return State.RECORDED


def _announce(word: str, meeting: Meeting) -> None:
    """Tell whoever is expected and has an account; the others hear of it as they always did."""
    called = expected(meeting.unit, meeting.kind, meeting.held_on).filter(user__is_active=True)
    tell(called, f"{word}：{_when(meeting)}", about=meeting)


def _when(meeting: Meeting) -> str:
    parts = [str(meeting), f"{meeting.starts_at:%H:%M}" if meeting.starts_at else "", meeting.place]
    return " · ".join(filter(None, parts))
