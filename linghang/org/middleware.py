"""Who is asking, and for how long they have been away."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from linghang.kernel.parameters import read_once

Respond = Callable[[HttpRequest], HttpResponse]


class IdleTimeout:
    """End a session after LINGHANG_IDLE_MINUTES without a request. The mark is written at most once a minute."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now, seen = int(time.time()), request.session.get("seen")
            if seen and now - seen > settings.IDLE_MINUTES * 60:
                logout(request)
                return redirect(f"{reverse('account_login')}?idle=1")
            if not seen or now - seen >= 60:
                request.session["seen"] = now
        return self.respond(request)


class CurrentPerson:
    """`request.person`: the person behind the account, or None; a one-time password must be changed first.

    What the office has set is read once for the whole request.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.person = user.person if user.is_authenticated else None  # type: ignore[attr-defined]
        if user.is_authenticated and user.must_change and not self._exempt(request.path):
            return redirect("account_change_password")
        with read_once():
            return self.respond(request)

    @staticmethod
    def _exempt(path: str) -> bool:
        return path in (reverse("account_change_password"), reverse("account_logout")) or path.startswith(
            "/static/"
        )
