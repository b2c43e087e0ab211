from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "linghang.desk"
    verbose_name = "工作台"
