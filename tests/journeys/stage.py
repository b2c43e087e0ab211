"""What is done before the curtain rises, in a process of its own: `python -m tests.journeys.stage found 2026-10-14`."""

import sys
from collections.abc import Callable
from datetime import date

PASSWORD = "Lantern-2026"


def found() -> None:
    """The tiny hospital as its blueprint says, everybody with the same password."""
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command

    from linghang.blueprints.loading import apply, load
    from linghang.org.models import User

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    apply(load("tiny"))
    User.objects.update(password=make_password(PASSWORD))


SCENES: dict[str, Callable[[], None]] = {"found": found}


def main() -> None:
    import django

    django.setup()
    from linghang.kernel import clock

    name, day = sys.argv[1:3]
    with clock.at(date.fromisoformat(day)):
        SCENES[name]()


if __name__ == "__main__":
    main()
