from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "linghang.compliance"
    verbose_name = "体检"
