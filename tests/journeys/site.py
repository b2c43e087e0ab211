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
    kept = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "LINGHANG_DEMO")
    }
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


# The worker stands on the same day as the server.
WORKER = "from tests.journeys import clocked; from django.core.management import call_command; call_command('db_worker', interval=0.2)"


class Site:
    """A hospital copied from the founded one, and its running server."""

    def __init__(self, founded: Path, var: Path, *, worker: bool = False, **settings: str) -> None:
        self.var, self.day, self.settings, self.worker = var, DAY, settings, worker
        if worker:
            self.settings["LINGHANG_TASKS"] = "django_tasks_db.DatabaseBackend"
        var.mkdir(parents=True)
        shutil.copy(founded / "linghang.sqlite3", var)
        (var / "static").symlink_to(founded / "static")
        self.log = var / "server.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []

    def open(self) -> None:
        """Start the server and wait until it answers."""
        self._start(*SERVER, "--port", str(self.port), "tests.journeys.clocked:application")
        if self.worker:
            self._start("-c", WORKER)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.processes[0].poll() is None:
            try:
                urllib.request.urlopen(f"{self.base}/alive/", timeout=5)
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(self.log.read_text()[-2000:])

    def _start(self, *command: str) -> None:
        held = environment(self.var, self.day, **self.settings)
        with self.log.open("ab") as log:
            started = subprocess.Popen([sys.executable, *command], cwd=HOME, env=held, stdout=log, stderr=log)
        self.processes.append(started)

    def close(self) -> None:
        for process in self.processes:
            process.terminate()
        while self.processes:
            self.processes.pop().wait(20)

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
