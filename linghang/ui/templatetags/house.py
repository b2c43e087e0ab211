"""Filters and tags of the house: dates and deadlines in words, tones of states, fields, icons. Built into templates."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import tablericons
from django import forms, template
from django.forms.boundfield import BoundField
from django.template.base import NodeList, Parser, Token
from django.utils import timezone
from django.utils.safestring import SafeString

from linghang.kernel import clock
from linghang.ui import charts

register = template.Library()

WEEKDAYS = "一二三四五六日"
NOTHING = "—"
SOON = 2
FAR = 31

TONES = {
    "red": "逾期 要办 退回 驳回 不通过 未通过 未完成 不合格 否决 失败 空缺 overdue returned rejected failed refused",
    "amber": "临期 快到期 待定 待确认 补正 warning expiring",
    "blue": "进行中 在办 办理中 整改中 已下发 已上报 已签收 已提交 待审核 待复核 公示 issued received reported running"
    " submitted open planned previewed",
    "green": "正常 完成 办结 已办 销号 通过 合格 优秀 归档 已导入 done closed verified passed approved confirmed"
    " archived effective recorded",
}
MARKS = {
    "red": "alert-circle",
    "amber": "clock",
    "blue": "progress",
    "green": "check",
    "grey": "circle-dashed",
}
LIGHTS = {"要办": "red", "快到期": "amber", "正常": "green", "未到期": "grey"}


class Due(NamedTuple):
    """How long is left, in words and in a tone."""

    text: str
    tone: str


# Dates and numbers --------------------------------------------------------------------------------------------------


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value if isinstance(value, date) else None


@register.filter
def cn_date(value: Any) -> str:
    """2026 年 10 月 28 日 星期三."""
    day = _day(value)
    return f"{day.year} 年 {day.month} 月 {day.day} 日 星期{WEEKDAYS[day.weekday()]}" if day else NOTHING


@register.filter
def short_date(value: Any) -> str:
    """10-28 in the present year, 2025-10-28 in another."""
    day = _day(value)
    if day is None:
        return NOTHING
    return day.strftime("%m-%d") if day.year == clock.today().year else day.isoformat()


@register.filter
def moment(value: Any) -> str:
    """10-13 12:05, with the year where it is not the present one."""
    if not isinstance(value, datetime):
        return short_date(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{short_date(local)} {local:%H:%M}"


@register.filter
def due(value: Any) -> Due:
    """剩 2 天, 明天, 今天, 逾期 3 天; far deadlines are given as a date, none as nothing."""
    day = _day(value)
    if day is None:
        return Due("", "grey")
    left = (day - clock.today()).days
    if left < 0:
        return Due(f"逾期 {-left} 天", "red")
    words = {0: "今天", 1: "明天"}.get(left, f"剩 {left} 天" if left <= FAR else f"至 {day.isoformat()}")
    return Due(words, "amber" if left <= SOON else "grey")


@register.filter
def number(value: Any, digits: Any = "") -> str:
    """12,345 and 3.5, or a fixed number of decimals; a missing value is a dash, never a zero."""
    if value is None or value == "":
        return NOTHING
    if not isinstance(value, int | float | Decimal):
        return str(value)
    if digits != "":
        return f"{value:,.{int(digits)}f}"
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@register.filter
def shown(value: Any) -> Any:
    """A cell of a list as the office writes it: 2026-10-28, 2026-10-28 09:00, 是, 12,345, nothing for None."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return number(value)
    return "" if value is None else value


# States, people, lists ----------------------------------------------------------------------------------------------


@register.filter
def tone_of(state: Any) -> str:
    """The colour family of a state, given its code, its Chinese word, or an object with a `tone`."""
    own = getattr(state, "tone", None)
    if own:
        return str(own)
    word = str(state or "")
    if word in LIGHTS:
        return LIGHTS[word]
    return next((tone for tone, words in TONES.items() if _names(word, words.split())), "grey")


def _names(word: str, known: Sequence[str]) -> bool:
    return word in known or any(not one.isascii() and one in word for one in known)


@register.filter
def tone_or(state: Any, tone: Any) -> str:
    """The tone that was given, or the one that the state's word or code has."""
    return str(tone) if tone in MARKS else tone_of(tone or state)


@register.filter
def mark_of(tone: str) -> str:
    """The icon that says the same as the colour."""
    return MARKS.get(tone, MARKS["grey"])


@register.filter
def initial(name: Any) -> str:
    """The one character that stands for a person."""
    return str(name or "").strip()[:1] or "?"


@register.filter
def split(text: Any, mark: str = "|") -> list[str]:
    """Words of an attribute: "措施|责任人|期限"."""
    return [part.strip() for part in str(text).split(mark)] if text else []


@register.filter
def heads(text: Any) -> list[tuple[str, str]]:
    """Heads of a table, each with its kind: "项目|得分#" puts 得分 to the right, over its numbers."""
    return [(name.removesuffix("#"), "number" if name.endswith("#") else "") for name in split(text)]


@register.filter
def beside(first: Iterable[Any], second: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Two sequences walked together."""
    return list(zip(first, second, strict=False))


@register.filter
def pages(page: Any) -> Iterator[int | str]:
    """Page numbers with gaps: 1 2 … 8 9 10 … 21."""
    found: Iterator[int | str] = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return found


@register.filter
def chart_table(option: charts.Option) -> charts.Table:
    """The numbers of a chart as a table."""
    return charts.table(option)


@register.filter
def sorting(listing: Any, key: str) -> str:
    """How a column is sorted: ascending, descending, "" where it may be, "none" where it may not."""
    if key not in listing.sortable:
        return "none"
    return {key: "ascending", f"-{key}": "descending"}.get(listing.sort, "")


@register.simple_tag
def list_url(listing: Any, **changes: Any) -> str:
    """The address of the same list with some of its query changed."""
    return "?" + str(listing.querystring(**changes)).lstrip("?")


@register.simple_tag
def sort_url(listing: Any, key: str) -> str:
    """The address that sorts by this column, or turns its order round."""
    turned = f"-{key}" if listing.sort == key else key
    return list_url(listing, sort=turned, page="")


# Fields -------------------------------------------------------------------------------------------------------------

KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.HiddenInput, "hidden"),
    (forms.MultipleHiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.SelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radio"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
    (forms.DateTimeInput, "datetime-local"),
    (forms.DateInput, "date"),
    (forms.TimeInput, "time"),
    (forms.NumberInput, "number"),
]
FORMATS = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime-local": "%Y-%m-%dT%H:%M"}
CLASSES = {"select": "form-select", "checkbox": "form-check-input", "checkboxes": "form-check-input"}


@register.filter
def kind_of(field: BoundField) -> str:
    """What a bound field looks like: text, textarea, select, date, checkbox, radio, checkboxes, file, hidden …"""
    return next((kind for widget, kind in KINDS if isinstance(field.field.widget, widget)), "text")


@register.filter
def is_wide(field: BoundField) -> bool:
    """Whether a field takes a whole line: whatever is written or chosen at length."""
    return kind_of(field) in ("text", "textarea", "checkboxes", "radio", "checkbox", "file")


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input itself with the kit's class; dates in the form that browsers' own pickers understand."""
    kind = kind_of(field)
    widget: Any = field.field.widget
    attrs: dict[str, Any] = {
        "class": f"{CLASSES.get(kind, 'form-control')} {widget.attrs.get('class', '')}".strip()
    }
    if field.errors:
        attrs["class"] += " is-invalid"
    if kind in FORMATS:
        widget.input_type, widget.format = kind, FORMATS[kind]
    if kind == "textarea":
        attrs["rows"] = widget.attrs.get("rows") if widget.attrs.get("rows") != "10" else 4
    return field.as_widget(attrs=attrs)


@register.filter
def options(field: BoundField) -> list[Any]:
    """The choices of a radio or multiple field, each with its own tag and label; a multi-select becomes boxes."""
    widget: Any = field.field.widget
    if isinstance(widget, forms.SelectMultiple):
        boxes = forms.CheckboxSelectMultiple(attrs=widget.attrs)
        boxes.choices = widget.choices
        field.field.widget = boxes
    field.field.widget.attrs["class"] = "form-check-input"
    return list(field.subwidgets)


# Markup -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _icon(name: str, size: int) -> str:
    path = name if "/" in name else f"outline/{name}"
    try:
        svg = tablericons._render_icon(path, size, stroke_width=1.75, aria_hidden="true", focusable="false")
    except tablericons.IconDoesNotExist:
        return ""
    return re.sub(r"\s+", " ", svg)


@register.simple_tag
def symbol(name: str, size: int = 18) -> SafeString:
    """A Tabler icon for decoration beside a word; an unknown name draws nothing."""
    return SafeString(_icon(str(name), int(size)) if name else "")


class CaptureNode(template.Node):
    """Keeps what is inside under a name, so that a block may be shown twice (title and bread crumb)."""

    child_nodelists = ("nodelist",)

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: template.Context) -> str:
        context[self.name] = SafeString(self.nodelist.render(context).strip())
        return ""


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """`{% capture name %}…{% endcapture %}`."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(name, nodelist)
