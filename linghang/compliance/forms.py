"""What excusing a unit asks for."""

from django import forms

from linghang.compliance.models import Duty
from linghang.kernel import clock
from linghang.org.models import Unit
from linghang.ui.forms import HouseForm, ReasonForm


class WaiveForm(HouseForm):
    """A unit, a duty, the periods, and why."""

    unit = forms.ModelChoiceField(label="支部", queryset=Unit.objects.none())
    duty = forms.ChoiceField(label="职责")
    since = forms.DateField(label="期间自")
    until = forms.DateField(label="期间至")
    reason = forms.CharField(
        label="原因",
        max_length=200,
        help_text="例如：支部 8 月整建制外派。豁免的期间不亮灯，也不计入考核分母。",
    )

    def prepare(self) -> None:
        """Branches within reach, duties of today."""
        self.fields["unit"].queryset = (
            Unit.objects.within(self.person, "compliance.waive").branches().on(clock.today())
        )
        today = [duty for duty in Duty.objects.on(clock.today()) if duty.is_of_branches]
        self.fields["duty"].choices = [(duty.code, duty.title) for duty in today]


WAIVER_FORMS: dict[str, type[forms.Form] | None] = {"close_waiver": ReasonForm}
