"""The API described: as OpenAPI for programs, as a page for people, and the kinds of problems."""

import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from staveworks.api.faults import KINDS, kind_of
from staveworks.api.language import language_now
from staveworks.api.problems import Problem, respond_with
from staveworks.api.v1 import api
from staveworks.api.words import STATUSES
from staveworks.foundation.parties.doors import PUBLIC, declare
from staveworks.kit.errors import StaveworksError


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The OpenAPI document; it is the same for everybody."""
    described: dict[str, Any] = json.loads(
        json.dumps(api.get_openapi_schema(path_prefix="api/v1/"), default=str)
    )
    return described


def _openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


def _docs(request: HttpRequest) -> HttpResponse:
    """A page of our own: the usual explorers need inline script and a CDN."""
    return render(request, "api/docs.html", {"tags": _by_tag(language_now())})


def _by_tag(language: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            summary = operation["x-summary-zh"] if language == "zh" else operation["summary"]
            entry = {
                "id": operation["operationId"],
                "method": method.upper(),
                "path": path,
                "summary": summary,
                "about": operation.get("description", ""),
                "door": operation["x-door"],
                "effect": operation["x-effect"],
                "parameters": operation["parameters"],
            }
            found.setdefault(operation["tags"][0], []).append(entry)
    return found


def _problems(request: HttpRequest) -> HttpResponse:
    return render(request, "api/problems.html", {"statuses": STATUSES, "kinds": _kinds()})


def _kinds() -> list[tuple[str, int, Any]]:
    """Every refusal that a room knows by name: kind, status, words."""
    waiting: list[type[StaveworksError]] = [StaveworksError]
    found: dict[str, tuple[str, int, Any]] = {}
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        kind = kind_of(error)
        status = next((status for base, status in KINDS.items() if issubclass(error, base)), None)
        if kind and status:
            found[kind] = (kind, status, error.text)
    return [found[kind] for kind in sorted(found)]


@csrf_exempt
def _nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    return respond_with(Problem(404), request)


openapi, docs, problems, nowhere = (declare(view, PUBLIC) for view in (_openapi, _docs, _problems, _nowhere))
