"""Input of the import: the file with what is said about it, the columns, the units."""

from typing import Any

from django import forms
from django.conf import settings

from linghang.kernel import clock
from linghang.org.forms import dated
from linghang.org.identity import masked
from linghang.org.roster.columns import TITLES
from linghang.org.roster.rows import letters
from linghang.ui.forms import HouseForm, SheetField
from linghang.ui.sheets import Sheet, text

# What a register may hold and this house has a place for; the rest is recognised and left aside.
FIELDS = (
    "name", "branch", "staff_number", "sex", "ethnicity", "identity", "born_on", "education", "title", "department",
    "general_branch", "party_group", "joined_on", "confirmed_on", "category", "party_post", "admin_post", "phone",
    "remark",
)  # fmt: skip
SAMPLES = 3
_STATUSES = [("", "按“未导入”列出"), ("full", "按正式党员导入")]


class SaidForm(HouseForm):
    """What the clerk says about the file as a whole."""

    as_of = dated("名册截至日", help_text="新的任职和变动从这天算起")
    branch = forms.CharField(
        label="没写党支部的行编入",
        max_length=80,
        required=False,
        help_text="整份名册属于一个支部、又没有支部列时填写",
    )
    status = forms.ChoiceField(
        label="没写党员类别也没有日期的行",
        choices=_STATUSES,
        required=False,
        help_text="有入党或转正时间的，按时间判断",
    )

    def clean_as_of(self) -> Any:
        day = self.cleaned_data["as_of"]
        if day > clock.today():
            raise forms.ValidationError("名册截至日不能晚于今天")
        return day


class UploadForm(SaidForm):
    """A register to be looked at; nothing is changed by it."""

    file = SheetField(
        label="党员名册",
        help_text="Excel 或 WPS 工作簿（.xlsx、.xls、.ods）或 .csv，照平时的样子就行，不用改表头",
    )
    field_order = ("file", "as_of", "status", "branch")


class ColumnsForm(SaidForm):
    """Which column holds what; `sheets` lend a few values of each to look at."""

    def __init__(self, *args: Any, sheets: list[Sheet], **kwargs: Any) -> None:
        self.rows = {sheet.name: sheet.rows for sheet in sheets}
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.initial = {key: value for key, value in self.obj.choices.items() if key != "units"}
        self.found: list[list[Any]] = self.obj.columns["found"]
        for at, (_, _, label, name) in enumerate(self.found):
            self.fields[f"c{at}"] = forms.ChoiceField(
                label=label, choices=_choices(name), initial=name if name in FIELDS else "", required=False
            )

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The columns to choose for, each with its field and its first values."""
        return [
            {
                "sheet": sheet,
                "letters": letters(index),
                "label": label,
                "field": self[f"c{at}"],
                "samples": values,
            }
            for at, (sheet, index, label, name) in enumerate(self.found)
            for values in [self._samples(sheet, index, label, name)]
        ]

    def _samples(self, sheet: str, index: int, label: str, name: str | None) -> list[str]:
        cells = (text(row[index]) for row in self.rows.get(sheet, []) if index < len(row))
        values = [cell for cell in dict.fromkeys(cells) if cell]
        head = next((part for part in (label, label.rpartition("/")[2]) if part in values), None)
        below = values[values.index(head) + 1 :] if head else values
        shown = [_hidden(cell) if name in ("identity", "phone") else cell for cell in below[:SAMPLES]]
        return [cell[:20] for cell in shown]

    def chosen(self) -> dict[tuple[str, int], str | None]:
        """The columns that were changed; what is recognised and left aside stays as it is."""
        changed = {}
        for at, (sheet, index, _, name) in enumerate(self.found):
            value = self.cleaned_data[f"c{at}"]
            if value != (name if name in FIELDS else ""):
                changed[sheet, index] = value or None
        return changed

    def said(self) -> dict[str, Any]:
        """What is said about the file as a whole."""
        return {name: self.cleaned_data[name] for name in ("as_of", "branch", "status")}


def _hidden(cell: str) -> str:
    return masked(cell) if len(cell) > 12 else f"{cell[:3]}****{cell[-4:]}"


def _choices(name: str | None) -> list[tuple[str, str]]:
    aside = f"不导入（{TITLES[name]}）" if name and name not in FIELDS else "不导入"
    titles = {name: TITLES[name] for name in FIELDS}
    if not settings.KEEP_IDENTITY:
        titles["identity"] += "（只用于核对，不保存）"
    return [("", aside), *titles.items()]
