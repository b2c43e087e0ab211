"""What the hospital's leadership decides: matters as data, topics on their road to a sitting, and who leads a task force."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from linghang.activities.models import Meeting, Vote, kind_of
from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.org.models import Coverage, Person, Unit
from linghang.rules import governance
from linghang.rules.register import rule

PARTY_BODY, EXECUTIVE = Meeting.Kind.COMMITTEE.value, "executive"
# How long before its day an after-evaluation is asked for.
SOON = timedelta(days=30)


def head_unit() -> Unit | None:
    """The Party organisation at the head of the hospital: 党委, or the 总支 where there is none."""
    found: Unit | None = Unit.objects.on(clock.today()).party().order_by("path").first()
    return found


def party_body(unit: Unit) -> str:
    """The kind of meeting at which this unit decides: the 党委会, or where a 总支 heads the hospital its own meeting."""
    return Meeting.Kind.GENERAL_BOARD.value if unit.kind == Unit.Kind.GENERAL else PARTY_BODY


class Matter(models.Model):
    """One kind of matter: how weighty it is, what road it takes, which body decides it. Set by the blueprint."""

    class Category(models.TextChoices):
        MAJOR = "major", "重大决策"
        PERSONNEL = "personnel", "重要人事任免"
        PROJECT = "project", "重大项目安排"
        FUNDS = "funds", "大额度资金使用"
        PARTY = "party", "党务"
        CADRES = "cadres", "干部人事"
        BUSINESS = "business", "科室业务"

    # 三重一大: decided by the Party committee together (R-GY-02).
    GRAVE: ClassVar = (Category.MAJOR, Category.PERSONNEL, Category.PROJECT, Category.FUNDS)

    code = models.CharField(max_length=20, primary_key=True)
    title = models.CharField("名称", max_length=40)
    category = models.CharField("类别", max_length=10, choices=Category.choices)
    body = models.CharField("由谁决定（会议类别）", max_length=16, default=PARTY_BODY)
    argued = models.BooleanField("须专业委员会论证", default=False)
    studied = models.BooleanField("须院长办公会研究", default=False)
    heard = models.BooleanField("须支部意见", default=False)
    signed = models.BooleanField("须双签", default=True)
    rule_code = models.CharField("表决规则", max_length=12, default="R-BJ-05")
    materials = models.JSONField("须附材料", default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField("不再使用", default=False)

    class Meta:
        verbose_name = "议题事项"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_grave(self) -> bool:
        """Whether it belongs to 三重一大."""
        return self.category in self.GRAVE


class TopicQuerySet(GatedQuerySet):
    def on_agenda(self, sitting: Meeting) -> Self:
        """The topics of one sitting in their order, listed or decided already."""
        return self.filter(sitting=sitting).select_related("matter", "department").order_by("place", "pk")

    def to_evaluate(self, until: date) -> Self:
        """Decided, and their after-evaluation is due until a day."""
        return self.filter(state=Topic.State.DECIDED, evaluated_on=None, evaluate_by__lte=until)


class Topic(Gated):
    """One matter put up for decision (议题申报表). Title, kind, procedure, conclusion, the minutes' number: no discussion."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待分管领导签批"
        ARGUING = "arguing", "待论证"
        STUDYING = "studying", "待院长办公会研究"
        SIGNING = "signing", "待双签"
        HELD = "held", "暂缓"
        READY = "ready", "待列入议程"
        LISTED = "listed", "已列入议程"
        DECIDED = "decided", "已决定"
        RETURNED = "returned", "已退回"

    class Manner(models.TextChoices):
        SHOW = "show", "举手表决"
        NAME = "name", "记名投票"
        TICKET = "ticket", "无记名票决"

    class Opinion(models.TextChoices):
        AGREED = "agreed", "同意"
        ADVISED = "advised", "同意，有建议"
        AGAINST = "against", "不同意"

    class Conclusion(models.TextChoices):
        PASSED = "passed", "通过"
        FAILED = "failed", "未通过"

    # Before a topic stands on an agenda.
    OPEN: ClassVar = (
        State.PROPOSED,
        State.ARGUING,
        State.STUDYING,
        State.SIGNING,
        State.HELD,
        State.READY,
        State.RETURNED,
    )

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    unit = models.ForeignKey(Unit, verbose_name="决策单位", on_delete=models.PROTECT, related_name="topics")
    department = models.ForeignKey(Unit, verbose_name="提出部门", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(
        Unit, verbose_name="听取意见的支部", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposer = models.ForeignKey(
        Person, verbose_name="提出人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    leader = models.ForeignKey(
        Person, verbose_name="分管领导", on_delete=models.PROTECT, related_name="topics_endorsed"
    )
    matter = models.ForeignKey(
        Matter, verbose_name="事项类别", on_delete=models.PROTECT, related_name="topics"
    )
    title = models.CharField("议题", max_length=120)
    month = models.DateField("拟上会月份", help_text="当月第一天")
    proposed_on = models.DateField("提出日期", default=clock.today)
    endorsed_on = models.DateField("签批日期", null=True, blank=True)
    argued_on = models.DateField("论证日期", null=True, blank=True)
    argued_by = models.ForeignKey(
        "decisions.TaskForce",
        verbose_name="论证的专业委员会",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="argued",
    )
    studied_on = models.DateField("院长办公会研究日期", null=True, blank=True)
    study_number = models.CharField("院长办公会纪要编号", max_length=60, blank=True)
    opinion = models.ForeignKey(
        Meeting, verbose_name="支部会议", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opinion_result = models.CharField("支部意见", max_length=8, choices=Opinion.choices, blank=True)
    secretary_on = models.DateField("书记签字日期", null=True, blank=True)
    secretary_signer = models.ForeignKey(
        Person, verbose_name="书记", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    president_on = models.DateField("院长签字日期", null=True, blank=True)
    president_signer = models.ForeignKey(
        Person, verbose_name="院长", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sitting = models.ForeignKey(
        Meeting, verbose_name="会议", null=True, blank=True, on_delete=models.PROTECT, related_name="decided"
    )
    place = models.PositiveSmallIntegerField("议程次序", default=1)
    manner = models.CharField("表决方式", max_length=6, choices=Manner.choices, blank=True)
    vote = models.OneToOneField(
        Vote, verbose_name="表决", null=True, blank=True, on_delete=models.PROTECT, related_name="decided"
    )
    conclusion = models.CharField("结论", max_length=8, choices=Conclusion.choices, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    minutes_number = models.CharField("会议纪要编号", max_length=60, blank=True)
    evaluate_by = models.DateField("后评价期限", null=True, blank=True)
    evaluated_on = models.DateField("后评价日期", null=True, blank=True)
    evaluation = models.CharField("后评价结论", max_length=200, blank=True)

    objects: ClassVar[Any] = TopicQuerySet.as_manager()
    unit_paths = ("unit", "department", "branch")
    own_paths = ("proposer", "leader")
    view_verb = "decisions.view_topic"
    title_paths = ("matter",)

    class Meta:
        verbose_name = "议题"
        ordering = ["-proposed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="topic_month_is_a_first_day",
                violation_error_message="拟上会月份以当月第一天表示",
            ),
            models.CheckConstraint(
                condition=Q(secretary_signer=None)
                | Q(president_signer=None)
                | ~Q(secretary_signer=models.F("president_signer")),
                name="nobody_signs_for_both_leaders",
                violation_error_message="双签须两人：不能由一人代书记、院长两方签字",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | Q(sitting__isnull=False),
                name="a_topic_is_decided_at_a_sitting",
                violation_error_message="议题须在会议上决定",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """By whatever road: what is decided was decided by the body that decides it."""
        if self.state in (self.State.LISTED, self.State.DECIDED) and self.sitting is not None:
            self.check_body(self.sitting)

    def get_absolute_url(self) -> str:
        return reverse("decisions:topic", args=[self.pk])

    @property
    def tone(self) -> str:
        """The colour of its state."""
        State, Conclusion = self.State, self.Conclusion
        if self.state == State.DECIDED:
            return "green" if self.conclusion == Conclusion.PASSED else "grey"
        special: dict[str, str] = {State.HELD: "red", State.RETURNED: "red", State.LISTED: "blue"}
        return special.get(self.state, "amber")

    @property
    def body(self) -> str:
        """The kind of meeting that decides it."""
        return party_body(self.unit) if self.matter.body == PARTY_BODY else self.matter.body

    @property
    def body_name(self) -> str:
        """What that meeting is called; 待核 where no text says that it may decide."""
        return f"{kind_of(self.body).title}{'（待核）' if self.body != self.matter.body else ''}"

    @property
    def both_signed(self) -> bool:
        return bool(self.secretary_on and self.president_on)

    def check_body(self, sitting: Meeting) -> None:
        """Raise ValidationError when another body would decide it (R-GY-02)."""
        if sitting.unit_id == self.unit_id and sitting.kind == self.body:
            return
        law = rule("R-GY-02", sitting.held_on)
        where = "党委会" if sitting.kind == PARTY_BODY else sitting.get_kind_display()
        lead = f"“{self.title}”属于{self.matter.get_category_display()}"
        if self.matter.is_grave and not governance.decided_by(where, on=sitting.held_on).met:
            lead = f"{lead}（三重一大，{law.cite}）"
        raise ValidationError(
            f"{lead}，须由{self.unit}的{self.body_name}决定，不能由{sitting.unit}的{sitting.get_kind_display()}决定；"
            f"请列入{kind_of(self.body).title}的议程",
            code="wrong_body",
        )

    def lacks(self, day: date) -> str:
        """Why it may not be decided on a day, and what to do; empty when nothing stands in the way (R-GY-04, R-GY-06)."""
        if self.state not in (self.State.SIGNING, self.State.READY, self.State.LISTED):
            return f"当前为“{self.get_state_display()}”，{ADVICE[self.state]}"
        signed = governance.agreed_before(self.secretary_on, self.president_on, day)
        if self.matter.signed and not signed.met:
            return f"{signed.sentence}（{signed.cite}），请书记、院长先签字，一方不同意的暂缓"
        heard = governance.branch_heard(self.opinion.held_on if self.opinion else None, day)
        if self.matter.heard and not heard.met:
            who = self.branch or "覆盖该科室的支部（还没有登记，请先在组织里登记）"
            return f"{heard.sentence}（{heard.cite}），请{who}先开会研究，再登记支部意见"
        return ""

    def covering(self) -> Unit | None:
        """The branch that covers the proposing department today, the one with the greatest weight first."""
        held = Coverage.objects.on(clock.today()).filter(department=self.department)
        found = held.order_by("-weight", "pk").select_related("branch").first()
        return found.branch if found else None


State = Topic.State
# What to do with a topic that is not on its way to an agenda yet.
ADVICE: dict[str, str] = {
    State.PROPOSED: "请分管领导签批",
    State.ARGUING: "请先登记专业委员会论证",
    State.STUDYING: "请先登记院长办公会研究",
    State.HELD: "书记、院长意见不一致，请沟通后重新提请双签",
    State.RETURNED: "请提出部门修改后重新提出",
    State.DECIDED: "不必再上会",
}


class Research(Gated):
    """调研课题: a hard question that the leadership looks into on the spot; its conclusion becomes topics."""

    unit = models.ForeignKey(
        Unit, verbose_name="调研单位", on_delete=models.PROTECT, related_name="researches"
    )
    title = models.CharField("课题", max_length=120)
    lead = models.ForeignKey(Person, verbose_name="牵头领导", on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField("选题日期", default=clock.today)
    concluded_on = models.DateField("结题日期", null=True, blank=True)
    conclusion = models.CharField("结论", max_length=300, blank=True)

    unit_paths = ("unit",)
    view_verb = "decisions.view_research"
    day_field = "opened_on"

    class Meta:
        verbose_name = "调研课题"
        ordering = ["-opened_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('decisions:researches')}#research-{self.pk}"


class TaskForce(Gated):
    """领导小组、专班 and 专业委员会: who leads it. Weighty work is led by secretary and president together (双组长)."""

    class Kind(models.TextChoices):
        FORCE = "force", "领导小组、专班"
        COMMITTEE = "committee", "专业委员会"

    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.FORCE)
    unit = models.ForeignKey(Unit, verbose_name="设立单位", on_delete=models.PROTECT, related_name="forces")
    title = models.CharField("名称", max_length=80)
    weighty = models.BooleanField("涉及重大工作，书记、院长任双组长", default=True)
    lead = models.ForeignKey(Person, verbose_name="组长（主任）", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(
        Person, verbose_name="另一组长", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    document = models.CharField("成立文号", max_length=60, blank=True)
    since = models.DateField("成立日期")
    until = models.DateField("撤销日期", null=True, blank=True)

    unit_paths = ("unit",)
    view_verb = "decisions.view_force"
    day_field = "since"

    class Meta:
        verbose_name = "领导小组"
        ordering = ["-since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(partner=None) | ~Q(lead=models.F("partner")),
                name="two_leaders_are_two",
                violation_error_message="双组长须是两个人",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("decisions:forces")
