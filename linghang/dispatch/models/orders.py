"""Orders and their lines: the hand by which any module asks a unit to do something and hears how it went.

An order is a sheet; its lines carry deadline, owner, report and review. Dates are kept (issued, due, reported, closed),
never only the present state, so that any day can be asked. Until it is issued an order lies with whoever drafts it; then
it lies with the unit that is to act on it.
"""

from collections import Counter
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.models import Attachment, Link
from linghang.kernel.parameters import value
from linghang.org.models import Person, Post, Unit

# How a record belongs to an order or a line: it came from there, or it shows that the line was done.
ORIGIN, EVIDENCE = "origin", "evidence"


def staff_of(unit: Unit) -> Any:
    """Who may answer for a line of this unit: its members and staff, and whoever has an office there today.

    Who is sent there for a while to look (an inspector) has none.
    """
    posts: Any = Post.objects
    held = posts.on(clock.today()).filter(Q(role__leads=True) | Q(role__on_committee=True), unit=unit)
    found = Person.objects.filter(Q(branch=unit) | Q(department=unit) | Q(posts__in=held), left_on=None)
    return found.distinct().order_by("pinyin", "pk")


class OrderQuerySet(GatedQuerySet):
    def about(self, subject: Any) -> Self:
        """Orders that were made because of this record (a finding, a resolution, a line)."""
        return self.filter(about=getattr(subject, "ref", subject))

    def standing(self) -> Self:
        return self.exclude(state=Order.State.VOID)

    def issued(self) -> Self:
        return self.standing().filter(issued_on__isnull=False)

    def unissued(self) -> Self:
        """Sheets that are being drafted, checked and signed."""
        return self.filter(issued_on__isnull=True)

    def running(self) -> Self:
        return self.filter(state__in=Order.RUNNING)

    def late(self) -> Self:
        """Orders with a line that is overdue today."""
        return self.filter(Exists(Line.objects.overdue().filter(order=OuterRef("pk"))))

    def unread(self) -> Self:
        """Issued sheets that need no signature and that nobody of the unit has opened yet."""
        found = self.filter(state=Order.State.ISSUED, read_on__isnull=True).exclude(issuer=F("unit"))
        return found.exclude(kind=Order.Kind.SUPERVISION)

    def as_columns(self) -> dict[str, Subquery]:
        """The latest of them as columns of a query over what it was made because of."""
        one = self.order_by("-pk")
        columns = {
            "order_pk": "pk",
            "order_state": "state",
            "order_due": "due_on",
            "order_closed": "closed_on",
        }
        return {name: Subquery(one.values(field)[:1]) for name, field in columns.items()}

    def in_full(self) -> Self:
        """Everything that one order's page shows, in three queries."""
        people = Line.objects.select_related("owner", "verifier").prefetch_related("children")
        return self.select_related("unit", "issuer", "seat").prefetch_related(Prefetch("lines", people))

    def with_lines(self) -> Self:
        """Brings the lines along in one query, so that a page of orders can say how far each has come."""
        return self.select_related("unit", "issuer", "seat").prefetch_related("lines")


class Order(Gated):
    """提示单、工作清单、限期整改通知 or 督导单, to one unit."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", "提示单"
        WORKLIST = "worklist", "工作清单"
        RECTIFICATION = "rectification", "限期整改"
        SUPERVISION = "supervision", "督导单"

    class State(models.TextChoices):
        DRAFTED = "drafted", "拟稿"
        CHECKED = "checked", "已核稿"
        SIGNED = "signed", "已签发"
        ISSUED = "issued", "已下发"
        RECEIVED = "received", "已签收"
        CLOSED = "closed", "已办结"
        VOID = "void", "作废"

    RUNNING: ClassVar = (State.ISSUED, State.RECEIVED)
    # Whose lines are measures (措施), which may have 子措施.
    MEASURED: ClassVar = (Kind.SUPERVISION, Kind.RECTIFICATION)

    kind = models.CharField("类别", max_length=14, choices=Kind.choices)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFTED)
    unit = models.ForeignKey(Unit, verbose_name="承办单位", on_delete=models.PROTECT, related_name="orders")
    issuer = models.ForeignKey(Unit, verbose_name="下发单位", on_delete=models.PROTECT, related_name="+")
    seat = models.ForeignKey(
        Unit, verbose_name="现在", blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField("标题", max_length=120)
    text = models.TextField("正文", blank=True, max_length=1500)
    period = models.DateField("所属月份", null=True, blank=True, help_text="当月第一天")
    about = models.CharField("因何而发", max_length=60, blank=True, db_index=True)
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    number = models.PositiveIntegerField("编号", null=True, blank=True)
    signer_name = models.CharField("签发人", max_length=60, blank=True)
    drafted_on = models.DateField("拟稿日期", default=clock.today)
    signed_on = models.DateField("签发日期", null=True, blank=True)
    issued_on = models.DateField("下发日期", null=True, blank=True)
    read_on = models.DateField("已阅日期", null=True, blank=True)
    received_on = models.DateField("签收日期", null=True, blank=True)
    due_on = models.DateField("办结期限", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    withdrawn_on = models.DateField("收回日期", null=True, blank=True)
    scan = models.ForeignKey(
        Attachment, verbose_name="签字件", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[Any] = OrderQuerySet.as_manager()
    unit_paths = ("seat",)
    view_verb = "dispatch.view_order"
    day_field = "issued_on"

    class Meta:
        verbose_name = "单据"
        ordering = ["-drafted_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "number"], condition=Q(number__isnull=False), name="order_number_once"
            )
        ]
        indexes = [
            models.Index(fields=["unit", "kind", "state"]),
            models.Index(fields=["period", "kind"]),
            models.Index(
                fields=["state", "kind"], condition=Q(issued_on__isnull=True), name="unissued_orders"
            ),
        ]

    def __str__(self) -> str:
        number = self.number_text or ("" if self.is_own else "（未编号）")
        return f"{self.get_kind_display()}{number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("dispatch:order", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the seat: with the issuer (or whoever drafts) until issued, then with the unit."""
        if self.issued_on:
            self.seat_id = self.unit_id
        elif self.seat_id is None:
            self.seat_id = self.issuer_id
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "seat"}
        super().save(*args, **kwargs)

    @property
    def number_text(self) -> str:
        """〔2026〕17号; empty until signed, and for a branch's own worklist."""
        return f"〔{self.year}〕{self.number}号" if self.number else ""

    @property
    def state_words(self) -> str:
        """The state in words; a void sheet says whether it was taken back before anybody had reported."""
        return "已收回" if self.withdrawn_on else str(self.get_state_display())

    @property
    def is_unread(self) -> bool:
        """Issued without need of a signature, and nobody of the unit has opened it yet."""
        waits = self.state == self.State.ISSUED and self.read_on is None
        return waits and not self.is_own and self.kind != self.Kind.SUPERVISION

    @property
    def is_own(self) -> bool:
        """Whether a unit made it for itself: a branch's own worklist."""
        return self.issuer_id == self.unit_id

    @property
    def is_running(self) -> bool:
        """Whether its lines may be worked on: issued, and a 督导单 signed for as well."""
        wanted = self.State.RECEIVED if self.kind == self.Kind.SUPERVISION else self.State.ISSUED
        return self.state == wanted

    @property
    def closed_lines(self) -> int:
        return sum(line.state == Line.State.CLOSED for line in self.lines.all())

    @property
    def late_lines(self) -> int:
        return sum(line.is_late for line in self.lines.all())

    def missing(self) -> list[str]:
        """What is still wanted before it can be signed: lines, each with a deadline; a 督导单's with owner and verifier."""
        lines = list(self.lines.all())
        if not lines:
            return ["单据还没有事项"]
        wanted = {"due_on": "期限"}
        if self.kind == self.Kind.SUPERVISION:
            wanted |= {"owner_id": "责任人", "verifier_id": "复核人"}
        found = {
            line.place: [label for name, label in wanted.items() if not getattr(line, name)] for line in lines
        }
        return [f"第 {place} 条没有{'、'.join(labels)}" for place, labels in found.items() if labels]

    def too_long(self) -> list[str]:
        """Words of warning about a sheet that nobody will read to its end; they forbid nothing."""
        most, letters, count = (
            value("dispatch.lines_per_reminder"),
            value("dispatch.text_length"),
            self.lines.count(),
        )
        found = []
        if self.kind == self.Kind.REMINDER and count > most:
            found.append(f"提示单一般不超过 {most} 条，现有 {count} 条，请考虑合并或改列下月")
        if len(self.text) > letters:
            found.append(f"正文一般不超过 {letters} 字，现有 {len(self.text)} 字，请精简")
        return found

    def evidence_counts(self) -> Counter[str]:
        """How many records show that each line was done, by the line's reference, in one query."""
        refs = [line.ref for line in self.lines.all()]
        mine = Q(source__in=refs, kind=EVIDENCE) | Q(target__in=refs) & ~Q(kind=ORIGIN)
        ties = Link.objects.filter(mine).values_list("source", "target")
        return Counter(source if source in refs else target for source, target in ties)


class LineQuerySet(GatedQuerySet):
    def open(self) -> Self:
        """Lines of issued orders that are not closed. States are named, not excluded, so that the index serves."""
        return self._unsettled().filter(state__in=Line.UNSETTLED, order__state__in=Order.RUNNING)

    def _unsettled(self) -> Self:
        """Said of the day, not of the state: so the databases see that the small index of such lines holds them all."""
        return self.filter(closed_on__isnull=True)

    def overdue(self, day: date | None = None) -> Self:
        """Open lines whose unit has not handed in by the deadline; what waits for a review is not the unit's delay."""
        late = Q(confirmed_on__isnull=True) | Q(confirmed_on__gt=F("due_on"))
        return self.open().filter(late, due_on__lt=day or clock.today())

    def in_full(self) -> Self:
        """Everything that one line's page shows of it: its sheet, its people, its children, who takes part."""
        people = self.select_related(
            "order__unit", "order__issuer", "order__seat", "owner", "verifier", "parent"
        )
        children = Prefetch("children", Line.objects.select_related("order", "owner"))
        return people.prefetch_related(children, "parts__unit")

    def tops(self) -> Self:
        """Lines that stand on their own: 措施 without their 子措施."""
        return self.filter(parent=None)

    def ready(self) -> Self:
        """Lines that may be handed in: none of their children is open."""
        return self.filter(~Exists(Line.objects.filter(parent=OuterRef("pk"), closed_on__isnull=True)))

    def sent(self) -> Self:
        """Lines that the unit was asked for; what it wrote into its own worklist is its own affair."""
        return self.exclude(order__issuer=F("order__unit"))

    def asking(self) -> Self:
        """Lines in hand whose unit asks for a later day."""
        return self.running().filter(asked_until__isnull=False)

    def running(self) -> Self:
        """Lines that may be worked on: of issued orders, and of a 督导单 once it is signed for."""
        return self._unsettled().filter(
            Q(order__state=Order.State.RECEIVED)
            | Q(order__state=Order.State.ISSUED) & ~Q(order__kind=Order.Kind.SUPERVISION)
        )


class Line(Gated):
    """One thing to do: until when, by whom, what was done, who looked at it. A 督导单's lines are its measures.

    A measure (措施) may have children (子措施): lines of the same order with a deadline, an owner and a report of their
    own, one level deep. `order.lines` holds all of them in reading order, parent before child, and `place` runs through
    the whole sheet: lists, counts and facts count every line once, whether it has children or is one. A parent is
    handed in and closed after its children; how far it has come is read from them.
    """

    class State(models.TextChoices):
        OPEN = "open", "未办"
        REPORTED = "reported", "待书记确认"
        CONFIRMED = "confirmed", "待审核"
        CLOSED = "closed", "已办结"

    UNSETTLED: ClassVar = (State.OPEN, State.REPORTED, State.CONFIRMED)

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    parent = models.ForeignKey(
        "self",
        verbose_name="所属措施",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="children",
        db_index=False,
    )
    place = models.PositiveSmallIntegerField("序号", default=1)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    text = models.CharField("事项", max_length=300)
    due_on = models.DateField("期限", null=True, blank=True)
    first_due_on = models.DateField("原期限", null=True, blank=True)
    asked_until = models.DateField("申请延至", null=True, blank=True)
    asked_because = models.CharField("延期原因", max_length=200, blank=True)
    owner = models.ForeignKey(
        Person, verbose_name="责任人", null=True, blank=True, on_delete=models.PROTECT, related_name="lines"
    )
    verifier = models.ForeignKey(
        Person,
        verbose_name="复核人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="verifies",
    )
    result = models.TextField("办理情况", blank=True, max_length=1000)
    reported_on = models.DateField("上报日期", null=True, blank=True)
    confirmed_on = models.DateField("书记确认日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    returns = models.PositiveSmallIntegerField("退回次数", default=0)
    business = models.BooleanField("业务工作", default=False)

    objects: ClassVar[Any] = LineQuerySet.as_manager()
    unit_paths = ("order__seat",)
    own_paths = ("owner", "verifier")
    view_verb = "dispatch.view_line"
    day_field = "due_on"

    class Meta:
        verbose_name = "单据事项"
        ordering = ["order", "place", "pk"]
        # By order for counting within reach, by deadline for listing. One that began with the state would tempt the
        # planner to read every closed line of ten years.
        indexes = [
            models.Index(fields=["order", "state"]),
            models.Index(fields=["due_on", "state"]),
            models.Index(
                fields=["state", "due_on"], condition=Q(closed_on__isnull=True), name="unsettled_lines"
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="child_lines"),
            models.Index(fields=["asked_until"], condition=Q(asked_until__isnull=False), name="asking_lines"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(verifier__isnull=True) | Q(owner__isnull=True) | ~Q(verifier=F("owner")),
                name="verifier_is_not_the_owner",
                violation_error_message="复核人不能是整改责任人",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("dispatch:line", args=[self.pk])

    @property
    def is_late(self) -> bool:
        """Overdue, as `LineQuerySet.overdue` counts: not handed in by the deadline, on a sheet that is in hand.

        What was handed in on time is not late while it waits for review; a void or unissued sheet asks for nothing.
        """
        if not self.due_on or self.state == self.State.CLOSED or self.order.state not in Order.RUNNING:
            return False
        return (self.confirmed_on or clock.today()) > self.due_on

    @property
    def progress(self) -> tuple[int, int]:
        """How many of its children are closed, of how many; (0, 0) for a line without children."""
        held = list(self.children.all())
        return sum(one.state == self.State.CLOSED for one in held), len(held)

    @property
    def open_children(self) -> int:
        """How many 子措施 are still open; what is no measure has none, and is not asked."""
        if self.order.kind not in Order.MEASURED:
            return 0
        closed, held = self.progress
        return held - closed

    def evidence(self) -> list[str]:
        """References of the records that show it was done, tied from either side."""
        ties = Link.objects.filter(Q(source=self.ref, kind=EVIDENCE) | Q(target=self.ref) & ~Q(kind=ORIGIN))
        return [one.target if one.source == self.ref else one.source for one in ties.order_by("pk")]
