"""Input of the settings page."""

from typing import Any

from django import forms

from linghang.kernel import clock
from linghang.kernel.parameters import DECLARED, value
from linghang.ui.forms import HouseForm


class ParameterForm(HouseForm):
    """The new value, from which day, and why. The field fits the parameter's kind."""

    since = forms.DateField(
        label="自哪天起", initial=clock.today, help_text="这一天之前仍按原值；不能落在已锁定的考核周期内"
    )
    note = forms.CharField(label="依据", max_length=200, required=False, help_text="如：院字〔2026〕8 号")

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        self.declared = DECLARED[code]
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        declared, present = self.declared, value(self.declared.code)
        if declared.kind is bool:
            field: forms.Field = forms.BooleanField(label="启用", required=False)
        elif declared.kind is int:
            field = forms.IntegerField(label="新的取值", min_value=0)
        else:
            field = forms.CharField(label="新的取值", max_length=100, required=False)
        field.initial = present
        field.help_text = "；".join(filter(None, (declared.unit and f"单位：{declared.unit}", declared.help)))
        self.fields = {"value": field, **self.fields}
