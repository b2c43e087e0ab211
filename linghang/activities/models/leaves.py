"""What goes with a person: leave asked for before a meeting, and the address of their own calendar feed."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from linghang.activities.models.meetings import Attendance, Meeting
from linghang.kernel import clock
from linghang.kernel.access import Gated
from linghang.org.models import Person


class Leave(Gated):
    """请假: somebody says beforehand that they cannot come, and why; the recorder finds it ticked."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="leaves")
    person = models.ForeignKey(Person, verbose_name="请假人", on_delete=models.PROTECT, related_name="leaves")
    reason = models.CharField("事由", max_length=6, choices=Attendance.Reason.choices)
    note = models.CharField("说明", max_length=60, blank=True)
    at = models.DateTimeField(default=clock.now, editable=False)
    withdrawn_on = models.DateField("销假日期", null=True, blank=True)

    objects: ClassVar[Any]
    unit_paths = ("meeting__unit",)
    own_paths = ("person",)
    view_verb = "activities.view_meeting"

    class Meta:
        verbose_name = "请假"
        ordering = ["meeting", "at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(withdrawn_on=None), name="asks_leave_once"
            )
        ]

    @property
    def standing(self) -> bool:
        """Whether it can still be taken back: the meeting is still to come."""
        return self.withdrawn_on is None and self.meeting.state == Meeting.State.PLANNED

    def __str__(self) -> str:
        return f"{self.person}（{self.get_reason_display()}）"

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()


class Feed(Gated):
    """日历订阅: whoever knows the address sees which meetings call this person; a new address ends the old one."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="feed")
    token = models.CharField(max_length=64, unique=True, null=True, blank=True)
    since = models.DateField("自", default=clock.today)

    objects: ClassVar[Any]
    unit_paths = ("person__branch",)
    own_paths = ("person",)
    view_verb = "activities.view_meeting"
    trail_hides = frozenset({"token"})

    class Meta:
        verbose_name = "日历订阅"

    @classmethod
    def of_token(cls, token: str) -> Person | None:
        """Whose calendar this address opens: somebody who still works here and whose account is open."""
        people = Person.objects.filter(left_on=None, user__is_active=True).select_related("branch")
        found: Person | None = people.filter(feed__token=token).first()
        return found

    def __str__(self) -> str:
        return f"{self.person}的日历订阅"

    def get_absolute_url(self) -> str:
        return reverse("activities:calendar")
