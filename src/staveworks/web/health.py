"""Whether the process lives, and whether it can do its work. Open to everybody: the answers hold words, no versions, no addresses."""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from staveworks.db.state import schema_is_current, worker_is_alive
from staveworks.web.doors import door_public

log = logging.getLogger("staveworks.health")


@door_public
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked: a sick database is no reason to kill it."""
    return JsonResponse({"status": "ok"})


@door_public
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Database reachable, schema as this program knows it, a worker alive; else 503."""
    checks = {"database": _reaches, "migrations": schema_is_current, "worker": worker_is_alive}
    found = {name: _said(name, check) for name, check in checks.items()}
    good = all(said == "ok" for said in found.values())
    return JsonResponse({"status": "ok" if good else "failing", "checks": found}, status=200 if good else 503)


def _reaches() -> bool:
    worker_is_alive()
    return True


def _said(name: str, check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "failing"
    except DatabaseError as error:
        log.warning("%s can't be checked", name, exc_info=error)
        return "failing"
