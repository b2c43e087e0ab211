"""manage.py tick: once a minute, what time itself brings about (reminders, posts that end, retention)."""

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from linghang.kernel.ticks import TICKS

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "定时器：每分钟一次"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, default=60)
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, every: int, once: bool, **options: Any) -> None:
        while True:
            for name, run in TICKS.items():
                try:
                    run()
                except Exception:
                    # One module's fault must not silence the others; it is logged and tried again next minute.
                    log.exception("tick %s", name)
            close_old_connections()
            if once:
                return
            time.sleep(every)
