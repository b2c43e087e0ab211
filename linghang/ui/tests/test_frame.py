"""The frame: everybody sees what they can use, and where they are."""

from dataclasses import dataclass, field

from django.template import Context, engines
from django.test import RequestFactory
from django.utils.module_loading import import_string

from linghang.ui.context import Frame


@dataclass
class Visitor:
    """Whoever keeps the protocol: a name, posts, a hospital, and which verbs they may do."""

    verbs: set[str]
    name: str = "周明"
    hospital_name: str = "示例医院"
    posts_told: list[str] = field(default_factory=list)

    def may(self, verb: str) -> bool:
        return verb in self.verbs


def frame_of(path: str, verbs: set[str]) -> Frame:
    request = RequestFactory().get(path)
    request.person = Visitor(verbs)  # type: ignore[attr-defined]
    return Frame(request)


def every_verb() -> set[str]:
    return {entry.verb for entry in import_string("linghang.menu.MENU")}


def test_a_stranger_sees_no_menu():
    assert Frame(RequestFactory().get("/")).items == []


def test_an_entry_without_its_verb_is_not_there():
    labels = {item.label for item in frame_of("/", set()).items}
    assert "工作台" in labels
    assert "组织" not in labels
    assert "组织" in {item.label for item in frame_of("/", {"org.view_unit"}).items}


def test_only_the_nearest_entry_is_current():
    current = [item.label for item in frame_of("/org/units/3/", every_verb()).items if item.current]
    assert current == ["组织"]
    assert [item.label for item in frame_of("/", every_verb()).items if item.current] == ["工作台"]


def test_a_page_beside_the_menu_marks_the_entry_it_belongs_to():
    def marked(path, verbs):
        return [item.label for item in frame_of(path, verbs).items if item.current]

    assert marked("/activities/calendar/", every_verb()) == ["组织生活"]
    assert marked("/org/transfers/", every_verb()) == ["党员"]
    assert marked("/org/units/3/dues/", every_verb()) == ["组织"]
    assert marked("/org/units/3/dues/", every_verb() - {"org.view_unit"}) == ["党员"]


def test_a_page_outside_the_menu_marks_nothing():
    assert not any(item.current for item in frame_of("/elsewhere/", every_verb()).items)


def test_few_entries_need_no_headings():
    assert [group.label for group in frame_of("/", set()).groups] == [""]
    assert "主线" in [group.label for group in frame_of("/", every_verb()).groups]


def test_the_phone_has_room_for_four_tabs_and_more():
    tabs = frame_of("/", every_verb()).tabs
    assert 1 <= len(tabs) <= 4
    assert tabs[0].label == "工作台"


def test_counts_go_only_where_there_is_a_place_for_them():
    frame = frame_of("/", every_verb())
    html = (
        engines["django"]
        .get_template("badges.html")
        .template.render(_context(frame, badges={"notices": 120, "todos": 0, "nowhere": 3}))
    )
    assert "99+" in html
    assert "nowhere" not in html


def test_the_page_frame_carries_search_tabs_and_no_inline_style():
    html = engines["django"].get_template("base.html").template.render(_context(frame_of("/", every_verb())))
    for part in ('name="q"', 'class="bar"', "/badges/", "跳到正文", 'aria-current="page"'):
        assert part in html
    assert "style=" not in html
    assert "onclick" not in html


def _context(frame: Frame, **more: object) -> Context:
    return Context({"frame": frame, **more})
