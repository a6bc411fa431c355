"""Around every request: its reference, its true client, and one line in the log when it is done."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from staveworks.config.proxies import client_of
from staveworks.kit.metrics import REQUEST_SECONDS, REQUESTS
from staveworks.kit.reference import new_reference, referring

HEADER = "X-Request-ID"
UNKNOWN_ROUTE = "(none)"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
log = logging.getLogger("staveworks.request")
Respond = Callable[[HttpRequest], HttpResponse]


class RequestMiddleware:
    """Outermost. ``request.reference`` is a trusted proxy's ``X-Request-ID``, else a new one; the answer carries it."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        client = client_of(request.META, settings.PROXIES)
        request.META["REMOTE_ADDR"] = client.address
        if client.scheme:
            request.META["wsgi.url_scheme"] = client.scheme
        reference = client.reference or new_reference()
        request.reference = reference  # type: ignore[attr-defined]
        started = time.perf_counter()
        with referring(reference):
            response = self.respond(request)
            response[HEADER] = reference
            tell(request, response, time.perf_counter() - started)
        return response


def tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Count it, and one line: what was asked, by its route. Never the address itself: links hold tokens, searches hold names."""
    if request.path.startswith(settings.STATIC_URL):
        return
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(method, route_of(request), response.status_code).inc()
    REQUEST_SECONDS.labels(method, route_of(request)).observe(seconds)
    log.info(
        "%s %s %d",
        request.method,
        route_of(request),
        response.status_code,
        extra={
            "method": request.method,
            "route": route_of(request),
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
        },
    )


def route_of(request: HttpRequest) -> str:
    """The pattern that the address fits, such as ``rosters/<uuid:roster>/``."""
    match = getattr(request, "resolver_match", None)
    return match.route if match else UNKNOWN_ROUTE
