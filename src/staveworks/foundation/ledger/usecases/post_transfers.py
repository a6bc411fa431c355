"""Post transfers, or hold them: one chain all or none, or a batch of chains each for itself."""

from collections.abc import Sequence
from typing import cast

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.ledger import kernel
from staveworks.foundation.ledger.domain import check_transfer
from staveworks.foundation.ledger.types import Done, LedgerRefusal, Outcome, Transfer, Unbalanced
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError


@use_case
def post_transfers(actor: Actor, *, transfers: Sequence[Transfer]) -> list[Done]:
    """The transfers as they stand, in their order: all of them, or none. More than one form a chain for good.

    The id of a transfer is its idempotency key: repeated with the same content, nothing is done again. The actor's organisation
    has postings in each. Raises ``Unbalanced``, ``TransferIdUsed``, ``FloorReached``, ``PeriodClosed``, ``CustomersMoney``,
    ``NotAParty``.
    """
    _check([transfers])
    done = kernel.post([transfers])
    _note(actor, done)
    return done


@use_case
def post_batch(actor: Actor, *, chains: Sequence[Sequence[Transfer]]) -> list[Outcome]:
    """One outcome for each chain: a chain that is refused doesn't keep the others back.

    All are tried in one statement; where it is refused, its halves are tried, until the chains at fault stand alone. A floor holds
    at the end of a statement. Raises ``Unbalanced`` for all where a chain is empty or an id comes twice.
    """
    _check(chains)
    outcomes = _post_or_halve(chains)
    _note(actor, [done for outcome in outcomes for done in outcome.done])
    return outcomes


def _post_or_halve(chains: Sequence[Sequence[Transfer]]) -> list[Outcome]:
    if not chains:
        return []
    try:
        done = iter(kernel.post(chains))
    except StaveworksError as error:
        if not kernel.is_refusal(error):
            raise
        if len(chains) == 1:
            return [Outcome(refused=cast("LedgerRefusal", error))]
        middle = len(chains) // 2
        return _post_or_halve(chains[:middle]) + _post_or_halve(chains[middle:])
    return [Outcome(tuple(next(done) for _ in chain)) for chain in chains]


def _check(chains: Sequence[Sequence[Transfer]]) -> None:
    ids = [transfer.id for chain in chains for transfer in chain]
    if not all(chains) or len(set(ids)) < len(ids):
        raise Unbalanced(field="transfers")
    for chain in chains:
        if len({transfer.pending for transfer in chain}) > 1:
            raise Unbalanced(field="pending")
        for transfer in chain:
            check_transfer(transfer)


def _note(actor: Actor, done: Sequence[Done]) -> None:
    """One event for all that is new, in the books of whoever acted."""
    fresh = [each for each in done if not each.replayed]
    if fresh:
        append_event(actor, "transfers.made", subject=fresh[0].id, count=len(fresh))
