from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "linghang.org"
    verbose_name = "组织"
