"""What validation refused, told by the places of what was sent: one fault for each value, nothing of the validator's own inside."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest

from staveworks.api.problems import Fault
from staveworks.api.reading import step
from staveworks.api.words import FAULTS, OTHER_FAULT
from staveworks.kit.text import Text

Path = tuple[str | int, ...]
OF_ANOTHER_KIND = {"literal_error", "enum"}
"""With ``…_type``: how a branch of a union says that the value isn't of its kind."""


def faults_of(errors: Iterable[dict[str, Any]], request: HttpRequest | None = None) -> tuple[Fault, ...]:
    """Of pydantic's list; each ``loc`` starts with where it came from: body, query, path, header, form, file."""
    places: dict[tuple[str, Path], dict[str, Any]] = {}
    for error in errors:
        source, *rest = error["loc"]
        path = _in_body(error, request) if source == "body" else (_parameter(source, rest, request),)
        told = places.setdefault((source, path), error)
        if _of_another_kind(told) and not _of_another_kind(error):
            places[source, path] = error  # the branch that was meant says it better
    holders = {(source, path[:n]) for source, path in places for n in range(len(path))}
    return tuple(_fault(*place, error) for place, error in places.items() if place not in holders)


def _fault(source: str, path: Path, error: dict[str, Any]) -> Fault:
    if source == "body":
        return Fault(_say(error), pointer="".join(f"/{step(part)}" for part in path))
    return Fault(_say(error), parameter=str(path[0]))


def _in_body(error: dict[str, Any], request: HttpRequest | None) -> Path:
    """The steps that lead through what was sent, and what is missing there. Branches of unions, checks and keys are the
    validator's own steps: they lead nowhere."""
    steps = error["loc"][2:]
    return tuple(steps) if request is None else tuple(_walk(steps, error["type"], _sent(request)))


def _walk(steps: Path, kind: str, here: Any) -> Iterator[str | int]:
    for place, part in enumerate(steps):
        if _leads(here, part):
            here = here[part]
            yield part
        elif kind == "missing" and place == len(steps) - 1:
            yield part


def _leads(here: Any, part: str | int) -> bool:
    return part in here if isinstance(here, dict) else isinstance(here, list) and part in range(len(here))


def _sent(request: HttpRequest) -> Any:
    return json.loads(request.body.decode("utf-8-sig") or "null")


def _parameter(source: str, path: list[str | int], request: HttpRequest | None) -> str | int:
    """Its name: the last that was sent, else the last of all."""
    sent = {} if request is None else {**request.GET, **request.POST, **request.FILES}
    return next((part for part in reversed(path) if part in sent), path[-1] if path else source)


def _of_another_kind(error: dict[str, Any]) -> bool:
    return str(error["type"]).endswith("_type") or error["type"] in OF_ANOTHER_KIND


def _say(error: dict[str, Any]) -> Text:
    wording = FAULTS.get(error["type"], OTHER_FAULT)
    values = error.get("ctx", {})
    listed = str(values.get("expected", "")).replace(", ", "、").replace(" or ", " 或 ")
    try:
        return Text(zh=wording.say("zh", **values | {"expected": listed}), en=wording.say("en", **values))
    except (KeyError, IndexError):
        return OTHER_FAULT
