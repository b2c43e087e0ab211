from django.urls import path

from linghang.compliance import views
from linghang.compliance.forms import WAIVER_FORMS
from linghang.compliance.models import Waiver
from linghang.ui.shortcuts import step_urls

app_name = "compliance"
urlpatterns = [
    path("", views.home, name="checkups"),
    path("board/", views.lights, name="board"),
    path("waive/", views.waive, name="waive"),
    path("double-life/", views.double_life, name="double_life"),
    path("burden/", views.burden, name="burden"),
    path("digest/", views.digest, name="digest"),
    *step_urls(Waiver, "waiver", WAIVER_FORMS),
]
