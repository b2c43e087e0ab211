"""The theme of a month, given out from above."""

from datetime import date
from typing import Any

from linghang.activities.models import Theme
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, keep
from linghang.kernel.notices import tell
from linghang.org.models import Person, Post, Unit
from linghang.rules.periods import month_words


@creation(Theme, "activities.set_theme")
def set_theme(by: Actor, *, unit: Unit, month: date, text: str) -> Theme:
    """确定主题：of a month's themed days, once or anew; the heads of the branches are told."""
    first = month.replace(day=1)
    theme: Theme = Theme.objects.of(unit, first).first() or Theme(unit=unit, month=first)
    theme.text = text
    keep(theme)
    words = f"{theme}：安排、记录主题党日时可直接选用"
    tell(_heads(theme), words, about=theme, instead=f"{month_words(first)}主题")
    return theme


def _heads(theme: Theme) -> Any:
    """Whoever leads one of these branches and has an account."""
    held: Any = Post.objects
    leading = held.on(clock.today()).filter(role__leads=True, unit__in=theme.branches)
    return Person.objects.filter(posts__in=leading, user__is_active=True).distinct()
