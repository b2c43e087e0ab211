"""One hospital of its own for one story: its var folder, its database file, its server on its own port."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import date, timedelta
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
# A Wednesday in the middle of a month: nothing is due by accident.
DAY = date(2026, 10, 14)
SERVER = ["-m", "granian", "--interface", "wsgi", "--blocking-threads", "4", "--log-level", "warning"]


def environment(var: Path, day: date, **more: str) -> dict[str, str]:
    """What a server or a stage hand of this hospital finds in its environment."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "LINGHANG_DEMO")}
    own = {
        "DJANGO_SETTINGS_MODULE": "linghang.settings",
        "LINGHANG_VAR": str(var),
        "LINGHANG_SECRET_KEY": "only-for-journeys",
        "LINGHANG_IDENTITY_KEY": "only-for-journeys",
        "LINGHANG_SECOND_FACTOR": "0",
        "LINGHANG_TASKS": "django_tasks.backends.immediate.ImmediateBackend",
        "LINGHANG_LOG": "WARNING",
        "JOURNEY_DAY": day.isoformat(),
    }
    return kept | own | more


def play(var: Path, scene: str, day: date) -> None:
    """Let the stage hands do one scene."""
    command = [sys.executable, "-m", "tests.journeys.stage", scene, day.isoformat()]
    subprocess.run(command, cwd=HOME, env=environment(var, day), check=True)


class Site:
    """A hospital copied from the founded one, and its running server."""

    def __init__(self, founded: Path, var: Path, **settings: str) -> None:
        self.var, self.day, self.settings = var, DAY, settings
        var.mkdir(parents=True)
        shutil.copy(founded / "linghang.sqlite3", var)
        (var / "static").symlink_to(founded / "static")
        self.log = var / "server.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.server: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Start the server and wait until it answers."""
        command = [sys.executable, *SERVER, "--port", str(self.port), "tests.journeys.clocked:application"]
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                command, cwd=HOME, env=environment(self.var, self.day, **self.settings), stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.base}/alive/", timeout=5)
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(self.log.read_text()[-2000:])

    def close(self) -> None:
        if self.server:
            self.server.terminate()
            self.server.wait(20)
            self.server = None

    def days_later(self, days: int) -> None:
        """The same hospital some days on."""
        self.close()
        self.day += timedelta(days=days)
        self.open()

    def play(self, scene: str) -> None:
        """Do a scene behind the curtain, on the day the hospital stands on."""
        play(self.var, scene, self.day)

    def faults(self) -> list[str]:
        """What the server complained of."""
        return [line for line in self.log.read_text().splitlines() if "Error" in line or "Traceback" in line]
