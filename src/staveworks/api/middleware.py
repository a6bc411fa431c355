"""Around everything under ``/api/``: limits, and no answer but JSON, also where no operation was reached."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from staveworks.api.faults import problem_of
from staveworks.api.limits import check_limits
from staveworks.api.problems import MEDIA_TYPE, Problem, respond_with
from staveworks.api.reading import keepable
from staveworks.api.words import ADDRESS_NUL, CSRF, STATUSES
from staveworks.foundation.facts.reading import through

PREFIX = "/api/"
Respond = Callable[[HttpRequest], HttpResponse]


class ApiMiddleware:
    """Stands inside LocaleMiddleware (the answer's language) and outside of what may answer with a page."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.respond(request)
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        response = self._answer(request)
        if head and not response.streaming:
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        response.setdefault("Cache-Control", "no-store")
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            if not keepable(request.path_info):
                raise Problem(400, ADDRESS_NUL)
            check_limits(request)
        except Exception as error:
            return respond_with(problem_of(error), request)
        with through("api"):
            return as_problem(self.respond(request), request)


def as_problem(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """An error page that Django made (unknown address, wrong method, CSRF) as a problem; anything else as it is."""
    if response.status_code < 400 or response.get("Content-Type", "").startswith(MEDIA_TYPE):
        return response
    status = response.status_code if response.status_code in STATUSES else 400
    if response.status_code >= 500:
        status = (
            503 if response.status_code == 503 else 500
        )  # 503: sessions or people were locked or out of reach
    headers = {name: response[name] for name in ("Allow", "Retry-After") if name in response}
    detail = CSRF if status == 403 else None
    return respond_with(Problem(status, detail, headers=headers), request)
