"""The books of the whole cluster: replayed at every start of the worker and once a day after, exported on request of whoever runs the machine."""

from uuid import UUID

from staveworks.foundation.ledger.auditing import audit_ledger
from staveworks.foundation.ledger.exporting import Format, book_text, read_whole_book
from staveworks.foundation.ledger.types import Audit
from staveworks.jobs.work import cross_job, crossing, list_cross, log

list_cross("export_books", "writes every organisation's books as text, for whoever runs the machine")


@cross_job("replays every organisation's books from zero")
def verify_books() -> Audit:
    return audit_ledger()


def watch_books() -> int:
    """Whatever drifted goes to the log, where operations look."""
    found = verify_books()
    for drift in found.drifts:
        log.error("ledger: %s", drift.text.en)
    return len(found.drifts)


def export_books(org_id: UUID | None, form: str) -> str:
    """The books of one organisation, or of all, as text."""
    with crossing("export_books"):
        return book_text(read_whole_book(org_id), Format(form))
