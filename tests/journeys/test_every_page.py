"""每个岗位把看得到的链接都走一遍：打得开、有标题、不出错、手机上不用左右滚动、按钮都有去处。"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error as PlaywrightError

from tests.journeys.looks import wrong_with
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SCENES = ("lived",)
ROLES = {
    "secretary": "3001",
    "organiser": "3002",
    "group_leader": "3003",
    "member": "3004",
    "general_secretary": "2001",
    "office_director": "1003",
    "office_clerk": "1004",
    "deputy_party_secretary": "1002",
    "discipline_clerk": "1005",
    "contributor": "1006",
    "administrator": "9001",
    "auditor": "9002",
}
# Of a page that was opened once, so many more addresses are only asked whether they answer.
MORE = 2
LINKS = "found => found.filter((a) => a.checkVisibility()).map((a) => a.href)"


def view_of(path: str) -> str:
    try:
        return str(resolve(urlsplit(path).path).view_name)
    except Resolver404:
        return ""


def shown_links(person: Visitor) -> Iterator[str]:
    """The addresses on this page that lead into the product, without the place in the page."""
    for href in person.page.eval_on_selector_all("a[href]", LINKS):
        if href.startswith(person.site.base):
            yield href.removeprefix(person.site.base).partition("#")[0]


def look_at(person: Visitor, path: str) -> bool:
    """Open one page and judge it in both sizes; axe only for kinds of page that no story has looked at. A file that is
    downloaded instead is no page."""
    try:
        person.page.goto(path)
    except PlaywrightError:
        return False
    person.arrives("")
    for size in ("pc", "phone") if person.page.viewport_size["width"] > 1000 else ("phone", "pc"):
        person.problems += [f"{path} {words}" for words in wrong_with(person.page, size, axe=False)]
    return True


def walk(person: Visitor) -> None:
    """Follow every link that this person is shown, from the desk on."""
    person.arrives("今天")
    queue, asked, shown_on = deque(["/"]), Counter[str](), {"/": ""}
    while queue:
        path = queue.popleft()
        view = view_of(path)
        asked[view] += 1
        if asked[view] == 1 and look_at(person, path):
            fresh = dict.fromkeys(link for link in shown_links(person) if link not in shown_on)
            shown_on |= dict.fromkeys(fresh, path)
            queue.extend(fresh)
        elif asked[view] <= MORE and (status := person.context.request.get(path).status) >= 400:
            person.problems.append(f"{path} 答复 {status}，在 {shown_on[path]} 上看到")
    assert not asked[""], "有链接不是系统的地址"
    assert len(asked) > 4, f"只走到 {len(asked)} 页"


@pytest.mark.parametrize("number", ROLES.values(), ids=ROLES.keys())
def test_whatever_a_role_is_shown_opens_and_works(visitor: Come, number: str) -> None:
    walk(visitor(number))
