"""What is exported, read once: accounts with names that both tools take, posted transfers, stored balances."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connections

from staveworks.db.transaction import query
from staveworks.foundation.ledger.types import ORDER, AccountKind
from staveworks.foundation.parties.types import Actor

ACCOUNTS = """
    SELECT a.id, a.kind, a.currency, a.balance, o.id, o.uscc, o.name, c.id, c.uscc, c.name
    FROM ledger_account a JOIN parties_organisation o ON o.id = a.org_id
    LEFT JOIN parties_organisation c ON c.id = a.counterparty_id
    WHERE %(org)s::uuid IS NULL OR a.org_id = %(org)s
"""
POSTINGS = """
    SELECT t.id, t.day, t.kind, t.subject_id, t.reverses_id, p.account_id, p.amount
    FROM ledger_transfer t JOIN ledger_posting p ON p.transfer_id = t.id
    WHERE t.state = 'posted' AND (%(org)s::uuid IS NULL OR p.org_id = %(org)s)
    ORDER BY t.day, t.id, p.amount < 0, p.account_id
"""


@dataclass(frozen=True, slots=True)
class BookAccount:
    """``name`` as in ``Assets:Receivable:91330621MA2BX3K478``; ``note``: for people."""

    name: str
    currency: str
    balance: int
    note: str


@dataclass(frozen=True, slots=True)
class BookTransfer:
    """``postings``: (account, minor units)."""

    id: UUID
    day: date
    kind: str
    subject_id: UUID
    reverses_id: UUID | None
    postings: tuple[tuple[BookAccount, int], ...]


@dataclass(frozen=True, slots=True)
class Book:
    """``title``: whose; ``accounts`` in the order of the chart; ``transfers`` in the order of days."""

    title: str
    accounts: tuple[BookAccount, ...]
    transfers: tuple[BookTransfer, ...]


@query
def read_book(actor: Actor) -> Book:
    """The books of the actor's organisation. Raises ``RightMissing``."""
    actor.require("ledger.read")
    return _read("default", actor.org)


def read_whole_book(org_id: UUID | None = None) -> Book:
    """The books of everybody (names then begin with whose an account is), or of one; as the cross role."""
    return _read("cross", org_id)


def _read(using: str, org_id: UUID | None) -> Book:
    rows = _rows(using, ACCOUNTS, org_id)
    rows.sort(key=lambda row: (str(row[4]), ORDER[AccountKind(row[1])], str(row[7]), row[2]))
    accounts = {row[0]: _account(row, whole=org_id is None) for row in rows}
    titles = sorted({row[6] for row in rows})
    return Book(
        titles[0] if len(titles) == 1 else "Staveworks",
        tuple(accounts.values()),
        tuple(_transfers(_rows(using, POSTINGS, org_id), accounts)),
    )


def _account(row: tuple[Any, ...], *, whole: bool) -> BookAccount:
    _, code, currency, balance, owner_id, owner_uscc, owner, other_id, other_uscc, other = row
    kind = AccountKind(code)
    parts = [str(kind.of)]
    if whole:
        parts.append(_component(owner_id, owner_uscc))
    parts.append("".join(word.capitalize() for word in kind.split("_")))
    if other_id:
        parts.append(_component(other_id, other_uscc))
    told = [kind.text.zh, *([other] if other else []), *([owner] if whole else [])]
    return BookAccount(":".join(parts), currency, balance, " · ".join(told))


def _component(org_id: UUID, uscc: str | None) -> str:
    """Capital letters and digits only, and nobody else's: the credit code, or else our number."""
    return (
        uscc if uscc and uscc.isascii() and uscc.isalnum() and uscc.isupper() else f"ID{org_id.hex.upper()}"
    )


def _transfers(rows: Sequence[tuple[Any, ...]], accounts: dict[UUID, BookAccount]) -> list[BookTransfer]:
    found: dict[UUID, tuple[tuple[Any, ...], list[tuple[BookAccount, int]]]] = {}
    for row in rows:
        found.setdefault(row[0], (row, []))[1].append((accounts[row[5]], row[6]))
    return [
        BookTransfer(row[0], row[1], row[2], row[3], row[4], tuple(postings))
        for row, postings in found.values()
    ]


def _rows(using: str, statement: str, org_id: UUID | None) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, {"org": org_id})
        return list(cursor.fetchall())
