"""The devices on which one is signed in: look, end one, end all others."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.foundation.parties.models import Person
from staveworks.web.sessions import end_sessions, list_sessions
from staveworks.web.words import tell


def sessions(request: HttpRequest) -> HttpResponse:
    found = list_sessions(request, _person(request))
    others = sum(not each.current for each in found)
    return render(request, "join/sessions.html", {"sessions": found, "others": others})


@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    if not end_sessions(request, _person(request), only=session):
        raise Http404
    messages.success(request, tell("那台设备已退出。", "Signed out there."))
    return redirect("sessions")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = end_sessions(request, _person(request))
    messages.success(
        request,
        tell(
            "其他 {n} 台设备已退出。",
            "Signed out on {n} other device.|Signed out on {n} other devices.",
            n=ended,
        ),
    )
    return redirect("sessions")


def _person(request: HttpRequest) -> Person:
    person = request.user
    assert isinstance(person, Person)
    return person
