"""Find accounts by what they are for; open those that don't exist yet."""

from collections.abc import Sequence
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.ledger import kernel
from staveworks.foundation.ledger.types import AccountKey, AccountNotFound
from staveworks.foundation.parties.types import Actor


@use_case
def open_accounts(actor: Actor, *, keys: Sequence[AccountKey]) -> dict[AccountKey, UUID]:
    """Key → id, also for accounts of others: whoever posts names them, nobody sees more of them. Raises ``CustomersMoney``."""
    return kernel.open_keys(keys)


@use_case
def limit_account(actor: Actor, *, account_id: UUID, floor: int | None) -> None:
    """How far an own account may go down, in minor units; None: as far as it likes.

    Raises ``AccountNotFound``, ``FloorReached`` where it is lower already, ``CustomersMoney`` for an operator's claims below 0.
    """
    if not kernel.limit(account_id, floor):
        raise AccountNotFound
