"""The server and its worker are killed with SIGKILL while four clients write: nothing half, nothing lost, no gap."""

import http.client
import json
import os
import random
import secrets
import signal
import subprocess
import threading
from collections.abc import Callable
from io import BytesIO
from queue import Empty, SimpleQueue

import pytest
from xlsxwriter import Workbook

from linghang.__main__ import keys
from linghang.org.demo import GIVEN, SURNAMES
from linghang.serving import commands
from tests.faults.installation import Installation, until

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
KILLS, ORDERS, PEOPLE = 20, 3000, 30
CUT_OFF = (OSError, http.client.HTTPException)
CONFIRMED = "confirmed"


class Clients:
    """Three people who sign and issue orders and one who imports registers, until the line goes dead."""

    def __init__(self, installation: Installation, sessions: list[str]) -> None:
        self.installation, self.sessions = installation, sessions
        self.acknowledged: set[int] = set()
        self.wrong: list[tuple[str, int]] = []
        self.uploads = 0

    def go(self) -> list[threading.Thread]:
        """Take up where the last kill left off."""
        waiting: SimpleQueue[tuple[int, str]] = SimpleQueue()
        wanted = "SELECT id, state FROM dispatch_order WHERE state IN ('checked', 'signed') ORDER BY id"
        for order in self.installation.rows(wanted):
            waiting.put(order)
        works: list[Callable[[], None]] = [
            lambda session=session: self._issue_all(waiting, session) for session in self.sessions[:3]
        ]
        threads = [threading.Thread(target=self._until_dead, args=(w,)) for w in [*works, self._import_all]]
        for thread in threads:
            thread.start()
        return threads

    def _until_dead(self, work: Callable[[], None]) -> None:
        try:
            work()
        except CUT_OFF:
            return

    def _issue_all(self, waiting: "SimpleQueue[tuple[int, str]]", session: str) -> None:
        while True:
            try:
                pk, state = waiting.get_nowait()
            except Empty:
                return
            if state == "checked":
                self._act(f"/dispatch/orders/{pk}/sign/", session)
            self._act(f"/dispatch/orders/{pk}/issue/", session)
            self.acknowledged.add(pk)

    def _act(self, address: str, session: str) -> None:
        status = self.installation.post(address, session)
        if status != 302:
            self.wrong.append((address, status))

    def _import_all(self) -> None:
        session = self.sessions[3]
        while True:
            self.uploads += 1
            name = f"K{self.uploads:03}"
            content, kind = _form(f"{name}.xlsx", _register(name, self.uploads))
            status, headers, _ = self.installation.ask("POST", "/org/imports/new/", session, content, kind)
            address = headers.get("Location") or headers.get("location", "")
            if status != 302:
                self.wrong.append(("/org/imports/new/", status))
                return
            self._act(f"{address}confirm-roster/", session)
            # One after the other, so that a preview is still true when it is confirmed.
            until(lambda name=name: self._is_through(name), 10)

    def _is_through(self, name: str) -> bool:
        self.installation.ask("GET", "/alive/")
        found = self.installation.rows("SELECT state FROM org_import WHERE name = ?", f"{name}.xlsx")
        return found == [(CONFIRMED,)]


def _register(name: str, number: int) -> bytes:
    """Thirty new members of 内科党支部 whom nobody has heard of."""
    target = BytesIO()
    with Workbook(target) as book:
        sheet = book.add_worksheet("党员名册")
        sheet.write_row(0, 0, ["姓名", "党支部", "工号", "党员类别", "入党时间"])
        for row in range(PEOPLE):
            at = number * PEOPLE + row
            rest, first = divmod(at, len(SURNAMES))
            whole = SURNAMES[first] + "".join(GIVEN[one] for one in divmod(rest, len(GIVEN)))
            sheet.write_row(row + 1, 0, [whole, "内科党支部", f"{name}-{row:02}", "正式党员", "2015-07-01"])
    return target.getvalue()


def _form(name: str, content: bytes) -> tuple[bytes, str]:
    """The upload form as a browser sends it."""
    edge = secrets.token_hex(8)
    head = f'--{edge}\r\nContent-Disposition: form-data; name="as_of"\r\n\r\n2026-01-01\r\n--{edge}\r\n'
    head += f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
    head += "Content-Type: application/octet-stream\r\n\r\n"
    return head.encode() + content + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def _kill(processes: list["subprocess.Popen[bytes]"]) -> None:
    """Everything at once, as when the machine loses its power."""
    for process in processes:
        os.killpg(process.pid, signal.SIGKILL)
    for process in processes:
        process.wait()


def _check(installation: Installation, clients: Clients) -> None:
    """What must be true of the file whenever it is opened again."""
    assert installation.rows("PRAGMA integrity_check") == [("ok",)]
    assert not clients.wrong
    _check_orders(installation, clients.acknowledged)
    _check_imports(installation)


def _check_orders(installation: Installation, acknowledged: set[int]) -> None:
    traces = dict(
        installation.rows(
            "SELECT subject || ' ' || verb, COUNT(*) FROM kernel_trail WHERE subject LIKE 'dispatch.order:%' GROUP BY 1"
        )
    )
    numbers, issued = [], set()
    wanted = "SELECT id, state, number, issued_on, seat_id = unit_id FROM dispatch_order"
    for pk, state, number, issued_on, with_unit in installation.rows(wanted):
        signed, went_out = state in ("signed", "issued"), state == "issued"
        numbers += [number] if number else []
        issued |= {pk} if went_out else set()
        assert (number is not None) == signed, f"order {pk}: {state}, number {number}"
        assert (issued_on is not None) == bool(with_unit) == went_out, (
            f"order {pk}: {state}, issued {issued_on}"
        )
        assert traces.get(f"dispatch.order:{pk} dispatch.sign", 0) == signed
        assert traces.get(f"dispatch.order:{pk} dispatch.issue", 0) == went_out
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert installation.rows("SELECT COALESCE(SUM(last), 0) FROM kernel_counter") == [(len(numbers),)]
    assert acknowledged <= issued


def _check_imports(installation: Installation) -> None:
    for pk, name, state in installation.rows("SELECT id, name, state FROM org_import"):
        there = PEOPLE if state == CONFIRMED else 0
        mine = ("SELECT id FROM org_person WHERE staff_number LIKE ?", f"{name.partition('.')[0]}-%")
        assert len(installation.rows(*mine)) == there, f"import {name} is {state}"
        members = f"SELECT COUNT(*) FROM org_membership WHERE person_id IN ({mine[0]})"
        assert installation.rows(members, mine[1]) == [(there,)]
        traces = "SELECT COUNT(*) FROM kernel_trail WHERE subject = ? AND verb = 'org.confirm_roster'"
        assert installation.rows(traces, f"org.import:{pk}") == [(int(state == CONFIRMED),)]


def test_twenty_kills_leave_nothing_half_and_lose_nothing(tmp_path):
    installation = Installation(tmp_path, more={"LINGHANG_SECOND_FACTOR": "0"})
    keys(tmp_path)
    made = installation.run(str(ORDERS), "4", module="tests.faults.prepare")
    assert made.returncode == 0, made.stderr
    clients = Clients(installation, json.loads(made.stdout)["sessions"])
    web, worker, _ = commands("127.0.0.1", installation.port)
    for luck in random.Random(20).sample(range(5, 120), KILLS):
        processes = [installation.start(*worker), installation.start(*web)]
        try:
            assert until(installation.answers), "the next start does not answer"
            threads = clients.go()
            threads[0].join(luck / 100)
        finally:
            _kill(processes)
        for thread in threads:
            thread.join(30)
        _check(installation, clients)
    assert len(clients.acknowledged) > KILLS
    assert installation.rows("SELECT 1 FROM org_import WHERE state = ?", CONFIRMED)
