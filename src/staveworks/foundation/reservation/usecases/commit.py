"""Make a hold firm, or hold it for longer: the whole chain or nothing, and only before it has expired."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.domain import check_ttl
from staveworks.foundation.reservation.models import Reservation as Row
from staveworks.foundation.reservation.rows import chain_of, locked
from staveworks.foundation.reservation.types import Chain, HoldExpired, NotHeld, ReservationNotFound, State


@use_case
def commit(actor: Actor, *, chain_id: UUID) -> Chain:
    """The chain, firm. What was released from it before stays released.

    Raises ``ReservationNotFound``, ``HoldExpired`` (then nothing of it became firm), ``NotHeld`` (committed before, or all released).
    """
    chain = _moved(actor, chain_id, state=State.COMMITTED)
    append_event(actor, "reservation.committed", subject=chain_id)
    return chain


@use_case
def prolong(actor: Actor, *, chain_id: UUID, ttl: timedelta) -> Chain:
    """The chain, held for ``ttl`` from now on. Raises as ``commit``, and ``TtlInvalid``."""
    chain = _moved(actor, chain_id, expires_at=DatabaseClock() + check_ttl(ttl))
    append_event(actor, "reservation.prolonged", subject=chain_id)
    return chain


def _moved(actor: Actor, chain_id: UUID, **values: Any) -> Chain:
    mine = Row.objects.filter(chain_id=chain_id, holder_id=actor.org)
    rows = locked(mine)
    if not rows:
        raise ReservationNotFound
    if any(row.state == State.EXPIRED for row in rows):
        raise HoldExpired
    held = [row.id for row in rows if row.state == State.HELD]
    if not held:
        raise NotHeld
    live = mine.filter(id__in=held, state=State.HELD, expires_at__gt=DatabaseClock())
    if live.update(**values) != len(held):  # expired since the lock: the clock inside the statement decides
        raise HoldExpired
    return chain_of(chain_id, mine.order_by("place", "unit"))
