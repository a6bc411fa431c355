"""Books as plain text for others' tools: hledger and beancount. Each checks our balances against its own sums."""

from collections.abc import Iterator
from enum import StrEnum

from staveworks.foundation.ledger.exporting.beancount import beancount_lines
from staveworks.foundation.ledger.exporting.book import Book, read_book, read_whole_book
from staveworks.foundation.ledger.exporting.hledger import hledger_lines

__all__ = ["Book", "Format", "book_text", "read_book", "read_whole_book"]


class Format(StrEnum):
    HLEDGER = "hledger"
    BEANCOUNT = "beancount"

    @property
    def suffix(self) -> str:
        return {Format.HLEDGER: "journal", Format.BEANCOUNT: "beancount"}[self]


def book_text(book: Book, form: Format) -> str:
    """The whole book, with its closing balances as assertions for the other program to check."""
    lines: Iterator[str] = beancount_lines(book) if form == Format.BEANCOUNT else hledger_lines(book)
    return "\n".join(lines) + "\n"
