"""Input of the verbs of a member's life, of transfers and of dues."""

from typing import Any

from django import forms

from linghang.kernel import clock
from linghang.kernel.parameters import value
from linghang.org.forms import LeaveForm, dated
from linghang.org.models import DuesBase, Membership, Milestone, Spell, Unit
from linghang.org.parameters import PENALTIES
from linghang.rules.development import probation_ends
from linghang.rules.dues import Payer
from linghang.rules.electorate import EXCUSES
from linghang.ui.forms import HouseForm, SheetField


class _Decided(HouseForm):
    """Who decided and by which paper: asked at the end of every form of a decision."""

    decided_by = forms.CharField(label="决定的党组织", max_length=60, required=False)
    document = forms.CharField(label="文号", max_length=60, required=False)


class MilestoneForm(_Decided):
    field_order = ("kind", "on", "unit", "decided_by", "document")
    kind = forms.ChoiceField(label="事项", choices=[(k.value, k.label) for k in Milestone.BEFORE])
    on = dated("日期")
    unit = forms.ModelChoiceField(label="培养的党支部", queryset=Unit.objects.none())

    def prepare(self) -> None:
        found = Unit.objects.within(self.person, "org.note_milestone").branches().filter(until=None)
        field: Any = self.fields["unit"]
        field.queryset = found
        self.initial = {"unit": found.first() if found.count() == 1 else None}


class ConfirmForm(_Decided):
    field_order = ("on", "decided_by", "document")
    on = dated("转正日期", help_text="预备期满之日；党龄从这一天算起")

    def prepare(self) -> None:
        if self.obj.joined_on:
            self.initial = {"on": probation_ends(self.obj.joined_on)}


class ExtendForm(_Decided):
    field_order = ("on", "until", "decided_by", "document")
    on = dated("决定日期")
    until = forms.DateField(label="延长至", help_text="只能一次，不少于半年，不超过一年")


class EndForm(_Decided):
    field_order = ("kind", "on", "decided_by", "document")
    kind = forms.ChoiceField(
        label="类别", choices=[("", "请选择…"), *((k.value, k.label) for k in Milestone.ENDS)]
    )
    on = dated("日期", help_text="只记类别和日期，不写原因。转出组织关系请开介绍信")


class CorrectMembershipForm(HouseForm):
    membership = forms.ModelChoiceField(label="哪一段", queryset=Membership.objects.none())
    since = forms.DateField(label="应自")
    until = forms.DateField(label="应至（不含）", required=False, help_text="未结束的一段留空")
    note = forms.CharField(label="更正说明", max_length=200)

    def prepare(self) -> None:
        field: Any = self.fields["membership"]
        field.queryset = self.obj.memberships.select_related("person", "branch")
        field.label_from_instance = lambda m: (
            f"{m.branch} {m.get_status_display()}：{m.since} 至 {m.until or '现在'}"
        )


class CorrectMilestoneForm(HouseForm):
    on = forms.DateField(label="应为哪天")
    document = forms.CharField(label="文号", max_length=60, required=False)
    note = forms.CharField(label="更正说明", max_length=200)


def place_field() -> forms.ChoiceField:
    """Where somebody has gone; asked of floating members only."""
    choices = [("", "—"), *Spell.Place.choices]
    return forms.ChoiceField(label="外出地", choices=choices, required=False, help_text="只有流动党员填写")


def settled_field() -> forms.BooleanField:
    """Whether they stay at one place, so that the membership follows (R-JY-04)."""
    return forms.BooleanField(
        label="地点固定", required=False, help_text="外出半年以上、地点固定的，应转移组织关系"
    )


class SpellForm(HouseForm):
    kind = forms.ChoiceField(label="情形", choices=[(k.value, k.label) for k in Spell.ASIDE])
    since = dated("自哪天起")
    place = place_field()
    settled = settled_field()


class RestrictForm(HouseForm):
    kind = forms.ChoiceField(label="情形", choices=[(k.value, k.label) for k in Spell.RIGHTS])
    since = dated("自哪天起")
    until = forms.DateField(
        label="留党察看到哪天（不含）", required=False, help_text="只有留党察看填写：一年或两年"
    )
    decided_by = forms.CharField(label="决定的党组织", max_length=60)
    document = forms.CharField(label="文号", max_length=60, required=False)
    situation = forms.TypedChoiceField(
        label="不计入应到会属哪种情形",
        choices=[("", "—"), *((n, f"{sign}：{EXCUSES[n - 1]}") for n, sign in Spell.SITUATIONS)],
        coerce=int,
        empty_value=None,
        required=False,
        help_text="只记第几种",
    )
    passed_on = forms.DateField(label="党员大会通过日期", required=False)

    def prepare(self) -> None:
        if not value(PENALTIES):
            kind: Any = self.fields["kind"]
            kind.choices = [choice for choice in kind.choices if choice[0] != Spell.Kind.WATCHED]
            del self.fields["until"]


class EndSpellForm(HouseForm):
    until = dated("到哪天结束（不含）")


class CorrectSpellForm(HouseForm):
    since = forms.DateField(label="应自", required=False, help_text="没有这回事、或登错情形的，留空")
    until = forms.DateField(label="应至（不含）", required=False, help_text="还没有结束的留空")
    place = place_field()
    settled = settled_field()
    note = forms.CharField(label="更正说明", max_length=200)

    def prepare(self) -> None:
        if self.obj.kind != Spell.Kind.FLOATING:
            del self.fields["place"], self.fields["settled"]
        self.initial = {name: getattr(self.obj, name) for name in self.fields if name != "note"}


class LiftForm(_Decided):
    field_order = ("until", "decided_by", "document")
    until = dated("自哪天起恢复")


class ContactForm(HouseForm):
    on = dated("联系日期")


class TransferOutForm(HouseForm):
    target = forms.ModelChoiceField(label="转入支部（院内）", queryset=Unit.objects.none(), required=False)
    outside = forms.CharField(label="或院外党组织", max_length=80, required=False)
    letter = forms.CharField(label="介绍信编号", max_length=60, required=False)
    out_on = dated("开出日期")

    def prepare(self) -> None:
        field: Any = self.fields["target"]
        field.queryset = Unit.objects.branches().filter(until=None).exclude(pk=self.obj.branch_id)


class TransferInForm(HouseForm):
    outside = forms.CharField(label="从哪个党组织转来", max_length=80)
    target = forms.ModelChoiceField(label="转入支部", queryset=Unit.objects.none())
    status = forms.ChoiceField(label="党员类别", choices=Membership.Status.choices, initial="full")
    letter = forms.CharField(label="介绍信编号", max_length=60, required=False)
    out_on = forms.DateField(label="介绍信日期")
    receipt_on = dated("接收并退回执日期")

    def prepare(self) -> None:
        field: Any = self.fields["target"]
        field.queryset = Unit.objects.within(self.person, "org.transfer_in").branches().filter(until=None)


class ReceiptForm(HouseForm):
    receipt_on = dated("回执日期")


class DuesFileForm(HouseForm):
    file = SheetField(label="党费表（Excel）", help_text="姓名或工号，加上月份和是否已交；或每月一列")
    year = forms.IntegerField(
        label="年份", min_value=2000, max_value=2100, help_text="表中只写几月的，按这一年"
    )

    def prepare(self) -> None:
        self.initial = {"year": clock.today().year}


class DuesBaseForm(HouseForm):
    payer = forms.ChoiceField(label="缴纳类别", choices=DuesBase.Payer.choices, initial=Payer.EMPLOYED.value)
    base = forms.DecimalField(
        label="月基数（元）", min_value=0, max_value=999999, decimal_places=2, required=False
    )
    agreed = forms.DecimalField(
        label="同意的数额（元）", min_value=0, decimal_places=2, required=False, help_text="只用于少交或免交"
    )

    def clean_base(self) -> Any:
        return self.cleaned_data["base"] or 0


class RegisterForm(HouseForm):
    columns = forms.ChoiceField(
        label="用哪套列",
        choices=[("own", "本院名册的列（按最近一次导入）"), ("standard", "标准列（带党组织类别代码）")],
        initial="own",
    )


class CompareForm(HouseForm):
    file = SheetField(label="对方导出的党员表（Excel）", help_text="只比对，不写入；出一份差异表")


MEMBER_FORMS = {
    "confirm_member": ConfirmForm,
    "extend_probation": ExtendForm,
    "end_membership": EndForm,
    "correct_membership": CorrectMembershipForm,
    "leave_branch": LeaveForm,
}
SPELL_FORMS = {
    "contact": ContactForm,
    "end_spell": EndSpellForm,
    "lift": LiftForm,
    "correct_spell": CorrectSpellForm,
}
MILESTONE_FORMS = {"correct_milestone": CorrectMilestoneForm}
TRANSFER_FORMS = {"receive_transfer": ReceiptForm, "file_receipt": ReceiptForm, "void_transfer": None}
DUES_IMPORT_FORMS = {"confirm_dues": None, "discard_dues": None, "undo_dues": None}
