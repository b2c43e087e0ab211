"""The form every verb's form is made of: it knows who asks and about what."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from linghang.kernel import clock


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, **more: Any) -> None:
        super().__init__(format="%Y-%m-%d", **more)


class Suggesting(forms.TextInput):
    """A line of text that offers what was written before: picked with one tap, anything else may be typed."""

    suggestions: Sequence[str] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        if not self.suggestions:
            return super().render(name, value, attrs, renderer)
        key = f"{name}-suggestions"
        field = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((each,) for each in self.suggestions))
        return format_html('{}<datalist id="{}">{}</datalist>', field, key, options)


class SheetField(forms.FileField):
    """A workbook to be read; the browser offers what the readers of sheets take."""

    widget = forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"})

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=200, **more)


AHEAD = 10  # years


def _of_our_time(day: date) -> None:
    """Refuse a slip of the pen in a year: longer ago than anybody lives, or further ahead than anybody plans."""
    if not 1900 <= day.year <= clock.today().year + AHEAD:
        raise ValidationError(f"年份 {day.year} 不对，请核对日期")


def _nothing_chosen(field: "forms.ModelChoiceField[Any]") -> str:
    """Words instead of Django's row of hyphens; what a form says itself stays."""
    said = str(field.empty_label)
    return said if said.strip("-") else "请选择…" if field.required else "—"


# What a person is told in place of Django's words for programmers; `_words` adds the name of what is missing.
TOLD = {
    "max_length": "最多 %(limit_value)d 字，现在有 %(show_value)d 字，请精简",
    "max_value": "不能大于 %(limit_value)s，请改小",
    "min_value": "不能小于 %(limit_value)s，请改大",
    "invalid_choice": "列表里没有这一项，请重新选择",
}


def _words(field: forms.Field) -> dict[str, str]:
    """What to say of a field that was filled in wrongly: what is the matter, and what to do."""
    if isinstance(field, forms.FileField):
        return {"required": f"必填，请选择要上传的“{field.label}”"}
    act = "选择" if isinstance(field, forms.ChoiceField) else "填写"
    return {**TOLD, "required": f"必填，请{act}“{field.label}”"}


def _speak(field: forms.Field) -> None:
    """Give a field the house's words where it still has Django's; what a form says itself stays."""
    usual: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        usual.update(getattr(kind, "default_error_messages", {}))
    own = {code for code, text in field.error_messages.items() if text != usual.get(code)}
    field.error_messages.update({code: text for code, text in _words(field).items() if code not in own})


class HouseForm(forms.Form):
    """`self.person` asks, `self.obj` is the record in question (None when one is being made)."""

    required_css_class = "required"

    def __init__(self, *args: Any, person: Any = None, obj: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.obj = person, obj
        self.use_required_attribute = True
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DateInput(attrs=field.widget.attrs)
                field.validators.append(_of_our_time)
            if isinstance(field, forms.ModelChoiceField) and field.empty_label:
                field.empty_label = _nothing_chosen(field)
        self.prepare()
        for field in self.fields.values():
            _speak(field)

    def prepare(self) -> None:
        """Narrow choices to the asker's reach and set first values; called once the fields exist."""


class NoteForm(HouseForm):
    """A verb that only wants a word of explanation."""

    note = forms.CharField(
        label="说明", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class ReasonForm(HouseForm):
    """A verb that must say why."""

    reason = forms.CharField(label="原因", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
