"""How a page is written: fetch → form → verb → render. The doors, the list, and the page of one verb."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from linghang.kernel.flow import STEPS, Step, steps_for
from linghang.kernel.refs import Shown, origins, show
from linghang.ui.lists import Listing
from linghang.ui.second_factor import confirmed, demand
from linghang.ui.sheets import SheetProblem

View = Callable[..., HttpResponse]
# So many rows are named where many were refused for the same reason.
FEW = 3
T = TypeVar("T")


# --- doors -----------------------------------------------------------------------------------------------------------


def needs(verb: str, *, strong: bool = False) -> Callable[[View], View]:
    """A page's door: whoever holds the verb nowhere gets 404. `strong` asks for a second factor first."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.person is None:
                return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
            if not request.person.may(verb):
                raise Http404
            if strong and not confirmed(request):
                return demand(request)
            request.verb = verb
            return view(request, *args, **kwargs)

        guarded.verb = verb  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """A page that every person with an account may open, because it shows nothing but their own affairs."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.person is None:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    guarded.verb = "signed_in"  # type: ignore[attr-defined]
    return guarded


def rows(request: HttpRequest, model: type[models.Model], verb: str = "") -> Any:
    """The rows of a model that the asker may use with the page's verb (or another that is named)."""
    return model.objects.within(request.person, verb or request.verb)  # type: ignore[attr-defined]


def fetch(request: HttpRequest, model: type[models.Model], pk: int, *related: str, verb: str = "") -> Any:
    """One row within reach, or 404."""
    found = rows(request, model, verb)
    return get_object_or_404(found.select_related(*related) if related else found, pk=pk)


# --- pages -----------------------------------------------------------------------------------------------------------


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a page, or the one region of it that htmx asks for: the partial named like its target's id."""
    target = request.htmx.target if request.htmx else None
    if target and not request.htmx.boosted and target in context.get("regions", ("list",)):
        template = f"{template}#{target}"
    return render(request, template, context, status=status)


def list_page(
    request: HttpRequest, template: str, found: Listing | HttpResponse, **context: Any
) -> HttpResponse:
    """A page that is mainly one list; the workbook goes straight through."""
    return (
        found if isinstance(found, HttpResponse) else page(request, template, {"listing": found, **context})
    )


def thread(request: HttpRequest, obj: Any, title: str = "") -> list[Shown]:
    """来龙去脉: what led to a record, as far as the reader may see, and the record itself; nothing where nothing led here."""
    before = show(request.person, origins(obj.ref))
    return [*before, Shown(obj.ref, title or str(obj), "")] if before else []


@dataclass(frozen=True)
class Button:
    """A verb as it stands on a record's page."""

    label: str
    url: str
    asks: bool
    solid: bool = False
    danger: bool = False


DANGEROUS = frozenset(
    {"void", "withdraw", "close_unit", "end_post", "suspend_account", "undo", "undo_roster", "undo_problems"}
)


def buttons(
    request: HttpRequest,
    obj: Any,
    prefix: str,
    forms_: Mapping[str, Any],
    steps: Sequence[Step] | None = None,
    *,
    onward: Collection[str] | None = None,
) -> list[Button]:
    """What this person may do to this record now, or of these steps; the first that moves it `onward` is solid."""
    found = steps_for(obj, request.person) if steps is None else steps
    first = next((s for s in found if onward is None or s.tail in onward), None)
    return [
        Button(
            s.label,
            reverse(f"{prefix}_{s.tail}", args=[obj.pk]),
            asks=forms_.get(s.tail) is not None,
            solid=s is first,
            danger=s.tail in DANGEROUS,
        )
        for s in found
        if s.tail in forms_
    ]


def step_urls(
    model: type[models.Model],
    noun: str,
    forms_: Mapping[str, type[forms.Form] | None],
    plural: str = "",
) -> list[URLPattern]:
    """One address for each verb of a model: /orders/12/issue/. A verb with a form shows it first; others just act."""
    found, many = [], plural or f"{noun}s"
    for tail, form_class in forms_.items():
        this = STEPS[f"{model._meta.app_label}.{tail}"]
        view = _step_view(this, form_class)
        found.append(path(f"{many}/<int:pk>/{tail.replace('_', '-')}/", view, name=f"{noun}_{tail}"))
    return found


def _step_view(this: Step, form_class: type[forms.Form] | None) -> View:
    @needs(this.verb, strong=this.verb in STRONG)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        obj = fetch(request, this.model, pk)
        if form_class is None:
            if request.method != "POST":
                return redirect(obj)
            attempt(request, lambda: this.run(obj, request.person), lambda made: f"已{this.label}：{made}")
            return redirect(back(request, obj))
        form = make_form(form_class, request, obj)
        if submitted(request, form, lambda data: this.run(obj, request.person, **data)):
            messages.success(request, f"已{this.label}：{obj}")
            return redirect(back(request, obj))
        return form_page(request, form, "step.html", obj=obj, step=this, danger=this.tail in DANGEROUS)

    return view


STRONG: set[str] = {
    "org.open_account",
    "org.reset_password",
    "org.suspend_account",
    "org.restore_account",
}


def make_form(form_class: type[forms.Form], request: HttpRequest, obj: Any = None, **more: Any) -> forms.Form:
    """A form that knows who asks and about what, so that its choices stay within their reach."""
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return form_class(*data, person=request.person, obj=obj, **more)


def submitted(request: HttpRequest, form: forms.Form, act: Callable[[dict[str, Any]], T]) -> T | None:
    """What a verb makes of a form that was sent. None: the form is to be shown, a refusal at its field."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except (ValidationError, PermissionDenied, SheetProblem) as problem:
        refuse(form, problem)
        return None


def form_page(
    request: HttpRequest, form: forms.Form, template: str = "form.html", **context: Any
) -> HttpResponse:
    """A form as it is shown first, and again with what was wrong; `form.html` wants `title` and `cancel`."""
    shown = {"form": form, "regions": ("form",), **context}
    return page(request, template, shown, 422 if form.is_bound else 200)


def create_page(
    request: HttpRequest,
    form: Any,
    verb: Callable[..., Any],
    title: str,
    cancel: str,
    *,
    about: str = "",
    then: Callable[[Any], Any] | None = None,
    **given: Any,
) -> HttpResponse:
    """The page of a verb that makes something: its form, then what was made, or where `then` says."""
    if made := submitted(request, form, lambda data: verb(request.person, **data, **given)):
        messages.success(request, f"已{title}：{made}")
        if then is not None:
            return redirect(then(made))
        return redirect(made if request.person.may(made.view_verb, made) else "desk:desk")
    return form_page(request, form, title=title, sub=about, cancel=cancel)


def attempt(request: HttpRequest, act: Callable[[], T], done: str | Callable[[T], str] = "") -> T | None:
    """What a button does: the verb's outcome with a word about it, or None with the refusal told."""
    try:
        made = act()
    except (ValidationError, PermissionDenied) as problem:
        messages.error(request, words(problem))
        return None
    if said := done if isinstance(done, str) else done(made):
        messages.success(request, said)
    return made


def back(request: HttpRequest, obj: Any) -> str:
    """Where to go after a verb: the page that was asked for, if it is ours, else the record's own."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else obj.get_absolute_url()


def refuse(form: forms.Form, problem: Exception) -> None:
    """Put a verb's refusal into the form, each word at its field."""
    if isinstance(problem, ValidationError) and hasattr(problem, "error_dict"):
        for name, errors in problem.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    elif isinstance(problem, SheetProblem):
        form.add_error("file" if "file" in form.fields else None, str(problem))
    else:
        form.add_error(None, words(problem))


def words(problem: Exception) -> str:
    """A refusal in one sentence."""
    return "；".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)


def act_on_many(
    request: HttpRequest,
    verb: str,
    model: type[models.Model],
    unit: str = "条",
    *,
    whose: Callable[[Any], object] | None = None,
) -> None:
    """Do one verb to each of the rows ticked in a list; each by itself, what is refused is told and the rest goes on.

    `whose` gives the unit that a row is about, so that a refusal says which of many like it was meant.
    """
    this, done, refused = STEPS[verb], 0, defaultdict[str, list[str]](list)
    ticked = [pk for pk in request.POST.getlist("row") if pk.isdigit()]
    for obj in rows(request, model, verb).filter(pk__in=ticked):
        try:
            this.run(obj, request.person)
            done += 1
        except (ValidationError, PermissionDenied) as problem:
            refused[words(problem)].append(f"{whose(obj)}：{obj}" if whose else str(obj))
    if done:
        messages.success(request, f"已{this.label} {done} {unit}")
    for problem, named in refused.items():
        more = f"等 {len(named)} {unit}" if len(named) > FEW else ""
        messages.error(request, f"没有{this.label}（{problem}）：{'；'.join(named[:FEW])}{more}")
    if not done and not refused:
        messages.info(request, "请先在表中勾选")
