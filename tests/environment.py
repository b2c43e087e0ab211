"""Loaded before Django reads its settings: throw-away secrets and a throw-away var/ for every test run."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("LINGHANG_SECRET_KEY", "only-for-tests")
os.environ.setdefault("LINGHANG_IDENTITY_KEY", "only-for-tests")
if "LINGHANG_VAR" not in os.environ:
    os.environ["LINGHANG_VAR"] = tempfile.mkdtemp(prefix="linghang-test-")
    atexit.register(shutil.rmtree, os.environ["LINGHANG_VAR"], ignore_errors=True)
# Nothing is collected for a test: static files keep their plain names.
os.environ.setdefault("LINGHANG_HASHED_STATIC", "0")
os.environ.setdefault("LINGHANG_TASKS", "django_tasks.backends.immediate.ImmediateBackend")
# Playwright's own event loop must not make Django refuse database access in the test thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
