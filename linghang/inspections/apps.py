from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "linghang.inspections"
    verbose_name = "督查"
