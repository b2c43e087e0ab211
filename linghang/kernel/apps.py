from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

ROOMS = (
    "parameters",
    "actions",
    "imports",
    "facts",
    "todos",
    "refs",
    "figures",
    "effects",
    "ticks",
    "blueprint",
)


class KernelConfig(AppConfig):
    name = "linghang.kernel"
    verbose_name = "系统"

    def ready(self) -> None:
        """Open the rooms of every app once, so that verbs, facts, to-dos, effects and blueprint sections are known."""
        autodiscover_modules(*ROOMS)
