"""The application that the production server runs."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linghang.settings")
application = get_wsgi_application()
# What was loaded at the start stays; the collector need not walk through it in the middle of every larger page.
import_module("linghang.urls")
gc.collect()
gc.freeze()
