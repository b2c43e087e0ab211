"""What recurs rides along on the month's first sheet of a branch, so that nobody has to think of it and none gets two."""

from datetime import date

from linghang.dispatch.drafts import LineDraft
from linghang.dispatch.models import Order, Recurring
from linghang.kernel import clock
from linghang.org.models import Unit

SHEETS = (Order.Kind.REMINDER, Order.Kind.WORKLIST)


def month_lines(unit: Unit, month: date) -> list[LineDraft]:
    """The recurring lines that a branch's sheet of this month is to carry; none where an earlier sheet carries them."""
    if unit.kind != Unit.Kind.BRANCH:
        return []
    today = clock.today()
    due = [one for one in Recurring.objects.on(today) if one.falls_in(month) and one.concerns(unit)]
    drafts = [LineDraft(one.text, one.due_in(month), source=one.ref) for one in due]
    drafts = [one for one in drafts if one.due_on and one.due_on >= today]
    return drafts if drafts and not _has_sheet(unit, month) else []


def _has_sheet(unit: Unit, month: date) -> bool:
    """Whether the branch was sent a sheet for this month, void or not: what was taken off it stays off."""
    sent = Order.objects.filter(unit=unit, period=month, kind__in=SHEETS).exclude(issuer=unit)
    return bool(sent.filter(lines__isnull=False).exists())
