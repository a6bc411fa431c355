"""One import at a time per operator, and no decision in the middle of a chunk.

``alone`` is held for a whole import, on the connection: a killed process lets go of it. It keeps the order of lists; what
keeps the data right is ``in_turn``, which every chunk and every decision takes for its transaction.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

PAUSE = 0.25
RUN, TURN = 0x726F7374, 0x7475726E  # two arbitrary classes of advisory locks


def _number(org: UUID) -> int:
    """32 bits of an organisation's id, signed as PostgreSQL wants them (the random end, not the time)."""
    return int.from_bytes(org.bytes[-4:], "big", signed=True)


@contextmanager
def alone(org: UUID, *, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Wait until no other import of ``org`` runs; ``waiting`` is called once if there is one."""
    asked = False
    while not _ask("SELECT pg_try_advisory_lock(%s, %s)", RUN, org):
        if not asked:
            waiting()
            asked = True
        time.sleep(PAUSE)
    try:
        yield
    finally:
        if connection.connection is not None and connection.is_usable():
            _ask("SELECT pg_advisory_unlock(%s, %s)", RUN, org)


def in_turn(org: UUID) -> None:
    """Inside a transaction: until its end no other chunk or decision of ``org`` runs. Waits up to ``lock_timeout``."""
    _ask("SELECT pg_advisory_xact_lock(%s, %s)", TURN, org)


def _ask(statement: str, kind: int, org: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [kind, _number(org)])
        row = cursor.fetchone()
    return bool(row and row[0])
