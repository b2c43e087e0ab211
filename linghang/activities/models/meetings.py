"""Meetings and events of every kind: agenda, attendance, resolutions, corrections. One record, counted everywhere."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse

from linghang.activities.models.asks import NO_ASK, Ask
from linghang.activities.models.kinds import Kind as KindRow
from linghang.activities.models.kinds import asked_of, kind_of
from linghang.activities.parameters import LATE_AFTER
from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.parameters import value
from linghang.org.models import Person, Unit


class MeetingQuerySet(GatedQuerySet):
    def held(self) -> Self:
        """Recorded or confirmed: what counts."""
        return self.filter(state__in=(Meeting.State.RECORDED, Meeting.State.CONFIRMED))

    def between(self, start: date, end: date) -> Self:
        return self.filter(held_on__range=(start, end))

    def of_kind(self, kind: str) -> Self:
        """Meetings that are of this kind, or counted as it as well."""
        # The list of codes as text: SQLite cannot look into it.
        return self.filter(Q(kind=kind) | Q(also__icontains=f'"{kind}"'))

    def with_turnout(self) -> Self:
        """Adds unit, agenda and attendance in three queries, however many meetings there are."""
        called = Attendance.objects.only("meeting_id", "present")
        return self.select_related("unit").prefetch_related("topics", Prefetch("attendances", called))

    def of_person(self, person: Any, *, came: bool = False) -> Self:
        """Meetings to which somebody was called, or came."""
        present = {"present": True} if came else {}
        return self.filter(
            Exists(Attendance.objects.filter(meeting=OuterRef("pk"), person=person, **present))
        )

    def twins(self, unit: Unit, kind: str, day: date) -> Self:
        """Meetings of the same unit and kind on the same day: perhaps the same one, written down twice."""
        return self.filter(unit=unit, kind=kind, held_on=day).exclude(state=Meeting.State.CANCELLED)


class Meeting(Gated):
    """One meeting or event of a unit. A closed record is never rewritten: a correction is appended."""

    class Kind(models.TextChoices):
        """The kinds that the program itself speaks of. What each is, and all the others, are rows of `models.Kind`."""

        ASSEMBLY = "assembly"
        BOARD = "board"
        GROUP = "group"
        LESSON = "lesson"
        THEMED_DAY = "themed_day"
        LIFE = "life"
        REVIEW = "review"
        STUDY = "study"
        DEPLOYMENT = "deployment"
        COMMITTEE = "committee"
        GENERAL_BOARD = "general_board"

    class State(models.TextChoices):
        PLANNED = "planned", "已安排"
        RECORDED = "recorded", "待书记确认"
        CONFIRMED = "confirmed", "已确认"
        CANCELLED = "cancelled", "已取消"

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField("类别", max_length=16)
    also = models.JSONField("同时作为", default=list, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PLANNED)
    title = models.CharField("主题", max_length=120, blank=True)
    held_on = models.DateField("日期", db_index=True)
    starts_at = models.TimeField("时间", null=True, blank=True)
    place = models.CharField("地点", max_length=80, blank=True)
    days = models.PositiveSmallIntegerField("天数", default=1)
    hours = models.DecimalField("每人学时", max_digits=5, decimal_places=1, default=0)
    steps = models.JSONField("已完成步骤", default=list, blank=True)
    replies = models.JSONField("另问的回答", default=dict, blank=True)
    of_year = models.PositiveSmallIntegerField("所属年度", null=True, blank=True)
    chair = models.ForeignKey(
        Person, verbose_name="主持人", null=True, blank=True, on_delete=models.PROTECT, related_name="chaired"
    )
    recorder_name = models.CharField("记录人", max_length=60, blank=True)
    book_page = models.CharField("纸质记录本页码", max_length=40, blank=True)
    recorded_on = models.DateField("记录日期", null=True, blank=True)
    confirmed_on = models.DateField("确认日期", null=True, blank=True)

    objects: ClassVar[Any] = MeetingQuerySet.as_manager()
    unit_paths = ("unit",)
    view_verb = "activities.view_meeting"

    class Meta:
        verbose_name = "组织生活"
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["unit", "kind", "held_on"])]

    def __str__(self) -> str:
        return f"{self.held_on:%m-%d} {self.get_kind_display()}{'：' + self.title if self.title else ''}"

    def get_absolute_url(self) -> str:
        return reverse("activities:meeting", args=[self.pk])

    def get_kind_display(self) -> str:
        """What its kind is called: Django's own name for it, though the choices are rows."""
        return self.about.title

    @property
    def about(self) -> KindRow:
        """What its kind says of it."""
        return kind_of(self.kind)

    @property
    def asked(self) -> dict[str, Ask]:
        """What its kind, and those as which it counts, ask besides."""
        return asked_of((self.kind, *self.also))

    @property
    def replied(self) -> list[tuple[str, Any]]:
        """What was replied, each with its question, in the order in which it is asked; what is asked no more stands last."""
        asks = self.asked
        known = [(ask.label, self.replies[code]) for code, ask in asks.items() if code in self.replies]
        return known + [(NO_ASK, reply) for code, reply in self.replies.items() if code not in asks]

    @property
    def steps_missing(self) -> list[str]:
        """The steps of its kind (民主评议: self, peers, poll, opinion) that were not recorded as done."""
        return [
            step for kind in (self.kind, *self.also) for step in kind_of(kind).steps if step not in self.steps
        ]

    @property
    def tone(self) -> str:
        """The colour of its state: planned is under way, a record waits for its confirmation."""
        return TONES.get(self.state, "grey")

    @property
    def recorded_late(self) -> bool:
        """补记: written down later than the hospital allowed on the day of the meeting."""
        delay = (self.recorded_on - self.held_on).days if self.recorded_on else 0
        return bool(delay > 0 and delay > value(LATE_AFTER, self.held_on))

    @property
    def lacks_first_topic(self) -> bool:
        """未列第一议题: a meeting that opens with one (S0-02) has none at the head of its agenda."""
        topics = self.topics.all()
        return self.about.first_topic and not (topics and topics[0].kind == Topic.Kind.FIRST)

    @property
    def kinds_shown(self) -> str:
        """Its kind, and those as which it counts as well: “主题党日（兼党课）”."""
        also = "、".join(kind_of(kind).title for kind in self.also)
        return f"{self.get_kind_display()}{f'（兼{also}）' if also else ''}"

    @property
    def turnout(self) -> str:
        """How many came of how many were expected: “21/23”."""
        called = self.attendances.all()
        return f"{sum(a.present for a in called)}/{len(called)}" if called else ""


TONES: dict[str, str] = {
    Meeting.State.PLANNED: "blue",
    Meeting.State.RECORDED: "amber",
    Meeting.State.CONFIRMED: "green",
}


class Topic(models.Model):
    """One item of an agenda. A 第一议题 stands first."""

    class Kind(models.TextChoices):
        FIRST = "first", "第一议题"
        STUDY = "study", "学习"
        MATTER = "matter", "议题"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="topics")
    place = models.PositiveSmallIntegerField("序号", default=1)
    kind = models.CharField("类别", max_length=8, choices=Kind.choices, default=Kind.MATTER)
    title = models.CharField("内容", max_length=200)
    source = models.CharField(max_length=60, blank=True, db_index=True)

    class Meta:
        ordering = ["meeting", "place", "pk"]

    def __str__(self) -> str:
        return self.title


class AttendanceQuerySet(GatedQuerySet):
    pass


class Attendance(Gated):
    """Whether somebody was there, ticked by the recorder; an absence has a reason."""

    class Reason(models.TextChoices):
        DUTY = "duty", "值班"
        AWAY = "away", "外出"
        LEAVE = "leave", "请假"
        ILL = "ill", "病假"
        OTHER = "other", "其他"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    present = models.BooleanField("到会", default=True)
    reason = models.CharField("缺席原因", max_length=6, choices=Reason.choices, blank=True)

    objects: ClassVar[Any] = AttendanceQuerySet.as_manager()
    unit_paths = ("meeting__unit",)
    own_paths = ("person",)
    view_verb = "activities.view_meeting"
    title_paths = ("person", "meeting")

    class Meta:
        verbose_name = "参会记录"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="attends_once"),
            models.CheckConstraint(
                condition=Q(present=True) | ~Q(reason=""),
                name="absence_has_a_reason",
                violation_error_message="缺席须注明原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {'到会' if self.present else self.get_reason_display()}"

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()


class Resolution(Gated):
    """What a meeting agreed, in a sentence; it may become lines of an order."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="resolutions")
    place = models.PositiveSmallIntegerField("序号", default=1)
    text = models.CharField("议定事项", max_length=300)
    due_on = models.DateField("期限", null=True, blank=True)
    owner = models.ForeignKey(
        Person, verbose_name="责任人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    unit_paths = ("meeting__unit",)
    view_verb = "activities.view_meeting"
    title_paths = ("meeting",)

    class Meta:
        verbose_name = "决议"
        ordering = ["meeting", "place", "pk"]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()


class Correction(models.Model):
    """更正说明: what was wrong in a confirmed record, appended with name and day."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="corrections")
    text = models.CharField("更正说明", max_length=300)
    by_name = models.CharField("更正人", max_length=60)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return self.text
