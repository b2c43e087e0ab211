"""Addresses of meetings."""

from django.urls import path

from linghang.activities import election_forms, election_views, views, vote_views, year_views
from linghang.activities.forms import FORMS
from linghang.activities.models import Election, Feed, Leave, Meeting, Vote
from linghang.activities.vote_forms import FEED_FORMS, LEAVE_FORMS, VOTE_FORMS
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
    path("meetings/<int:pk>/vote/", vote_views.vote, name="meeting_vote"),
    *step_urls(Vote, "vote", VOTE_FORMS),
    path("meetings/<int:pk>/ask-leave/", vote_views.ask_leave, name="meeting_ask_leave"),
    *step_urls(Leave, "leave", LEAVE_FORMS),
    path("quick/", vote_views.quick, name="quick"),
    path("year/", year_views.year, name="year"),
    path("calendar/", year_views.calendar, name="calendar"),
    path("calendar/open-feed/", year_views.open_feed, name="open_feed"),
    *step_urls(Feed, "feed", FEED_FORMS),
    path("feed/<str:token>.ics", year_views.feed_file, name="feed_file"),
    path("study/", year_views.study, name="study"),
    path("elections/", election_views.elections, name="elections"),
    path("elections/begin/", election_views.begin_election, name="begin_election"),
    path("elections/<int:pk>/", election_views.election, name="election"),
    path("elections/<int:pk>/papers/<slug:name>/", election_views.election_paper, name="election_paper"),
    *step_urls(Election, "election", election_forms.FORMS),
]
