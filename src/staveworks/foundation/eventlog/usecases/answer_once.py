"""Do something once for a client's key, and give the same answer to every repetition (invariant 5).

The answer is written in the transaction of its effect: after a crash either both stand or neither. Repetitions that come
at the same time wait at an advisory lock of the key, which falls with the transaction, and then find the answer.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from staveworks.db.transaction import acting, retrying
from staveworks.foundation.eventlog.models import IdempotencyKey
from staveworks.kit.errors import Invalid, Refused
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client got: the HTTP status and the body as it was sent."""

    status: int
    body: str
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for what: the key belongs to ``home``, the organisation (or, without one, the person) that acts."""

    home: UUID
    person_id: UUID | None
    endpoint: str
    key: str
    digest: bytes
    """SHA-256 of everything that makes the request this one: method, address, body."""


class KeyUsedOtherwise(Invalid):
    text = Text(
        zh="这个 Idempotency-Key 已用于另一个请求。请换一个新的。",
        en="This Idempotency-Key was used for another request. Take a new one.",
    )


class AnswerForgotten(Refused):
    text = Text(
        zh="这个请求以前做成过，答复已过保存期限。没有再做一次；请读取现在的状态。",
        en="This request was carried out before; its answer is no longer kept. Nothing was done again: read how things stand.",
    )


def answer_once(asked: Asked, work: Callable[[], Answer]) -> Answer:
    """The answer of ``work``, done in this transaction, or the one given before to the same key and request.

    ``work`` may run again after a deadlock. Raises ``KeyUsedOtherwise``, ``AnswerForgotten``, ``Busy``, and what ``work`` raises; then nothing
    is remembered.
    """

    def once() -> Answer:
        with acting(org=asked.home, person=asked.person_id):
            _wait_for_the_key(asked)
            known = _find(asked)
            if known is not None:
                return known
            answer = work()
            _remember(asked, answer)
            return answer

    return retrying(once)


def _wait_for_the_key(asked: Asked) -> None:
    name = f"{asked.home} {asked.endpoint} {asked.key}".encode()
    number = int.from_bytes(hashlib.sha256(name).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _find(asked: Asked) -> Answer | None:
    row = IdempotencyKey.objects.filter(org_id=asked.home, endpoint=asked.endpoint, key=asked.key).first()
    if row is None:
        return None
    if bytes(row.request_digest) != asked.digest:
        raise KeyUsedOtherwise(field="Idempotency-Key")
    if not row.answer:
        raise AnswerForgotten
    return Answer(row.status, row.answer["body"], replayed=True)


def _remember(asked: Asked, answer: Answer) -> None:
    IdempotencyKey.objects.bulk_create(
        [
            IdempotencyKey(
                org_id=asked.home,
                endpoint=asked.endpoint,
                key=asked.key,
                request_digest=asked.digest,
                status=answer.status,
                answer={"body": answer.body},
            )
        ]
    )
