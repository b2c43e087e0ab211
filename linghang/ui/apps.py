from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "linghang.ui"
    verbose_name = "界面"
