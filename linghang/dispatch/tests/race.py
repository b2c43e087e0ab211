"""Run by test_race in a process of its own, on a database that threads can share: six hands on the same orders."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

HANDS, SHEETS = 6, 20


def together(acts: list[Callable[[], Any]]) -> Counter[str]:
    """Do all of these at the same moment, each in its own thread and connection; count how they ended."""
    from django.core.exceptions import ValidationError
    from django.db import connection

    gate = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> str:
        try:
            gate.wait()
            act()
            return "accepted"
        except ValidationError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(one, acts))


def main() -> dict[str, Any]:
    """Play the races in the tiny hospital and say what came of them."""
    from django.core.management import call_command

    from linghang.dispatch import actions
    from linghang.dispatch.actions import LineDraft
    from linghang.dispatch.models import Line, Order
    from linghang.kernel import clock
    from linghang.kernel.models import Trail
    from linghang.org.models import Person, Unit

    call_command("blueprint", "apply", "tiny", stdout=sys.stderr)
    who = Person.objects.in_bulk(field_name="staff_number")
    party, branch = Unit.objects.get(code="party"), Unit.objects.get(code="b-medicine")
    due = clock.today() + timedelta(days=9)
    for n in range(SHEETS):
        made = actions.draft(
            who["1004"],
            kind=Order.Kind.REMINDER,
            unit=branch,
            issuer=party,
            title=f"第 {n} 张",
            lines=[LineDraft("一", due), LineDraft("二", due)],
        )
        actions.check(made, who["1003"])

    found: dict[str, Any] = {}
    for name, act in (("sign", actions.sign), ("issue", actions.issue)):
        counts: Counter[str] = Counter()
        for key in list(Order.objects.values_list("pk", flat=True)):
            hands = [
                lambda key=key, act=act: act(Order.objects.get(pk=key), who["1003"]) for _ in range(HANDS)
            ]
            counts += together(hands)
        found[name] = counts | Counter(trail=Trail.objects.filter(verb=f"dispatch.{name}").count())
    found["numbers"] = sorted(Order.objects.values_list("number", flat=True))

    for line in Line.objects.all():
        actions.report(line, who["3001"], result="已办")
    for order in Order.objects.prefetch_related("lines"):
        hands = [lambda line=line: actions.review(line, who["2001"]) for line in order.lines.all()]
        together(hands)
    found["closed"] = Order.objects.filter(state=Order.State.CLOSED).count()
    found["finished"] = Trail.objects.filter(verb="dispatch.finish").count()
    return found


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(main(), sys.stdout)
