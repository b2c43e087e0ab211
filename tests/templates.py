"""Compile every template, so that a slip in one is found without opening its page."""

import os
import sys
from pathlib import Path

import tests.environment  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linghang.settings")

import django
from django.template import TemplateSyntaxError
from django.template.loader import get_template

HOME = Path(__file__).resolve().parent.parent / "linghang"


def names() -> list[str]:
    """Every template's name as the loaders know it."""
    return sorted(
        str(path.relative_to(next(p for p in path.parents if p.name == "templates")))
        for path in HOME.glob("*/templates/**/*.html")
    )


def main() -> int:
    django.setup()
    wrong = 0
    for name in names():
        try:
            get_template(name)
        except TemplateSyntaxError as problem:
            wrong += 1
            print(f"{name}：{problem}")
    print(f"  {len(names())} 个模板")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
