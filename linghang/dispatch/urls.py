"""Addresses of orders and lines."""

from django.urls import path

from linghang.dispatch import views
from linghang.dispatch.forms import LINE_FORMS, ORDER_FORMS
from linghang.dispatch.lists import KINDS, LINE_TABS
from linghang.dispatch.models import Line, Order
from linghang.ui.shortcuts import step_urls

app_name = "dispatch"

urlpatterns = [
    *(path(f"{here}/", views.orders, {"here": here}, name=here) for here in KINDS),
    path("orders/draft/", views.draft, name="draft"),
    path("orders/many/<slug:tail>/", views.many, name="many"),
    path("orders/<int:pk>/", views.order, name="order"),
    path("orders/<int:pk>/paper/", views.order_paper, name="order_paper"),
    path("orders/<int:pk>/edit-order/", views.edit_order, name="order_edit_order"),
    *step_urls(Order, "order", ORDER_FORMS),
    *(path(f"{here.replace('_', '-')}/", views.lines, {"here": here}, name=here) for here in LINE_TABS),
    path("mine/", views.mine, name="mine"),
    path("plan-line/", views.plan_line, name="plan_line"),
    path("lines/<int:pk>/", views.line, name="line"),
    path("lines/<int:pk>/supervise/", views.supervise, name="line_supervise"),
    *step_urls(Line, "line", LINE_FORMS),
]
