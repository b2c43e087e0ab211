"""Play a hospital's year through its verbs, day by day; kept for the next start, begun anew if it was cut off."""

import gc
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from importlib import import_module
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F

from linghang.blueprints.loading import apply, load
from linghang.kernel import clock
from linghang.kernel.models import Notice
from linghang.org import demo as org
from linghang.rules.workdays import is_workday

# In the order in which a day goes: what is asked for, what is done, what is inspected, what is judged.
MODULES = (
    "planning.demo",
    "dispatch.demo",
    "org.member_demo",
    "activities.election_demo",
    "activities.demo",
    "decisions.demo",
    "inspections.demo",
    "inspections.campaign_demo",
    "policies.demo",
    "compliance.demo",
    "assessment.demo",
)
# Those that leave work open on the last days, so that whoever signs in finds something to do.
LEAVING = ("planning.demo", "dispatch.demo", "activities.demo", "decisions.demo", "inspections.demo")
LAST_DAYS = 4

T = TypeVar("T")
UNREAD = 3  # days


def ensure(blueprint: str, prepare: Callable[[], None]) -> None:
    """Make the demo hospital where there is none; a first start that was interrupted begins again."""
    mark = settings.VAR_DIR / "played"
    if not mark.exists():
        for suffix in ("", "-wal", "-shm"):
            (settings.VAR_DIR / f"linghang.sqlite3{suffix}").unlink(missing_ok=True)
    prepare()
    if mark.exists():
        return
    play(blueprint, clock.today())
    mark.write_text(clock.today().isoformat())


def begins(today: date) -> date:
    """The first day of the assessment year that is played: twelve whole months, then this month's settlement."""
    return date(today.year - 1, today.month, 1)


def play(blueprint: str, today: date) -> None:
    """Found the hospital, then live its year; always the same for the same day."""
    # A year makes millions of rows that live for a moment: to look for cycles among them seldom is a twentieth faster.
    gc.set_threshold(100_000)
    start, rng = begins(today), random.Random(2026)
    with transaction.atomic(), clock.at(start - timedelta(days=1)):
        apply(load(blueprint))
        for _ in bar("人员与任职", org.people(start, rng), 3):
            pass
        org.accounts()
    span = (start + timedelta(days=n) for n in range((today - start).days))
    days = [day for day in span if is_workday(day)]
    for _ in bar("演示一年", live(days, rng), len(days)):
        pass
    # People open their notices; only the last days' are still unread.
    Notice.objects.filter(at__date__lt=today - timedelta(days=UNREAD)).update(read_at=F("at"))


def live(days: Sequence[date], rng: random.Random) -> Iterator[date]:
    """Live these working days one by one; the last ones leave work open."""
    for number, day in enumerate(days, 1):
        with transaction.atomic(), clock.at(day):
            for name in MODULES:
                module(name).play(day, rng)
            left = len(days) - number
            for name in LEAVING if left < LAST_DAYS else ():
                module(name).leave(day, left)
        yield day


def module(name: str) -> Any:
    """A module's own part of the demo."""
    return import_module(f"linghang.{name}")


def bar(title: str, items: Iterator[T], total: int) -> Iterator[T]:
    """A progress bar on the terminal; every tenth where there is none."""
    for number, item in enumerate(items, 1):
        yield item
        if sys.stderr.isatty():
            filled = 30 * number // max(total, 1)
            print(
                f"\r{title} [{'█' * filled}{'·' * (30 - filled)}] {number}/{total}",
                end="",
                file=sys.stderr,
                flush=True,
            )
        elif number * 10 // max(total, 1) != (number - 1) * 10 // max(total, 1):
            print(f"{title} {100 * number // max(total, 1)} %", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)


def introduce(port: int) -> None:
    """Print the address and one account for each role."""
    print(f"\n领航演示已启动：http://127.0.0.1:{port}/    （Ctrl-C 停止；数据均为虚构）\n")
    print(f"  密码都是 {org.PASSWORD}")
    for title, account, name in org.accounts():
        print(f"  {account:<8} {title}　{name}")
    print(flush=True)
