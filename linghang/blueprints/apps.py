from django.apps import AppConfig


class BlueprintsConfig(AppConfig):
    name = "linghang.blueprints"
    verbose_name = "蓝本"
