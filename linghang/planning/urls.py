from django.urls import path

from linghang.planning import views
from linghang.planning.models import Item
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
    path("<str:key>/", views.month, name="month"),
    path("<str:key>/theme/", views.theme, name="theme"),
    path("<str:key>/arrange/", views.arrange, name="arrange"),
    path("<str:key>/deploy/", views.deploy, name="deploy"),
]
