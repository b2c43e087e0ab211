"""The pages that every upload has: the file is sent, and all files that were sent are listed."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from linghang.kernel.uploads import Upload
from linghang.ui.lists import Column, listing
from linghang.ui.shortcuts import form_page, list_page, rows, submitted

COLUMNS = (
    Column("name", "文件"),
    Column("state", "状态", kind="state", read=lambda i: i.get_state_display()),
    Column("at", "上传时间", kind="date", read=lambda i: f"{i.at.astimezone():%Y-%m-%d %H:%M}"),
)


def upload_page(
    request: HttpRequest,
    form: forms.Form,
    read: Callable[..., Any],
    template: str = "upload.html",
    **context: Any,
) -> HttpResponse:
    """The page on which a file is sent; what `read` makes of it is shown next, and nothing is changed yet.

    `upload.html` wants `title`, `sub` and `cancel`, and may have a `warning` of two parts.
    """
    if made := submitted(request, form, lambda data: read(request, **data)):
        return redirect(made)
    return form_page(request, form, template, regions=(), **context)


def uploads_page(
    request: HttpRequest,
    model: type[Upload],
    *,
    new: tuple[str, str],
    sub: str = "",
    columns: Sequence[Column] = (),
    **look: Any,
) -> HttpResponse:
    """Every upload of a kind, newest first, with what became of it; `new` leads to the page for another."""
    shown = listing(
        request,
        rows(request, model).defer(*model.trail_hides),
        [*COLUMNS, *columns],
        row_url=lambda i: i.get_absolute_url(),
        **look,
    )
    return list_page(request, "uploads.html", shown, sub=sub, new=new)
