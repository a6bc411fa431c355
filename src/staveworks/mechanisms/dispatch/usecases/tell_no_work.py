"""Tell a firm whose hours were offered that a plan has no work for it: a message with the way to why, nothing to do."""

from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.notices.messages.types import MessageRow
from staveworks.foundation.notices.usecases.queue_messages import queue_messages
from staveworks.foundation.parties.queries.holders import list_holders
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.models import Share

TEMPLATE = "work.none"


@use_case
def tell_no_work(actor: Actor, /, *, subject: UUID) -> None:
    """Once to everybody in the firm who may read its work. Whoever has work has a to-do; who offered no hours asked for none; and what a
    later plan has replaced is no news. ``actor``: the operator's service, acting for the firm."""
    share = Share.objects.filter(id=subject, firm_id=actor.org, ended_at=None).first()
    if share is None or share.work or not any(row["declared"] > 0 for row in share.reasons):
        return
    readers = list_holders(actor, right="work.read")
    if not readers:
        return
    rows = [
        MessageRow(
            to=each.person_id,
            key=f"{TEMPLATE}:{share.id}:{each.person_id}",
            params={"name": share.name},
            link=f"/work/{share.id}/",
            about=share.id,
        )
        for each in readers
    ]
    queue_messages(actor, template=TEMPLATE, rows=rows)
