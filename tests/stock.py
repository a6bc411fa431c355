"""Resources and holds for tests: a laboratory with instruments, a training room, a lot of yarn; buyers who want the same.

>>> stock = make_stock(world)          # needs the fixture `db` or `committed`
>>> chain = take(world.lin, Ask(stock.loom, during=hour(9)))
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection

from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.types import Ask, Chain, Kind
from staveworks.foundation.reservation.usecases.hold import hold
from staveworks.foundation.reservation.usecases.register_resource import register_lot, register_resource
from staveworks.kit.ids import new_id
from staveworks.kit.spans import Span

MONDAY = datetime(2100, 3, 1, tzinfo=UTC)
"""A day that no clock of a test has reached."""
QUARTER = timedelta(minutes=15)
AN_INSTANT = timedelta(microseconds=1)
"""A hold for so long is overdue when the next statement looks, by the database's own clock."""

NO_LOCK = """
CREATE OR REPLACE FUNCTION reservation_lock(resources uuid[]) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    UPDATE reservation_reservation SET state = 'expired'
    WHERE resource_id = ANY (resources) AND state = 'held' AND expires_at <= clock_timestamp();
    RETURN clock_timestamp();
END $$;
"""
NO_EXCLUSION = "ALTER TABLE reservation_reservation DROP CONSTRAINT reservation_no_overlap;"
NO_CHECK = "ALTER TABLE reservation_counter DROP CONSTRAINT reservation_counter_not_oversold;"
"""The guards of the kernel, taken away one by one by the owner of the tables."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What 远达印染 lends: one loom, three benches alike, 20 seats in a room, 500 kilograms of yarn; ``goods`` in two lots of 30."""

    owner: Actor
    loom: UUID
    benches: UUID
    seats: UUID
    yarn: UUID
    goods: UUID


def make_stock(owner: Actor) -> Stock:
    return Stock(
        owner,
        loom=register_resource(owner, kind=Kind.EXCLUSIVE, capacity=1),
        benches=register_resource(owner, kind=Kind.EXCLUSIVE, capacity=3),
        seats=register_resource(owner, kind=Kind.COUNTED, capacity=20),
        yarn=register_resource(owner, kind=Kind.COUNTED, capacity=500),
        goods=_goods(owner),
    )


def _goods(owner: Actor) -> UUID:
    store = register_resource(owner, kind=Kind.STORE, capacity=1)
    for day in (1, 2):
        register_lot(owner, store_id=store, capacity=30, since_date=date(2026, 11, day))
    return store


def hour(number: int, *, length: float = 1) -> Span:
    """``length`` hours from the ``number``-th hour of that Monday."""
    start = MONDAY + timedelta(hours=number)
    return Span(start, start + timedelta(hours=length))


def take(actor: Actor, *asks: Ask, ttl: timedelta = QUARTER) -> Chain:
    """A hold of ``asks`` for a subject of its own."""
    return hold(actor, {new_id(): asks}, ttl=ttl)


def faults() -> list[str]:
    """What the database itself finds wrong, looking at every row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fault FROM reservation_faults()")
        return [fault for (fault,) in cursor.fetchall()]
