"""How a transition is written. `@step` is the one road by which state changes.

In this order: open a transaction, lock and reread the row, refuse a wrong state, refuse a person without the verb or
one who would check their own work or is not the one meant for this row, run the body, set the state, validate, save,
write one trail row.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models, transaction

from linghang.kernel.access import SYSTEM, Actor, Gated, outer_ref
from linghang.kernel.models import Trail

P = ParamSpec("P")
M = TypeVar("M", bound=models.Model)


class WrongState(ValidationError):
    """The row has moved on since the page was shown."""


class OwnWork(ValidationError):
    """Nobody approves, verifies or closes what they did themselves."""


@dataclass(frozen=True)
class Step:
    """One verb as data: buttons, flow charts, the doors test and the settings page read it."""

    verb: str
    model: type[models.Model]
    at: frozenset[str] | None
    to: str | None
    checks: tuple[str, ...]
    when: Callable[[Any], bool] | None
    only: Callable[[Any, Actor], None] | None
    label: str
    body: Callable[..., Any]
    creates: bool
    run: Callable[..., Any]

    @property
    def tail(self) -> str:
        """The last part of its URL: "dispatch.issue" ⇒ "issue"."""
        return self.verb.partition(".")[2]


STEPS: dict[str, Step] = {}
VERBS: dict[str, str] = {}


def verb(code: str, label: str) -> str:
    """Declare a verb that changes nothing (opening a list, an export), so that grants can name it."""
    VERBS[code] = label
    return code


def step(
    model: type[M],
    code: str,
    *,
    at: Collection[str] | None = None,
    to: str | None = None,
    checks: str | tuple[str, ...] = (),
    when: Callable[[M], bool] | None = None,
    only: Callable[[M, Actor], None] | None = None,
) -> Callable[[Callable[Concatenate[M, Actor, P], Any]], Callable[Concatenate[M, Actor, P], M]]:
    """Declare a verb on an existing row. `at`: states it starts from (None: any); `to`: the state it leads to, or the
    body returns the state; `checks`: verbs whose doer on the same row may not do this one; `when`: rows it is meant for;
    `only`: raises for whoever holds the verb and yet is not the one to do it to this very row.

    The decorated function raises WrongState, OwnWork, ValidationError or PermissionDenied, and then nothing happened.
    """

    def decorate(body: Callable[Concatenate[M, Actor, P], Any]) -> Callable[Concatenate[M, Actor, P], M]:
        @wraps(body)
        def run(obj: M, by: Actor, *args: P.args, **kwargs: P.kwargs) -> M:
            with transaction.atomic():
                obj.refresh_from_db(from_queryset=_locked(model))
                _bring_gate(obj)
                before = _snapshot(obj)
                _admit(this, obj, by)
                outcome = body(obj, by, *args, **kwargs)
                after = to or (outcome if isinstance(outcome, str) else None)
                if after is not None:
                    cast(Any, obj).state = after
                _save(obj, before)
                _trace(this, obj, by, before, kwargs)
            return obj

        this = _register(model, code, at, to, checks, when, only, body, creates=False, run=run)
        return run  # type: ignore[return-value]

    return decorate


def creation(
    model: type[M], code: str, *, to: str | None = None
) -> Callable[[Callable[Concatenate[Actor, P], M]], Callable[Concatenate[Actor, P], M]]:
    """Declare a verb that makes a row: the body returns it (saved or not); the reach is judged on what was made."""

    def decorate(body: Callable[Concatenate[Actor, P], M]) -> Callable[Concatenate[Actor, P], M]:
        @wraps(body)
        def run(by: Actor, *args: P.args, **kwargs: P.kwargs) -> M:
            with transaction.atomic():
                obj = body(by, *args, **kwargs)
                if to is not None:
                    cast(Any, obj).state = to
                _save(obj, obj.__dict__.pop(KEPT, {}))
                if not by.may(code, obj):
                    raise PermissionDenied(f"您的职务不能在此处{this.label}")
                _trace(this, obj, by, {}, kwargs)
            return obj

        this = _register(model, code, None, to, (), None, None, body, creates=True, run=run)
        return run  # type: ignore[return-value]

    return decorate


def _register(
    model: type[models.Model],
    code: str,
    at: Collection[str] | None,
    to: str | None,
    checks: str | tuple[str, ...],
    when: Callable[[Any], bool] | None,
    only: Callable[[Any, Actor], None] | None,
    body: Callable[..., Any],
    *,
    creates: bool,
    run: Callable[..., Any],
) -> Step:
    if code in STEPS:
        raise ValueError(f"verb {code} is declared twice")
    label = (
        (body.__doc__ or "").strip().splitlines()[0].split("。")[0].split("：")[0] if body.__doc__ else code
    )
    found = Step(
        verb=code,
        model=model,
        at=frozenset(str(state) for state in at) if at is not None else None,
        to=str(to) if to is not None else None,
        checks=(checks,) if isinstance(checks, str) else tuple(checks),
        when=when,
        only=only,
        label=label,
        body=body,
        creates=creates,
        run=run,
    )
    STEPS[code] = found
    VERBS[code] = label
    return found


def _admit(this: Step, obj: models.Model, by: Actor) -> None:
    state = getattr(obj, "state", None)
    if this.at is not None and state not in this.at:
        shown = obj.get_state_display()  # type: ignore[attr-defined]
        raise WrongState(f"当前为“{shown}”，不能{this.label}", code="wrong_state")
    if this.when is not None and not this.when(obj):
        raise WrongState(f"“{obj}”不适用{this.label}", code="wrong_kind")
    if not by.may(this.verb, obj):
        raise PermissionDenied(f"您的职务不能{this.label}")
    if this.checks and by is not SYSTEM and did(obj, by, this.checks):
        raise OwnWork(f"本人经办的事项不能由本人{this.label}", code="own_work")
    if this.only is not None:
        this.only(obj, by)


def did(obj: Any, by: Actor, verbs: Iterable[str]) -> bool:
    """Whether this person has done one of these verbs to this row."""
    return Trail.objects.filter(subject=obj.ref, verb__in=list(verbs), actor=by.ref).exists()


def did_to_each(model: type[Gated], by: Actor, *verbs: str) -> models.Exists:
    """The same of each row of a query over this model: what one did oneself waits for somebody else."""
    subject = outer_ref(model)
    return models.Exists(Trail.objects.filter(subject=subject, verb__in=verbs, actor=by.ref))


def traces(*rows: Any, limit: int = 20) -> list[Trail]:
    """What was done to these rows (or to what these references name), latest first."""
    refs = [getattr(row, "ref", row) for row in rows]
    return list(Trail.objects.filter(subject__in=refs).order_by("-at", "-pk")[:limit])


def steps_for(obj: Any, person: Actor) -> list[Step]:
    """The verbs that this person may do to this row now, in the order of the workflow: the buttons of its page."""
    return steps_for_each([obj], person)[obj.ref]


def steps_for_each(rows: Sequence[Any], person: Actor) -> dict[str, list[Step]]:
    """What `steps_for` says of each of these rows, by reference; one query for all of them."""
    return {ref: each.may for ref, each in offers_for_each(rows, person).items()}


@dataclass(frozen=True)
class Offers:
    """What one row offers a person: the verbs they may do, and those that four eyes keep for somebody else because of
    what they did themselves."""

    may: list[Step]
    own: list[tuple[Step, Step]]


def offers_for_each(
    rows: Sequence[Any], person: Actor, verbs: Collection[str] | None = None
) -> dict[str, Offers]:
    """What each of these rows offers, by reference, of all verbs or of those named; one query for all of them."""
    asked = [s for s in STEPS.values() if verbs is None or s.verb in verbs]
    found = {row.ref: [s for s in asked if _fits(s, row, person)] for row in rows}
    checked = {verb for steps in found.values() for s in steps for verb in s.checks}
    own: dict[tuple[str, str], Step] = {}
    if checked:
        done = Trail.objects.filter(subject__in=found, verb__in=checked, actor=person.ref)
        own = {(ref, verb): STEPS[verb] for ref, verb in done.values_list("subject", "verb")}
    return {ref: _offers(ref, steps, own) for ref, steps in found.items()}


def _offers(ref: str, steps: Sequence[Step], own: dict[tuple[str, str], Step]) -> Offers:
    did_before = [(s, next((own[ref, verb] for verb in s.checks if (ref, verb) in own), None)) for s in steps]
    return Offers(
        [s for s, done in did_before if done is None], [(s, done) for s, done in did_before if done]
    )


def _fits(this: Step, row: Any, person: Actor) -> bool:
    if this.creates or this.model is not type(row):
        return False
    if this.at is not None and getattr(row, "state", None) not in this.at:
        return False
    return (this.when is None or this.when(row)) and person.may(this.verb, row) and _let(this, row, person)


def _let(this: Step, row: Any, person: Actor) -> bool:
    try:
        if this.only is not None:
            this.only(row, person)
    except (ValidationError, PermissionDenied):
        return False
    return True


def _locked(model: type[M]) -> "models.QuerySet[M]":
    """The row under lock; where the whole database is locked, together with what its gate looks at, in one query.

    PostgreSQL judges a joined row anew after waiting for its lock, with the relation as it was before: a row whose unit
    has just changed would seem to be gone. So it locks the row alone.
    """
    if connection.features.has_select_for_update:
        return model._base_manager.select_for_update()
    gate = _gate(model)
    return model._base_manager.select_related(*gate) if gate else model._base_manager.all()


def _gate(model: type[models.Model]) -> list[str]:
    """The ways to what a row's gate looks at."""
    gate = {path for path in getattr(model, "unit_paths", ()) if path}
    gate |= {head for path in getattr(model, "own_paths", ()) if (head := path.rpartition("__")[0])}
    return sorted(gate)


def _bring_gate(obj: models.Model) -> None:
    """Of a row that was locked alone, what lies more than one step off in one query, not in one a step."""
    for path in _gate(type(obj)):
        head, _, rest = path.partition("__")
        field: Any = obj._meta.get_field(head)
        if rest and not field.is_cached(obj) and (key := getattr(obj, field.attname)) is not None:
            setattr(obj, head, field.related_model._base_manager.select_related(rest).get(pk=key))


KEPT = "_kept"


def keep(obj: models.Model) -> None:
    """Validate a row that a verb makes and save it, so that others can point at it before the verb has ended.

    Raises ValidationError. What the verb does not change any more is not validated and written a second time.
    """
    _save(obj, {})
    setattr(obj, KEPT, _snapshot(obj))


def _save(obj: models.Model, before: dict[str, str]) -> None:
    """Validate what changed, what is new completely, and save."""
    after = _snapshot(obj)
    if before == after:
        return
    fields = [f for f in obj._meta.concrete_fields if f.attname in before]
    same = {f.name for f in fields if before[f.attname] == after[f.attname]}
    # What did not change was valid when it was written, and a row in hand exists: to ask costs a query each.
    obj.clean_fields(exclude=same | {f.name for f in obj._meta.concrete_fields if _in_hand(obj, f)})
    obj.clean()
    obj.validate_unique(exclude=same)
    if not _constrained(type(obj)) <= same:
        obj.validate_constraints()
    obj.save(update_fields={f.name for f in fields} - same if before else None)


def _in_hand(obj: models.Model, field: Any) -> bool:
    """Whether the row that a foreign key points at was given as an object that has been saved."""
    if not field.is_relation or not field.is_cached(obj):
        return False
    row = field.get_cached_value(obj)
    return row is not None and not row._state.adding


@cache
def _constrained(model: type[models.Model]) -> frozenset[str]:
    """The fields that the model's constraints speak of."""
    found: set[str] = set()
    for constraint in model._meta.constraints:
        condition = getattr(constraint, "condition", None)
        found.update(getattr(constraint, "fields", ()), condition.referenced_base_fields if condition else ())
    return frozenset(found)


HIDDEN = "***"


def _snapshot(obj: models.Model) -> dict[str, str]:
    """Every field as text. Of a hidden one only a mark, so that the trail can say that it changed, never to what."""
    hidden: frozenset[str] = getattr(obj, "trail_hides", frozenset())
    fields = [f for f in obj._meta.concrete_fields if not isinstance(f, models.BinaryField)]
    return {f.attname: _text(getattr(obj, f.attname), f.name in hidden) for f in fields}


def _text(value: Any, hidden: bool) -> str:
    return f"{HIDDEN}{hash(str(value))}" if hidden else str(value)


def _shown(value: str) -> str:
    return HIDDEN if value.startswith(HIDDEN) else value


def _trace(this: Step, obj: Any, by: Actor, before: dict[str, str], data: dict[str, Any]) -> None:
    after = _snapshot(obj)
    changes = {
        k: [_shown(before.get(k, "")), _shown(v)]
        for k, v in after.items()
        if before and before.get(k) != v and k != "state"
    }
    record(
        by,
        this.verb,
        obj,
        label=this.label,
        before=before.get("state", ""),
        after=after.get("state", ""),
        changes=changes,
        note=str(data.get("note") or data.get("reason") or ""),
    )


def record(by: Actor, code: str, obj: Any, *, label: str = "", **more: Any) -> Trail:
    """Write one trail row by hand: for batches (one row for all) and for what leaves no state, such as an export."""
    return Trail.objects.create(
        actor=by.ref,
        actor_name=by.name,
        actor_post=by.acting_as(code, obj),
        verb=code,
        label=label or VERBS.get(code, code),
        subject=getattr(obj, "ref", str(obj))[:60],
        subject_name=str(obj)[:200],
        **more,
    )
