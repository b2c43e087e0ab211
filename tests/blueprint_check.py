"""Check a blueprint against an empty, migrated database in memory."""

import os
import sys

import tests.environment  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linghang.settings")
os.environ["DATABASE_URL"] = "sqlite://:memory:"

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("blueprint", "check", sys.argv[1])
