"""Input of the inspections' verbs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms

from linghang.dispatch.models import staff_of
from linghang.inspections.actions import AnswerDraft
from linghang.inspections.models import (
    Answer,
    Check,
    Checklist,
    ChecklistItem,
    Finding,
    Plan,
    PlanLine,
    Round,
)
from linghang.inspections.prefill import Known, answered, half_up, known_of
from linghang.inspections.proofs import own_records, told_proofs
from linghang.inspections.standards import to_recheck
from linghang.inspections.team_forms import AdjustForm, TeamForm
from linghang.inspections.ways import methods
from linghang.kernel import clock
from linghang.kernel.parameters import value
from linghang.kernel.refs import Shown
from linghang.org.models import Person, Post, Unit
from linghang.rules.periods import Kind, Period
from linghang.ui.forms import HouseForm, NoteForm, ReasonForm

Verdict, Weight = Answer.Verdict, Finding.Weight
WRONG = {Verdict.PARTLY, Verdict.NOT_OK}
USUAL_DAYS = 14


class RoundForm(HouseForm):
    """A round: how, by which list, whose, when. What is usual stands there already; it is named by quarter unless told."""

    title = forms.CharField(
        label="名称",
        max_length=80,
        required=False,
        help_text="不填按季度和方式命名，如：2026 年第四季度支部自查",
    )
    method = forms.ChoiceField(label="方式")
    checklist = forms.ModelChoiceField(label="检查表", queryset=Checklist.objects.none(), empty_label=None)
    unit = forms.ModelChoiceField(label="组织单位", queryset=Unit.objects.none(), empty_label=None)
    sample = forms.IntegerField(label="抽查几个支部", required=False, min_value=1)
    unannounced = forms.BooleanField(
        label="飞检：抽签抽查，对象密封到检查第一天",
        required=False,
        help_text="用于督查和查房，要写抽查几个支部",
    )
    since = forms.DateField(label="检查自")
    until = forms.DateField(label="检查至")
    period_since = forms.DateField(label="所查期间自", required=False, help_text="不填为当年 1 月 1 日")
    units = forms.ModelMultipleChoiceField(
        label="指定支部",
        queryset=Unit.objects.none(),
        required=False,
        help_text="不选为全部；互查和抽查由抽签定",
    )
    source = forms.CharField(required=False, widget=forms.HiddenInput)
    line = forms.ModelChoiceField(queryset=PlanLine.objects.none(), required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        kinds = (Unit.Kind.COMMITTEE, Unit.Kind.SUBCOMMITTEE, Unit.Kind.GENERAL)
        ways: Any = self.fields["method"]
        ways.choices = methods()
        called = dict(ways.choices)
        above = f"{called[Round.Method.COMMITTEE]}和{called[Round.Method.WARD]}"
        self.fields["sample"].help_text = f"只用于{above}；不填为全查"
        checklists: Any = self.fields["checklist"]
        checklists.queryset = Checklist.objects.on(clock.today()).usable()
        before = Round.objects.exclude(method=Round.Method.WARD)
        checklists.initial = before.values_list("checklist", flat=True).first()
        heads: Any = self.fields["unit"]
        named: Any = self.fields["units"]
        within = Unit.objects.within(self.person, "inspections.open_round").on(clock.today())
        heads.queryset = within.filter(kind__in=kinds).order_by("path")
        named.queryset = within.branches().order_by("path")
        line: Any = self.fields["line"]
        line.queryset = PlanLine.objects.filter(
            plan__in=Plan.objects.within(self.person, "inspections.open_round")
        )
        self.fields["since"].initial, self.fields["until"].initial = clock.today(), _later(USUAL_DAYS)

    def recheck(self, code: str) -> dict[str, Any]:
        """What stands there when a standard (`code`) is to be verified again where it lapses soon."""
        within = Check.objects.within(self.person, "inspections.open_round")
        due = to_recheck(within.filter(round__checklist__code=code)) if code else []
        if not due:
            return {}
        # Before the first of them lapses, where that leaves time to go and look.
        last = next((each.last_day for each in due if each.last_day), clock.today())
        return {
            "method": Round.Method.COMMITTEE,
            "checklist": Checklist.objects.on(clock.today()).get(code=code).pk,
            "units": [each.unit.pk for each in due],
            "until": max(last, _later(USUAL_DAYS)),
        }

    def planned(self, key: str) -> dict[str, Any]:
        """What stands there when a line of the year's plan (`key`) is to be arranged."""
        lines: Any = self.fields["line"]
        found = lines.queryset.select_related("plan").filter(pk=key).first() if key.isdigit() else None
        if found is None:
            return {}
        given = {name: getattr(found, name) for name in ("method", "sample", "unannounced")}
        return {**given, "line": found.pk, "checklist": found.checklist_id, "unit": found.plan.unit_id}

    def clean(self) -> dict[str, Any]:
        """A round that was given no name takes that of its quarter and its way."""
        data = self.cleaned_data
        if not data.get("title") and {"since", "method", "checklist"} <= data.keys():
            quarter = Period.containing(Kind.QUARTER, data["since"])
            data["title"] = f"{quarter.label}{_named(data['checklist'], data['method'])}"
        return data


def _named(checklist: Checklist, method: str) -> str:
    """支部自查, 党委督查 …; by a standard 自评 and 核验."""
    words: str = dict(methods())[method]
    if checklist.is_standard:
        by = {Round.Method.SELF: "自评", Round.Method.COMMITTEE: "核验"}
        return f"{checklist.title}{by.get(Round.Method(method), words)}"
    return words


class DrawForm(HouseForm):
    """The lot, by its number."""

    number = forms.IntegerField(
        label="抽签号", min_value=1, help_text="同一个抽签号永远抽出同样的结果，可公开复核"
    )
    note = forms.CharField(label="说明", max_length=200, required=False)

    def prepare(self) -> None:
        self.fields["number"].initial = int(f"{clock.today():%Y%m%d}")


class RedrawForm(HouseForm):
    """Another lot in place of the one that was drawn, and why."""

    number = forms.IntegerField(label="新抽签号", min_value=1, help_text="换一个号才会换一种结果")
    reason = forms.CharField(label="为什么重抽", max_length=200)

    def prepare(self) -> None:
        drawn = self.obj.sealed.get("number") or self.obj.draw_number or 0
        self.fields["number"].initial = drawn + 1


class ExtendForm(HouseForm):
    until = forms.DateField(label="检查至")
    note = forms.CharField(label="原因", max_length=200)


@dataclass(frozen=True)
class Line:
    """One line of the entry page: the item, what the records say, and its fields."""

    item: ChecklistItem
    known: Known | None
    verdict: Any
    points: Any
    note: Any
    weight: Any
    proof: Any = None
    told: Shown | str = ""


class EntryForm(HouseForm):
    """A whole checklist on one page: everything stands at 符合 (or at what the records say), only exceptions are typed."""

    held_on = forms.DateField(label="检查日期")
    heard = forms.CharField(
        label="听：汇报了什么", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    visited = forms.CharField(
        label="访：访谈几人，反映什么",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="只写人数和要点，不写姓名",
    )
    note = forms.CharField(
        label="总体情况", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    # What was sent is known again when it comes a second time, because the answer was lost on the way.
    token = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        inspection: Check = self.obj
        self.fields["token"].initial = uuid4()
        self._prepare_words(inspection)
        self.items = list(answered(inspection))
        self.known = known_of(inspection, self.items)
        self.itself = not inspection.round.on_site
        standard = inspection.round.checklist.is_standard
        self.records = own_records(inspection) if standard and self.itself else {}
        self.proving = standard and self.itself
        self.told = told_proofs(inspection, self.person) if standard and not self.itself else {}
        for item in self.items:
            self._add(item)
            if self.proving:
                self._add_proof(item)
        self.fields["held_on"].initial = inspection.held_on or clock.today()
        if self.itself:
            del self.fields["held_on"]

    def _prepare_words(self, inspection: Check) -> None:
        """A ward round (查房) tells what was heard and what people said; its 总体情况 is the 点评."""
        for name in ("heard", "visited", "note"):
            self.fields[name].initial = getattr(inspection, name)
        if inspection.round.method == Round.Method.WARD:
            self.fields["note"].label = "评：当场点评"
        else:
            del self.fields["heard"], self.fields["visited"]

    def _add(self, item: Any) -> None:
        told = self.known.get(item.pk)
        # What was entered before, else what stands there by itself.
        before = Known(item.verdict, item.scored, item.seen) if item.verdict else None
        # On site the inspectors judge; what the records say is not asked of a branch stands at 不适用 all the same.
        start = before or (told if told and (self.itself or told.verdict == Verdict.NOT_APPLICABLE) else None)
        few = (Weight.SUPERVISION,) if self.itself else ()
        weights = [("", "不列为问题"), *((code, label) for code, label in Weight.choices if code not in few)]
        partly = start is not None and start.verdict == Verdict.PARTLY
        self.fields |= {
            f"verdict-{item.pk}": forms.ChoiceField(
                label="结论", choices=Verdict.choices, initial=start.verdict if start else Verdict.OK
            ),
            f"points-{item.pk}": forms.DecimalField(
                label="得分",
                required=False,
                min_value=0,
                max_value=item.points,
                decimal_places=2,
                widget=forms.NumberInput(attrs={"placeholder": f"{half_up(item.points / 2).normalize():f}"}),
                initial=start.points if partly and start else None,
            ),
            f"note-{item.pk}": forms.CharField(
                label="查到什么", max_length=200, required=False, initial=start.note if start else ""
            ),
            f"weight-{item.pk}": forms.ChoiceField(
                label="处置", choices=weights, required=False, initial=item.weight or ""
            ),
        }

    def _add_proof(self, item: Any) -> None:
        hint = {"list": "proofs", "placeholder": "选记录，或写台账页码"}
        self.fields[f"proof-{item.pk}"] = forms.CharField(
            label="佐证",
            max_length=120,
            required=False,
            initial=item.proven,
            widget=forms.TextInput(attrs=hint),
        )

    def lines(self) -> Iterator[Line]:
        """The checklist's lines with their fields, for the template."""
        for item in self.items:
            fields = [self[f"{name}-{item.pk}"] for name in ("verdict", "points", "note", "weight")]
            proof = self[f"proof-{item.pk}"] if self.proving else None
            yield Line(item, self.known.get(item.pk), *fields, proof, self.told.get(item.code, ""))

    def clean(self) -> dict[str, Any]:
        """What the verb takes: the day, a word, and the lines that are not simply as expected."""
        data = self.cleaned_data
        drafts = [draft for item in self.items if (draft := self._draft(item, data))]
        for draft in drafts:
            self._refuse(draft)
        found: dict[str, Any] = {"exceptions": drafts}
        found |= {
            name: data[name] for name in ("held_on", "heard", "visited", "note", "token") if name in data
        }
        return found

    def _draft(self, item: ChecklistItem, data: dict[str, Any]) -> AnswerDraft | None:
        verdict, weight = data.get(f"verdict-{item.pk}", Verdict.OK), data.get(f"weight-{item.pk}", "")
        told = self.known.get(item.pk) if self.itself else None
        expected = told.verdict if told else Verdict.OK
        points = data.get(f"points-{item.pk}") if verdict == Verdict.PARTLY else None
        proof = data.get(f"proof-{item.pk}", "")
        same = verdict == expected and not weight and (told is None or points in (None, told.points))
        if same and not proof:
            return None
        ref = self.records.get(proof, "")
        return AnswerDraft(item, verdict, data.get(f"note-{item.pk}", ""), points, weight, proof, ref)

    def _refuse(self, draft: AnswerDraft) -> None:
        """What the verb would refuse one by one, all at once and each at its field."""
        if draft.verdict == Verdict.NOT_OK and not self.itself and not draft.weight:
            self.add_error(f"weight-{draft.item.pk}", "请选择怎样处置")
        if draft.verdict in WRONG and draft.weight and not draft.note:
            self.add_error(f"note-{draft.item.pk}", "请写明查到什么")


class ConfirmCheckForm(HouseForm):
    """Confirm the results, and with them the findings of peers unless they shall be looked at one by one."""

    with_findings = forms.BooleanField(label="同时确认其中的问题", required=False, initial=True)

    def prepare(self) -> None:
        found = self.obj.findings.filter(advice=True)
        told = "；".join(f"{finding.text}（{finding.get_weight_display()}）" for finding in found)
        self.fields["with_findings"].help_text = told or "没有要确认的问题"


class ConfirmFindingForm(HouseForm):
    weight = forms.ChoiceField(label="处置", choices=Weight.choices)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def prepare(self) -> None:
        self.fields["weight"].initial = self.obj.weight


class OrderForm(HouseForm):
    """The measures of an order: one a line, with one deadline, one owner, and a verifier who is somebody else."""

    measures = forms.CharField(
        label="整改措施", help_text="一行一条", max_length=1500, widget=forms.Textarea(attrs={"rows": 4})
    )
    due_on = forms.DateField(label="期限")
    owner = forms.ModelChoiceField(label="整改责任人", queryset=Person.objects.none())
    verifier = forms.ModelChoiceField(
        label="复核人", queryset=Person.objects.none(), help_text="不能是整改责任人，也不在被查支部"
    )

    def prepare(self) -> None:
        unit: Unit = self.obj.inspection.unit
        posts = Post.objects.on(clock.today())
        owner: Any = self.fields["owner"]
        verifier: Any = self.fields["verifier"]
        owner.queryset = staff_of(unit)
        above = [int(key) for key in unit.path.strip("/").split("/")[:-1]]
        held = posts.filter(unit__in=above).exclude(role__kind__in=("administration", "audit"))
        verifier.queryset = Person.objects.filter(posts__in=held).exclude(branch=unit).distinct()
        if not self.is_bound:
            self.initial |= {
                "measures": f"整改：{self.obj.text}",
                "due_on": _later(value("inspections.deadline_days")),
                "owner": unit.heads().first(),
                "verifier": self.person if verifier.queryset.filter(pk=self.person.pk).exists() else None,
            }

    def clean_measures(self) -> list[str]:
        found = [line.strip() for line in self.cleaned_data["measures"].splitlines() if line.strip()]
        if long := next((line for line in found if len(line) > 300), None):
            raise forms.ValidationError(f"每条不超过 300 字：{long[:20]}…")
        return found


def _later(days: int) -> date:
    return clock.today() + timedelta(days=days)


ROUND_FORMS: dict[str, Any] = {
    "start": None,
    "draw": DrawForm,
    "redraw": RedrawForm,
    "assign_team": TeamForm,
    "extend": ExtendForm,
    "close_round": NoteForm,
    "withdraw": ReasonForm,
}
CHECK_FORMS: dict[str, Any] = {
    "adjust_pair": AdjustForm,
    "assign_inspectors": TeamForm,
    "confirm_self": None,
    "confirm_check": ConfirmCheckForm,
    "return_check": ReasonForm,
}
FINDING_FORMS: dict[str, Any] = {
    "confirm_finding": ConfirmFindingForm,
    "dismiss_finding": ReasonForm,
    "draft_order": OrderForm,
}
