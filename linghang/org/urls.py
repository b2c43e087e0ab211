from django.urls import path

from linghang.org import import_views, views
from linghang.org.forms import PERSON_FORMS, POST_FORMS, UNIT_FORMS
from linghang.org.models import Import, Person, Post, Unit, User
from linghang.ui.shortcuts import step_urls

app_name = "org"
urlpatterns = [
    path("units/", views.units, name="units"),
    path("units/new/", views.unit_new, name="unit_new"),
    path("units/<int:pk>/", views.unit, name="unit"),
    path("units/<int:pk>/appoint/", views.appoint, name="unit_appoint"),
    *step_urls(Unit, "unit", UNIT_FORMS),
    path("people/", views.people, name="people"),
    path("people/new/", views.person_new, name="person_new"),
    path("people/<int:pk>/", views.person, name="person"),
    *step_urls(Person, "person", PERSON_FORMS),
    path("posts/<int:pk>/stand-in/", views.stand_in, name="post_stand_in"),
    *step_urls(Post, "post", POST_FORMS),
    path("imports/", import_views.uploads, name="imports"),
    path("imports/new/", import_views.upload, name="import_new"),
    path("imports/<int:pk>/", import_views.roster, name="import"),
    path("imports/<int:pk>/rows/<slug:tab>/", import_views.roster, name="import_rows"),
    path("imports/<int:pk>/columns/", import_views.columns, name="import_columns"),
    path("imports/<int:pk>/units/", import_views.units, name="import_units"),
    path("imports/<int:pk>/confirm-roster/", import_views.confirm, name="import_confirm_roster"),
    path("imports/<int:pk>/undo-roster/", import_views.undo, name="import_undo_roster"),
    path("imports/<int:pk>/report/", import_views.report, name="import_report"),
    path("imports/<int:pk>/file/", import_views.original, name="import_file"),
    *step_urls(Import, "import", {"discard_roster": None}),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/open/", views.open_accounts, name="open_accounts"),
    path("accounts/<int:pk>/", views.account, name="account"),
    path("accounts/<int:pk>/reset-password/", views.reset_password, name="user_reset_password"),
    *step_urls(User, "user", {"suspend_account": None, "restore_account": None}),
    path("grants/", views.grants, name="grants"),
    path("trail/", views.trail, name="trail"),
]
