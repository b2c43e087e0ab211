"""One database, measured: run by `python -m benchmarks` in a process of its own, because settings are read once."""

import json
import os
import sys
import time
from dataclasses import asdict
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import django

PAIRED = 200
SAMPLE = Path(__file__).resolve().parent.parent / "linghang/org/tests/samples/roster-large.xlsx"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measure(lines: int, attendances: int) -> dict[str, Any]:
    """Build or take up the data, then time everything."""
    from benchmarks import hospital, pages, server

    say(f"准备数据：{lines} 条事项、{attendances} 条参会记录……")
    built = hospital.ready(lines, attendances)
    say(f"数据已建好（{built:.0f} 秒）" if built else "沿用已有数据")
    found: dict[str, Any] = {"counts": hospital.counts(), "whole": [], "pages": []}
    found["whole"] += [score(), *roster(), pairing()]
    for timing in pages.timings():
        say(f"  {timing.who} {timing.page} {timing.p50:.0f} ms")
        found["pages"].append(asdict(timing))
    found["server"] = server.serve()
    return found


def score() -> tuple[str, float]:
    """One assessment year of all branches: computed and stored as the button does it."""
    from linghang.assessment.actions import compute
    from linghang.assessment.models import Cycle
    from linghang.org.demo import holder

    director = holder("office_director")
    assert director is not None
    began = time.perf_counter()
    compute(Cycle.objects.latest("pk"), director)
    return "全院年度考核试算", time.perf_counter() - began


def roster() -> list[tuple[str, float]]:
    """The sample register of a large hospital: preview, then confirm; taken back afterwards."""
    from django.db import transaction

    from linghang.org.demo import holder
    from linghang.org.imports import adjust_roster, confirm_roster, import_roster

    director, content = holder("office_director"), SAMPLE.read_bytes()
    assert director is not None
    with transaction.atomic():
        began = time.perf_counter()
        made = import_roster(
            director, content=content, name=SAMPLE.name, as_of=date(2026, 1, 1), status="full"
        )
        previewed = time.perf_counter() - began
        units = {e["key"]: e["suggestion"] or e["options"][0][0] for e in made.outcome if e["kind"] == "unit"}
        adjust_roster(made, director, units=units)
        began = time.perf_counter()
        confirm_roster(made, director)
        confirmed = time.perf_counter() - began
        rows = made.counts["rows"]
        made.file.delete(save=False)
        transaction.set_rollback(True)
    return [(f"名册预览（{rows} 行）", previewed), ("名册确认导入", confirmed)]


def pairing() -> tuple[str, float]:
    """Two hundred branches of eight 总支 drawn between the 总支, none of the pairs of the two rounds before."""
    from linghang.engine import Branch, pair

    branches, history = [Branch(key, key % 8) for key in range(PAIRED)], []
    for draw in range(2):
        history.append([(one.inspector, one.inspected) for one in pair(branches, "cross", draw).pairs])
    began = time.perf_counter()
    pair(branches, "cross", 2026, history=history)
    return f"交叉互查抽签配对（{PAIRED} 个支部）", time.perf_counter() - began


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linghang.settings")
    django.setup()
    import_module("linghang.wsgi")  # as the server starts, with what that does once for every page
    target = Path(sys.argv[1])
    target.write_text(json.dumps(measure(int(sys.argv[2]), int(sys.argv[3])), ensure_ascii=False))
