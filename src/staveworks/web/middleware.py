"""Who asks, for which organisation, and what is said when a use case refuses."""

import logging
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from staveworks.foundation.parties.erasing import PersonNotFound, is_erased, met_an_erased_person
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import actor_for, find_footing
from staveworks.foundation.parties.rights import refusal_of
from staveworks.foundation.parties.types import Actor, Footing, RightMissing
from staveworks.kit.errors import Busy, Invalid, NotAllowed, NotFound, Refused, StaveworksError
from staveworks.kit.text import Text
from staveworks.web.faults import OUT_OF_REACH, out_of_reach, uncounted
from staveworks.web.sessions import end_erased

log = logging.getLogger("staveworks.web")
Respond = Callable[[HttpRequest], HttpResponse]
STATUS: dict[type[StaveworksError], int] = {
    Invalid: 422,
    NotAllowed: 403,
    NotFound: 404,
    Refused: 409,
    Busy: 503,
}
API = "/api/"
ACTIVE, VIA = "organisation", "via"


NUL = Text(zh="地址或表单里有不能用的字符。", en="The address or form holds a character that can't be used.")
FORM = "application/x-www-form-urlencoded"


def has_nul(request: HttpRequest) -> bool:
    """PostgreSQL has no NUL in its texts; uploads are read by those who take them."""
    if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
        return True
    posted = request.POST if request.content_type == FORM else {}
    return any("\0" in value for values in dict(posted).values() for value in values)


def page_above(path: str) -> str:
    """The nearest address above this one at which there is something: a form is mostly sent to one below its page."""
    above = path.rstrip("/")
    while above := above.rpartition("/")[0]:
        with suppress(Resolver404):
            resolve(f"{above}/")
            return f"{above}/"
    return "/"


class ErrorsMiddleware:
    """A refusal that no form has shown becomes a page with its words, and so does an address that only takes what a form sends, opened
    again after a refusal. The API answers for itself."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API) and has_nul(request):
            return render(uncounted(request), "400.html", {"error_text": NUL}, status=400)
        response = self.respond(request)
        if response.status_code == 405 and request.method == "GET" and not request.path.startswith(API):
            page = render(uncounted(request), "405.html", {"above": page_above(request.path)}, status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.path.startswith(API):
            return None
        if isinstance(error, OUT_OF_REACH):
            log.warning("the database did not answer", exc_info=error)
            return out_of_reach(request)
        if met_an_erased_person(error):
            if not request.user.is_authenticated or is_erased(request.user.id):
                return end_erased(request)
            error = PersonNotFound()  # somebody else, whom she was about to give something
        if not isinstance(error, StaveworksError):
            return None
        status = status_of(error)
        template = f"{status if status in (403, 404) else 'refused'}.html"
        text = refusal_of(error) if isinstance(error, RightMissing) else error.text
        said = {"error_text": text, "error_title": error.title, "status": status}
        response = render(uncounted(request), template, said, status=status)
        if isinstance(error, Busy):
            response["Retry-After"] = "5"
        return response


def status_of(error: StaveworksError) -> int:
    """The HTTP status of a refusal."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)


class ActorMiddleware:
    """Sets ``request.person`` and ``request.actor``; both None where nobody is signed in.

    The active organisation is kept in the session; one that she may no longer act for is forgotten.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user if isinstance(request.user, Person) else None
        footing = _footing(request, person) if person and not request.path.startswith(API) else None
        request.person = person  # type: ignore[attr-defined]
        request.actor = footing.actor if footing else None  # type: ignore[attr-defined]
        request.choices = footing.choices if footing else []  # type: ignore[attr-defined]
        response = self.respond(request)
        if person and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response


def _footing(request: HttpRequest, person: Person) -> Footing:
    chosen, via = _uuid(request.session.get(ACTIVE)), _uuid(request.session.get(VIA))
    footing = find_footing(person.id, chosen, via_org_id=via)
    if footing.actor:
        return footing
    if chosen:
        request.session.pop(ACTIVE, None)
        request.session.pop(VIA, None)
    for choice in footing.choices:
        activate(request, choice.card.id, choice.via_org_id)
        actor = actor_for(person.id, choice.card.id, via_org_id=choice.via_org_id)
        return Footing(actor, footing.choices)
    return Footing(Actor(person.id, None), footing.choices)


def activate(request: HttpRequest, org_id: UUID, via_org_id: UUID | None = None) -> None:
    """Make ``org_id`` the organisation she acts for from now on."""
    request.session[ACTIVE] = str(org_id)
    request.session[VIA] = str(via_org_id) if via_org_id else None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
