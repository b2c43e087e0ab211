"""Leave asked for before a meeting, and the feed of one's own calendar."""

from secrets import token_urlsafe

from django.core.exceptions import ValidationError

from linghang.activities.models import Feed, Leave, Meeting
from linghang.activities.roll import expected
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step


@creation(Leave, "activities.ask_leave")
def ask_leave(by: Actor, *, meeting: Meeting, reason: str, note: str = "") -> Leave:
    """请假：before the meeting, by whoever is called to it; the recorder finds them ticked with their reason."""
    if meeting.state != Meeting.State.PLANNED or meeting.held_on < clock.today():
        raise ValidationError("会前才能请假；会后由记录人补记缺席原因")
    if not expected(meeting.unit, meeting.kind, meeting.held_on).filter(pk=by.pk).exists():
        raise ValidationError("您不在应到名单里，不用请假")
    if Leave.objects.filter(meeting=meeting, person=by.pk, withdrawn_on=None).exists():
        raise ValidationError("已请过假；要改先销假")
    return Leave(meeting=meeting, person_id=by.pk, reason=reason, note=note)


@step(Leave, "activities.withdraw_leave", when=lambda leave: leave.standing)
def withdraw_leave(leave: Leave, by: Actor) -> None:
    """销假：they can come after all."""
    leave.withdrawn_on = clock.today()


@creation(Feed, "activities.open_feed")
def open_feed(by: Actor) -> Feed:
    """开通日历订阅：a new address; whoever held the old one sees nothing any more."""
    feed = Feed.objects.filter(person=by.pk).first() or Feed(person_id=by.pk)
    feed.token, feed.since = token_urlsafe(32), clock.today()
    return feed


@step(Feed, "activities.close_feed", when=lambda feed: bool(feed.token))
def close_feed(feed: Feed, by: Actor) -> None:
    """停用日历订阅"""
    feed.token = None
