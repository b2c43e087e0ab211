"""Run the web server, the worker and the tick together, and stop them together."""

import ctypes
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress

from django.conf import settings

GRACE = 10
RESTARTS = 5


def serve(host: str, port: int, ready: Callable[[], None] | None = None) -> None:
    """Start all three, tell when the first page answers, wait; any signal or the end of one ends all."""
    if settings.DEMO and not is_loopback(host):
        sys.exit("演示模式只能绑定本机地址（127.0.0.1）。")
    free(host, port)
    asked = commands(host, port)
    processes: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        for command in asked:
            processes.append(start(command))
        wait_until_alive(host, port, processes)
        if ready:
            ready()
        else:
            print(f"领航已启动：http://{host}:{port}/ （Ctrl-C 停止）", flush=True)
        watch(asked, processes)
        sys.exit("网页进程意外退出，或后台进程一再退出，已全部停止；原因见上方日志。")
    except KeyboardInterrupt:
        print("\n正在停止……", flush=True)
    finally:
        stop(processes)


def watch(asked: Sequence[Sequence[str]], processes: "list[subprocess.Popen[bytes]]") -> None:
    """Return when the web server has ended. Worker or tick that end (a locked database) are started again, a few times."""
    left = RESTARTS
    while processes[0].poll() is None and left:
        for i, process in enumerate(processes[1:], 1):
            if process.poll() is not None:
                print("后台进程意外退出，已重新启动；原因见上方日志。", file=sys.stderr, flush=True)
                processes[i], left = start(asked[i]), left - 1
        time.sleep(0.5)


def is_loopback(host: str) -> bool:
    """Whether an address never leaves this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def free(host: str, port: int) -> None:
    """End when somebody else listens there, before any work is begun."""
    if taken(host, port):
        sys.exit(f"端口 {port} 已被占用，请用 --port 换一个，或先停止占用它的程序。")


def taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def commands(host: str, port: int) -> list[list[str]]:
    """The three processes. On SQLite one worker process with threads; PostgreSQL may take more."""
    python, sqlite = sys.executable, settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    workers = "1" if sqlite else str(min(4, os.cpu_count() or 1))
    web = [python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += [
        "--workers",
        workers,
        "--blocking-threads",
        "4",
        "--log-level",
        "warning",
        "linghang.wsgi:application",
    ]
    return [web, [python, "manage.py", "db_worker", "--interval", "0.5"], [python, "manage.py", "tick"]]


def start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    # Its own group, so that Ctrl-C reaches us alone and we stop the three in order.
    return subprocess.Popen(command, cwd=settings.BASE_DIR, process_group=0, preexec_fn=die_with_parent)  # noqa: S603


def die_with_parent() -> None:
    """On Linux: be told to end when the parent is gone, even by SIGKILL, so that no orphan holds the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def stop(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        # What it started itself must not outlive it and hold the port.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def wait_until_alive(host: str, port: int, processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and all(process.poll() is None for process in processes):
        try:
            urllib.request.urlopen(f"http://{shown}:{port}/alive/", timeout=2)
            return
        except OSError:
            time.sleep(0.1)
