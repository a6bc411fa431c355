"""When the next buyer can begin changes with every booking: the listing asks the mechanisms' calendars again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from staveworks.db.transaction import query, use_case
from staveworks.foundation.parties.types import Actor
from staveworks.trade.catalogue.mechanisms import mechanism_of, mechanisms
from staveworks.trade.catalogue.models import Listing
from staveworks.trade.catalogue.rows import version_of


@query
def list_calendars(actor: Actor) -> list[tuple[UUID, str]]:
    """Providers with the ways of delivery that have a calendar, also where nothing is free at the moment."""
    timed = [each.code for each in mechanisms() if each.has_calendar]
    pairs = Listing.objects.filter(mechanism__in=timed).values_list("provider_org_id", "mechanism")
    return sorted(set(pairs))


@use_case
def renew_free(actor: Actor, *, mechanism: str) -> int:
    """Of the actor's listed offers of one way of delivery, how many moved."""
    actor.require("offer.manage")
    found = Listing.objects.filter(provider_org_id=actor.org, mechanism=mechanism).select_related("version")
    rows = {each.offer_id: each for each in found.order_by("offer_id")}
    free = mechanism_of(mechanism).next_free([version_of(each.version) for each in rows.values()])
    moved = [(rows[offer], at) for offer, at in sorted(free.items()) if rows[offer].next_free_at != at]
    return _write(moved)


def _write(moved: Sequence[tuple[Listing, datetime | None]]) -> int:
    """What a version published meanwhile says of itself stands."""
    return sum(
        Listing.objects.filter(offer_id=row.offer_id, version_id=row.version_id).update(next_free_at=at)
        for row, at in moved
    )
