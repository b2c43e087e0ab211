from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "linghang.decisions"
    verbose_name = "决策"
