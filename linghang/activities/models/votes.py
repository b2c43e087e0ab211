"""Votes: what was put to a meeting, who counted, how many were for it, and the verdict by the rule of that day."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from linghang.activities.models.meetings import Meeting, Topic
from linghang.kernel.access import Gated
from linghang.org.models import Person
from linghang.rules.register import Rule, rule

# Admitting a member and confirming one: nowhere else does a written opinion count.
WRITTEN_COUNTS = ("R-BJ-02", "R-BJ-03")


class Vote(Gated):
    """One vote at a meeting. The verdict is kept as it was given, with the version of the rule that gave it."""

    class State(models.TextChoices):
        RECORDED = "recorded", "待书记确认"
        CONFIRMED = "confirmed", "已确认"
        VOID = "void", "已作废"

    class Proposal(models.TextChoices):
        CONFIRM = "confirm", "按期转正"
        EXTEND = "extend", "延长预备期"
        CANCEL = "cancel", "取消预备党员资格"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="votes")
    topic = models.ForeignKey(
        Topic, verbose_name="议题", null=True, blank=True, on_delete=models.SET_NULL, related_name="votes"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.RECORDED)
    rule_code = models.CharField("表决事项", max_length=12)
    rule_since = models.DateField("规则版本自")
    matter = models.CharField("表决内容", max_length=200)
    proposal = models.CharField("处理意见", max_length=8, choices=Proposal.choices, blank=True)
    subject = models.ForeignKey(
        Person, verbose_name="对象", null=True, blank=True, on_delete=models.PROTECT, related_name="voted_on"
    )
    computed = models.PositiveSmallIntegerField("系统算得应到会")
    base = models.PositiveSmallIntegerField("应到会有表决权")
    base_reason = models.CharField("改动应到会人数的理由", max_length=200, blank=True)
    left_out = models.JSONField("不计入的人和理由", default=list, blank=True)
    present = models.PositiveSmallIntegerField("实到有表决权")
    yes = models.PositiveSmallIntegerField("赞成")
    no = models.PositiveSmallIntegerField("不赞成", default=0)
    abstain = models.PositiveSmallIntegerField("弃权", default=0)
    written = models.PositiveSmallIntegerField("会前书面意见", default=0)
    written_yes = models.PositiveSmallIntegerField("其中赞成", default=0)
    secret = models.BooleanField("无记名投票", default=False)
    needed_present = models.PositiveSmallIntegerField("至少到会")
    needed_yes = models.PositiveSmallIntegerField("至少赞成")
    held = models.BooleanField("够法定人数")
    passed = models.BooleanField("通过")
    sentence = models.CharField("判定", max_length=300)
    recorder_name = models.CharField("登记人", max_length=60)

    objects: ClassVar[Any]
    unit_paths = ("meeting__unit",)
    view_verb = "activities.view_meeting"
    title_paths = ("meeting",)

    class Meta:
        verbose_name = "表决"
        ordering = ["meeting", "pk"]

    def __str__(self) -> str:
        return self.matter

    def clean(self) -> None:
        if self.yes + self.no + self.abstain > self.present:
            raise ValidationError("赞成、不赞成、弃权合计多于实到有表决权人数")

    def get_absolute_url(self) -> str:
        return f"{self.meeting.get_absolute_url()}#vote-{self.pk}"

    @property
    def rule(self) -> Rule:
        """The rule in the version that judged it."""
        return rule(self.rule_code, self.rule_since)

    @property
    def written_apart(self) -> str:
        """Why written opinions were only noted: the texts count them where members are admitted or confirmed."""
        if not self.written or self.rule_code in WRITTEN_COUNTS:
            return ""
        cites = "；".join(dict.fromkeys(rule(code, self.meeting.held_on).cite for code in WRITTEN_COUNTS))
        return f"会前书面意见只在接收预备党员、预备党员转正时计票（{cites}），其他表决只计到会人的票"

    @property
    def missing(self) -> int:
        """How many more should have been there for the meeting to vote at all."""
        return max(self.needed_present - self.present, 0)

    @property
    def result(self) -> str:
        """通过, 未通过, or that the meeting could not vote."""
        if not self.held:
            return f"不能表决：还差 {self.missing} 人到会"
        return "通过" if self.passed else "未通过"

    @property
    def tone(self) -> str:
        if self.state == self.State.VOID:
            return "grey"
        return "green" if self.passed else "red"
