"""Reading what a caller sent: JSON that is neither too deep nor holds what a database can't keep; media types."""

import json
from collections.abc import Iterator, Set
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from staveworks.api.problems import Fault, Problem
from staveworks.api.words import MALFORMED_JSON, NO_PARAMETER, NO_PARAMETERS, NUL, SEND_AS, TOO_DEEP

DEEPEST = 32
JSON = "application/json"
FORM = "multipart/form-data"
BYTES = "application/octet-stream"


class CarefulParser(Parser):
    """django-ninja's parser, which refuses what would fail later and less clearly."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        value: dict[str, Any] = parse_json(request.body)
        return value

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        result = super().parse_querydict(data, list_fields, request)
        faults = tuple(
            Fault(NUL, parameter=name if keepable(name) else None)
            for name, values in data.lists()
            if not all(keepable(text) for text in [name, *values] if isinstance(text, str))
        )
        if faults:
            raise Problem(422, faults=faults)
        return result


def parse_json(raw: bytes) -> Any:
    """The value, with every text fit to be kept. Raises ``Problem`` (400 malformed or too deep, 422 with pointers)."""
    try:
        value = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except RecursionError:
        raise Problem(400, TOO_DEEP.format(n=DEEPEST), kind="too-deep") from None
    except ValueError:
        raise Problem(400, MALFORMED_JSON, kind="malformed-json") from None
    faults = tuple(Fault(NUL, pointer=pointer) for pointer in _unkeepable(value))
    if faults:
        raise Problem(422, faults=faults)
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _unkeepable(value: Any) -> Iterator[str]:
    """Pointers to texts that can't be kept; refuses deep nesting on the way."""
    waiting: list[tuple[Any, str, int]] = [(value, "", 1)]
    while waiting:
        here, pointer, depth = waiting.pop()
        if depth > DEEPEST:
            raise Problem(400, TOO_DEEP.format(n=DEEPEST), kind="too-deep")
        if isinstance(here, str) and not keepable(here):
            yield pointer
        elif isinstance(here, dict):
            if not all(map(keepable, here)):
                yield pointer
            waiting += [(child, f"{pointer}/{step(name)}", depth + 1) for name, child in here.items()]
        elif isinstance(here, list):
            waiting += [(child, f"{pointer}/{index}", depth + 1) for index, child in enumerate(here)]


def keepable(text: str) -> bool:
    """PostgreSQL keeps neither NUL nor lone surrogates."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def step(name: object) -> str:
    """One reference token of a JSON pointer."""
    plain = str(name).encode("utf-8", "replace").decode()
    return plain.replace("~", "~0").replace("/", "~1")


def check_sent_as(request: HttpRequest, takes: tuple[str, ...]) -> None:
    """415 for a body of another type than the operation takes; an operation that takes none ignores a body."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not takes or (length == "0" and not request.content_type):
        return
    if request.content_type not in takes:
        raise Problem(415, SEND_AS.format(types=", ".join(takes)), headers={"Accept": ", ".join(takes)})


def check_asked(request: HttpRequest, known: Set[str]) -> None:
    """422 for parameters that the operation doesn't know: a filter that is mistyped would silently widen what comes back."""
    says = NO_PARAMETER.format(names=", ".join(sorted(known))) if known else NO_PARAMETERS
    unknown = [name for name in request.GET if name not in known]
    faults = tuple(Fault(says, parameter=name if keepable(name) else None) for name in unknown)
    if faults:
        raise Problem(422, faults=faults)


def check_wanted_as(request: HttpRequest, gives: str) -> None:
    """406 where ``Accept`` takes nothing that the operation gives."""
    if not request.accepts(gives):
        raise Problem(406)
