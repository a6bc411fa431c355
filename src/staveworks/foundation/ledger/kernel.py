"""Calls of the database's functions (``sql/kernel.sql``), and its refusals in our words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, connection, transaction

from staveworks.foundation.ledger.domain import digest_of
from staveworks.foundation.ledger.types import (
    AccountKey,
    ChainIncomplete,
    ClosedAlready,
    CurrencyUnknown,
    CustomersMoney,
    DayInvalid,
    Done,
    FloorReached,
    LedgerRefusal,
    NotAParty,
    NotPosted,
    PeriodClosed,
    ReversedAlready,
    State,
    Transfer,
    TransferIdUsed,
    Unbalanced,
)
from staveworks.kit.errors import StaveworksError
from staveworks.kit.ids import new_id
from staveworks.kit.money import CURRENCIES

REFUSALS: dict[str, type[StaveworksError]] = {
    "ledger_account_floor": FloorReached,
    "ledger_account_no_customers_money": CustomersMoney,
    "ledger_account_operator_claims_only": CustomersMoney,
    "ledger_transfer_balanced": Unbalanced,
    "ledger_transfer_same_content": TransferIdUsed,
    "ledger_transfer_own_books": NotAParty,
    "ledger_transfer_reversed_once": ReversedAlready,
    "ledger_transfer_mirror": NotPosted,
    "ledger_period_open": PeriodClosed,
    "ledger_chain_whole": ChainIncomplete,
    "ledger_closing_forward": ClosedAlready,
    "ledger_closing_through_key": ClosedAlready,
    "ledger_closing_past": DayInvalid,
}
"""Constraint → what the one who asked is told."""


@contextmanager
def refusals() -> Iterator[None]:
    """Inside, in a savepoint: a violated constraint of the ledger is raised as the refusal that it stands for."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        refusal = REFUSALS.get(name or "")
        if refusal is None:
            raise
        raise refusal from error


def is_refusal(error: BaseException) -> bool:
    return isinstance(error, LedgerRefusal)


def open_keys(keys: Sequence[AccountKey]) -> dict[AccountKey, UUID]:
    """The ids of the accounts with ``keys``; those that don't exist yet are opened. One statement.

    Raises ``CustomersMoney``, ``CurrencyUnknown``.
    """
    wanted = list(dict.fromkeys(keys))
    if any(key.currency not in CURRENCIES for key in wanted):
        raise CurrencyUnknown(field="currency")
    rows = [
        {
            "fresh": new_id(),
            "org": key.org_id,
            "kind": key.kind,
            "counterparty": key.counterparty_id,
            "currency": key.currency,
        }
        for key in wanted
    ]
    with refusals():
        found = _rows("SELECT place, id FROM ledger_open(%s::json)", [_json(rows)])
    return {wanted[place - 1]: account for place, account in found}


POST = "SELECT id, state, day, fresh FROM ledger_post(%s::json, %s::json)"


def post(chains: Sequence[Sequence[Transfer]]) -> list[Done]:
    """Post or hold all transfers of all ``chains``, in one statement, all or none; in their order. Raises the refusals above."""
    statement, values = calls_of(chains)
    with refusals():
        found = _rows(statement, values)
    done = {row[0]: Done(row[0], State(row[1]), row[2], replayed=not row[3]) for row in found}
    return [done[transfer.id] for chain in chains for transfer in chain]


def calls_of(chains: Sequence[Sequence[Transfer]]) -> tuple[str, list[str]]:
    """The statement that posts ``chains``, and its two parameters as JSON."""
    transfers, postings = [], []
    for chain in chains:
        ids = [transfer.id for transfer in chain]
        for transfer in chain:
            transfers.append(
                {
                    "id": transfer.id,
                    "chain": ids[0],
                    "kind": transfer.kind,
                    "state": State.PENDING if transfer.pending else State.POSTED,
                    "day": transfer.day,
                    "subject": transfer.subject,
                    "legs": len(transfer.postings),
                    "rules": transfer.rules,
                    "digest": digest_of(transfer, chain=ids),
                }
            )
            postings += [
                {"transfer": transfer.id, "account": posting.account_id, "amount": posting.amount}
                for posting in transfer.postings
            ]
    return POST, [_json(transfers), _json(postings)]


def settle(ids: Sequence[UUID], becomes: State, day: date | None) -> list[Done]:
    """Move pending transfers to ``becomes``; those that moved. Raises ``ChainIncomplete``, ``PeriodClosed``, ``FloorReached``."""
    with refusals():
        found = _rows(
            "SELECT id, state, day FROM ledger_settle(%s::uuid[], %s, %s)", [list(ids), str(becomes), day]
        )
    return [Done(row[0], State(row[1]), row[2], replayed=False) for row in found]


def _json(content: Any) -> str:
    return orjson.dumps(content).decode()


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def limit(account_id: UUID, floor: int | None) -> bool:
    """Set the floor of an own account; whether there is such an account. Raises ``FloorReached``, ``CustomersMoney``."""
    with refusals():
        return bool(_rows("SELECT ledger_limit(%s, %s)", [account_id, floor])[0][0])


def close(closing_id: UUID, through: date) -> None:
    """Raises ``ClosedAlready``, ``DayInvalid``."""
    with refusals():
        _rows("SELECT ledger_close(%s, %s)", [closing_id, through])


def reverse(transfer_id: UUID, reversal_id: UUID, day: date) -> Done:
    """Raises ``NotAParty``, ``NotPosted``, ``ReversedAlready``, ``PeriodClosed``, ``FloorReached``, ``TransferIdUsed``."""
    with refusals():
        row = _rows(
            "SELECT id, state, day, fresh FROM ledger_reverse(%s, %s, %s)", [transfer_id, reversal_id, day]
        )[0]
    return Done(row[0], State(row[1]), row[2], replayed=not row[3])
