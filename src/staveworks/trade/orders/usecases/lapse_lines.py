"""What nobody answered in time, or can answer any more, lapses: an approval, an offer to confirm; what was delivered is accepted
by itself.

The deadline counts, not this job: after it nobody can approve, confirm or dispute any more, whether or not it has run.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.queries import list_broken, list_reservations
from staveworks.foundation.reservation.types import State
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.moving import let_go, lock_order, note
from staveworks.trade.orders.types import LineState
from staveworks.trade.orders.usecases.decide_approval import end_approval

TAKEN_BACK = "占住的时间被服务方关闭了 / its provider has closed a time that was held"
LAPSING = (LineState.AWAITING_APPROVAL, LineState.PLACED, LineState.DELIVERED)


def list_lapsed(*, limit: int = 500) -> Sequence[tuple[UUID, UUID]]:
    """(buyer, line) of all lines whose deadline has passed, the oldest first; and of those that wait for an approval which can't be
    given any more, since a provider has closed what they held. Under the cross role."""
    every = Row.objects.using("cross")
    due = every.filter(state__in=LAPSING, deadline_at__lte=DatabaseClock())
    asked = every.filter(state=LineState.AWAITING_APPROVAL)
    chains = {chain for chain in asked.values_list("chain_id", flat=True) if chain}
    broken = asked.filter(chain_id__in=list_broken(chains))
    found = [each.order_by("deadline_at").values_list("buyer_org_id", "id")[:limit] for each in (due, broken)]
    return list(dict.fromkeys(line for each in found for line in each))


@use_case
def lapse_line(actor: Actor, *, line_id: UUID) -> bool:
    """For the buyer's organisation: whether there was anything to do."""
    row = Row.objects.filter(id=line_id, buyer_org_id=actor.org).first()
    if row is None:
        return False
    lapse = {
        LineState.AWAITING_APPROVAL: _approval,
        LineState.PLACED: _unanswered,
        LineState.DELIVERED: _accepted,
    }.get(LineState(row.state))
    return lapse is not None and lapse(actor, row)


def _approval(actor: Actor, row: Row) -> bool:
    order = lock_order(actor, row.order_id)
    asked = Row.objects.filter(id=row.id, state=LineState.AWAITING_APPROVAL)
    over = asked.filter(deadline_at__lte=DatabaseClock()).exists()
    if not over and not (asked.exists() and _taken_back(actor, row)):
        return False
    end_approval(actor, order, "lapsed", reason="" if over else TAKEN_BACK)
    append_event(actor, "approval.lapsed", subject=order.id)
    return True


def _taken_back(actor: Actor, row: Row) -> bool:
    held = list_reservations(actor, chain_id=row.chain_id) if row.chain_id else []
    return any(each.state in (State.RELEASED, State.EXPIRED) for each in held)


def _unanswered(actor: Actor, row: Row) -> bool:
    due = Row.objects.filter(id=row.id, state=LineState.PLACED, deadline_at__lte=DatabaseClock())
    if not due.update(state=LineState.EXPIRED, deadline_at=None):
        return False
    let_go(actor, row, "not answered in time")
    note(actor, "line.expired", row)
    return True


def _accepted(actor: Actor, row: Row) -> bool:
    due = Row.objects.filter(id=row.id, state=LineState.DELIVERED, deadline_at__lte=DatabaseClock())
    if not due.update(state=LineState.ACCEPTED, accepted_fen=F("price_fen"), deadline_at=None):
        return False
    note(actor, "line.accepted", row, accepted_fen=row.price_fen, by_itself=True)
    return True
