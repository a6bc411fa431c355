"""Reads: own accounts, a month's statement, the trial balance, own postings, closings. Nobody sees another's books."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from staveworks.db.transaction import query
from staveworks.foundation.ledger.domain import month_after
from staveworks.foundation.ledger.models import Account as Row
from staveworks.foundation.ledger.models import Closing as ClosingRow
from staveworks.foundation.ledger.models import Posting, Transfer
from staveworks.foundation.ledger.types import (
    ORDER,
    Account,
    AccountKind,
    AccountNotFound,
    Closing,
    Done,
    State,
    Statement,
    StatementLine,
    TransferNotFound,
    TrialLine,
)
from staveworks.foundation.parties.types import Actor, title_of

LINES = """
    SELECT * FROM (
        SELECT t.id, t.day, t.kind, t.subject_id, p.amount,
               sum(p.amount) OVER (ORDER BY t.day, t.id) AS running, t.reverses_id
        FROM ledger_posting p JOIN ledger_transfer t ON t.id = p.transfer_id
        WHERE p.account_id = %s AND p.org_id = %s AND t.state = 'posted' AND t.day >= %s AND t.day < %s
    ) moved WHERE %s::date IS NULL OR (day, id) > (%s::date, %s::uuid)
    ORDER BY day, id OFFSET %s LIMIT %s
"""
SUMS = """
    SELECT coalesce(sum(p.amount) FILTER (WHERE t.day < %s), 0),
           coalesce(sum(p.amount) FILTER (WHERE t.day >= %s AND p.amount > 0), 0),
           coalesce(-sum(p.amount) FILTER (WHERE t.day >= %s AND p.amount < 0), 0),
           count(*) FILTER (WHERE t.day >= %s)
    FROM ledger_posting p JOIN ledger_transfer t ON t.id = p.transfer_id
    WHERE p.account_id = %s AND p.org_id = %s AND t.state = 'posted' AND t.day < %s
"""
TRIAL = """
    SELECT p.account_id, coalesce(sum(p.amount) FILTER (WHERE t.day < %s), 0),
           coalesce(sum(p.amount) FILTER (WHERE t.day >= %s AND p.amount > 0), 0),
           coalesce(-sum(p.amount) FILTER (WHERE t.day >= %s AND p.amount < 0), 0)
    FROM ledger_posting p JOIN ledger_transfer t ON t.id = p.transfer_id
    WHERE p.org_id = %s AND t.state = 'posted' AND t.day < %s GROUP BY p.account_id
"""


@query
def list_accounts(actor: Actor) -> list[Account]:
    """The organisation's own accounts, in the order of the chart, then by counterparty. Raises ``RightMissing``."""
    actor.require("ledger.read")
    rows = Row.objects.filter(org_id=actor.org).select_related("counterparty")
    return sorted(map(account_of, rows), key=_place)


@query
def access_account(actor: Actor, account_id: UUID) -> Account:
    """Raises ``RightMissing``, ``AccountNotFound``."""
    actor.require("ledger.read")
    row = Row.objects.filter(org_id=actor.org, id=account_id).select_related("counterparty").first()
    if row is None:
        raise AccountNotFound
    return account_of(row)


@query
def statement_of(
    actor: Actor,
    account_id: UUID,
    *,
    month: date,
    offset: int = 0,
    limit: int | None = None,
    after: tuple[date, UUID] | None = None,
) -> Statement:
    """What the account moved in ``month`` (its first day), in the order of days: ``limit`` lines from ``offset`` on, or those
    after (day, transfer) ``after``.

    Raises ``RightMissing``, ``AccountNotFound``.
    """
    account, until = access_account(actor, account_id), month_after(month)
    opening, debits, credits, count = _rows(SUMS, [month, month, month, month, account_id, actor.org, until])[
        0
    ]
    day, transfer = after or (None, None)
    lines = _rows(LINES, [account_id, actor.org, month, until, day, day, transfer, offset, limit])
    return Statement(
        account,
        month,
        int(opening),
        int(debits),
        int(credits),
        tuple(_line(row, int(opening)) for row in lines),
        count,
    )


def _line(row: tuple[Any, ...], opening: int) -> StatementLine:
    transfer, day, kind, subject, amount, running, reverses = row
    return StatementLine(transfer, day, kind, subject, amount, opening + int(running), reverses)


@query
def list_months(actor: Actor, account_id: UUID | None = None) -> list[date]:
    """First days of the months with postings (of one account, or any), the latest first. Raises ``RightMissing``."""
    actor.require("ledger.read")
    found = Posting.objects.filter(org_id=actor.org, transfer__state=State.POSTED)
    found = found.filter(account_id=account_id) if account_id else found
    return list(found.dates("transfer__day", "month", order="DESC"))


@query
def trial_balance(actor: Actor, *, month: date) -> list[TrialLine]:
    """Every own account in ``month`` (its first day): openings, and closings, sum to 0, and debits equal credits, in each currency.

    Raises ``RightMissing``.
    """
    found = _rows(TRIAL, [month, month, month, actor.org, month_after(month)])
    sums = {row[0]: tuple(map(int, row[1:])) for row in found}
    return [TrialLine(account, *sums.get(account.id, (0, 0, 0))) for account in list_accounts(actor)]


@query
def access_transfer(actor: Actor, transfer_id: UUID) -> Done:
    """A transfer in whose books the organisation has postings. Raises ``RightMissing``, ``TransferNotFound``."""
    actor.require("ledger.read")
    row = Transfer.objects.filter(id=transfer_id).first()
    if row is None:
        raise TransferNotFound
    return Done(row.id, State(row.state), row.day, replayed=True)


def closing_of(closing_id: UUID) -> Closing:
    """One closing, which is nobody's secret."""
    return _closing(ClosingRow.objects.get(id=closing_id))


def list_closings(limit: int = 24) -> list[Closing]:
    """The latest first."""
    return [_closing(row) for row in ClosingRow.objects.order_by("-through")[:limit]]


def _closing(row: ClosingRow) -> Closing:
    return Closing(row.id, row.through, row.transfers, row.turnover)


def account_of(row: Row) -> Account:
    other = row.counterparty
    return Account(
        id=row.id,
        org_id=row.org_id,
        kind=AccountKind(row.kind),
        counterparty_id=row.counterparty_id,
        counterparty=title_of(other.name, other.name_en) if other else None,
        currency=row.currency,
        balance=row.balance,
        held=row.held,
        floor=row.floor,
    )


def _place(account: Account) -> tuple[int, str, str, str]:
    name = account.counterparty.zh if account.counterparty else ""
    return ORDER[account.kind], account.currency, name, str(account.id)


def _rows(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
