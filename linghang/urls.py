"""Every address of the product, module by module."""

from importlib.util import find_spec

from django.urls import include, path

MODULES = (
    "org",
    "activities",
    "dispatch",
    "planning",
    "decisions",
    "inspections",
    "policies",
    "compliance",
    "assessment",
    "blueprints",
)

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    *(
        path(f"{name}/", include(f"linghang.{name}.urls", namespace=name))
        for name in MODULES
        if find_spec(f"linghang.{name}") and find_spec(f"linghang.{name}.urls")
    ),
]
if find_spec("linghang.desk.urls"):
    urlpatterns.append(path("", include("linghang.desk.urls", namespace="desk")))
