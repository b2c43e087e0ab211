"""Addresses of orders and lines."""

from django.urls import path

from linghang.dispatch import batch_views, document_views, part_views, views
from linghang.dispatch.document_forms import DOCUMENT_FORMS
from linghang.dispatch.forms import FILE_FORMS, LINE_FORMS, ORDER_FORMS, PART_FORMS
from linghang.dispatch.lists import KINDS, LINE_TABS
from linghang.dispatch.models import Document, Line, Order, Part, Pattern, Recurring
from linghang.ui.shortcuts import step_urls

app_name = "dispatch"

urlpatterns = [
    *(path(f"{here}/", views.orders, {"here": here}, name=here) for here in KINDS),
    path("orders/draft/", views.draft, name="draft"),
    path("orders/draft-many/", batch_views.draft_many, name="draft_many"),
    path("orders/many/<slug:tail>/", views.many, name="many"),
    path("orders/<int:pk>/", views.order, name="order"),
    path("orders/<int:pk>/paper/", views.order_paper, name="order_paper"),
    path("orders/<int:pk>/edit-order/", views.edit_order, name="order_edit_order"),
    path("orders/<int:pk>/save-pattern/", batch_views.save_pattern, name="order_save_pattern"),
    *step_urls(Order, "order", ORDER_FORMS | FILE_FORMS),
    *(path(f"{here.replace('_', '-')}/", views.lines, {"here": here}, name=here) for here in LINE_TABS),
    path("mine/", views.mine, name="mine"),
    path("plan-line/", views.plan_line, name="plan_line"),
    path("lines/<int:pk>/", views.line, name="line"),
    path("lines/<int:pk>/supervise/", views.supervise, name="line_supervise"),
    *step_urls(Line, "line", LINE_FORMS),
    path("parts/", part_views.parts, name="parts"),
    path("parts/<int:pk>/", part_views.part, name="part"),
    *step_urls(Part, "part", PART_FORMS),
    path("files/<int:pk>/", part_views.file, name="file"),
    path("patterns/", batch_views.patterns, name="patterns"),
    path("patterns/keep-recurring/", batch_views.keep_recurring, name="keep_recurring"),
    *step_urls(Pattern, "pattern", {"drop_pattern": None}),
    *step_urls(Recurring, "recurring", {"end_recurring": None}),
    path("documents/", document_views.documents, name="documents"),
    path("documents/draft/", document_views.draft_document, name="draft_document"),
    path("documents/<int:pk>/", document_views.document, name="document"),
    path("documents/<int:pk>/paper/", document_views.document_paper, name="document_paper"),
    *step_urls(Document, "document", DOCUMENT_FORMS),
]
