"""A posted transfer is corrected by its reversal, never changed."""

from datetime import date
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.ledger import kernel
from staveworks.foundation.ledger.models import Transfer as Row
from staveworks.foundation.ledger.types import Done, TransferNotFound
from staveworks.foundation.parties.types import Actor


@use_case
def reverse_transfer(actor: Actor, *, transfer_id: UUID, reversal_id: UUID, day: date) -> Done:
    """The reversal: every posting with the opposite sign, on ``day``, once. ``reversal_id`` is its key (UUIDv7, the caller's).

    The actor's organisation is a party of the transfer. Raises ``TransferNotFound``, ``NotPosted`` for a pending or voided one
    and for a reversal, ``ReversedAlready``, ``PeriodClosed``, ``FloorReached``, ``TransferIdUsed``.
    """
    if not Row.objects.filter(id=transfer_id).exists():
        raise TransferNotFound
    done = kernel.reverse(transfer_id, reversal_id, day)
    if not done.replayed:
        append_event(actor, "transfer.reversed", subject=transfer_id, reversal=reversal_id)
    return done
