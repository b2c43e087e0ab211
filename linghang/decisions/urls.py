from django.urls import path

from linghang.decisions import views
from linghang.decisions.forms import FORCE_FORMS, RESEARCH_FORMS, TOPIC_FORMS
from linghang.decisions.models import Research, TaskForce, Topic
from linghang.ui.shortcuts import step_urls

app_name = "decisions"
urlpatterns = [
    path("", views.topics, name="topics"),
    path("topics/new/", views.propose, name="propose"),
    path("topics/<int:pk>/", views.topic, name="topic"),
    path("topics/<int:pk>/paper/", views.topic_paper, name="topic_paper"),
    *step_urls(Topic, "topic", TOPIC_FORMS),
    path("sittings/", views.sittings, name="sittings"),
    path("sittings/<int:pk>/", views.sitting, name="sitting"),
    path("sittings/<int:pk>/<slug:name>/", views.sitting_paper, name="sitting_paper"),
    path("forces/", views.forces, name="forces"),
    path("forces/new/", views.add_force, name="add_force"),
    *step_urls(TaskForce, "force", FORCE_FORMS),
    path("researches/", views.researches, name="researches"),
    path("researches/new/", views.open_research, name="open_research"),
    *step_urls(Research, "research", RESEARCH_FORMS),
]
