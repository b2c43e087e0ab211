from django.urls import path

from linghang.desk import branch_views, views

app_name = "desk"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("branches/<int:pk>/", branch_views.branch, name="branch"),
    path("badges/", views.badges, name="badges"),
    path("notices/", views.notices, name="notices"),
    path("notices/read-all/", views.read_all, name="read_all"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("figures/<str:kind>/<int:pk>/", views.figure, name="figure"),
    path("search/", views.search, name="search"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("alive/", views.alive, name="alive"),
]
