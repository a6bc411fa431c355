"""One-tap links from messages. GET shows what would happen, with its button; only POST does it: scanners of mail open links too."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from staveworks.foundation.notices.todo_types import TapLinkInvalid
from staveworks.foundation.notices.usecases.use_link import Tapped, look_at_link, use_link
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.web.doors import door_public
from staveworks.web.language import say
from staveworks.web.middleware import status_of
from staveworks.web.todo.acts import ACTS
from staveworks.web.words import error_words


@door_public
@never_cache
def tap(request: HttpRequest, token: str) -> HttpResponse:
    """What waits, for whom, until when; decided here where the kind allows it, else opened after signing in."""
    limited = ratelimit.consume_or_429(request, action="tap", limit_get=True)
    if isinstance(limited, HttpResponse):
        return limited
    try:
        return _post(request, token) if request.method == "POST" else _shown(request, token)
    except TapLinkInvalid as error:
        return _kept_out(render(request, "todo/tap_over.html", {"problem": error.text}, status=404))


def _shown(request: HttpRequest, token: str, *, problem: str = "", status: int = 200) -> HttpResponse:
    tapped = look_at_link(token)
    if tapped.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate("en" if tapped.language == "en" else "zh-hans")
    act = ACTS.get(tapped.card.kind) if tapped.decides else None
    context = {
        "card": tapped.card,
        "who": tapped.person,
        "act": act,
        "problem": problem,
        "onwards": urlencode({"next": f"/todo/{tapped.card.id}/go/"}),
        **(act.shown(tapped) if act else {}),
    }
    return _kept_out(render(request, "todo/tap.html", context, status=status))


def _post(request: HttpRequest, token: str) -> HttpResponse:
    said: list[Text] = []

    def act(tapped: Tapped) -> None:
        said.append(ACTS[tapped.card.kind].do(tapped, request.POST.dict()))

    try:
        tapped = use_link(token, act=act)
    except TapLinkInvalid:
        raise
    except StaveworksError as error:
        return _shown(request, token, problem=error_words(error), status=status_of(error))
    messages.success(request, say(said[-1]))
    return redirect(request.path if ACTS[tapped.card.kind].again else "tap_done")


def _kept_out(response: HttpResponse) -> HttpResponse:
    """Not for search engines: the address is a secret."""
    response["X-Robots-Tag"] = "noindex"
    return response


@door_public
@never_cache
def done(request: HttpRequest) -> HttpResponse:
    """After the act; the toast says which."""
    return render(request, "todo/tap_done.html")
