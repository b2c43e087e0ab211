"""What waits for whom among orders and lines."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from linghang.dispatch.models import Document, Line, Order, Part
from linghang.dispatch.parameters import BASIS
from linghang.kernel import clock
from linghang.kernel.flow import did_to_each
from linghang.kernel.parameters import value
from linghang.kernel.todos import Coming, Offered, Todo, Waits, coming, todos
from linghang.org.models import Unit

GLYPHS = {"reminder": "提", "worklist": "清", "rectification": "改", "supervision": "督"}
MOST, FEW, EVERY = 30, 3, 1000
# What a month's sheet asks for stands among the to-dos from a week before its deadline, until then among what is coming.
WEEK, MONTH = timedelta(days=7), timedelta(days=31)

# Verb, the state that waits for it and its words: what is done to a whole pile at once, and what one by one.
PILES: tuple[tuple[str, str, str], ...] = (
    ("dispatch.check", Order.State.DRAFTED, "核稿"),
    ("dispatch.sign", Order.State.CHECKED, "签发"),
    ("dispatch.issue", Order.State.SIGNED, "下发"),
)
SINGLE: tuple[tuple[str, str, str], ...] = (
    ("dispatch.sign_supervision", Order.State.CHECKED, "签发"),
    ("dispatch.receive", Order.State.ISSUED, "签收"),
)
# What is judged one by one, but shown as one row when there are many.
HEAPS: dict[str, tuple[str, str]] = {
    "dispatch.confirm": (Line.State.REPORTED, "支部干事已填好，等您确认"),
    "dispatch.review": (Line.State.CONFIRMED, "支部已上报，书记已确认"),
}


@todos("dispatch")
def waiting(person: Any) -> Offered:
    """Sheets to check, sign, issue or sign for; lines to report, confirm, review, verify; supervisions to close."""
    for verb, state, word in PILES:
        if person.may(verb):
            yield _piles(person, verb, state, word)
    for verb, state, word in SINGLE:
        if person.may(verb):
            yield _sheets(person, verb, state, word)
    yield from _to_hand_in(person)
    for verb, wanted, word in (
        ("dispatch.confirm", Q(state=Line.State.REPORTED), "确认"),
        ("dispatch.review", Q(state=Line.State.CONFIRMED, verifier=None), "审核"),
        ("dispatch.verify", Q(state=Line.State.CONFIRMED, verifier=person.pk), "复核"),
    ):
        if person.may(verb):
            yield _judgements(person, verb, wanted, word)
    yield from (ask(person) for verb, ask in REST.items() if person.may(verb))


def _piles(person: Any, verb: str, state: str, word: str) -> Waits:
    """Sheets to check, sign or issue, told by kind and number."""
    found = Order.objects.within(person, verb).unissued().filter(state=state)
    if verb == "dispatch.check":
        found = found.exclude(did_to_each(Order, person, "dispatch.draft"))
    if verb == "dispatch.sign":
        found = found.exclude(kind=Order.Kind.SUPERVISION)
    return Waits(found, "drafted_on", partial(_tell_piles, state, word), most=EVERY)


def _tell_piles(state: str, word: str, orders: Sequence[Order], _: int) -> Iterator[Todo]:
    for kind, count in Counter(order.kind for order in orders).items():
        url = f"{reverse(f'dispatch:{kind}s')}?state={state}"
        title = f"{word} {count} 张{Order.Kind(kind).label}"
        yield Todo(title, "可以一次办完", url, word, GLYPHS[kind], count=count)


def _sheets(person: Any, verb: str, state: str, word: str) -> Waits:
    found = Order.objects.within(person, verb).filter(state=state, kind=Order.Kind.SUPERVISION)
    if verb == "dispatch.sign_supervision":
        found = found.unissued().exclude(did_to_each(Order, person, "dispatch.draft", "dispatch.check"))
    return Waits(found, "drafted_on", partial(_tell_sheets, word), related=("unit",), most=MOST)


def _tell_sheets(word: str, orders: Sequence[Order], count: int) -> Iterator[Todo]:
    for order in orders:
        why = f"{order.title} · {order.unit}"
        title = f"{word}{order.get_kind_display()}{order.number_text}"
        yield Todo(title, why, order.get_absolute_url(), word, "督", order.due_on, cite=value(BASIS))


def _to_hand_in(person: Any) -> Iterator[Waits]:
    """Lines of one's own, and of one's unit where nobody is named; then sheets that nobody has opened."""
    heads, known = person.may("dispatch.confirm"), set[int]()
    tell = partial(_tell_to_hand_in, person, heads, known)
    yield Waits(_handing_in(person), "due_on", tell, related=("order", "owner"), most=2 * MOST)
    if heads:
        unread = Order.objects.within(person, "dispatch.read").unread()
        yield Waits(unread, "issued_on", partial(_tell_unread, known), most=MOST)


def _tell_to_hand_in(
    person: Any, heads: bool, known: set[int], lines: Sequence[Line], count: int
) -> Iterator[Todo]:
    """What was given to others is shown apart, to whoever heads the unit."""
    sheets: dict[tuple[bool, int], list[Line]] = {}
    for line in lines:
        yours = line.owner_id in (None, person.pk)
        if _presses(line) and (yours or heads):
            sheets.setdefault((yours, line.order_id), []).append(line)
            known.add(line.order_id)
    for (yours, _), held in sheets.items():
        yield from _asked(held, yours)


def _handing_in(person: Any) -> Any:
    found = Line.objects.within(person, "dispatch.report").running().ready().filter(state=Line.State.OPEN)
    return found.filter(Q(verifier=None) | ~Q(verifier=person.pk))


def _presses(line: Line) -> bool:
    """Whether it stands among the to-dos yet: what puts something right does so from its first day."""
    if (
        line.due_on is None
        or line.returns
        or line.order.kind in (Order.Kind.RECTIFICATION, Order.Kind.SUPERVISION)
    ):
        return True
    return line.due_on <= clock.today() + WEEK


def _asked(lines: list[Line], yours: bool) -> Iterator[Todo]:
    """Many lines of one sheet are one row that leads to the sheet."""
    button = "上报" if yours else "看进度"
    if len(lines) < FEW:
        yield from (line_todo(line, button, waiting=not yours) for line in lines)
        return
    order, first = lines[0].order, lines[0]
    yield Todo(
        f"{order.title}：{len(lines)} 条{'要上报' if yours else '由他人办理'}",
        f"{order.get_kind_display()}{order.number_text} · 最近到期：{first.text}",
        order.get_absolute_url(),
        "去上报" if yours else button,
        GLYPHS[order.kind],
        first.due_on,
        cite=value(BASIS),
        waiting=not yours,
        count=len(lines),
    )


def _tell_unread(known: set[int], orders: Sequence[Order], count: int) -> Iterator[Todo]:
    """Sheets that nobody of the unit has opened; opening is all, and it has no deadline."""
    for order in [one for one in reversed(orders) if one.pk not in known][:FEW]:
        why = f"{order.get_kind_display()}{order.number_text} · {order.issued_on:%m-%d} 下发，打开即为已阅"
        yield Todo(
            f"请看：{order.title}",
            why,
            order.get_absolute_url(),
            "打开",
            GLYPHS[order.kind],
            cite=value(BASIS),
        )


@coming("dispatch")
def ahead(person: Any, since: date, until: date) -> Iterator[Waits]:
    """Deadlines of one's own lines that do not press yet: a month's sheet to its end, so that nothing is out of sight."""
    last = max(until, since + MONTH)
    mine = _handing_in(person).filter(Q(owner=None) | Q(owner=person.pk), due_on__range=(since, last))
    yield Waits(mine, "due_on", _tell_ahead, related=("order", "owner"), most=2 * MOST)


def _tell_ahead(lines: Sequence[Line], count: int) -> Iterator[Coming]:
    """Many of one sheet and day are one row."""
    days: dict[tuple[int, date], list[Line]] = {}
    for line in lines:
        if line.due_on and not _presses(line):
            days.setdefault((line.order_id, line.due_on), []).append(line)
    for (_, day), held in days.items():
        order, few = held[0].order, len(held) < FEW
        for line in held if few else held[:1]:
            title = line.text if few else f"{order.title}：{len(held)} 条"
            address = line.get_absolute_url() if few else order.get_absolute_url()
            yield Coming(day, title, address, f"{order.get_kind_display()}{order.number_text} · 到期", "上报")


def line_todo(line: Line, button: str, *, waiting: bool = False) -> Todo:
    """A line as something to do: why, until when, and whether it came back."""
    back = f"退回 {line.returns} 次 · " if line.returns and line.state == Line.State.OPEN else ""
    owner = f" · {line.owner}" if waiting and line.owner_id else ""
    return Todo(
        line.text,
        f"{back}{line.order.get_kind_display()}{line.order.number_text}{owner}",
        line.get_absolute_url(),
        button,
        GLYPHS[line.order.kind],
        line.due_on,
        cite=value(BASIS),
        waiting=waiting,
    )


def _judgements(person: Any, verb: str, wanted: Q, word: str) -> Waits:
    found = Line.objects.within(person, verb).running().filter(wanted)
    found = found.exclude(did_to_each(Line, person, "dispatch.report", "dispatch.confirm"))
    if verb == "dispatch.review":
        found = found.filter(_nobody_nearer(person)).exclude(owner=person.pk)
    tell = partial(_tell_judgements, verb, word)
    return Waits(found, "due_on", tell, related=("order__unit", "owner"), most=MOST)


def _tell_judgements(verb: str, word: str, lines: Sequence[Line], count: int) -> Iterator[Todo]:
    if verb in HEAPS and count > FEW:
        state, why = HEAPS[verb]
        url = f"{reverse('dispatch:lines')}?state={state}"
        yield Todo(f"{word} {count} 条上报", why, url, word, "审", count=count, cite=value(BASIS))
        return
    for line in lines:
        why = f"{line.order.unit} · {line.result[:40]}"
        yield Todo(f"{word}：{line.text}", why, line.get_absolute_url(), word, "审", cite=value(BASIS))


def _nobody_nearer(person: Any) -> Q:
    """A 总支 reviews its own branches; 党办 is asked only where no 总支 or 二级党委 stands in between."""
    between = (Unit.Kind.GENERAL, Unit.Kind.SUBCOMMITTEE)
    own = {post.unit_id for post in person.posts_now}
    nearer = Q(order__unit__parent__kind__in=between, order__unit__parent__parent__kind__in=Unit.PARTY)
    return Q(order__unit__parent__in=own) | ~nearer


def _to_close(person: Any) -> Waits:
    found = Order.objects.within(person, "dispatch.close").filter(
        kind=Order.Kind.SUPERVISION, state=Order.State.RECEIVED
    )
    left = Line.objects.filter(order=OuterRef("pk")).exclude(state=Line.State.CLOSED)
    done = found.exclude(Exists(left)).exclude(lines__owner=person.pk)
    return Waits(done, "drafted_on", _tell_to_close, related=("unit",), most=MOST)


def _tell_to_close(orders: Sequence[Order], count: int) -> Iterator[Todo]:
    for order in orders:
        title = f"销号：督导单{order.number_text}"
        yield Todo(
            title,
            f"{order.title} · {order.unit} · 措施都已复核",
            order.get_absolute_url(),
            "销号",
            "督",
            cite=value(BASIS),
        )


def _asking(person: Any) -> Waits:
    """Units that ask for a later day, of whoever neither asked nor answers for the line."""
    found = Line.objects.within(person, "dispatch.grant_extension").asking()
    found = found.exclude(owner=person.pk).exclude(did_to_each(Line, person, "dispatch.ask_extension"))
    if not person.may("dispatch.sign_supervision"):
        found = found.exclude(order__kind=Order.Kind.SUPERVISION)
    return Waits(found, "due_on", _tell_asking, related=("order__unit",), most=MOST)


def _tell_asking(lines: Sequence[Line], count: int) -> Iterator[Todo]:
    for line in lines:
        why = f"{line.order.unit} 申请延至 {line.asked_until:%m-%d}：{line.asked_because[:40]}"
        title = f"延期申请：{line.text}"
        yield Todo(title, why, line.get_absolute_url(), "批复", "延", line.due_on, cite=value(BASIS))


def _parts(person: Any) -> Waits:
    found = Part.objects.within(person, "dispatch.write_part").wanted()
    return Waits(found, "line__due_on", _tell_parts, related=("line__order__unit",), most=MOST)


def _tell_parts(parts: Sequence[Part], count: int) -> Iterator[Todo]:
    for part in parts:
        line = part.line
        why = f"{line.order.unit}牵头，填写本单位的部分"
        yield Todo(
            f"协办：{line.text}", why, part.get_absolute_url(), "填写", "协", line.due_on, cite=value(BASIS)
        )


def _papers(person: Any) -> Waits:
    """Drafts of official papers by others, and checked ones whose 文号 is to be filled back."""
    found = Document.objects.within(person, "dispatch.check_document")
    drafts = Q(state=Document.State.DRAFTED) & ~Q(did_to_each(Document, person, "dispatch.draft_document"))
    found = found.filter(drafts | Q(state=Document.State.CHECKED))
    return Waits(found, "drafted_on", _tell_papers, most=MOST)


def _tell_papers(papers: Sequence[Document], count: int) -> Iterator[Todo]:
    for one in papers:
        word = "核稿" if one.state == Document.State.DRAFTED else "回填文号"
        yield Todo(f"{word}：{one.title}", one.get_kind_display(), one.get_absolute_url(), word, "文")


# The rest of what waits, by the verb that does it.
REST: dict[str, Callable[[Any], Waits]] = {
    "dispatch.close": _to_close,
    "dispatch.grant_extension": _asking,
    "dispatch.write_part": _parts,
    "dispatch.check_document": _papers,
}
