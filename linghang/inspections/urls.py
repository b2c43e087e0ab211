from django.urls import path

from linghang.inspections import standard_views, views
from linghang.inspections.forms import CHECK_FORMS, FINDING_FORMS, ROUND_FORMS
from linghang.inspections.models import Check, Finding, Round
from linghang.ui.shortcuts import step_urls

app_name = "inspections"
urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("rounds/new/", views.round_new, name="round_new"),
    path("rounds/<int:pk>/", views.round_, name="round"),
    path("rounds/<int:pk>/print/", views.round_print, name="round_print"),
    *step_urls(Round, "round", ROUND_FORMS),
    path("checks/", views.checks, name="checks"),
    path("checks/<int:pk>/", views.check, name="check"),
    path("checks/<int:pk>/print-checklist/", views.print_checklist, name="check_print_checklist"),
    path("checks/<int:pk>/enter/", views.enter, name="check_enter"),
    path("checks/<int:pk>/self-check/", views.self_check, name="check_self_check"),
    *step_urls(Check, "check", CHECK_FORMS),
    path("checks/<int:pk>/certificate/", standard_views.certificate, name="check_certificate"),
    path("standards/", standard_views.standards, name="standards"),
    path("standards/<slug:code>/", standard_views.standard, name="standard"),
    path("findings/", views.findings, name="findings"),
    path("findings/<int:pk>/", views.finding, name="finding"),
    *step_urls(Finding, "finding", FINDING_FORMS),
]
