"""Pages of one sheet for many, of the patterns that sheets begin with, and of what recurs."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.dispatch import actions
from linghang.dispatch.batch_forms import (
    DraftManyForm,
    PatternForm,
    RecurringForm,
    SharedLineFormSet,
    first_words,
)
from linghang.dispatch.lists import order_tabs
from linghang.dispatch.models import Order, Pattern, Recurring
from linghang.org.models import Unit
from linghang.ui.requests import HouseRequest
from linghang.ui.shortcuts import create_page, fetch, form_page, make_form, needs, page, rows, submitted


@needs("dispatch.draft")
def draft_many(request: HouseRequest) -> HttpResponse:
    """One sheet a unit, by 总支, class or name, perhaps from a pattern; each is tailored before it is checked."""
    asked = request.GET.get("pattern", "")
    patterns = list(rows(request, Pattern, "dispatch.view_pattern").filter(active=True))
    chosen = next((one for one in patterns if str(one.pk) == asked), None)
    words, lines = first_words(chosen)
    form: Any = make_form(DraftManyForm, request, initial=words)
    data = request.POST if request.method == "POST" else None
    table = SharedLineFormSet(data, initial=lines, prefix="line", form_kwargs={"person": request.person})
    if table.is_valid() and (made := submitted(request, form, lambda data: _draft(request, table, data))):
        messages.success(request, f"已拟 {len(made)} 张，逐张看过、裁剪后核稿签发")
        return redirect(f"{reverse(f'dispatch:{made[0].kind}s')}?state=drafted")
    context = {"table": table, "patterns": patterns, "chosen": chosen, "regions": ()}
    return form_page(request, form, "dispatch/order_many.html", **context)


def _draft(request: HouseRequest, table: Any, data: dict[str, Any]) -> list[Order]:
    issuer = rows(request, Unit).party().order_by("path").first()
    return actions.draft_each(request.person, issuer=issuer, lines=table.drafts(), **data)


@needs("dispatch.view_pattern")
def patterns(request: HouseRequest) -> HttpResponse:
    """常用: sheets to begin with, and lines that come back by themselves."""
    person = request.person
    context = {
        "tabs": order_tabs(person, "patterns"),
        "patterns": rows(request, Pattern).filter(active=True),
        "recurring": rows(request, Recurring).filter(until=None),
        "may": {
            tail: person.may(f"dispatch.{tail}")
            for tail in ("draft", "drop_pattern", "keep_recurring", "end_recurring")
        },
    }
    return page(request, "dispatch/patterns.html", context)


@needs("dispatch.save_pattern")
def save_pattern(request: HouseRequest, pk: int) -> HttpResponse:
    """Keep a sheet as a pattern."""
    order = fetch(request, Order, pk, verb="dispatch.view_order")
    form: Any = make_form(PatternForm, request, order)
    return create_page(
        request,
        form,
        actions.save_pattern,
        "存为常用单据",
        order.get_absolute_url(),
        about=str(order),
        then=lambda _: reverse("dispatch:patterns"),
        order=order,
    )


@needs("dispatch.keep_recurring")
def keep_recurring(request: HouseRequest) -> HttpResponse:
    """Have a line come back by itself."""
    form: Any = make_form(RecurringForm, request)
    here = reverse("dispatch:patterns")
    about = "到期的月份，每个支部当月第一张提示单自动带上这一条；下发前可以裁掉。"
    return create_page(
        request, form, actions.keep_recurring, "设经常性事项", here, about=about, then=lambda _: here
    )
