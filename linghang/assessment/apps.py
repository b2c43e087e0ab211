from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "linghang.assessment"
    verbose_name = "考核"
