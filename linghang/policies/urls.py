from django.urls import path

from linghang.policies import views
from linghang.policies.forms import IMPORT_FORMS, POLICY_FORMS
from linghang.policies.models import Policy, PolicyImport
from linghang.ui.shortcuts import step_urls

app_name = "policies"
urlpatterns = [
    path("", views.policies, name="policies"),
    path("ended/", views.policies, {"here": "ended"}, name="ended"),
    path("all/", views.policies, {"here": "all_policies"}, name="all_policies"),
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/confirm/", views.review_many, name="review_many"),
    path("policies/new/", views.add, name="policy_new"),
    path("policies/<int:pk>/", views.policy, name="policy"),
    path("policies/<int:pk>/file/", views.policy_file, name="policy_file"),
    *step_urls(Policy, "policy", POLICY_FORMS, "policies"),
    path("imports/", views.uploads, name="policyimports"),
    path("imports/new/", views.upload, name="policyimport_new"),
    path("imports/<int:pk>/", views.imported, name="policyimport"),
    path("imports/<int:pk>/rows/<slug:tab>/", views.imported, name="policyimport_rows"),
    path("imports/<int:pk>/report/", views.import_report, name="policyimport_report"),
    path("imports/<int:pk>/confirm/", views.confirm, name="policyimport_confirm"),
    path("imports/<int:pk>/undo/", views.undo, name="policyimport_undo"),
    *step_urls(PolicyImport, "policyimport", IMPORT_FORMS, "imports"),
]
