from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "linghang.dispatch"
    verbose_name = "单据"
