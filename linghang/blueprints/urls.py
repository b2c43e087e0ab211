from django.urls import path

from linghang.blueprints import views

app_name = "blueprints"
urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/<str:code>/", views.parameter, name="parameter"),
]
