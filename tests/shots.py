"""Every page that a role can reach by clicking, in both sizes, into var/shots/: found by following links from the desk."""

import argparse
import os
import subprocess
import sys
import time
import urllib.request
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

HOME = Path(__file__).resolve().parent.parent
SIZES = {"pc": (1366, 768), "phone": (390, 844)}
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROLES = (
    "secretary",
    "organiser",
    "general_secretary",
    "office_director",
    "deputy_party_secretary",
    "discipline_clerk",
    "contributor",
    "administrator",
    "auditor",
)


def cookie(role: str) -> str:
    """A session of whoever holds this role, made as signing in would make it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from linghang.org.models import User

    user = User.objects.filter(person__posts__role=role).order_by("pk").first()
    if user is None:
        return ""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "linghang.org.backends.PersonBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def pages(page, base: str, most: int) -> Iterator[tuple[str, str]]:
    """One example of each page: (name, address), breadth first from the desk."""
    from django.urls import Resolver404, resolve

    queue, seen = deque(["/"]), set()
    while queue and len(seen) < most:
        path = queue.popleft()
        try:
            name = resolve(urlsplit(path).path).view_name.replace(":", "-")
        except Resolver404:
            continue
        if name in seen or "logout" in name or "export" in path:
            continue
        seen.add(name)
        try:
            response = page.goto(urljoin(base, path), wait_until="networkidle")
        except Exception:  # a download is not a page
            continue
        if response is None or "text/html" not in response.headers.get("content-type", ""):
            continue
        yield name, path
        hrefs = page.eval_on_selector_all("a[href]", "found => found.map(a => a.href.split('#')[0])")
        queue.extend(h.removeprefix(base) for h in hrefs if h.startswith(base))


def shoot(base: str, target: Path, roles: list[str], most: int) -> int:
    """Take the pictures; gives how many pages answered with an error."""
    from playwright.sync_api import sync_playwright

    wrong = 0
    sessions = {role: key for role in roles if (key := cookie(role))}
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for role, key in sessions.items():
            contexts = {}
            for size, (width, height) in SIZES.items():
                contexts[size] = browser.new_context(
                    viewport={"width": width, "height": height}, locale="zh-CN"
                )
                contexts[size].add_cookies([{"name": "sessionid", "value": key, "url": base}])
            pc, phone = contexts["pc"].new_page(), contexts["phone"].new_page()
            (target / role).mkdir(parents=True, exist_ok=True)
            for name, path in pages(pc, base, most):
                pc.screenshot(path=target / role / f"{name}.png")
                phone.goto(urljoin(base, path), wait_until="networkidle")
                phone.screenshot(path=target / role / f"{name}-phone.png")
                wide = phone.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
                title = pc.title()
                if wide or "出错" in title or "没有找到" in title:
                    wrong += 1
                    print(f"{role} {path}：{'手机上要左右滚动' if wide else title}")
        browser.close()
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--blueprint", default="liuan")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--roles", nargs="*", default=list(ROLES))
    parser.add_argument("--most", type=int, default=80)
    options = parser.parse_args()
    var = Path(os.environ.setdefault("LINGHANG_VAR", str(HOME / "var/demo" / options.blueprint)))
    if not (var / "linghang.sqlite3").exists():
        sys.exit("先运行一次 ./run.sh demo，再来截图。")
    os.environ |= {
        "LINGHANG_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "linghang.settings",
        "LINGHANG_LOG": "WARNING",
    }
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    import django

    django.setup()
    web = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--port",
        str(options.port),
        "linghang.wsgi:application",
    ]
    server = subprocess.Popen([*web, "--blocking-threads", "4", "--log-level", "warning"], cwd=HOME)
    base = f"http://127.0.0.1:{options.port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{base}/alive/", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        target = HOME / "var/shots"
        wrong = shoot(base, target, options.roles, options.most)
    finally:
        server.terminate()
    print(f"截图在 {target}" + (f"，{wrong} 页有问题" if wrong else ""))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
