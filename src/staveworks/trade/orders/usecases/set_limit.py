"""Above which amount an order of the firm needs somebody else's approval."""

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.models import Limit
from staveworks.trade.orders.types import LimitInvalid


@use_case
def set_limit(actor: Actor, *, limit_fen: int | None) -> None:
    """None: as the cluster's rule says. Orders that await approval keep the limit they were asked under.

    Raises ``RightMissing``, ``LimitInvalid``.
    """
    actor.require("order.limit")
    if limit_fen is None:
        Limit.objects.filter(org_id=actor.org).delete()
    elif limit_fen < 0:
        raise LimitInvalid(field="limit")
    else:
        Limit.objects.update_or_create(
            org_id=actor.org,
            defaults={"limit_fen": limit_fen, "set_by_id": actor.person_id, "set_at": Now()},
        )
    append_event(actor, "order_limit.set", subject=actor.org, limit_fen=limit_fen)
