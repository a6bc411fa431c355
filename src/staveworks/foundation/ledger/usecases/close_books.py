"""Close the books of the cluster through a day: nothing is posted on it or before it any more."""

from datetime import date

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.ledger import kernel
from staveworks.foundation.ledger.queries import closing_of
from staveworks.foundation.ledger.types import Closing
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id


@use_case
def close_books(actor: Actor, *, through: date) -> Closing:
    """What was closed, counted by the database in the same moment. There is no way back: corrections are posted later.

    Raises ``RightMissing``, ``DayInvalid`` for a day that isn't over, ``ClosedAlready``.
    """
    actor.require("ledger.close")
    closing_id = new_id()
    kernel.close(closing_id, through)
    append_event(actor, "books.closed", subject=closing_id, date=through.isoformat())
    return closing_of(closing_id)
