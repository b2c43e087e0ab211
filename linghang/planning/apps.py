from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "linghang.planning"
    verbose_name = "部署"
