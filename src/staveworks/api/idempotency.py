"""``Idempotency-Key``: what makes two requests the same one, and how an effect is answered once."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator

from django.http import HttpRequest

from staveworks.api.problems import Fault, Problem
from staveworks.api.reading import JSON, parse_json
from staveworks.api.words import KEY_SHAPE
from staveworks.foundation.eventlog.usecases.answer_once import Answer, Asked, answer_once
from staveworks.foundation.parties.types import Actor

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
PATTERN = r"^[\x21-\x7e]{1,200}$"


def answered(request: HttpRequest, actor: Actor, work: Callable[[], Answer], *, own: bool = False) -> Answer:
    """The answer of ``work``; with a key, and somebody to keep it for, done once and remembered.

    ``own``: what is a person's own act is kept for her alone; a colleague's same key is another. Else it is kept for the
    organisation that acts.
    """
    key = request.headers.get(HEADER)
    home = actor.person_id if own else actor.org_id or actor.person_id
    if key is None or home is None:
        return work()
    if not re.fullmatch(PATTERN, key):
        raise Problem(422, faults=(Fault(KEY_SHAPE, parameter=HEADER),))
    route = request.resolver_match.route if request.resolver_match else request.path

    def again() -> Answer:
        for file in request.FILES.values():
            file.seek(0)  # type: ignore[union-attr]
        return work()

    endpoint = f"{request.method} {route}"[:120]
    return answer_once(Asked(home, actor.person_id, endpoint, key, digest_of(request)), again)


def digest_of(request: HttpRequest) -> bytes:
    """SHA-256 over method, address, query and body; neither the order of JSON members nor a form's boundary counts."""
    digest = hashlib.sha256()
    for part in _parts(request):
        digest.update(len(part).to_bytes(8) + part)
    return digest.digest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    yield from (
        str(request.method).encode(),
        request.path.encode(),
        repr(sorted(request.GET.lists())).encode(),
    )
    if request.content_type == JSON and request.body:
        yield json.dumps(parse_json(request.body), sort_keys=True).encode()
        return
    for name, values in sorted(request.POST.lists()):
        yield repr((name, values)).encode()
    for name, file in sorted(request.FILES.items()):
        yield f"{name}\n{getattr(file, 'name', '')}".encode()
        content = hashlib.sha256()
        for chunk in file.chunks():  # type: ignore[union-attr]
            content.update(chunk)
        yield content.digest()
