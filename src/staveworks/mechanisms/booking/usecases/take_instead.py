"""Take an alternative: a free time, perhaps of another provider, in the place of a line of a draft."""

from datetime import datetime
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.booking.alternatives import request_for
from staveworks.mechanisms.booking.mechanism import NO_MOMENT, find_resource, wanted_span
from staveworks.mechanisms.booking.types import NotABooking, SlotRefused
from staveworks.trade.catalogue.queries import access_version
from staveworks.trade.orders.pricing import as_reader
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import Added
from staveworks.trade.orders.usecases.fill_order import swap_line


@use_case
def take_instead(actor: Actor, *, line_id: UUID, version_id: UUID, starts_at: str) -> Added:
    """As long and as many as the line asked for, with its other answers. Nothing is held yet.

    Raises ``RightMissing``, ``LineNotFound``, ``OfferNotFound``, ``NotABooking``, ``SlotRefused``, and whatever ``swap_line`` raises.
    """
    actor.require("order.place")
    line = access_line(actor, line_id=line_id)
    reader = as_reader(actor)
    was = find_resource(access_version(reader, version_id=line.version_id).content.terms or {})
    lent = find_resource(access_version(reader, version_id=version_id).content.terms or {})
    if was is None or lent is None:
        raise NotABooking
    try:
        start = datetime.fromisoformat(starts_at)
    except ValueError:
        raise SlotRefused(NO_MOMENT, field="starts_at") from None
    if start.tzinfo is None:
        raise SlotRefused(NO_MOMENT, field="starts_at")
    span = wanted_span(was, line.request).moved_to(start)
    asked = request_for(lent, line.request, wanted=span, units=int(line.request.get("quantity", 1)))
    return swap_line(actor, line_id=line_id, version_id=version_id, request=asked)
