"""Who calls: the bearer of a token, narrowed to its scopes, or the person signed in in this browser (with CSRF)."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest
from ninja.utils import check_csrf

from staveworks.api.problems import Fault, Problem
from staveworks.api.words import CSRF, ORGANISATION_SHAPE, SIGN_IN, TOKEN_UNKNOWN
from staveworks.foundation.parties.queries import actor_for, actor_for_token, list_choices
from staveworks.foundation.parties.types import Actor, TokenNotFound

ORGANISATION = "Staveworks-Organisation"
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
NOBODY = Actor(None, None)
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="staveworks"'}


class Call(HttpRequest):
    """A request that has passed its guard."""

    auth: Actor


def seeing(actor: Actor, right: str) -> Actor:
    """The actor as she reads back what she has just been allowed to change: a scope to change is enough to see it."""
    return replace(actor, rights=actor.rights | {right})


def by_token(request: HttpRequest) -> bool:
    """Whether a program calls with a token, not a person in her browser."""
    return bool(request.headers.get("Authorization"))


def caller_of(request: HttpRequest) -> Actor:
    """The actor behind ``request``; ``NOBODY`` without credentials.

    The header ``Staveworks-Organisation`` names the organisation to act for, by an own role, a mandate or as steward.
    Raises ``Problem`` 401 for a token that is not good, 403 for a missing CSRF token, ``OrganisationNotFound``.
    """
    wanted = request.headers.get(ORGANISATION)
    org_id = _organisation_id(wanted) if wanted is not None else None
    header = request.headers.get("Authorization")
    return _by_token(header, org_id) if header else _by_session(request, org_id)


def _by_token(header: str, org_id: UUID | None) -> Actor:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise refused(explain_token=True)
    try:
        return actor_for_token(token.strip(), for_org=org_id)
    except TokenNotFound:
        raise refused(explain_token=True) from None


def refused(*, explain_token: bool = False) -> Problem:
    """401, with what to send."""
    return Problem(401, TOKEN_UNKNOWN if explain_token else SIGN_IN, headers=dict(CHALLENGE))


def _by_session(request: HttpRequest, org_id: UUID | None) -> Actor:
    """Signed in in this browser: acts for the organisation named in the header, else the one chosen on its pages, else her first."""
    if not request.user.is_authenticated:
        return NOBODY
    if request.method not in SAFE and check_csrf(request):
        raise Problem(403, CSRF, kind="csrf")
    person_id: UUID = request.user.pk
    active, via = (_kept(request, name) for name in ("organisation", "via"))
    if org_id is None or org_id == active:
        return actor_for(person_id, active, via_org_id=via) if active else _at_first(person_id)
    return actor_for(person_id, org_id, via_org_id=active)


def _at_first(person_id: UUID) -> Actor:
    """As her pages choose where she has chosen nothing yet: an app signs in and never opens one."""
    for choice in list_choices(person_id):
        return actor_for(person_id, choice.card.id, via_org_id=choice.via_org_id)
    return Actor(person_id, None)


def _kept(request: HttpRequest, name: str) -> UUID | None:
    """What the pages' switch has put into the session."""
    text = request.session.get(name)
    return UUID(text) if text else None


def _organisation_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem(422, faults=(Fault(ORGANISATION_SHAPE, parameter=ORGANISATION),)) from None
