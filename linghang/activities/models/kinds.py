"""Kinds of meetings and events as data: who holds them, who is expected, what stands on the agenda, how it is voted."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models

from linghang.activities.models.asks import Ask, asked
from linghang.kernel.parameters import once


class Kind(models.Model):
    """One kind of meeting or event. A meeting keeps the code; what the code means is this row, set by the blueprint."""

    class Who(models.TextChoices):
        MEMBERS = "members", "全体党员"
        FULL_MEMBERS = "full_members", "正式党员"
        COMMITTEE = "committee", "委员"
        HEADS = "heads", "委员和各支部、总支负责人"
        TREE = "tree", "本单位所有支部的党员"
        PAIR = "pair", "谈话双方"
        SPEAKER = "speaker", "主讲人"

    code = models.CharField(max_length=16, primary_key=True)
    title = models.CharField("名称", max_length=20)
    aliases = models.JSONField("又称", default=list, blank=True)
    holders = models.JSONField("哪些单位开", default=list)
    who = models.CharField("应到", max_length=12, choices=Who.choices, default=Who.MEMBERS)
    common = models.BooleanField("常用", default=False)
    agenda = models.JSONField("固定议程", default=list, blank=True)
    ballots = models.JSONField("可以表决什么（规则编号）", default=list, blank=True)
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1, default=0)
    window = models.PositiveSmallIntegerField("次年几月底前仍算上年", null=True, blank=True)
    papers = models.JSONField("材料", default=list, blank=True)
    steps = models.JSONField("步骤", default=list, blank=True)
    bare = models.BooleanField("只记日期和人", default=False)
    one_tap = models.BooleanField("一键登记", default=False)
    course = models.BooleanField("集中培训", default=False)
    rule = models.CharField("频次依据（规则编号）", max_length=12, blank=True)
    frequency = models.CharField("频次参数", max_length=60, blank=True)
    joins = models.CharField("通常并入", max_length=16, blank=True)
    asks = models.JSONField("另问", default=list, blank=True)
    usual_day = models.PositiveSmallIntegerField("通常在几日", default=15)
    order = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField("不再使用", default=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = "组织生活类别"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.title

    @property
    def first_topic(self) -> bool:
        """Whether it opens with a 第一议题 (S0-02)."""
        return bool(self.agenda) and self.agenda[0] == FIRST_TOPIC

    @property
    def gathers(self) -> bool:
        """Whether it calls the members of all branches below: then absentees are named, nobody ticks the roll."""
        return self.who == self.Who.TREE

    @property
    def usual_topics(self) -> list[str]:
        """What stands on its agenda each time; which 第一议题 it is, the meeting says."""
        return [item for item in self.agenda if item != FIRST_TOPIC]


FIRST_TOPIC = "第一议题"


def kinds() -> dict[str, Kind]:
    """Every kind by its code, in order; read once a request."""
    return once("activities.kinds", lambda: {kind.code: kind for kind in Kind.objects.all()})


def kind_of(code: str) -> Kind:
    """The kind of a code; one that is no longer known is called by its code."""
    return kinds().get(code) or Kind(code=code, title=code)


def asked_of(codes: Iterable[str]) -> dict[str, Ask]:
    """What the kinds of these codes ask besides, each question once."""
    return asked(kind_of(code).asks for code in codes)


def held_by(unit_kind: str) -> list[Kind]:
    """The kinds that a kind of unit holds today."""
    return [kind for kind in kinds().values() if unit_kind in kind.holders and not kind.retired]


def holders() -> set[str]:
    """The kinds of unit that hold meetings at all."""
    return {unit_kind for kind in kinds().values() for unit_kind in kind.holders}
