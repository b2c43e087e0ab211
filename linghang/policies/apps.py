from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "linghang.policies"
    verbose_name = "制度"
