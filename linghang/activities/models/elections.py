"""Elections of branch committees: documents, candidates and counts. Ballots are paper; who voted what is nowhere."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from linghang.activities.models.meetings import Meeting
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.org.models import Person, Role, Unit


class ElectionQuerySet(GatedQuerySet):
    def running(self) -> Self:
        """Begun and not yet over."""
        return self.exclude(state__in=(Election.State.ENACTED, Election.State.CANCELLED))

    def via_general(self, through: bool = True) -> Self:
        """Those whose papers go up through a general branch below a committee, or the others."""
        above = Q(unit__parent__kind=Unit.Kind.GENERAL, unit__parent__parent__kind__in=Unit.PARTY)
        return self.filter(above if through else ~above)


class Election(Gated):
    """换届 or 补选 of one branch, from the request to the approval of its result."""

    class Kind(models.TextChoices):
        TERM = "term", "换届选举"
        BY = "by", "补选"

    class State(models.TextChoices):
        DRAFTED = "drafted", "请示起草中"
        REQUESTED = "requested", "请示待批复"
        APPROVED = "approved", "酝酿候选人"
        NOMINATED = "nominated", "候选人待批复"
        READY = "ready", "待大会选举"
        COUNTED = "counted", "计票待复核"
        AGAIN = "again", "须再次投票"
        SHORT = "short", "尚未选足"
        ELECTED = "elected", "待委员会分工"
        FORMED = "formed", "待报结果"
        REPORTED = "reported", "结果待批复"
        ENACTED = "enacted", "已批复生效"
        CANCELLED = "cancelled", "已中止"

    WITH_SUPERIOR: ClassVar = (State.REQUESTED, State.NOMINATED, State.REPORTED)

    unit = models.ForeignKey(Unit, verbose_name="党支部", on_delete=models.PROTECT, related_name="elections")
    kind = models.CharField("类别", max_length=6, choices=Kind.choices)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFTED)
    direct = models.BooleanField("不设支委会，由大会直接选举", default=False)
    seats = models.PositiveSmallIntegerField("应选名额")
    role = models.ForeignKey(
        Role, verbose_name="补选职务", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("事由", max_length=200, blank=True)
    term_ends_on = models.DateField("本届任期届满", null=True, blank=True)
    planned_on = models.DateField("拟定选举日")
    requested_on = models.DateField("请示日期", null=True, blank=True)
    reply_number = models.CharField("请示批复文号", max_length=60, blank=True)
    replied_on = models.DateField("请示批复日期", null=True, blank=True)
    nominated_on = models.DateField("候选人请示日期", null=True, blank=True)
    candidates_number = models.CharField("候选人批复文号", max_length=60, blank=True)
    candidates_on = models.DateField("候选人批复日期", null=True, blank=True)
    assembly = models.ForeignKey(
        Meeting,
        verbose_name="选举大会",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="elections",
    )
    formed_on = models.DateField("委员会第一次会议", null=True, blank=True)
    reported_on = models.DateField("结果报告日期", null=True, blank=True)
    result_number = models.CharField("结果批复文号", max_length=60, blank=True)
    result_on = models.DateField("结果批复日期", null=True, blank=True)
    begins_on = models.DateField("任职起始", null=True, blank=True)
    forwarded_on = models.DateField("总支转报日期", null=True, blank=True)

    objects: ClassVar[Any] = ElectionQuerySet.as_manager()
    unit_paths = ("unit",)
    view_verb = "activities.view_election"
    day_field = "planned_on"
    title_paths = ("unit",)

    class Meta:
        verbose_name = "选举"
        ordering = ["-planned_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=~Q(state__in=("enacted", "cancelled")),
                name="one_running_election_a_unit",
                violation_error_message="本支部已有一次选举正在办理",
            ),
            models.CheckConstraint(
                condition=Q(seats__gt=0),
                name="an_election_fills_a_seat",
                violation_error_message="应选名额至少为 1",
            ),
        ]

    def __str__(self) -> str:
        what = f"{self.get_kind_display()}{self.role.name if self.role else ''}"
        return f"{self.unit} {self.planned_on.year} 年{what}"

    def get_absolute_url(self) -> str:
        return reverse("activities:election", args=[self.pk])

    @property
    def tone(self) -> str:
        """The colour of its state: what the superior has is amber, what must be voted on again is red."""
        if self.state in self.WITH_SUPERIOR or self.state == self.State.COUNTED:
            return "amber"
        special = {self.State.ENACTED: "green", self.State.CANCELLED: "grey"}
        again = {self.State.AGAIN: "red", self.State.SHORT: "red"}
        return (special | again).get(self.State(self.state), "blue")

    @property
    def through_general(self) -> bool:
        """Its papers go up through the general branch above, which is not the hospital's own head."""
        above = self.unit.parent
        return (
            above is not None
            and above.kind == Unit.Kind.GENERAL
            and above.parent is not None
            and above.parent.is_party
        )

    @property
    def at_the_top(self) -> bool:
        """Whoever answers has the paper: it was sent straight up, or passed on by the general branch."""
        return self.forwarded_on is not None or not self.through_general

    @property
    def has_board(self) -> bool:
        """The elected go on to meet as a committee and elect its officers."""
        leading = self.role is None or self.role.leads or self.role_id == "deputy_secretary"
        return not self.direct and leading

    @property
    def last_ballot(self) -> "Ballot | None":
        """The latest ballot of the members' meeting, checked or not."""
        return self.ballots.filter(contest=Ballot.Contest.MEMBERS).order_by("-number").first()


class Candidate(models.Model):
    """Somebody who stands; elected in which ballot once it has been checked."""

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="candidates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField("序号", default=1)
    elected_in = models.PositiveSmallIntegerField("第几次投票当选", null=True, blank=True)

    class Meta:
        ordering = ["election", "place", "pk"]
        constraints = [models.UniqueConstraint(fields=["election", "person"], name="stands_once")]

    def __str__(self) -> str:
        return self.person.name


class Ballot(models.Model):
    """One round of voting as it was counted, with the verdict in words and the rule behind it."""

    class Contest(models.TextChoices):
        MEMBERS = "members", "党员大会"
        SECRETARY = "secretary", "委员会选举书记"
        DEPUTY = "deputy", "委员会选举副书记"

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="ballots")
    contest = models.CharField("会议", max_length=10, choices=Contest.choices, default=Contest.MEMBERS)
    number = models.PositiveSmallIntegerField("第几次投票", default=1)
    held_on = models.DateField("投票日期")
    seats = models.PositiveSmallIntegerField("应选名额")
    base = models.PositiveSmallIntegerField("应到会有选举权人数")
    base_note = models.TextField("应到会说明", blank=True)
    present = models.PositiveSmallIntegerField("实到会有选举权人数")
    issued = models.PositiveSmallIntegerField("发出选票")
    returned = models.PositiveSmallIntegerField("收回选票")
    void = models.PositiveSmallIntegerField("废票", default=0)
    scrutineer = models.ForeignKey(
        Person, verbose_name="监票人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    valid = models.BooleanField("选举有效")
    verdict = models.TextField("判定")
    rule = models.CharField("依据规则", max_length=12)
    cite = models.CharField("依据", max_length=120)
    entered_by = models.CharField(max_length=60)
    checked_on = models.DateField("复核日期", null=True, blank=True)

    class Meta:
        ordering = ["election", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["election", "contest", "number"], name="one_ballot_a_round"),
            models.CheckConstraint(
                condition=Q(present__lte=F("base"), issued__lte=F("present")),
                name="ballots_for_those_present",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_contest_display()}第 {self.number} 次投票"


class Tally(models.Model):
    """How many votes one candidate had in one ballot: a count, never a slip."""

    class Outcome(models.TextChoices):
        ELECTED = "elected", "当选"
        TIED = "tied", "票数相等，再次投票"
        NOT = "not", "未当选"

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="tallies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    votes = models.PositiveSmallIntegerField("赞成票")
    outcome = models.CharField("结果", max_length=8, choices=Outcome.choices, default=Outcome.NOT)

    class Meta:
        ordering = ["ballot", "-votes", "pk"]
        constraints = [models.UniqueConstraint(fields=["ballot", "person"], name="counted_once_a_ballot")]

    def __str__(self) -> str:
        return f"{self.person.name} {self.votes} 票"


class Assignment(models.Model):
    """Which post one of the elected is to hold once the result is approved."""

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["election", "role__order", "pk"]
        constraints = [models.UniqueConstraint(fields=["election", "person", "role"], name="assigned_once")]

    def __str__(self) -> str:
        return f"{self.person.name} {self.role.name}"
