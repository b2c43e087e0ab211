"""Input of the verbs of orders and lines."""

from datetime import timedelta
from typing import Any

from django import forms

from linghang.dispatch.drafts import LineDraft, nest
from linghang.dispatch.models import Order, staff_of
from linghang.kernel import clock
from linghang.kernel.attachments import ACCEPT
from linghang.kernel.facts import SOURCES
from linghang.kernel.refs import Shown, show
from linghang.org.models import Person, Post, Unit
from linghang.ui.forms import HouseForm, NoteForm, ReasonForm

LONG = forms.Textarea(attrs={"rows": 3})
RECENT = timedelta(days=92)
Named = list[tuple[str, str]]


def verifiers_of(unit: Unit) -> list[Person]:
    """Who may verify: holders of a post at a unit above this one, so that nobody verifies at home."""
    above = [int(key) for key in unit.path.split("/") if key and int(key) != unit.pk]
    posts: Any = Post.objects
    held = posts.on(clock.today()).filter(unit__in=above, role__kind="business")
    return list(Person.objects.filter(posts__in=held).distinct().order_by("pinyin", "pk"))


def offer(form: forms.Form, name: str, found: Any) -> None:
    """Narrow the choices of a field to these rows."""
    field: Any = form.fields[name]
    field.queryset = found


def records_of(person: Person, unit: Unit) -> list[Shown]:
    """The unit's meetings of the last three months that this person may open: they need not be uploaded again."""
    if (source := SOURCES.get("activities.meetings")) is None:
        return []
    today = clock.today()
    frame = source.frame(today - RECENT, today, [unit.pk]).sort("day", descending=True)
    return show(
        person, [f"{source.of.lower()}:{key}" for key in frame["record"].unique(maintain_order=True)[:12]]
    )


class DraftForm(HouseForm):
    """What an order is and whom it is for; its lines are written on the next page."""

    kind = forms.ChoiceField(label="类别", choices=Order.Kind.choices)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="承办单位")
    title = forms.CharField(label="标题", max_length=120)
    text = forms.CharField(
        label="问题或说明",
        max_length=1500,
        widget=LONG,
        required=False,
        help_text="写清事实和依据，尽量简短。",
    )
    about = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def prepare(self) -> None:
        units = Unit.objects.within(self.person, "dispatch.draft").on(clock.today())
        offer(self, "unit", units.filter(kind__in=(Unit.Kind.BRANCH, Unit.Kind.GENERAL)))


class EditForm(HouseForm):
    """The words at the head of a sheet."""

    title = forms.CharField(label="标题", max_length=120)
    text = forms.CharField(label="问题或说明", max_length=1500, widget=LONG, required=False)

    def prepare(self) -> None:
        self.initial = {"title": self.obj.title, "text": self.obj.text, **self.initial}


class LineRow(HouseForm):
    """One line of a sheet, as a row of the table in which it is written."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(label="事项", max_length=300)
    due_on = forms.DateField(label="期限", required=False)
    owner = forms.ChoiceField(label="责任人", required=False)
    verifier = forms.ChoiceField(label="复核人", required=False)
    under = forms.BooleanField(label="子措施", required=False)

    def __init__(self, *args: Any, owners: Named, verifiers: Named, **more: Any) -> None:
        self.choices = {"owner": owners, "verifier": verifiers}
        super().__init__(*args, **more)

    def prepare(self) -> None:
        for name, people in self.choices.items():
            field: Any = self.fields[name]
            field.choices = [("", "—"), *people]

    @property
    def cells(self) -> list[forms.BoundField]:
        """The fields that are written in the table, in its order."""
        return [self[name] for name in ("text", "due_on", "owner", "verifier")]


class LineRows(forms.BaseFormSet):  # type: ignore[type-arg]  # not generic at run time
    """The lines of one order: rows that stay, rows that go, and a few empty ones."""

    def __init__(self, *args: Any, order: Order, **more: Any) -> None:
        owners, verifiers, held = (
            list(staff_of(order.unit)),
            verifiers_of(order.unit),
            list(order.lines.all()),
        )
        # Only what puts something right is broken down further, and what is broken down already stays so.
        putting_right = order.kind in (Order.Kind.RECTIFICATION, Order.Kind.SUPERVISION)
        self.nested = putting_right or any(one.parent_id for one in held)
        self.people = {str(one.pk): one for one in (*owners, *verifiers)}
        more["form_kwargs"] = {
            "owners": [(str(one.pk), one.name) for one in owners],
            "verifiers": [(str(one.pk), one.name) for one in verifiers],
        }
        more["initial"] = [
            {
                "pk": one.pk,
                "text": one.text,
                "due_on": one.due_on,
                "owner": one.owner_id,
                "verifier": one.verifier_id,
                "under": one.parent_id is not None,
            }
            for one in held
        ]
        super().__init__(*args, **more)

    def drafts(self) -> list[LineDraft]:
        """The rows that stay, as the verb takes them: one ticked as 子措施 belongs to the measure above it.

        What stood under a measure that goes is a measure itself.
        """
        found, parent = list[tuple[LineDraft, bool]](), False
        for row in (form.cleaned_data for form in self.forms if form.cleaned_data):
            if row.get("DELETE"):
                parent = parent and row["under"]
                continue
            found.append((self._draft(row), row["under"] and parent))
            parent = True
        return nest(found)

    def _draft(self, row: dict[str, Any]) -> LineDraft:
        owner, verifier = self.people.get(row["owner"]), self.people.get(row["verifier"])
        return LineDraft(row["text"], row["due_on"], owner=owner, verifier=verifier, pk=row["pk"])


LineFormSet: Any = forms.formset_factory(LineRow, formset=LineRows, extra=3, can_delete=True, max_num=40)


class PlanLineForm(HouseForm):
    """One line of the unit's own worklist."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位")
    text = forms.CharField(label="要做什么", max_length=300)
    due_on = forms.DateField(label="期限")
    owner = forms.ModelChoiceField(Person.objects.none(), label="责任人", required=False)
    source = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def prepare(self) -> None:
        units = list(Unit.objects.within(self.person, "dispatch.plan_line").on(clock.today()).party())
        offer(self, "unit", Unit.objects.filter(pk__in=[one.pk for one in units]))
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.initial.setdefault("unit", units[0].pk)
        people = {one.pk for unit in units for one in staff_of(unit)}
        offer(self, "owner", Person.objects.filter(pk__in=people).order_by("pinyin", "pk"))


class AssignForm(HouseForm):
    owner = forms.ModelChoiceField(Person.objects.none(), label="责任人")

    def prepare(self) -> None:
        people = staff_of(self.obj.order.unit).exclude(pk=self.obj.verifier_id)
        offer(self, "owner", people)
        self.initial.setdefault("owner", self.obj.owner_id)


class ReportForm(HouseForm):
    """What was done, in a sentence; what is already recorded is ticked, not uploaded again."""

    result = forms.CharField(
        label="办理情况", max_length=1000, widget=LONG, help_text="一两句话，说做了什么。"
    )
    evidence = forms.MultipleChoiceField(
        label="佐证", required=False, widget=forms.CheckboxSelectMultiple, help_text="可以不选；不要求照片。"
    )
    file = forms.FileField(
        label="附件", required=False, widget=forms.FileInput(attrs={"accept": ACCEPT}), help_text="可以不附。"
    )

    def prepare(self) -> None:
        self.initial.setdefault("result", self.obj.result)
        tied = set(self.obj.evidence())
        found = [one for one in records_of(self.person, self.obj.order.unit) if one.ref not in tied]
        field: Any = self.fields["evidence"]
        field.choices = [(one.ref, one.title) for one in found]
        if not found:
            del self.fields["evidence"]


class AskForm(HouseForm):
    """Until when, and why."""

    until = forms.DateField(label="申请延至")
    reason = forms.CharField(label="原因", max_length=200, widget=LONG)


class JoinForm(HouseForm):
    """Which further units take part in a line; its own unit stays the lead."""

    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label="协办单位",
        widget=forms.CheckboxSelectMultiple,
        help_text="协办单位看得到这条事项，填写自己的部分；由牵头单位上报。",
    )

    def prepare(self) -> None:
        named = self.obj.parts.values_list("unit_id", flat=True)
        found = Unit.objects.within(self.person, "dispatch.join").on(clock.today())
        found = found.filter(kind__in=(Unit.Kind.BRANCH, Unit.Kind.GENERAL))
        offer(self, "units", found.exclude(pk=self.obj.order.unit_id).exclude(pk__in=named).order_by("path"))

    def clean(self) -> dict[str, Any]:
        """The trail names the units."""
        given: dict[str, Any] = super().clean() or {}
        return {**given, "note": "、".join(unit.name for unit in given.get("units", ()))}


class PartForm(HouseForm):
    """What the unit itself did for a line that another leads."""

    text = forms.CharField(label="协办情况", max_length=500, widget=LONG, help_text="一两句话，说做了什么。")

    def prepare(self) -> None:
        self.initial.setdefault("text", self.obj.text)


class FileForm(HouseForm):
    """One file."""

    file = forms.FileField(
        label="文件",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text="PDF、OFD、Word、Excel 或图片；不收带宏的文件。",
    )


ORDER_FORMS: dict[str, type[forms.Form] | None] = {
    "check": None,
    "sign": None,
    "sign_supervision": None,
    "issue": None,
    "receive": None,
    "close": NoteForm,
    "urge": NoteForm,
    "send_back": ReasonForm,
    "withdraw": ReasonForm,
    "void": ReasonForm,
}
FILE_FORMS: dict[str, type[forms.Form] | None] = {"attach_file": FileForm, "file_scan": FileForm}
ONWARD = frozenset(
    {
        "check",
        "sign",
        "sign_supervision",
        "issue",
        "receive",
        "close",
        "report",
        "confirm",
        "review",
        "verify",
        "grant_extension",
    }
)
LINE_FORMS: dict[str, type[forms.Form] | None] = {
    "report": ReportForm,
    "confirm": None,
    "review": None,
    "verify": NoteForm,
    "grant_extension": NoteForm,
    "decline_extension": ReasonForm,
    "return_line": ReasonForm,
    "assign": AssignForm,
    "ask_extension": AskForm,
    "join": JoinForm,
}
# What a row of a sheet's table may offer; the rest stands on the line's own page.
ROW_FORMS = {tail: form for tail, form in LINE_FORMS.items() if tail not in ("ask_extension", "join")}
PART_FORMS: dict[str, type[forms.Form] | None] = {"write_part": PartForm}
