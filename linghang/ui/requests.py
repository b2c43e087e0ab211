"""The request as this house knows it: with the person, the page's verb and htmx on it."""

from typing import Any

from django.http import HttpRequest


class HouseRequest(HttpRequest):
    """What the middleware makes of a request; views annotate with it so that types stay honest."""

    person: Any
    verb: str
    htmx: Any
