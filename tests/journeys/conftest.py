"""The browser, the founded hospital, a copy of it for each story, and the people who sign in."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError

from tests.journeys.looks import AXE
from tests.journeys.site import DAY, Site, play
from tests.journeys.visitor import Visitor
from tests.shots import CHROMIUM, FLAGS


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test below this folder drives the one browser: marked, and kept in one worker."""
    missing = [str(path) for path in (Path(CHROMIUM), AXE) if not path.exists()]
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if missing:
                item.add_marker(pytest.mark.skip(reason=f"浏览器测试需要 {'、'.join(missing)}"))


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Any:
    """Remember that a story broke off, so that its pages are kept as they stood."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        chinese = {"LANGUAGE": "zh_CN", "LC_ALL": "C.UTF-8"}
        chromium = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env={**os.environ, **chinese})
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The hospital on its first day, each shape of it made once: `founded("found_small")`."""

    @cache
    def found(scene: str) -> Path:
        var = tmp_path_factory.mktemp("journeys") / scene
        var.mkdir()
        play(var, scene, DAY)
        return var

    return found


@pytest.fixture(scope="session")
def seen() -> set[str]:
    """The kinds of page that have been looked over in this run."""
    return set()


@pytest.fixture(scope="module")
def site(
    founded: Callable[[str], Path], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A hospital of the story's own. A story's file may say which shape was founded (FOUNDED), what else its server finds
    in the environment (SETTINGS), what has happened before (SCENES), and that long work is done by a worker (WORKER)."""
    told = request.module
    story = told.__name__.rpartition(".")[2]
    worker, settings = getattr(told, "WORKER", False), getattr(told, "SETTINGS", {})
    home = founded(getattr(told, "FOUNDED", "found"))
    made = Site(home, tmp_path_factory.mktemp(story) / "var", worker=worker, **settings)
    for scene in getattr(told, "SCENES", ()):
        made.play(scene)
    made.open()
    yield made
    made.close()
    assert not made.faults(), made.log.read_text()[-4000:]


@pytest.fixture
def visitor(
    site: Site, browser: Any, seen: set[str], request: pytest.FixtureRequest
) -> Iterator[Callable[..., Visitor]]:
    """`visitor("3001", phone=True)`: somebody who has signed in. At the end nothing may have been wrong with any page."""
    came: list[Visitor] = []
    story = request.module.__name__.rpartition(".")[2].removeprefix("test_")

    def come(number: str = "", *, phone: bool = False) -> Visitor:
        one = Visitor(site, browser, story, seen, phone=phone)
        came.append(one)
        return one.sign_in(number) if number else one

    yield come
    if request.node.stash.get(FAILED, False):
        for number, one in enumerate(came):
            with suppress(PlaywrightError):
                words = f"{one.page.url}\n{one.page.locator('body').inner_text()[:1500]}"
                request.node.add_report_section("teardown", "page", words)
                one.look(f"failed-{request.node.name}-{number}")
    problems = [problem for one in came for problem in one.problems]
    for one in came:
        one.close()
    assert not problems, "\n".join(problems)
