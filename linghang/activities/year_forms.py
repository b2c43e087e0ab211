"""The plan of a year as a form: one row a proposed meeting, to be kept, moved or left out."""

from typing import Any

from django import forms

from linghang.activities.models import asked_of, held_by, kind_of
from linghang.activities.years import Proposal
from linghang.org.models import Unit
from linghang.ui.forms import DateInput

MANY = 120
PLAIN = ("held_on", "title", "kind", "starts_at", "place", "why")


class PlanRow(forms.Form):
    """One proposed meeting; its kind, hour and place come along unseen."""

    keep = forms.BooleanField(label="安排", required=False)
    held_on = forms.DateField(label="日期", widget=DateInput())
    title = forms.CharField(label="主题", max_length=120, required=False)
    kind = forms.CharField(widget=forms.HiddenInput)
    also = forms.CharField(widget=forms.HiddenInput, required=False)
    starts_at = forms.TimeField(widget=forms.HiddenInput, required=False)
    place = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)
    replies = forms.CharField(widget=forms.HiddenInput, required=False)
    why = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        self.known = {kind.code for kind in held_by(unit.kind)}
        super().__init__(*args, **kwargs)
        for name in ("keep", "held_on", "title"):
            self.fields[name].widget.attrs["aria-label"] = (
                f"第 {self.place_in_list} 行{self.fields[name].label}"
            )

    @property
    def place_in_list(self) -> int:
        """Which row it is, counted from one."""
        return int(str(self.prefix).rpartition("-")[2]) + 1 if str(self.prefix)[-1:].isdigit() else 0

    @property
    def called(self) -> str:
        """What is proposed: “主题党日（兼党课）”."""
        kind, also = self["kind"].value(), self["also"].value() or ""
        more = "、".join(kind_of(code).title for code in also.split(",") if code)
        modes = "、".join(self._modes.values())
        return f"{kind_of(str(kind)).title}{f'（兼{more}）' if more else ''}{f'（{modes}）' if modes else ''}"

    @property
    def _modes(self) -> dict[str, str]:
        """How it is to be held, as far as its kind asks for it."""
        asked = asked_of([str(self["kind"].value())])
        pairs = (pair.partition("=") for pair in str(self["replies"].value() or "").split(","))
        return {code: reply for code, _, reply in pairs if code in asked and reply in asked[code].options}

    def clean_kind(self) -> str:
        """Only what the unit holds."""
        kind: str = self.cleaned_data["kind"]
        if kind not in self.known:
            raise forms.ValidationError("本单位不开这类会")
        return kind

    @property
    def proposal(self) -> Proposal:
        """What is to be planned."""
        data = self.cleaned_data
        also = tuple(code for code in data["also"].split(",") if code in self.known)
        more = {name: data[name] for name in ("title", "starts_at", "place")}
        return Proposal(data["kind"], data["held_on"], "", also, **more, replies=self._modes)


PlanRows: Any = forms.formset_factory(PlanRow, extra=0, max_num=MANY, absolute_max=MANY)


def first_values(one: Proposal) -> dict[str, Any]:
    """A proposal as the row begins."""
    held = {name: getattr(one, name) for name in PLAIN}
    replies = ",".join(f"{code}={reply}" for code, reply in one.replies.items())
    return {**held, "keep": True, "also": ",".join(one.also), "replies": replies}
