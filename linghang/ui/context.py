"""The frame around every page: hospital, menu, tabs, who is signed in. No query of its own; badges come later."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

FEW = 7
BAR = "底栏"  # the group of what stands on the phone's bar only


@dataclass(frozen=True)
class Item:
    """One entry of the menu as this person sees it."""

    group: str
    label: str
    icon: str
    url: str
    tab: bool
    badge: str
    current: bool


@dataclass(frozen=True)
class Group:
    label: str
    items: list[Item]


class Frame:
    """Computed on first use, so that a region that shows no frame pays nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path
        self.person: Any = getattr(request, "person", None)
        self.demo: bool = getattr(settings, "DEMO", False)

    @cached_property
    def hospital(self) -> str:
        return getattr(self.person, "hospital_name", "") or getattr(settings, "HOSPITAL_NAME", "") or "领航"

    @cached_property
    def posts(self) -> list[str]:
        """The posts held today, as they are said."""
        return getattr(self.person, "posts_told", [])

    @cached_property
    def items(self) -> list[Item]:
        """The entries that this person can use, the current one marked by the longest URL that leads here."""
        found = [(entry, url) for entry in _menu() if self._may(entry.verb) and (url := _url(entry.url_name))]
        here = self._here(found)
        return [Item(e.group, e.label, e.icon, url, e.tab, e.badge, url == here) for e, url in found]

    def _here(self, found: list[tuple[Any, str]]) -> str:
        """The entry to which this page belongs: by the longest address, its own before one that only belongs to it."""
        leading = ((len(url), True, url) for _, url in found if _leads(url, self._path))
        under = ((len(own), False, url) for e, url in found for own in e.under if _leads(own, self._path))
        return max((*leading, *under), default=(0, False, ""))[2]

    @cached_property
    def groups(self) -> list[Group]:
        """The menu in its groups. Whoever has only a few entries sees them without headings."""
        items = [item for item in self.items if item.group != BAR]
        if len(items) <= FEW:
            return [Group("", items)]
        labels = dict.fromkeys(item.group for item in items)
        return [Group(label, [item for item in items if item.group == label]) for label in labels]

    @cached_property
    def tabs(self) -> list[Item]:
        """The entries of the phone's bottom bar; 更多 is added by the template."""
        return [item for item in self.items if item.tab][:4]

    @cached_property
    def badges(self) -> set[str]:
        """The counts that have a place on this person's pages; only these are swapped in."""
        return {"notices"} | {item.badge for item in self.items if item.badge}

    def _may(self, verb: str) -> bool:
        return self.person is not None and (not verb or self.person.may(verb))


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Context processor: `frame` in every template."""
    return {"frame": Frame(request)}


def _menu() -> list[Any]:
    entries: list[Any] = import_string("linghang.menu.MENU")
    return entries


def _url(name: str) -> str:
    """The address of an entry, or "" while the module that owns it is not installed."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _leads(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
