"""A file for beancount that ``bean-check`` accepts: accounts opened, transactions, balances as assertions."""

from collections.abc import Iterator
from datetime import date, timedelta

from staveworks.foundation.ledger.exporting.book import Book
from staveworks.kit.money import plain_amount

EXACTLY = "0.001"
"""Without it beancount lets a balance be off by a fen."""


def beancount_lines(book: Book) -> Iterator[str]:
    yield f'option "title" {_quoted(book.title)}'
    for currency in sorted({account.currency for account in book.accounts}):
        yield f'option "operating_currency" "{currency}"'
    yield ""
    first = book.transfers[0].day if book.transfers else date(1970, 1, 1)
    opened: dict[str, list[str]] = {}
    notes: dict[str, str] = {}
    for account in book.accounts:
        opened.setdefault(account.name, []).append(account.currency)
        notes.setdefault(account.name, account.note)
    for name, currencies in opened.items():
        yield f"{first} open {name} {','.join(currencies)}"
        yield f"  name: {_quoted(notes[name])}"
    for transfer in book.transfers:
        yield ""
        yield f"{transfer.day} * {_quoted(transfer.kind)}"
        yield f'  id: "{transfer.id}"'
        yield f'  subject: "{transfer.subject_id}"'
        if transfer.reverses_id:
            yield f'  reverses: "{transfer.reverses_id}"'
        for account, amount in transfer.postings:
            yield f"  {account.name}  {plain_amount(amount)} {account.currency}"
    if book.transfers:
        yield ""
        after = book.transfers[-1].day + timedelta(days=1)
        for account in book.accounts:
            kept = plain_amount(account.balance)
            yield f"{after} balance {account.name}  {kept} ~ {EXACTLY} {account.currency}"


def _quoted(text: str) -> str:
    """A string of beancount: quotes and backslashes escaped, on one line."""
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'
