"""Every answer of the API that is not a success: ``application/problem+json`` (RFC 9457), in the caller's language."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from staveworks.api.language import language_now
from staveworks.api.words import STATUSES
from staveworks.kit.reference import reference_now
from staveworks.kit.text import Language, Text

MEDIA_TYPE = "application/problem+json"
KINDS_PAGE = "/api/v1/problems"
RETRY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: ``pointer`` (RFC 6901) into the body, or the ``parameter``, header or part by name."""

    detail: Text
    pointer: str | None = None
    parameter: str | None = None

    def as_json(self, language: Language) -> dict[str, str]:
        place = {"pointer": self.pointer, "parameter": self.parameter}
        return {"detail": self.detail.in_language(language)} | {
            name: value for name, value in place.items() if value is not None
        }


@dataclass(eq=False)
class Problem(Exception):
    """Raise it anywhere in the API. ``kind`` is the last part of the type's address, by default that of the status."""

    status: int
    detail: Text | None = None
    kind: str | None = None
    faults: tuple[Fault, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    """Members beside those of every problem (RFC 9457, 3.2), such as ``alternatives``."""

    def __str__(self) -> str:
        return f"{self.status} {self.kind or ''} {self.detail or ''}"


def respond_with(problem: Problem, request: HttpRequest) -> HttpResponse:
    """The problem as an answer to ``request``."""
    language = language_now()
    response = HttpResponse(
        json.dumps(problem_json(problem, request.path, language), ensure_ascii=False),
        status=problem.status,
        content_type=MEDIA_TYPE,
    )
    for name, value in problem.headers.items():
        response[name] = value
    return response


def problem_json(problem: Problem, path: str, language: Language) -> dict[str, Any]:
    """The members of RFC 9457, then ours: ``errors``, ``reference``, and what this kind has besides."""
    known = STATUSES.get(problem.status) or STATUSES[500 if problem.status >= 500 else 400]
    body: dict[str, Any] = {
        "type": f"{KINDS_PAGE}#{problem.kind or known.kind}",
        "title": known.title.in_language(language),
        "status": problem.status,
        "detail": (problem.detail or known.detail).in_language(language),
        "instance": quote(path),
        "errors": [fault.as_json(language) for fault in problem.faults],
        **problem.more,
    }
    if reference := reference_now():
        body["reference"] = reference
    return body


SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "detail", "instance", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "reference": {
            "type": "string",
            "description": "The request's X-Request-ID; name it when you report the problem.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "RFC 6901, into the body"},
                    "parameter": {"type": "string"},
                },
            },
        },
    },
}
