"""The production application on a chosen day, so that a story reads the same whenever it is told."""

import os
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

from linghang.wsgi import application as application  # first: it sets Django up

from linghang.kernel import clock  # isort: skip

_MOMENT = timezone.make_aware(datetime.combine(date.fromisoformat(os.environ["JOURNEY_DAY"]), time(9)))
# Every thread of the server begins with the default, so the whole process stands on that day.
clock._offset = ContextVar("clock_offset", default=_MOMENT - timezone.now())
