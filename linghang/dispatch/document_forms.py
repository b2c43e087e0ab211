"""Input of the drafts of official papers."""

from typing import Any

from django import forms

from linghang.dispatch.models import Document
from linghang.kernel import clock
from linghang.ui.forms import HouseForm, ReasonForm

BODY = forms.Textarea(attrs={"rows": 14})


class WordsForm(HouseForm):
    """The words of a paper."""

    title = forms.CharField(label="标题", max_length=120, help_text="如：关于……的通知。")
    addressees = forms.CharField(label="主送", max_length=200, initial="各党总支、党支部")
    text = forms.CharField(
        label="正文", max_length=8000, widget=BODY, help_text="一行一段；“一、”“（一）”开头的按公文格式排。"
    )

    def prepare(self) -> None:
        if self.obj is not None:
            held = {name: getattr(self.obj, name) for name in ("title", "addressees", "text")}
            self.initial = {**held, **self.initial}


class DraftDocumentForm(WordsForm):
    """What kind of paper, and why."""

    kind = forms.ChoiceField(label="文种", choices=Document.Kind.choices)
    about = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    field_order: Any = ("kind", "title", "addressees", "text", "about")


class NumberForm(HouseForm):
    """What OA gave the paper."""

    number = forms.CharField(label="文号", max_length=60, help_text="如：院党发〔2026〕12号，照 OA 填写。")
    issued_on = forms.DateField(label="成文日期")

    def prepare(self) -> None:
        self.initial.setdefault("issued_on", clock.today())


DOCUMENT_FORMS: dict[str, type[forms.Form] | None] = {
    "check_document": None,
    "number_document": NumberForm,
    "edit_document": WordsForm,
    "return_document": ReasonForm,
    "drop_document": ReasonForm,
}
