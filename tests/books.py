"""Books for tests: 春晖织造 and 远达印染 with money at the bank, and ways to move it.

>>> bank = account(world.lin, AccountKind.BANK)
>>> fund(world.lin, 100)                      # 100 fen, from nowhere but her own opening balance
>>> post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 60)])
"""

from datetime import UTC, date, datetime
from uuid import UUID

from django.utils import timezone

from staveworks.foundation.ledger.types import AccountKey, AccountKind, Posting, Transfer
from staveworks.foundation.ledger.usecases.open_accounts import limit_account, open_accounts
from staveworks.foundation.ledger.usecases.post_transfers import post_transfers
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id


def today() -> date:
    return timezone.localdate()


def account(of: Actor, kind: AccountKind, towards: Actor | None = None) -> UUID:
    """The id of an account of ``of``'s organisation, opened if it isn't there."""
    key = AccountKey(of.org, kind, towards.org if towards else None)
    return open_accounts(of, keys=[key])[key]


def transfer(
    *postings: tuple[UUID, int],
    kind: str = "test",
    day: date | None = None,
    pending: bool = False,
    id: UUID | None = None,
    subject: UUID | None = None,
) -> Transfer:
    """A transfer of plain (account, amount) pairs."""
    made = id or new_id()
    legs = tuple(Posting(account_id, amount) for account_id, amount in postings)
    return Transfer(made, kind, day or today(), legs, subject or made, pending=pending)


def fund(of: Actor, amount: int, *, floor: int | None = 0, day: date | None = None) -> UUID:
    """Money at the bank, against the opening balance; the account of the bank, which can't go below ``floor``."""
    bank = account(of, AccountKind.BANK)
    opening = transfer((bank, amount), (account(of, AccountKind.EQUITY), -amount), day=day)
    post_transfers(of, transfers=[opening])
    limit_account(of, account_id=bank, floor=floor)
    return bank


def payment(
    payer: Actor,
    payee: Actor,
    amount: int,
    *,
    day: date | None = None,
    pending: bool = False,
    id: UUID | None = None,
) -> Transfer:
    """``amount`` fen from bank to bank, against what the one owes the other: four postings, balanced in both books."""
    keys = [
        AccountKey(payer.org, AccountKind.BANK),
        AccountKey(payer.org, AccountKind.PAYABLE, payee.org),
        AccountKey(payee.org, AccountKind.BANK),
        AccountKey(payee.org, AccountKind.RECEIVABLE, payer.org),
    ]
    accounts = open_accounts(payer, keys=keys)
    amounts = (-amount, amount, amount, -amount)
    return transfer(
        *((accounts[key], each) for key, each in zip(keys, amounts, strict=True)),
        kind="payment",
        day=day,
        pending=pending,
        id=id,
    )


def moment() -> datetime:
    """When a line was ordered."""
    return datetime(2026, 11, 3, 9, tzinfo=UTC)
