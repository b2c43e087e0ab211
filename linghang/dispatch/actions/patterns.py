"""What the office writes once and uses again: patterns of sheets, and lines that recur."""

from django.core.exceptions import ValidationError

from linghang.dispatch.models import Order, Pattern, Recurring
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step, verb
from linghang.kernel.models import Counter

verb("dispatch.view_pattern", "查看常用单据")


@creation(Pattern, "dispatch.save_pattern")
def save_pattern(by: Actor, *, order: Order, name: str) -> Pattern:
    """存为常用单据

    Title, text and lines; a deadline is kept as so many days from the drafting, people are not kept.
    """
    lines = [
        {
            "text": line.text,
            "days": (line.due_on - order.drafted_on).days if line.due_on else None,
            "under": line.parent_id is not None,
        }
        for line in order.lines.all()
    ]
    if not lines:
        raise ValidationError("单据还没有事项，不能存为常用单据")
    code = f"own-{Counter.take('dispatch.pattern')}"
    return Pattern(
        code=code, name=name.strip(), kind=order.kind, title=order.title, text=order.text, lines=lines
    )


@step(Pattern, "dispatch.drop_pattern", when=lambda pattern: pattern.active)
def drop_pattern(pattern: Pattern, by: Actor) -> None:
    """停用常用单据"""
    pattern.active = False


@creation(Recurring, "dispatch.keep_recurring")
def keep_recurring(
    by: Actor, *, text: str, every: int, nth: int = 1, due_day: int, category: str = ""
) -> Recurring:
    """设经常性事项

    From today on it stands on the sheets of each month in which it is due.
    """
    if nth > every:
        raise ValidationError({"nth": "“在第几个月”不能超过一个周期的月数"})
    code = f"own-{Counter.take('dispatch.recurring')}"
    given = {"every": every, "nth": nth, "due_day": due_day, "category": category}
    return Recurring(code=code, text=text.strip(), since=clock.today(), **given)


@step(Recurring, "dispatch.end_recurring", when=lambda one: one.until is None or one.until > clock.today())
def end_recurring(recurring: Recurring, by: Actor) -> None:
    """停用经常性事项

    Sheets that carry it already keep it.
    """
    recurring.until = clock.today()
