from django.urls import path

from linghang.inspections import conflict_views, pattern_views, plan_views, standard_views, views
from linghang.inspections.campaign_urls import campaign_patterns
from linghang.inspections.forms import CHECK_FORMS, FINDING_FORMS, ROUND_FORMS
from linghang.inspections.models import Check, Conflict, Finding, Plan, Round
from linghang.inspections.plan_forms import PLAN_FORMS
from linghang.inspections.team_forms import CONFLICT_FORMS
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
    path("plans/", plan_views.plans, name="plans"),
    path("plans/new/", plan_views.plan_new, name="plan_new"),
    path("plans/<int:pk>/", plan_views.plan, name="plan"),
    *step_urls(Plan, "plan", PLAN_FORMS),
    path("conflicts/", conflict_views.conflicts, name="conflicts"),
    path("conflicts/new/", conflict_views.conflict_new, name="conflict_new"),
    *step_urls(Conflict, "conflict", CONFLICT_FORMS),
    path("patterns/", pattern_views.patterns, name="patterns"),
    path("standards/", standard_views.standards, name="standards"),
    path("standards/<slug:code>/", standard_views.standard, name="standard"),
    *campaign_patterns,
    path("findings/", views.findings, name="findings"),
    path("findings/<int:pk>/", views.finding, name="finding"),
    *step_urls(Finding, "finding", FINDING_FORMS),
]
