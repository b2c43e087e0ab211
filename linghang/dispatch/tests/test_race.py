"""Six hands on the same orders at the same moment, on a database file of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from linghang.dispatch.tests.race import HANDS, SHEETS


def run(*words: str, at: Path) -> str:
    """A Python process with its own var directory, and so its own database."""
    inherited = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment = {**inherited, "LINGHANG_VAR": str(at), "DJANGO_SETTINGS_MODULE": "linghang.settings"}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: Any) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("race")
    run("manage.py", "migrate", "--verbosity=0", at=home)
    found: dict[str, Any] = json.loads(run("-m", "linghang.dispatch.tests.race", at=home))
    return found


@pytest.mark.parametrize("verb", ["sign", "issue"])
def test_each_sheet_is_signed_and_issued_once(outcome: dict[str, Any], verb: str) -> None:
    assert outcome[verb] == {"accepted": SHEETS, "refused": SHEETS * (HANDS - 1), "trail": SHEETS}


@pytest.mark.mechanism("S0-13")
def test_numbers_have_neither_gap_nor_double(outcome: dict[str, Any]) -> None:
    assert outcome["numbers"] == list(range(1, SHEETS + 1))


def test_two_last_lines_closed_at_once_close_the_sheet_once(outcome: dict[str, Any]) -> None:
    assert (outcome["closed"], outcome["finished"]) == (SHEETS, SHEETS)
