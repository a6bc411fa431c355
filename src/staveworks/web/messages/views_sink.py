"""The local sink: what a provider would have got, where none is connected."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staveworks.foundation.notices.sink_log import access_sink, list_sink
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.messages.paging import after, position_of

PAGE = 50


@door("sink.read")
def sink(request: HttpRequest) -> HttpResponse:
    """Newest first, or those that hold the words."""
    words = request.GET.get("q", "").strip()
    found = list_sink(actor_of(request), limit=PAGE + 1, words=words, after=position_of(request))
    older = after(found[PAGE - 1].taken_at, found[PAGE - 1].id) if len(found) > PAGE else ""
    return render(request, "messages/sink.html", {"rows": found[:PAGE], "words": words, "older": older})


@door("sink.read")
def entry(request: HttpRequest, entry: UUID) -> HttpResponse:
    """One message in full."""
    return render(request, "messages/sink_entry.html", {"entry": access_sink(actor_of(request), entry)})
