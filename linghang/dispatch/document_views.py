"""Pages of the drafts of official papers: the list, one draft with its Word text."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from linghang.dispatch import actions
from linghang.dispatch.circulars import late_words
from linghang.dispatch.document_forms import DOCUMENT_FORMS, DraftDocumentForm
from linghang.dispatch.lists import order_tabs
from linghang.dispatch.models import Document, Line
from linghang.dispatch.papers import DOCUMENT, paragraphs_of, words_of
from linghang.kernel.flow import steps_for, traces
from linghang.kernel.refs import results, show
from linghang.org.models import Unit
from linghang.ui.lists import Column, Filter, download, listing
from linghang.ui.papers import WORD, paper
from linghang.ui.requests import HouseRequest
from linghang.ui.shortcuts import (
    buttons,
    create_page,
    fetch,
    list_page,
    make_form,
    needs,
    page,
    rows,
    thread,
)

TONES = {"numbered": "green", "dropped": "grey"}
COLUMNS = [
    Column("title", "标题"),
    Column("kind", "文种", kind="code", read=lambda one: one.get_kind_display()),
    Column("number", "文号", kind="code"),
    Column("drafted_on", "拟稿", kind="date"),
    Column("issued_on", "成文", kind="date"),
    Column(
        "state",
        "状态",
        kind="state",
        read=lambda one: one.get_state_display(),
        tone=lambda one: TONES.get(one.state, "blue"),
    ),
]


@needs("dispatch.view_document")
def documents(request: HouseRequest) -> HttpResponse:
    """Drafts of 通知 and 通报, the newest first."""
    shown = listing(
        request,
        rows(request, Document).order_by("-pk"),
        COLUMNS,
        title="公文稿",
        search=("title", "number"),
        filters=[
            Filter("kind", "文种", Document.Kind.choices),
            Filter("state", "状态", Document.State.choices),
        ],
        row_url=lambda one: one.get_absolute_url(),
        export="dispatch.view_document",
        empty="还没有公文稿。通知、通报在这里起草、核稿，由 OA 签发，文号再填回来。",
    )
    tabs = order_tabs(request.person, "documents")
    may = request.person.may("dispatch.draft_document")
    return list_page(request, "dispatch/documents.html", shown, tabs=tabs, may=may)


@needs("dispatch.draft_document")
def draft_document(request: HouseRequest) -> HttpResponse:
    """Begin a paper; about what is overdue its first words are written already."""
    asked = {name: request.GET.get(name, "") for name in ("kind", "title", "text", "about")}
    initial = {name: value for name, value in asked.items() if value}
    if "late" in request.GET:
        late = rows(request, Line, "dispatch.view_line").overdue().sent().select_related("order__unit")
        initial = {**late_words(late), **initial}
    form: Any = make_form(DraftDocumentForm, request, initial=initial)
    cancel = reverse("dispatch:documents")
    issuer = rows(request, Unit).party().order_by("path").first()
    return create_page(request, form, actions.draft_document, "起草公文", cancel, issuer=issuer)


@needs("dispatch.view_document")
def document(request: HouseRequest, pk: int) -> HttpResponse:
    """One paper: its words, how far it is, what led to it."""
    found: Document = fetch(request, Document, pk, "issuer")
    steps = steps_for(found, request.person)
    context = {
        "document": found,
        "paragraphs": paragraphs_of(found),
        "tone": TONES.get(found.state, "blue"),
        "buttons": buttons(
            request,
            found,
            "dispatch:document",
            DOCUMENT_FORMS,
            steps,
            onward=("check_document", "number_document"),
        ),
        "thread": thread(request, found),
        "results": show(request.person, results(found.ref)),
        "entries": traces(found),
    }
    return page(request, "dispatch/document.html", context)


@needs("dispatch.view_document")
def document_paper(request: HouseRequest, pk: int) -> HttpResponse:
    """The paper as Word text in the layout of GB/T 9704, to be taken over into OA."""
    found: Document = fetch(request, Document, pk, "issuer")
    return download(paper(DOCUMENT, words_of(found)), f"{found.title}.docx", WORD)
