"""What browsers may do with our pages beyond Django's own headers, and how much may be sent to us."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from staveworks.api.problems import Problem, respond_with
from staveworks.web.faults import too_large

Respond = Callable[[HttpRequest], HttpResponse]
POLICY = {
    "camera": "(self)",  # a photograph as evidence, a code to scan
    "fullscreen": "(self)",
    **dict.fromkeys(
        (
            "accelerometer",
            "autoplay",
            "browsing-topics",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "screen-wake-lock",
            "usb",
            "xr-spatial-tracking",
        ),
        "()",
    ),
}
HEADERS = {
    "Permissions-Policy": ", ".join(f"{name}={whom}" for name, whom in POLICY.items()),
    "Cross-Origin-Resource-Policy": "same-origin",
}
SIGN_OUT = "/accounts/logout/"
CLEAR = '"cache", "storage"'


class GuardMiddleware:
    """Outside of whatever reads a request's body."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._refusal(request) or self.respond(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        if request.path == SIGN_OUT and request.method == "POST":
            response["Clear-Site-Data"] = CLEAR
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        if length_of(request) <= settings.UPLOAD_LIMIT:
            return None
        if request.path.startswith("/api/"):
            return respond_with(Problem(413), request)
        return too_large(request)


def length_of(request: HttpRequest) -> int:
    """What the request says it sends. Without a length nothing of a body is read at all (Django)."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isascii() and said.isdigit() else 0
