"""The real server: how long until it answers, how much memory it holds, what a page takes over HTTP."""

import http.client
import os
import socket
import statistics
import time
from http.cookies import SimpleCookie
from pathlib import Path

from benchmarks.pages import RUNS, WARM, browser
from linghang.org import demo as people
from linghang.serving import commands, start, stop

PAGES = ("/", "/dispatch/orders/", "/dispatch/all-lines/", "/activities/meetings/", "/compliance/board/")


def serve() -> dict[str, float]:
    """Start the web process as `serve` does, ask for pages, weigh it, stop it."""
    person = people.holder("office_director")
    assert person is not None
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in _cookies(person).items())
    port = _free_port()
    began = time.perf_counter()
    process = start(commands("127.0.0.1", port)[0])
    try:
        _wait(port)
        alive = time.perf_counter() - began
        _get(port, "/", cookies)
        first = _memory(process.pid)
        taken = [_get(port, page, cookies) for _ in range(WARM + RUNS) for page in PAGES]
        desk = statistics.median(taken[WARM * len(PAGES) :: len(PAGES)])
        return {"start": alive, "first": first, "memory": _memory(process.pid), "desk": desk}
    finally:
        stop([process])


def _cookies(person: people.Person) -> SimpleCookie:
    return browser(person).cookies


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            _get(port, "/alive/", "")
            return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("the server did not answer within a minute")


def _get(port: int, address: str, cookies: str) -> float:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", address, headers={"Cookie": cookies})
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == 200, f"{address}: {response.status}"
    return (time.perf_counter() - began) * 1000


def _memory(pid: int) -> float:
    """Resident megabytes of the web process: its parent and its workers, shared pages counted in each (Linux)."""
    return sum(_resident(one) for one in [pid, *_below(pid)]) / 1024


def _below(pid: int) -> list[int]:
    children = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*children, *(deeper for one in children for deeper in _below(one))]


def _resident(pid: int) -> int:
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0])


def cores() -> int:
    return os.cpu_count() or 1
