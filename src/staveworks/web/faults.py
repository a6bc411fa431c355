"""The pages for what went wrong where no view could answer: malformed, not allowed, not found, our fault, out of reach.

Each says what happened, what is safe, what we do, and the reference under which the log tells more. Those for our own faults
read nothing from the database: it may be what is broken.
"""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, override

from staveworks.kit.reference import reference_now

RETRY_SECONDS = 5
OUT_OF_REACH = (OperationalError, InterfaceError)
Fault = type[BaseException] | BaseException | None


def malformed(request: HttpRequest, exception: Fault = None) -> HttpResponse:
    return _refusal(request, "400.html", 400)


def not_allowed(request: HttpRequest, exception: Fault = None) -> HttpResponse:
    return _refusal(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Fault = None) -> HttpResponse:
    return _refusal(request, "404.html", 404)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The proof that the form came from our page (CSRF) is missing or of another sign-in."""
    return _refusal(request, "form_expired.html", 403, again=request.path)


def _refusal(request: HttpRequest, template: str, status: int, **more: object) -> HttpResponse:
    return render(uncounted(request), template, more, status=status)


def uncounted(request: HttpRequest) -> HttpRequest:
    """Its page's frame says nothing of what waits (``web/context.py``): a refusal is cheap."""
    request.refused = True  # type: ignore[attr-defined]
    return request


def broken(request: HttpRequest) -> HttpResponse:
    """Our own fault, 500; 503 where the database didn't answer."""
    if isinstance(sys.exception(), OUT_OF_REACH):
        return out_of_reach(request)
    return _alone(request, "500.html", 500)


def out_of_reach(request: HttpRequest) -> HttpResponse:
    """503: try again shortly."""
    response = _alone(request, "503.html", 503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was to be sent than is taken."""
    return _alone(request, "413.html", 413, megabytes=settings.UPLOAD_LIMIT // 1_000_000)


def _alone(request: HttpRequest, template: str, status: int, **more: object) -> HttpResponse:
    """Without context processors, and in the language of the request's cookie and headers."""
    with override(get_language_from_request(request)):
        again = request.get_full_path() if request.method in ("GET", "HEAD") else ""
        page = render_to_string(template, {"reference": reference_now(), "again": again, **more})
    return HttpResponse(page, status=status)
