"""A journal for hledger: accounts and commodities declared, so that ``hledger check --strict`` accepts it."""

from collections.abc import Iterator
from datetime import timedelta

from staveworks.foundation.ledger.exporting.book import Book
from staveworks.kit.money import plain_amount


def hledger_lines(book: Book) -> Iterator[str]:
    yield f"; {book.title}"
    for currency in sorted({account.currency for account in book.accounts}):
        yield f"commodity 1000.00 {currency}"
    yield ""
    notes: dict[str, str] = {}
    for account in book.accounts:
        notes.setdefault(account.name, account.note)
    for name, note in notes.items():
        yield f"account {name}  ; {_plain(note)}"
    for transfer in book.transfers:
        yield ""
        reverses = f", reverses:{transfer.reverses_id}" if transfer.reverses_id else ""
        yield f"{transfer.day} * ({transfer.id}) {transfer.kind}  ; subject:{transfer.subject_id}{reverses}"
        for account, amount in transfer.postings:
            yield f"    {account.name}  {plain_amount(amount)} {account.currency}"
    if book.transfers:
        yield ""
        yield f"{book.transfers[-1].day + timedelta(days=1)} * balances as kept by the ledger"
        for account in book.accounts:
            nothing, kept = map(plain_amount, (0, account.balance))
            yield f"    {account.name}  {nothing} {account.currency} = {kept} {account.currency}"


def _plain(note: str) -> str:
    return " ".join(note.split())
