from django.urls import path

from linghang.planning import plan_views, pledge_views, views
from linghang.planning.models import Item, Plan, Pledge
from linghang.ui.shortcuts import step_urls

app_name = "planning"
urlpatterns = [
    path("", views.months, name="months"),
    path("call/", views.call, name="call"),
    path("submit/", views.submit, name="submit"),
    path("items/accept/", views.accept_many, name="items_accept"),
    path("items/<int:pk>/", views.item, name="item"),
    path("resolutions/<int:pk>/adopt/", views.adopt, name="adopt"),
    *step_urls(Item, "item", views.ITEM_FORMS),
    path("plans/", plan_views.plans, name="plans"),
    path("plans/new/", plan_views.plan_new, name="plan_new"),
    path("plans/summary/", plan_views.summary, name="summary"),
    path("plans/<int:pk>/", plan_views.plan, name="plan"),
    *step_urls(Plan, "plan", plan_views.PLAN_FORMS),
    path("frameworks/", plan_views.aims, name="aims"),
    path("pledges/", pledge_views.pledges, name="pledges"),
    path("pledges/hand-out/", pledge_views.hand_out, name="hand_out"),
    path("pledges/<int:pk>/", pledge_views.pledge, name="pledge"),
    *step_urls(Pledge, "pledge", pledge_views.PLEDGE_FORMS),
    path("<str:key>/", views.month, name="month"),
    path("<str:key>/theme/", views.theme, name="theme"),
    path("<str:key>/arrange/", views.arrange, name="arrange"),
    path("<str:key>/deploy/", views.deploy, name="deploy"),
]
