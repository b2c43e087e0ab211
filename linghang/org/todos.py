"""What waits in the organisation: heads without an account, elections that come due, sheets to be signed."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.todos import Offered, Todo, Waits, todos
from linghang.org import member_todos as member_todos
from linghang.org.actions.posts import BODIES, seen
from linghang.org.models import Handover, Person, Post, Term, Unit
from linghang.rules.periods import add_months, add_years
from linghang.rules.terms import Stage, term_years


@todos("org")
def waiting(person: Any) -> Iterator[Todo]:
    """Secretaries without an account: they confirm and sign for their units. Nobody else needs one to be counted."""
    if not person.reach("org.open_account"):
        return
    posts: Any = Post.objects
    heads = posts.on(clock.today()).filter(role__leads=True).exclude(unit__kind=Unit.Kind.GROUP)
    without = Person.objects.within(person, "org.open_account").filter(user=None, left_on=None)
    count = without.filter(posts__in=heads).exclude(staff_number=None).distinct().count()
    if count:
        title = f"{count} 位书记还没有账号"
        why = "上报、确认和签收要由书记本人办；一次性口令打印后当面交"
        yield Todo(title, why, reverse("org:open_accounts"), "开通账号", "账", count=count)


@todos("org.posts")
def posts_waiting(person: Any) -> Offered:
    """Elections that come due, for who keeps the calendar; 岗位交接单 to be signed, for who gives and who takes."""
    if person.reach("org.postpone"):
        due = Term.objects.within(person, "org.postpone").filter(until=None).filter(_near(clock.today()))
        yield Waits(due, "elected_on", _tell_terms, ("unit",))
    mine = Q(giver=person, state=Handover.State.DRAWN) | Q(taker=person, state=Handover.State.GIVEN)
    yield Waits(Handover.objects.filter(mine), "drawn_on", _tell_handovers, ("unit", "role"))


def _near(today: date) -> Q:
    """Terms that have half a year to go, or less; the rules say how each stands, this only leaves out the rest."""
    found = Q(pk__in=[])
    for kind, body in BODIES.items():
        elected = add_months(add_years(today, -term_years(body, on=today)), 7)
        found |= Q(unit__kind=kind, elected_on__lte=elected)
    return found


def _tell_terms(terms: list[Term], count: int) -> Iterable[Todo]:
    today = clock.today()
    near = [each for term in terms if (each := seen(term, today)).stage in (Stage.PREPARE, Stage.OVERDUE)]
    if near:
        first = min(near, key=lambda each: each.ends_on)
        title = f"{len(near)} 个党组织要准备换届"
        cite = first.rule.cite
        yield Todo(title, first.sentence, reverse("org:calendar"), "看日历", "届", first.ends_on, cite)


def _tell_handovers(sheets: list[Handover], count: int) -> Iterable[Todo]:
    for sheet in sheets:
        words = "核对未了事项后确认"
        yield Todo(str(sheet), words, sheet.get_absolute_url(), "去确认", "交")
