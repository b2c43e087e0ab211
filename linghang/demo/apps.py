from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "linghang.demo"
    verbose_name = "演示"
