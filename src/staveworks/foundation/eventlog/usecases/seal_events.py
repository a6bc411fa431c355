"""Seal unsealed events into the node's hash chain. One worker does it, under the cross role, every few seconds.

Chaining inside the writer's transaction would serialise all writers, and under row-level security each would see only its
own organisation's end of the chain, which forks it.
"""

from pathlib import Path

from django.db import connections, transaction

from staveworks.foundation.eventlog.anchor import Anchor, read_anchor, write_anchor
from staveworks.foundation.eventlog.domain import GENESIS, digest_of, link
from staveworks.foundation.eventlog.models import Seal
from staveworks.foundation.eventlog.queries import read_after
from staveworks.foundation.eventlog.types import ChainBroken, Position

LOCK = 0x5EA1
BATCH = 1000


def seal_events(*, node: str, anchor_path: Path) -> int:
    """Seal what can be sealed and write the anchor file; the number of links added.

    Raises ``ChainBroken`` where the chain's end and the anchor outside of the database don't fit: nothing is sealed then.
    """
    sealed = 0
    while (added := _seal_batch(node, anchor_path)) > 0:
        sealed += added
        if added < BATCH:
            break
    return sealed


def _seal_batch(node: str, anchor_path: Path) -> int:
    with transaction.atomic(using="cross"):
        with connections["cross"].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        number, previous, position = _end_of_chain(node)
        _hold_against_anchor(node, number, anchor_path)
        seals = []
        for _, event in read_after(position, limit=BATCH):
            number += 1
            digest = digest_of(event)
            previous = link(previous, number, digest)
            seals.append(
                Seal(node=node, number=number, event_id=event.id, event_digest=digest, hash=previous)
            )
        Seal.objects.using("cross").bulk_create(seals)
    if seals:
        write_anchor(anchor_path, Anchor(number, previous))
    return len(seals)


def _hold_against_anchor(node: str, last: int, anchor_path: Path) -> None:
    """Sealing on after a deleted tail would forge a chain that fits: the anchor must be part of what is there."""
    anchor = read_anchor(anchor_path)
    if anchor is None and last == 0:
        write_anchor(
            anchor_path, Anchor(0, GENESIS)
        )  # a crash before the first real anchor must not look like a loss
        return
    if anchor is None or not _stands(node, anchor):
        raise ChainBroken


def _stands(node: str, anchor: Anchor) -> bool:
    if anchor.number == 0:
        return True
    seal = Seal.objects.using("cross").filter(node=node, number=anchor.number).first()
    return seal is not None and bytes(seal.hash) == anchor.hash


def _end_of_chain(node: str) -> tuple[int, bytes, Position]:
    with connections["cross"].cursor() as cursor:
        cursor.execute(
            """
            SELECT s.number, s.hash, e.xid::text::bigint, e.seq FROM eventlog_seal s
            LEFT JOIN eventlog_event e ON e.id = s.event_id WHERE s.node = %s ORDER BY s.number DESC LIMIT 1
            """,
            [node],
        )
        row = cursor.fetchone()
    if row is None:
        return 0, GENESIS, Position()
    if row[2] is None:
        raise ChainBroken
    return row[0], bytes(row[1]), Position(row[2], row[3])
