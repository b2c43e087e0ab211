"""The hospital that is killed: the tiny blueprint with checked orders to be signed, and the office's sessions.

Run as a process of its own in the installation's environment; prints what the clients need as JSON.
"""

import json
import os
import sys
from datetime import timedelta

import django

COUNT, SESSIONS = int(sys.argv[1]), int(sys.argv[2])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linghang.settings")
django.setup()

from django.test import Client

from linghang.__main__ import prepare
from linghang.blueprints.loading import apply, load
from linghang.dispatch.models import Line, Order
from linghang.kernel import clock
from linghang.org.models import Unit, User


def orders() -> list[Order]:
    """Checked 提示单 of one line each for 内科党支部, written in bulk."""
    units, today = {unit.code: unit for unit in Unit.objects.all()}, clock.today()
    given = {"kind": Order.Kind.REMINDER, "state": Order.State.CHECKED, "title": "本月提示", "due_on": today}
    place = {"unit": units["b-medicine"], "issuer": units["party"], "seat": units["party"]}
    made = Order.objects.bulk_create(Order(**given, **place) for _ in range(COUNT))
    Line.objects.bulk_create(Line(order=o, text="召开支委会", due_on=today + timedelta(days=9)) for o in made)
    return made


def session() -> str:
    """A session of 党办主任 in the session store."""
    client = Client()
    client.force_login(User.objects.get(username="1003"))
    return client.cookies["sessionid"].value


prepare()
apply(load("tiny"))
print(
    json.dumps({"orders": [order.pk for order in orders()], "sessions": [session() for _ in range(SESSIONS)]})
)
