"""One transaction for one actor: the only way in which use cases and queries touch the database.

``acting`` opens a transaction and tells PostgreSQL for whom, by ``SET LOCAL``: outside of it every table with a policy is
empty (``docs/decisions/0002-tenancy.md``).
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Protocol
from uuid import UUID

from django.db import OperationalError, connections, transaction

from staveworks.kit.errors import Busy

RETRIES = 5
CONFLICTS = {"40001", "40P01", "55P03"}


class Acts(Protocol):
    """Anything with an organisation and a person on whose behalf rows are read and written."""

    @property
    def org_id(self) -> UUID | None: ...
    @property
    def person_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class _Scope:
    org: UUID | None = None
    person: UUID | None = None
    token: str | None = None
    reading: UUID | None = None


NOBODY = _Scope()
_scopes: ContextVar[dict[str, _Scope] | None] = ContextVar("scopes", default=None)


@contextmanager
def acting(
    *,
    org: UUID | None = None,
    person: UUID | None = None,
    token: str | None = None,
    reading: UUID | None = None,
    using: str = "default",
    alone: bool = True,
) -> Iterator[None]:
    """A transaction in which PostgreSQL shows what ``org`` and ``person`` (or the holder of ``token``) may see.

    May be nested, also for another organisation; on leaving, the outer scope holds again. ``reading`` is the logged reading
    of others' data that is under way (``foundation/facts/reading.py``); a query inside of it by the same actor belongs to it.
    ``alone``: what is nested can be taken back alone, by a savepoint; without it what fails inside takes the outer one along.
    """
    before = (_scopes.get() or {}).get(using, NOBODY)
    if reading is None and token is None and (before.org, before.person) == (org, person):
        reading = before.reading
    scope = _Scope(org, person, token, reading)
    with transaction.atomic(using=using, savepoint=alone):
        if scope != before:
            _declare(scope, using)
        mark = _scopes.set({**(_scopes.get() or {}), using: scope})
        try:
            yield
        finally:
            _scopes.reset(mark)
    if scope != before and connections[using].in_atomic_block:
        _declare(before, using)


def _declare(scope: _Scope, using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.org', %s, true), set_config('app.person', %s, true), "
            "set_config('app.token', %s, true), set_config('app.reading', %s, true)",
            [str(scope.org or ""), str(scope.person or ""), scope.token or "", str(scope.reading or "")],
        )


def retrying[R](work: Callable[[], R], using: str = "default") -> R:
    """``work`` again after a deadlock, lock time-out or serialisation failure, at most five times, then ``Busy``.

    Inside an outer transaction it runs once: only the outermost can be repeated.
    """
    if connections[using].in_atomic_block:
        return work()
    for attempt in range(RETRIES):
        try:
            return work()
        except OperationalError as error:
            if sqlstate(error) not in CONFLICTS:
                raise
            if attempt == RETRIES - 1:
                raise Busy from error
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - jitter, not a secret
    raise AssertionError("unreachable")


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's five-character code of a Django database error."""
    return getattr(error.__cause__, "sqlstate", None)


def use_case[A: Acts, **P, R](function: Callable[Concatenate[A, P], R]) -> Callable[Concatenate[A, P], R]:
    """Run ``function(actor, …)`` in one transaction as that actor; conflicts are retried."""

    @wraps(function)
    def run(actor: A, /, *args: P.args, **kwargs: P.kwargs) -> R:
        def once() -> R:
            with acting(org=actor.org_id, person=actor.person_id):
                return function(actor, *args, **kwargs)

        return retrying(once)

    return run


def query[A: Acts, **P, R](function: Callable[Concatenate[A, P], R]) -> Callable[Concatenate[A, P], R]:
    """As ``use_case``: a read needs the same transaction as a write, without it the policies show nothing.

    Where the transaction under way shows the same already, the read is part of it, without a savepoint: it leaves nothing that
    would have to be taken back alone.
    """
    in_its_own = use_case(function)

    @wraps(function)
    def ask(actor: A, /, *args: P.args, **kwargs: P.kwargs) -> R:
        asking = function if _shows(actor) else in_its_own
        return asking(actor, *args, **kwargs)

    return ask


def _shows(actor: Acts, using: str = "default") -> bool:
    """Whether what is under way was opened for just this organisation and person, and no token."""
    now = (_scopes.get() or {}).get(using)
    same = _Scope(actor.org_id, actor.person_id, reading=now.reading if now else None)
    return now == same and connections[using].in_atomic_block
