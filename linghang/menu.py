"""The side bar: the loop itself, so that a newcomer learns the system by reading it.

An entry is seen by whoever holds its verb somewhere. `tab` puts it on the phone's bottom bar.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    group: str
    label: str
    icon: str
    url_name: str
    verb: str
    tab: bool = False
    badge: str = ""


MENU = (
    Entry("", "工作台", "layout-list", "desk:desk", "desk.view", tab=True, badge="todos"),
)
