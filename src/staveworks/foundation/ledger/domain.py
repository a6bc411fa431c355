"""Pure decisions: may a transfer be posted, what makes it the same one, what mirrors it."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import orjson

from staveworks.foundation.ledger.types import NotAMonth, Posting, Transfer, Unbalanced


def check_transfer(transfer: Transfer) -> None:
    """Raises ``Unbalanced`` where the postings alone show it: fewer than two, a 0, an account twice, a sum that isn't 0.

    Whether those of each organisation balance is known to the database.
    """
    accounts = {posting.account_id for posting in transfer.postings}
    if len(transfer.postings) < 2 or len(accounts) < len(transfer.postings):
        raise Unbalanced(field="postings")
    if sum(posting.amount for posting in transfer.postings) or not all(
        posting.amount for posting in transfer.postings
    ):
        raise Unbalanced(field="postings")


def digest_of(transfer: Transfer, *, chain: Sequence[UUID]) -> str:
    """SHA-256 (hex) of everything that makes ``transfer`` this one, its chain included; the order of postings doesn't count."""
    content = (
        chain,
        transfer.id,
        transfer.kind,
        transfer.day,
        sorted((str(posting.account_id), posting.amount) for posting in transfer.postings),
        transfer.subject,
        transfer.rules,
        transfer.pending,
    )
    return hashlib.sha256(orjson.dumps(content)).hexdigest()


def merged(postings: Sequence[Posting]) -> tuple[Posting, ...]:
    """One posting for each account, in the order in which they first occur; those that come to 0 are left out."""
    sums: dict[UUID, int] = defaultdict(int)
    for posting in postings:
        sums[posting.account_id] += posting.amount
    return tuple(Posting(account, amount) for account, amount in sums.items() if amount)


def month_of(text: str) -> date:
    """The first day of ``2026-11``, a month from the year 2000 on. Raises ``NotAMonth``."""
    try:
        year, month = text.split("-")
        if len(year) != 4 or len(month) != 2 or not year.startswith("2"):
            raise ValueError(text)
        return date(int(year), int(month), 1)
    except ValueError as error:
        raise NotAMonth(field="month") from error


def month_after(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
