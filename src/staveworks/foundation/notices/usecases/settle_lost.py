"""Deliveries whose sender died: their outcome is unknown. Again where the way allows it, else given up for a person to decide."""

from itertools import groupby

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.notices.claiming import Claim
from staveworks.foundation.notices.gateways import route_for
from staveworks.foundation.notices.messages.types import Channel, DeliveryState
from staveworks.foundation.notices.models import Delivery
from staveworks.foundation.notices.outcomes import UNKNOWN, Outcome, record
from staveworks.foundation.notices.recipients import usual_hours, zone_of
from staveworks.foundation.parties.types import Actor


@use_case
def settle_lost(actor: Actor) -> int:
    """Settle the actor's organisation's deliveries whose lease is over; how many messages they were."""
    over = Delivery.objects.filter(
        org_id=actor.org, state=DeliveryState.SENDING, lease_until__lt=Now(), batch__isnull=False
    )
    rows = list(over.select_for_update(skip_locked=True).order_by("batch", "id"))
    settled, hours = 0, usual_hours(zone_of(actor.org))
    for leader, held in groupby(rows, key=lambda row: row.batch):
        members = list(held)
        first = members[0]
        assert leader, "by the filter"
        assert first.lease_until, "by the filter"
        claim = Claim(leader, tuple(row.id for row in members), first.attempts, first.lease_until)
        settled += record(claim, Outcome(UNKNOWN, again=_repeats(first)), hours)
    return settled


def _repeats(row: Delivery) -> bool:
    route = route_for(row.operator_id, Channel(row.channel), org=row.org_id, gateway=row.gateway_id)
    return route is not None and route.open().repeats
