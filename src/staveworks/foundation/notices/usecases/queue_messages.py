"""A campaign: thousands of messages of one template in a few statements."""

from collections.abc import Sequence

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.notices.messages.types import MessageRow, QueuedMessages
from staveworks.foundation.notices.queueing import put_in_queue, refuse_doubled
from staveworks.foundation.parties.types import Actor


@use_case
def queue_messages(actor: Actor, *, template: str, rows: Sequence[MessageRow]) -> QueuedMessages:
    """Queue ``rows`` for the actor's organisation, each key once; those that were there already stay as they are.

    Raises ``TemplateUnknown``, ``ParameterMissing``, ``KeyUnusable`` (also for a key that stands twice), ``AddressUnusable``;
    then nothing is queued.
    """
    refuse_doubled(rows)
    done = put_in_queue(actor, template, rows)
    append_event(
        actor, "messages.queued", subject=actor.org, template=template, fresh=len(done.fresh), rows=len(rows)
    )
    return QueuedMessages(len(done.fresh), len(rows) - len(done.fresh), done.suppressed)
