"""Every page says what it asks of a visitor: ``@door_public``, ``@door_person`` or ``@door("roster.import")``.

Whoever is not signed in is sent to sign in; who lacks the right meets 403 before the page does anything. Use cases check
the right again: commands, jobs and the API come by other doors.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from staveworks.db.transaction import acting, retrying
from staveworks.foundation.parties.doors import PERSON, PUBLIC, Door, declare
from staveworks.foundation.parties.types import Actor, NoOrganisation

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def door_public[**P](view: View[P]) -> View[P]:
    """Anybody may enter, also holders of a link who have no account yet."""
    return declare(view, PUBLIC)


def door_person[**P](view: View[P]) -> View[P]:
    """Anybody who is signed in, whatever her organisation."""
    return declare(_signed_in(view), PERSON)


def door[**P](right: str, *, to_change: str | None = None) -> Callable[[View[P]], View[P]]:
    """Who has ``right`` (a code of the table of rights) in the organisation she acts for; ``to_change`` if she sends a form."""
    asked = Door("right", right, to_change)

    def mark(view: View[P]) -> View[P]:
        return declare(_signed_in(_with_right(view, asked)), asked)

    return mark


def in_one_look[**P](view: View[P]) -> View[P]:
    """Below ``@door``: all that a page reads, its frame too, is one transaction of the actor. Each query has one of its own otherwise,
    which costs as much as three statements. For pages that read much; a form that is sent keeps those of its use cases.
    """

    @wraps(view)
    def look(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor: Actor = request.actor  # type: ignore[attr-defined]

        def once() -> HttpResponseBase:
            with acting(org=actor.org_id, person=actor.person_id):
                return view(request, *args, **kwargs)

        return retrying(once) if request.method in {"GET", "HEAD"} else view(request, *args, **kwargs)

    return look


def _with_right[**P](view: View[P], asked: Door) -> View[P]:
    @wraps(view)
    def enter(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or actor.org_id is None:
            raise NoOrganisation
        actor.require(asked.right_for(request.method or "GET") or "")
        return view(request, *args, **kwargs)

    return enter


def _signed_in[**P](view: View[P]) -> View[P]:
    @wraps(view)
    def enter(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return enter
