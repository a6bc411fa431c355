"""Every page says what it asks of a visitor: ``@door_public``, ``@door_person`` or ``@door("roster.import")``.

Whoever is not signed in is sent to sign in; the right itself is checked by the use case or query behind the page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from staveworks.foundation.parties.doors import PERSON, PUBLIC, Door, declare

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def door_public[**P](view: View[P]) -> View[P]:
    """Anybody may enter, also holders of a link who have no account yet."""
    return declare(view, PUBLIC)


def door_person[**P](view: View[P]) -> View[P]:
    """Anybody who is signed in, whatever her organisation."""
    return declare(_signed_in(view), PERSON)


def door[**P](right: str) -> Callable[[View[P]], View[P]]:
    """Who has ``right`` (a code of the table of rights) in the organisation she acts for."""

    def mark(view: View[P]) -> View[P]:
        return declare(_signed_in(view), Door("right", right))

    return mark


def _signed_in[**P](view: View[P]) -> View[P]:
    @wraps(view)
    def enter(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return enter
