"""每个岗位把看得到的链接都走一遍：打得开、有标题、不出错、手机上不用左右滚动、按钮都有去处。"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.journeys.looks import wrong_with
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SCENES = ("lived",)
ROLES = {
    "secretary": "3001",
    "organiser": "3002",
    "group_leader": "3003",
    "member": "3004",
    "other_secretary": "4001",
    "general_secretary": "2001",
    "office_director": "1003",
    "office_clerk": "1004",
    "party_secretary": "1001",
    "deputy_party_secretary": "1002",
    "discipline_clerk": "1005",
    "contributor": "1006",
    "administrator": "9001",
    "auditor": "9002",
}
# Of a page that was opened once, so many more addresses are only asked whether they answer.
MORE = 5
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


def look_at(person: Visitor, path: str) -> None:
    """Open one page and judge it in both sizes; axe only for kinds of page that no story has looked at."""
    person.page.goto(path)
    person.arrives("")
    for size in ("phone", "pc"):
        person.problems += [f"{path} {words}" for words in wrong_with(person.page, size, axe=False)]
    person.misses("没有找到这一页")


@pytest.mark.parametrize("number", ROLES.values(), ids=ROLES.keys())
def test_whatever_a_role_is_shown_opens_and_works(visitor: Come, number: str) -> None:
    person = visitor(number)
    person.arrives("今天")
    queue, asked, known = deque(["/"]), Counter[str](), {"/"}
    while queue:
        path = queue.popleft()
        view = view_of(path)
        assert view, f"{path} 不是系统的地址"
        if asked[view] > MORE:
            continue
        asked[view] += 1
        answer = person.context.request.get(path)
        assert answer.status < 400, f"{path} 答复 {answer.status}"
        if asked[view] > 1 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        look_at(person, path)
        fresh = [link for link in shown_links(person) if link not in known]
        known.update(fresh)
        queue.extend(fresh)
    assert len(asked) > 4, f"只走到 {len(asked)} 页"
