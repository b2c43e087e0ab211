"""Addresses of meetings."""

from django.urls import path

from linghang.activities import views
from linghang.activities.forms import FORMS
from linghang.activities.models import Meeting
from linghang.ui.shortcuts import step_urls

app_name = "activities"

urlpatterns = [
    path("meetings/", views.meetings, name="meetings"),
    path("record/", views.record, name="record"),
    path("plan/", views.plan, name="plan"),
    path("meetings/<int:pk>/", views.meeting, name="meeting"),
    path("meetings/<int:pk>/record-planned/", views.record_planned, name="meeting_record_planned"),
    path("meetings/<int:pk>/papers/<slug:name>/", views.meeting_paper, name="meeting_paper"),
    *step_urls(Meeting, "meeting", FORMS),
]
