"""A redirect that answers htmx takes the whole page along, not the region that asked."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect

Respond = Callable[[HttpRequest], HttpResponse]


class WholePages:
    """After a verb, or when the session has ended, the browser itself goes where the redirect leads."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        if "HX-Request" not in request.headers or not 300 <= response.status_code < 400:
            return response
        whole = HttpResponseClientRedirect(response.headers["Location"])
        whole.cookies = response.cookies
        return whole
