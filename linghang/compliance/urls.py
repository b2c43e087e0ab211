from django.urls import path

from linghang.compliance import views

app_name = "compliance"
urlpatterns = [
    path("", views.home, name="checkups"),
    path("board/", views.board, name="board"),
    path("units/<int:pk>/", views.branch, name="checkup"),
    path("waive/", views.waive, name="waive"),
]
