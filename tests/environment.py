"""Loaded before Django reads its settings: throw-away secrets and a throw-away var/ for every test run."""

import os
import tempfile

os.environ.setdefault("LINGHANG_SECRET_KEY", "only-for-tests")
os.environ.setdefault("LINGHANG_IDENTITY_KEY", "only-for-tests")
os.environ.setdefault("LINGHANG_VAR", tempfile.mkdtemp(prefix="linghang-test-"))
# Nothing is collected for a test: static files keep their plain names.
os.environ.setdefault("LINGHANG_HASHED_STATIC", "0")
os.environ.setdefault("LINGHANG_TASKS", "django_tasks.backends.immediate.ImmediateBackend")
# Playwright's own event loop must not make Django refuse database access in the test thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
