"""Who is expected and doesn't come: after the grace of the resource her time is given back."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from staveworks.db.clock import database_now
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.booking.models import Bookable
from staveworks.trade.orders.models import Line
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import LineState, NotBegunYet, NotYet
from staveworks.trade.orders.usecases.end_line import record_no_show

CODE = "booking"


def list_expected() -> Sequence[tuple[UUID, UUID]]:
    """(provider, line) of confirmed bookings whose time has begun, the oldest first. Under the cross role."""
    begun = Line.objects.using("cross").filter(
        version__content__mechanism=CODE,
        state=LineState.CONFIRMED,
        quote__starts_at__lte=database_now().isoformat(timespec="seconds"),
    )
    return list(begun.order_by("placed_at", "id").values_list("provider_org_id", "id")[:500])


def give_back(actor: Actor, *, line_id: UUID) -> bool:
    """For the provider: whether the grace is over and the line has become a no-show. Again: nothing more happens."""
    quote = access_line(actor, line_id=line_id).quote
    rows = Bookable.objects.filter(resource_id__in=[ask.resource_id for ask in quote.asks])
    grace = max(rows.values_list("grace", flat=True), default=0)
    if quote.starts_at and quote.starts_at + timedelta(minutes=grace) > database_now():
        return False
    try:
        record_no_show(actor, line_id=line_id)
    except (NotYet, NotBegunYet):
        return False
    return True
