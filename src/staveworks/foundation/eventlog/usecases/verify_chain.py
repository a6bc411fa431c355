"""Check the chain against the log from the first link, and name the first row that was changed (invariant 24)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from staveworks.foundation.eventlog.anchor import Anchor, read_anchor, write_anchor
from staveworks.foundation.eventlog.domain import GENESIS, digest_of, link
from staveworks.foundation.eventlog.models import Seal
from staveworks.foundation.eventlog.planted import FIND_PLANTED, PLANTED
from staveworks.foundation.eventlog.queries import COLUMNS, record_from_row
from staveworks.foundation.eventlog.types import Fault, Verification
from staveworks.kit.text import Text

ALTERED = Text(zh="事件 {id} 的内容被改过。", en="Event {id} was altered.")
MISSING = Text(zh="第 {number} 号封存的事件 {id} 不见了。", en="Event {id} of link {number} is missing.")
GAP = Text(zh="链条缺第 {number} 号。", en="Link {number} of the chain is missing.")
FORGED = Text(
    zh="第 {number} 号的哈希接不上前一号。",
    en="The hash of link {number} doesn't follow from the one before.",
)
TAIL = Text(
    zh="链条在第 {last} 号结束，库外存根却记到第 {number} 号：尾部被删。",
    en="The chain ends at link {last}, but the anchor outside the database knows link {number}: the tail was deleted.",
)
ANCHOR = Text(
    zh="第 {number} 号与库外存根不符。", en="Link {number} differs from the anchor outside the database."
)
NO_ANCHOR = Text(
    zh="库外存根不见了，无法知道尾部有没有被删。确认链条可信后，用 --new-anchor 重新留底。",
    en="The anchor outside the database is gone, so a deleted tail could hide. If you trust the chain, keep a new one by --new-anchor.",
)
UNREADABLE = Text(zh="库外存根读不懂。", en="The anchor outside the database can't be read.")


def verify_chain(*, node: str, anchor_path: Path) -> Verification:
    """Walk the whole chain once, in one snapshot, as the cross role. O(events), constant memory."""
    with transaction.atomic(using="cross"):
        with connections["cross"].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
        sealed, fault = _walk(node, anchor_path)
        fault = fault or _planted(node, sealed)
        unsealed, age = _unsealed()
    return Verification(node, sealed, unsealed, age, fault)


def _walk(node: str, anchor_path: Path) -> tuple[int, Fault | None]:
    try:
        anchor = read_anchor(anchor_path)
    except (ValueError, KeyError):
        return 0, Fault(0, None, UNREADABLE)
    number, previous = 0, GENESIS
    for row in _links(node):
        fault = _check(row, number + 1, previous, anchor)
        if fault:
            return number, fault
        number, previous = row[0], bytes(row[3])
    if anchor is None and number > 0:
        return number, Fault(number, None, NO_ANCHOR)
    if anchor and anchor.number > number:
        return number, Fault(anchor.number, None, TAIL.format(last=number, number=anchor.number))
    return number, None


def _links(node: str) -> Iterator[tuple[Any, ...]]:
    """Rows (number, event id, stored digest, stored hash, the event's own columns or nulls) in order, streamed."""
    with connections["cross"].chunked_cursor() as cursor:
        cursor.execute(
            f"""
            SELECT s.number, s.event_id, s.event_digest, s.hash, {COLUMNS} FROM eventlog_seal s
            LEFT JOIN eventlog_event e ON e.id = s.event_id WHERE s.node = %s ORDER BY s.number
            """,
            [node],
        )
        while rows := cursor.fetchmany(2000):
            yield from rows


def _check(row: tuple[Any, ...], expected: int, previous: bytes, anchor: Anchor | None) -> Fault | None:
    number, event_id, digest, hash_ = row[0], row[1], bytes(row[2]), bytes(row[3])
    if number != expected:
        return Fault(expected, None, GAP.format(number=expected))
    if row[4] is None:
        return Fault(number, event_id, MISSING.format(number=number, id=event_id))
    if digest_of(record_from_row(row[4:])) != digest:
        return Fault(number, event_id, ALTERED.format(id=event_id))
    if link(previous, number, digest) != hash_:
        return Fault(number, event_id, FORGED.format(number=number))
    if anchor and anchor.number == number and anchor.hash != hash_:
        return Fault(number, event_id, ANCHOR.format(number=number))
    return None


def _planted(node: str, sealed: int) -> Fault | None:
    with connections["cross"].cursor() as cursor:
        cursor.execute(FIND_PLANTED, [node])
        row = cursor.fetchone()
    return Fault(sealed, row[0], PLANTED.format(id=row[0])) if row else None


def _unsealed() -> tuple[int, float | None]:
    with connections["cross"].cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*), extract(epoch FROM now() - min(e.at)) FROM eventlog_event e
            WHERE NOT EXISTS (SELECT FROM eventlog_seal s WHERE s.event_id = e.id)
            """
        )
        count, age = cursor.fetchone()
    return count, None if age is None else float(age)


def anchor_anew(*, node: str, anchor_path: Path) -> None:
    """Take the chain as it stands for the truth: its end becomes the anchor. For a person who knows why the old one is gone."""
    last = Seal.objects.using("cross").filter(node=node).order_by("-number").first()
    anchor_path.unlink(missing_ok=True)
    if last:
        write_anchor(anchor_path, Anchor(last.number, bytes(last.hash)))
