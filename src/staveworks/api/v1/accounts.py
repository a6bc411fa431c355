"""账目: an organisation's own accounts, a month's trial balance and statements, the books as text; closing them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import PERSON, Resource, right
from staveworks.api.pagination import Page, Paging, page, page_of_all, position
from staveworks.api.shapes import In, Out, Words
from staveworks.api.v1.papers import paper_sent
from staveworks.foundation.ledger.domain import month_of
from staveworks.foundation.ledger.exporting import Format, book_text, read_book
from staveworks.foundation.ledger.queries import (
    access_account,
    list_accounts,
    list_closings,
    list_months,
    statement_of,
    trial_balance,
)
from staveworks.foundation.ledger.types import Account, AccountKind, Closing, StatementLine
from staveworks.foundation.ledger.usecases.close_books import close_books
from staveworks.kit.text import Text

router = Resource("accounts")
closings_router = Resource("accounts")
READ, CLOSE = right("ledger.read"), right("ledger.close")
PLAIN = "text/plain"
Month = Annotated[str, Field(pattern=r"^2[0-9]{3}-(0[1-9]|1[0-2])$", description="As `2026-11`.")]


class AccountOut(Out):
    """Amounts are whole minor units (fen), debit positive. ``held``: what pending transfers would take; ``floor`` null: none."""

    id: UUID
    kind: AccountKind
    name: Words
    counterparty: UUID | None
    counterparty_name: Words | None
    currency: str
    balance: int
    held: int
    floor: int | None


class TrialLineOut(Out):
    """One account in the month: from ``opening`` by ``debits`` and ``credits`` to ``closing``."""

    account: AccountOut
    opening: int
    debits: int
    credits: int
    closing: int


class TrialBalanceOut(Out):
    """In each currency openings, and closings, sum to 0, and debits equal credits. ``months``: those with postings."""

    month: str
    lines: list[TrialLineOut]
    months: list[str]


class StatementLineOut(Out):
    """``balance`` after it; ``kind``: the posting template; ``subject``: what it is about."""

    transfer: UUID
    day: date
    kind: str
    subject: UUID
    amount: int
    balance: int
    reverses: UUID | None


class AccountStatementOut(Out):
    """``lines`` in the order of days; ``next`` is the cursor of the following ones, null on the last page."""

    account: AccountOut
    month: str
    opening: int
    debits: int
    credits: int
    closing: int
    count: int
    lines: list[StatementLineOut]
    next: str | None


class MonthIn(In):
    month: Month


class StatementAsked(Paging):
    month: Month


class BookIn(In):
    format: Annotated[Format, Field(description="For which program.")]


class ClosingOut(Out):
    """Nothing is posted on ``through`` or before it; ``turnover``: minor units by currency, counted when it was closed."""

    id: UUID
    through: date
    transfers: int
    turnover: dict[str, int]


class CloseBooks(In):
    through: date


def show(account: Account) -> AccountOut:
    return AccountOut(
        id=account.id,
        kind=account.kind,
        name=Words.of(account.kind.text),
        counterparty=account.counterparty_id,
        counterparty_name=Words.maybe(account.counterparty),
        currency=account.currency,
        balance=account.balance,
        held=account.held,
        floor=account.floor,
    )


def _line(line: StatementLine) -> StatementLineOut:
    return StatementLineOut(
        transfer=line.transfer_id,
        day=line.day,
        kind=line.kind,
        subject=line.subject_id,
        amount=line.amount,
        balance=line.balance,
        reverses=line.reverses_id,
    )


def _closing(closing: Closing) -> ClosingOut:
    return ClosingOut(
        id=closing.id, through=closing.through, transfers=closing.transfers, turnover=dict(closing.turnover)
    )


@router.read("", says=Text(zh="列出账户", en="List accounts"), door=READ, answer=Page[AccountOut])
def list_own_accounts(request: Call, paging: Query[Paging]) -> Page[AccountOut]:
    """The organisation's own, with balances as they stand."""
    return page_of_all(
        list_accounts(request.auth),
        paging=paging,
        listing="accounts",
        key=lambda account: (str(account.id),),
        show=show,
    )


@router.read(
    "/trial-balance", says=Text(zh="科目余额表", en="Trial balance"), door=READ, answer=TrialBalanceOut
)
def get_trial_balance(request: Call, asked: Query[MonthIn]) -> TrialBalanceOut:
    """Every own account in a month, from its postings."""
    lines = [
        TrialLineOut(
            account=show(line.account),
            opening=line.opening,
            debits=line.debits,
            credits=line.credits,
            closing=line.closing,
        )
        for line in trial_balance(request.auth, month=month_of(asked.month))
    ]
    months = [f"{each:%Y-%m}" for each in list_months(request.auth)]
    return TrialBalanceOut(month=asked.month, lines=lines, months=months)


@router.read("/export", says=Text(zh="导出账目", en="Export the books"), door=READ, answer=None, gives=PLAIN)
def export_own_books(request: Call, asked: Query[BookIn]) -> HttpResponse:
    """All posted transfers with the balances that the ledger keeps, for `hledger check --strict` or `bean-check`."""
    content = book_text(read_book(request.auth), asked.format).encode()
    return paper_sent(content, f"books.{asked.format.suffix}", f"{PLAIN}; charset=utf-8")


@router.read("/{uuid:account}", says=Text(zh="查看账户", en="Get an account"), door=READ, answer=AccountOut)
def get_account(request: Call, account: UUID) -> AccountOut:
    """With its balance as it stands."""
    return show(access_account(request.auth, account))


@router.read(
    "/{uuid:account}/statement",
    says=Text(zh="查看对账单", en="Get a statement"),
    door=READ,
    answer=AccountStatementOut,
)
def get_statement(request: Call, account: UUID, asked: Query[StatementAsked]) -> AccountStatementOut:
    """What the account moved in a month; opening, sums and closing are of the whole month, lines come page by page."""
    listing = f"statement:{account}:{asked.month}"
    at = position(asked, listing)
    after = (date.fromisoformat(at[0]), UUID(at[1])) if at else None
    found = statement_of(
        request.auth, account, month=month_of(asked.month), limit=asked.limit + 1, after=after
    )
    shown = page(
        found.lines,
        paging=asked,
        listing=listing,
        key=lambda line: (line.day.isoformat(), str(line.transfer_id)),
        show=_line,
    )
    return AccountStatementOut(
        account=show(found.account),
        month=asked.month,
        opening=found.opening,
        debits=found.debits,
        credits=found.credits,
        closing=found.closing,
        count=found.count,
        lines=shown.items,
        next=shown.next,
    )


@closings_router.read(
    "",
    says=Text(zh="列出结账", en="List closings"),
    door=PERSON,
    answer=Page[ClosingOut],
    tokens=True,
)
def list_all_closings(request: Call, paging: Query[Paging]) -> Page[ClosingOut]:
    """Until when the books of the cluster are closed, the latest first; at most 24."""
    return page_of_all(
        list_closings(),
        paging=paging,
        listing="closings",
        key=lambda closing: (closing.through.isoformat(), str(closing.id)),
        show=_closing,
        newest_first=True,
    )


@closings_router.effect(
    "POST",
    "",
    says=Text(zh="结账", en="Close the books"),
    door=CLOSE,
    answer=ClosingOut,
    status=201,
)
def close_the_books(request: Call, body: CloseBooks) -> ClosingOut:
    """Nothing is posted on that day or an earlier one any more; there is no way back."""
    return _closing(close_books(request.auth, through=body.through))
