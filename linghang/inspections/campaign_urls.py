"""Addresses of the campaigns."""

from django.urls import path

from linghang.inspections import campaign_views as views
from linghang.inspections.campaign_forms import CAMPAIGN_FORMS, PROBLEM_FORMS, PROBLEM_IMPORT_FORMS
from linghang.inspections.models.campaigns import Campaign, Problem, ProblemImport
from linghang.ui.shortcuts import step_urls

campaign_patterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/new/", views.campaign_new, name="campaign_new"),
    path("campaigns/<int:pk>/", views.campaign, name="campaign"),
    path("campaigns/<int:pk>/tasks/", views.campaign_tasks, name="campaign_tasks"),
    path("campaigns/<int:pk>/duty/", views.campaign_duty, name="campaign_duty"),
    path("campaigns/<int:pk>/problems/new/", views.problem_new, name="campaign_add_problem"),
    path("campaigns/<int:pk>/import/", views.problems_upload, name="campaign_import_problems"),
    *step_urls(Campaign, "campaign", CAMPAIGN_FORMS),
    path("problems/", views.problems, name="problems"),
    path("problems/orders/", views.order_many, name="problems_order_many"),
    path("problems/<int:pk>/", views.problem, name="problem"),
    *step_urls(Problem, "problem", PROBLEM_FORMS),
    path("problemimports/<int:pk>/", views.problemimport, name="problemimport"),
    *step_urls(ProblemImport, "problemimport", PROBLEM_IMPORT_FORMS),
]
