"""A hospital of its own in a throw-away folder, run by real processes the way an operator runs it."""

import http.client
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db.backends.sqlite3._functions import register

HOME = Path(__file__).resolve().parent.parent.parent
TOKEN = "a" * 32
OURS = ("LINGHANG_", "DATABASE_URL", "COV_")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(true: Callable[[], Any], seconds: float = 30) -> Any:
    """Ask again and again until it is so, and give what was answered; the last answer when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


@dataclass
class Installation:
    """One var folder with its database, keys and files, and the port of its server."""

    var: Path
    port: int = field(default_factory=free_port)
    database: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What an operator's shell would hold: nothing of the test run's own settings."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
        own = {"LINGHANG_VAR": str(self.var), "LINGHANG_LOG": "WARNING", "PYTHONUNBUFFERED": "1"}
        return kept | own | ({"DATABASE_URL": self.database} if self.database else {}) | dict(self.more)

    def run(self, *arguments: str, module: str = "linghang") -> "subprocess.CompletedProcess[str]":
        """One command to its end."""
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(
            command, cwd=HOME, env=self.environment, capture_output=True, text=True, timeout=120
        )

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        """A process that goes on, in a group of its own."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=HOME, env=self.environment, start_new_session=True, **quiet)

    def serve(self) -> "subprocess.Popen[bytes]":
        """The whole product: web, worker and tick."""
        process = self.start(sys.executable, "-m", "linghang", "serve", "--port", str(self.port))
        assert until(self.answers), "the server did not answer"
        return process

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/alive/")[0] == 200
        except OSError:
            return False

    def ask(
        self, method: str, address: str, session: str = "", body: bytes | None = None, kind: str = ""
    ) -> tuple[int, dict[str, str], bytes]:
        """One request on a connection of its own: status, headers, content."""
        headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        headers["Content-Type"] = kind or "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request(method, address, body, headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()

    def post(self, address: str, session: str, **data: str) -> int:
        return self.ask("POST", address, session, urlencode(data).encode())[0]

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Straight from the database file, past the product."""
        with closing(sqlite3.connect(self.var / "linghang.sqlite3", timeout=20)) as file:
            register(file)  # constraints may call Django's own functions
            return file.execute(sql, values).fetchall()


def below(pid: int) -> set[int]:
    """Every process that this one started, and theirs (Linux)."""
    try:
        children = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return set()
    return set(children).union(*map(below, children))


def living(pids: set[int]) -> set[int]:
    """Those that still run; a zombie that waits to be counted is dead."""
    return {pid for pid in pids if _state(pid) not in ("", "Z")}


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
