"""What the kinds chosen in a form ask besides: their questions as fields, and what was replied."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from linghang.activities.models import Ask, How
from linghang.activities.models.asks import LONG, MOST, SHORT
from linghang.ui.forms import Suggesting


def field_of(ask: Ask, suggestions: Sequence[str] = ()) -> forms.Field:
    """A question as the field of a form; a line of text offers what was written before."""
    given: dict[str, Any] = {"label": ask.label, "required": ask.required, "help_text": ask.hint}
    if ask.how == How.NUMBER:
        return forms.IntegerField(min_value=0, max_value=MOST, **given)
    if ask.how == How.CHOICE:
        empty = "请选择…" if ask.required else "—"
        return forms.ChoiceField(choices=[("", empty), *((one, one) for one in ask.options)], **given)
    if ask.how == How.LONG:
        return forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}), **given)
    line = Suggesting()
    line.suggestions = suggestions
    return forms.CharField(max_length=SHORT, widget=line, **given)


def replies(asked: Mapping[str, Ask], data: dict[str, Any]) -> dict[str, Any]:
    """Takes the replies out of a form's cleaned data, as the verbs want them."""
    found = {code: data.pop(ask.name, None) for code, ask in asked.items()}
    return {code: reply for code, reply in found.items() if reply not in (None, "")}
