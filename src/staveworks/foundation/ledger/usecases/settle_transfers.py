"""Pending transfers are posted, or voided as if they had never been."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.ledger import kernel
from staveworks.foundation.ledger.models import Transfer
from staveworks.foundation.ledger.types import Done, NotPending, State, TransferNotFound
from staveworks.foundation.parties.types import Actor


@use_case
def post_pending(actor: Actor, *, ids: Sequence[UUID], day: date | None = None) -> list[Done]:
    """What was held is taken. ``day``: when it counts, if not on the day it was made for.

    Repeated, it finds them posted and changes nothing. Raises ``TransferNotFound``, ``NotPending`` where one was voided,
    ``ChainIncomplete``, ``PeriodClosed``.
    """
    return _settle(actor, ids, State.POSTED, day)


@use_case
def void_pending(actor: Actor, *, ids: Sequence[UUID]) -> list[Done]:
    """What was held is given back. Raises ``TransferNotFound``, ``NotPending`` where one was posted, ``ChainIncomplete``."""
    return _settle(actor, ids, State.VOIDED, None)


def _settle(actor: Actor, ids: Sequence[UUID], becomes: State, day: date | None) -> list[Done]:
    moved = {done.id: done for done in kernel.settle(ids, becomes, day)}
    found = {row.id: row for row in Transfer.objects.filter(id__in=ids)}
    if len(found) < len(set(ids)):
        raise TransferNotFound
    if any(row.state != becomes for row in found.values()):
        raise NotPending
    if moved:
        event = "transfers.posted" if becomes == State.POSTED else "transfers.voided"
        append_event(actor, event, subject=next(iter(moved)), count=len(moved))
    return [moved.get(id_) or Done(id_, becomes, found[id_].day, replayed=True) for id_ in ids]
