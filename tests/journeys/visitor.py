"""Somebody at a screen: they read, click and type, and notice when a page is not as it should be."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect

from tests.journeys.looks import SHOTS, SIZES, wrong_with
from tests.journeys.site import Site
from tests.journeys.stage import PASSWORD

PATIENCE = 20_000
Name = str | re.Pattern[str]


def exactly(label: str) -> re.Pattern[str]:
    """This label and no other; the star of a required field does not count. (re.escape would escape blanks too, which
    a browser's pattern refuses.)"""
    literally = re.sub(r"[][.^$*+?{}()|\\]", r"\\\g<0>", label)
    return re.compile(rf"^{literally}\s*\*?$")


class Visitor:
    """One person in one browser context. What is wrong with the pages is gathered in `problems`."""

    def __init__(self, site: Site, browser: Any, story: str, seen: set[str], *, phone: bool = False) -> None:
        self.site, self.story, self.seen = site, story, seen
        self.size = "phone" if phone else "pc"
        width, height = SIZES[self.size]
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", has_touch=phone, base_url=site.base
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.clicks = self.fields = self.typed = 0
        self._listen()

    def _listen(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda problem: self._note(f"脚本出错：{problem}"))
        self.page.on("response", self._answered)

    def _heard(self, message: Any) -> None:
        # A form that comes back with red words answers 422, and the browser says so; a refused page has its own check.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self._note(f"控制台：{message.text}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400 and response.status != 422:
            self._note(f"{response.request.method} {response.url} 答复 {response.status}")

    def _note(self, problem: str) -> None:
        self.problems.append(f"{urlsplit(self.page.url).path} {problem}")

    # Doing ----------------------------------------------------------------------------------------------------------

    def sign_in(self, number: str, password: str = PASSWORD) -> "Visitor":
        """Through the form, as everybody does."""
        self.page.goto("/")
        self.type("账号", number)
        self.type("密码", password)
        self.click("登录")
        return self

    def go(self, label: str) -> None:
        """Follow the menu; on the phone through the bar below, or 更多."""
        named = re.compile(rf"^{label}\s*\d*\+?$")  # perhaps with a badge, which may arrive at any moment
        if self.size == "phone":
            bar = self.page.get_by_role("navigation", name="常用").get_by_role("link", name=named)
            if bar.count():
                self._press(bar.first)
                return
            self._press(self.page.get_by_role("navigation", name="常用").get_by_text("更多"))
        self._press(self.page.get_by_role("navigation", name="主菜单").get_by_role("link", name=named))

    def click(self, name: Name, inside: Locator | None = None) -> None:
        """Press the button or link of this name; the first that can be seen."""
        self._press(self.control(name, inside))

    def send(self, name: str) -> None:
        """Press the button of the page's form."""
        self.click(name, self.page.locator("main .house-form, main form.entry").first)

    def control(self, name: Name, inside: Locator | None = None) -> Locator:
        """The button, link or summary of this name."""
        place, exact = inside or self.page.locator("body"), isinstance(name, str)
        found = place.get_by_role("button", name=name, exact=exact).or_(
            place.get_by_role("link", name=name, exact=exact)
        )
        return found.locator("visible=true").first

    def _press(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def agree(self) -> None:
        """Say yes to the question that a risky button asks."""
        self.click("确定", self.page.locator("#ask"))

    def type(self, label: Name, text: str, inside: Locator | None = None) -> None:
        """Write into the field of this label."""
        self.fields += 1
        self.typed += 1
        self.field(label, inside).fill(text)

    def choose(self, label: Name, option: str, inside: Locator | None = None) -> None:
        """Pick from a drop-down list."""
        self.fields += 1
        self.field(label, inside).select_option(label=option)

    def pick(self, label: Name, option: str, inside: Locator | None = None) -> None:
        """Take what the field itself suggests; nothing is typed."""
        field = self.field(label, inside)
        suggested = field.evaluate(
            "(field) => [...(field.list?.options ?? [])].map((option) => option.value)"
        )
        assert option in suggested, f"{label}没有提示“{option}”，只有：{suggested}"
        self.clicks += 1
        field.fill(option)

    def unfold(self, words: str) -> None:
        """Open what is folded away under these words."""
        self._press(self.page.locator("summary").filter(has_text=words).locator("visible=true").first)

    def tick(self, label: Name, inside: Locator | None = None) -> None:
        """Tick a box or a choice by its label."""
        self.clicks += 1
        place = inside or self.page.locator("body")
        place.get_by_label(label, exact=isinstance(label, str)).first.check(force=True)

    def field(self, label: Name, inside: Locator | None = None) -> Locator:
        """The visible field of this label; the star of a required one does not count."""
        wanted = exactly(label) if isinstance(label, str) else label
        place = inside or self.page.locator("body")
        return place.get_by_label(wanted).locator("visible=true").first

    def row(self, text: str) -> Locator:
        """The line of a table that says this."""
        return self.page.locator("tbody tr, .todo").filter(has_text=text).first

    @contextmanager
    def download(self) -> Iterator[list[Path]]:
        """`with visitor.download() as files: click(…)`, then the file is in `files`."""
        files: list[Path] = []
        with self.page.expect_download() as waiting:
            yield files
        kept = self.site.var / "downloads" / waiting.value.suggested_filename
        waiting.value.save_as(kept)
        files.append(kept)

    # Seeing ---------------------------------------------------------------------------------------------------------

    def arrives(self, heading: Name) -> None:
        """The page whose first line says this is there, and is as a page should be."""
        expect(self.page.get_by_role("heading", level=1).first).to_contain_text(heading, timeout=PATIENCE)
        self._settle()
        self._look_over()

    def sees(self, *texts: Name, inside: Locator | None = None) -> None:
        """Read these words somewhere on the page."""
        for text in texts:
            place = inside or self.page.locator("body")
            expect(place.get_by_text(text).locator("visible=true").first).to_be_visible(timeout=PATIENCE)
        self._settle()
        self._look_over()

    def misses(self, *texts: Name) -> None:
        """None of these words can be seen."""
        for text in texts:
            expect(self.page.locator("main").get_by_text(text).locator("visible=true")).to_have_count(0)

    def offers(self, name: Name) -> bool:
        """Whether a button or link of this name is there."""
        return bool(self.control(name).count())

    def _settle(self) -> None:
        self.page.wait_for_load_state("load")
        expect(self.page.locator(".htmx-request:not([data-quiet])")).to_have_count(0)

    def look(self, name: str) -> None:
        """Keep a picture of what is on the screen."""
        self._settle()
        folder = SHOTS / self.story
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", full_page=self.size == "phone", caret="initial")

    def _look_over(self) -> None:
        """Once for each kind of page in the whole run: both sizes, and pictures of both."""
        kind = self.kind
        if kind in self.seen:
            return
        self.seen.add(kind)
        try:
            self._judge(kind)
        except PlaywrightError as problem:
            # What was looked for stood on the page before, too: the next one is on its way. Twice is no accident.
            if "context was destroyed" not in str(problem):
                raise
            self.seen.discard(kind)
            self._settle()
            self._judge(self.kind)

    def _judge(self, kind: str) -> None:
        other = "pc" if self.size == "phone" else "phone"
        held = self.page.evaluate("[scrollX, scrollY]")
        for size in (other, self.size):
            self.problems += [
                f"{urlsplit(self.page.url).path} {words}" for words in wrong_with(self.page, size)
            ]
            folder = SHOTS / "pages"
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{kind}-{size}.png", full_page=True, caret="initial")
        self.page.evaluate("([x, y]) => scrollTo(x, y)", held)

    @property
    def kind(self) -> str:
        """The page's view, and whether it came back with red words."""
        try:
            name = resolve(urlsplit(self.page.url).path).view_name.replace(":", "-")
        except Resolver404:
            name = "unknown"
        return f"{name}-refused" if self.page.locator("form .note-red, .problem").count() else name

    def close(self) -> None:
        self.context.close()
