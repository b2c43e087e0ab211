"""设置: what an office changes in daily life, with effective date and preview."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from linghang.blueprints.forms import ParameterForm
from linghang.kernel import clock, parameters
from linghang.kernel.models import BlueprintVersion, Parameter
from linghang.ui.shortcuts import make_form, needs, page, refuse


@needs("kernel.set_parameter")
def settings(request: HttpRequest) -> HttpResponse:
    """Every declared parameter by group: today's value, where it comes from, what is to come."""
    today = clock.today()
    histories = parameters.histories()
    groups: dict[str, list[dict[str, Any]]] = {}
    for code, declared in parameters.DECLARED.items():
        past = [(since, held) for since, held in histories[code] if since <= today]
        coming = [(since, declared.said(held)) for since, held in histories[code] if since > today]
        row = {
            "declared": declared,
            "value": declared.said(past[-1][1]),
            "since": past[-1][0],
            "coming": coming,
        }
        row["standard"] = past[-1][0] == date.min
        groups.setdefault(declared.group, []).append(row)
    version = BlueprintVersion.objects.first()
    return page(request, "blueprints/settings.html", {"groups": groups, "version": version})


@needs("kernel.set_parameter")
def parameter(request: HttpRequest, code: str) -> HttpResponse:
    """One parameter: its history, and a change that shows what it will move before it is made."""
    if code not in parameters.DECLARED:
        raise Http404
    declared = parameters.DECLARED[code]
    form = make_form(ParameterForm, request, code=code)
    effects = None
    if request.method == "POST" and form.is_valid():
        effects = _preview_or_set(request, code, form)
        if effects is None and not form.errors:
            return redirect("blueprints:settings")
    rows = Parameter.objects.filter(code=code)
    context = {
        "declared": declared,
        "form": form,
        "effects": effects,
        "history": [(row, declared.said(row.value)) for row in rows.order_by("-since")],
        "present": declared.said(parameters.value(code)),
        "regions": ("form",),
    }
    return page(request, "blueprints/parameter.html", context, 422 if form.errors else 200)


def _preview_or_set(request: HttpRequest, code: str, form: Any) -> list[str] | None:
    data, declared = form.cleaned_data, parameters.DECLARED[code]
    try:
        parameters.guarded(data["since"])
        if declared.check:
            declared.check(data["value"], data["since"])
        if "preview" in request.POST:
            found = parameters.effects(code, data["value"], data["since"])
            return found or [f"自 {data['since']} 起按新的取值，此前不变。"]
        parameters.put(request.person, code, data["value"], data["since"], data["note"])
    except ValidationError as problem:
        refuse(form, problem)
        return None
    messages.success(
        request, f"已设置“{declared.title}”：自 {data['since']} 起为 {declared.said(data['value'])}"
    )
    return None
