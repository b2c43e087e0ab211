"""What waits for whom among orders and lines: a fixed small number of queries, whatever there is."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from linghang.dispatch.models import Line, Order
from linghang.kernel.models import Trail
from linghang.kernel.todos import Todo, todos
from linghang.org.models import Unit

CITE = "院内规定 · 一会三单四查"
GLYPHS = {"reminder": "提", "worklist": "清", "rectification": "改", "supervision": "督"}
MOST, FEW = 30, 3

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


@todos("dispatch")
def waiting(person: Any) -> Iterator[Todo]:
    """Sheets to check, sign, issue or sign for; lines to report, confirm, review, verify; supervisions to close."""
    yield from _piles(person)
    for verb, state, word in SINGLE:
        if person.reach(verb):
            yield from _sheets(person, verb, state, word)
    yield from _to_hand_in(person)
    for verb, wanted, word in (
        ("dispatch.confirm", Q(state=Line.State.REPORTED), "确认"),
        ("dispatch.review", Q(state=Line.State.CONFIRMED, verifier=None), "审核"),
        ("dispatch.verify", Q(state=Line.State.CONFIRMED, verifier=person.pk), "复核"),
    ):
        if person.reach(verb):
            yield from _judgements(person, verb, wanted, word)
    if person.reach("dispatch.close"):
        yield from _to_close(person)


def _done_by(person: Any, label: str, *verbs: str) -> Exists:
    """Whether this person did one of these verbs to the row: what one did oneself waits for somebody else."""
    subject = Concat(Value(f"{label}:"), Cast(OuterRef("pk"), CharField()))
    return Exists(Trail.objects.filter(subject=subject, verb__in=verbs, actor=person.ref))


def _piles(person: Any) -> Iterator[Todo]:
    """Sheets to check, sign or issue, counted by kind: one query for all three verbs."""
    asked = [_pile(person, verb, state) for verb, state, _ in PILES if person.reach(verb)]
    if not asked:
        return
    states = {verb: (state, word) for verb, state, word in PILES}
    for row in asked[0].union(*asked[1:], all=True):
        kind, (state, word) = row["kind"], states[row["verb"]]
        url = f"{reverse(f'dispatch:{kind}s')}?state={state}"
        title = f"{word} {row['count']} 张{Order.Kind(kind).label}"
        yield Todo(title, "可以一次办完", url, word, GLYPHS[kind], count=row["count"])


def _pile(person: Any, verb: str, state: str) -> Any:
    found = Order.objects.within(person, verb).filter(state=state)
    if verb == "dispatch.check":
        found = found.exclude(_done_by(person, "dispatch.order", "dispatch.draft"))
    if verb == "dispatch.sign":
        found = found.exclude(kind=Order.Kind.SUPERVISION)
    return found.order_by().values("kind").annotate(verb=Value(verb), count=Count("pk"))


def _sheets(person: Any, verb: str, state: str, word: str) -> Iterator[Todo]:
    found = Order.objects.within(person, verb).filter(state=state, kind=Order.Kind.SUPERVISION)
    if verb == "dispatch.sign_supervision":
        found = found.exclude(_done_by(person, "dispatch.order", "dispatch.draft", "dispatch.check"))
    for order in found.select_related("unit")[:MOST]:
        why = f"{order.title} · {order.unit}"
        title = f"{word}{order.get_kind_display()}{order.number_text}"
        yield Todo(title, why, order.get_absolute_url(), word, "督", order.due_on, cite=CITE)


def _to_hand_in(person: Any) -> Iterator[Todo]:
    """Lines of one's own, and of one's unit where nobody is named; what was given to others is shown apart."""
    found = Line.objects.within(person, "dispatch.report").running().filter(state=Line.State.OPEN)
    mine = found.filter(Q(verifier=None) | ~Q(verifier=person.pk))
    heads = bool(person.reach("dispatch.confirm"))
    for line in mine.select_related("order", "owner").order_by("due_on", "pk")[: 2 * MOST]:
        yours = line.owner_id in (None, person.pk)
        if yours or heads:
            yield line_todo(line, "上报" if yours else "看进度", waiting=not yours)


def line_todo(line: Line, button: str, *, waiting: bool = False) -> Todo:
    """A line as something to do: why, until when, and whether it came back."""
    back = f"退回 {line.returns} 次 · " if line.returns and line.state == Line.State.OPEN else ""
    owner = f" · {line.owner}" if line.owner_id else ""
    return Todo(
        line.text,
        f"{back}{line.order.get_kind_display()}{line.order.number_text}{owner}",
        line.get_absolute_url(),
        button,
        GLYPHS[line.order.kind],
        line.due_on,
        cite=CITE,
        waiting=waiting,
    )


def _judgements(person: Any, verb: str, wanted: Q, word: str) -> Iterator[Todo]:
    found = Line.objects.within(person, verb).running().filter(wanted)
    found = found.exclude(_done_by(person, "dispatch.line", "dispatch.report", "dispatch.confirm"))
    if verb == "dispatch.review":
        found = found.filter(_nobody_nearer(person))
    first = list(found.select_related("order__unit", "owner").order_by("due_on", "pk")[:MOST])
    if verb == "dispatch.review" and len(first) > FEW:
        count = found.count() if len(first) == MOST else len(first)
        url = f"{reverse('dispatch:lines')}?state={Line.State.CONFIRMED}"
        yield Todo(f"审核 {count} 条上报", "支部已上报，书记已确认", url, word, "审", count=count, cite=CITE)
        return
    for line in first:
        why = f"{line.order.unit} · {line.result[:40]}"
        yield Todo(f"{word}：{line.text}", why, line.get_absolute_url(), word, "审", cite=CITE)


def _nobody_nearer(person: Any) -> Q:
    """A 总支 reviews its own branches; 党办 is asked only where no 总支 or 二级党委 stands in between."""
    between = (Unit.Kind.GENERAL, Unit.Kind.SUBCOMMITTEE)
    own = {post.unit_id for post in person.posts_now}
    nearer = Q(order__unit__parent__kind__in=between, order__unit__parent__parent__kind__in=Unit.PARTY)
    return Q(order__unit__parent__in=own) | ~nearer


def _to_close(person: Any) -> Iterator[Todo]:
    found = Order.objects.within(person, "dispatch.close").filter(
        kind=Order.Kind.SUPERVISION, state=Order.State.RECEIVED
    )
    left = Line.objects.filter(order=OuterRef("pk")).exclude(state=Line.State.CLOSED)
    for order in found.exclude(Exists(left)).exclude(lines__owner=person.pk).select_related("unit")[:MOST]:
        title = f"销号：督导单{order.number_text}"
        yield Todo(
            title,
            f"{order.title} · {order.unit} · 措施都已复核",
            order.get_absolute_url(),
            "销号",
            "督",
            cite=CITE,
        )
