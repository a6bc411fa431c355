"""What nobody accepted or returned in time is accepted by itself. The deadline counts, not this job: after it nothing is returned."""

from collections.abc import Sequence
from uuid import UUID

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.projects.finding import whose_line_is
from staveworks.mechanisms.projects.models import Delivery
from staveworks.mechanisms.projects.types import NotYet
from staveworks.mechanisms.projects.usecases.run_contract import accept
from staveworks.trade.orders.types import LineState
from staveworks.trade.orders.types import NotYet as LineNotYet

LAPSING = (
    LineState.CONFIRMED,
    LineState.IN_DELIVERY,
    LineState.DELIVERED,
    LineState.ACCEPTED,
    LineState.SETTLED,
)
"""A line in dispute waits for its decider; one that fell away has nothing to accept."""


def list_overdue(*, limit: int = 500) -> Sequence[tuple[UUID, UUID]]:
    """(buyer, delivery) of all whose time is over, the oldest first. Under the cross role."""
    open_ones = whose_line_is(Delivery.objects.using("cross"), *LAPSING)
    due = open_ones.filter(verdict="", due_at__lte=DatabaseClock())
    return list(due.order_by("due_at").values_list("buyer_org_id", "id")[:limit])


@use_case
def lapse_milestone(actor: Actor, *, delivery_id: UUID) -> bool:
    """For the buyer's organisation: whether there was anything to do."""
    due = Delivery.objects.filter(id=delivery_id, buyer_org_id=actor.org, verdict="")
    row = due.filter(due_at__lte=DatabaseClock()).select_related("contract").first()
    if row is None:
        return False
    try:
        accept(actor, row.contract, row.place, by_itself=True)
    except (NotYet, LineNotYet):
        return False
    return True
