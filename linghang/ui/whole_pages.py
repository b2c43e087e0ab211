"""A redirect that answers htmx takes the whole page along, not the region that asked."""

from collections.abc import Callable
from urllib.parse import urlsplit

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
        if request.method == "GET" and _path(request.headers.get("HX-Current-URL", "")) == _path(
            response.headers["Location"]
        ):
            return HttpResponse(status=204)  # It stands there already, and would be asked again for ever.
        whole = HttpResponseClientRedirect(response.headers["Location"])
        whole.cookies = response.cookies
        return whole


def _path(address: str) -> str:
    return urlsplit(address).path
