from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "linghang.activities"
    verbose_name = "组织生活"
