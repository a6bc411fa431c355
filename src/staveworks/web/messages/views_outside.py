"""Doors for those who aren't signed in: the stop link under an e-mail, and providers that say what became of a message."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from staveworks.foundation.notices.messages.catalogue import catalogue
from staveworks.foundation.notices.messages.types import GatewayNotFound, SignatureWrong
from staveworks.foundation.notices.stopping import read_stop
from staveworks.foundation.notices.usecases.hear_back import hear_provider
from staveworks.foundation.notices.usecases.stop_messages import stop_messages
from staveworks.web.doors import door_public

SIGNATURE = "X-Staveworks-Signature"


@csrf_exempt  # a mail program presses the button too (RFC 8058); the signed link is the proof
@door_public
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what it stops; sending it stops it."""
    stop = read_stop(token)
    done = request.method == "POST"
    if done:
        stop_messages(token=token)
    topic = catalogue().topics.get(stop.topic)
    context = {"stop": stop, "topic": topic, "done": done}
    return render(request, "messages/stop.html", context)


@csrf_exempt
@door_public
@require_POST
def hook(request: HttpRequest, gateway: UUID) -> HttpResponse:
    """A provider's signed call. Whether the gateway or the signature is wrong isn't told."""
    try:
        changed = hear_provider(
            gateway_id=gateway, signature=request.headers.get(SIGNATURE, ""), body=request.body
        )
    except (GatewayNotFound, SignatureWrong):
        return JsonResponse({"error": "signature"}, status=403)
    return JsonResponse({"changed": changed})
