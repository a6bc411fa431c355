"""Ask to be moved to an earlier time: in line like everybody, and nothing is given up before something earlier is taken."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from staveworks.db.clock import database_now
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.booking.mechanism import MECHANISM, find_resource
from staveworks.mechanisms.booking.models import Wish as Row
from staveworks.mechanisms.booking.types import CannotMove, WaitsAlready, WindowInvalid
from staveworks.mechanisms.booking.usecases.make_wish import NARROW
from staveworks.trade.catalogue.queries import access_version
from staveworks.trade.orders.pricing import as_reader
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import LineNotFound
from staveworks.trade.orders.usecases.end_line import CANCELLABLE


@use_case
def ask_to_move(actor: Actor, *, line_id: UUID, earliest_at: datetime) -> UUID:
    """The id of the place in the list, for a time from ``earliest_at`` on that begins before the one that is booked.

    Raises ``RightMissing``, ``LineNotFound``, ``CannotMove``, ``WindowInvalid``, ``WaitsAlready``.
    """
    actor.require("order.place")
    reader = as_reader(actor)
    line = access_line(reader, line_id=line_id)
    if line.buyer_org != actor.org:
        raise LineNotFound
    starts_at, due_at = line.quote.starts_at, line.quote.due_at
    resource = find_resource(access_version(reader, version_id=line.version_id).content.terms or {})
    if line.mechanism != MECHANISM.code or resource is None or resource.withdrawn:
        raise CannotMove
    now = database_now()
    if starts_at is None or due_at is None or line.state not in CANCELLABLE or starts_at <= now:
        raise CannotMove
    earliest_at = max(earliest_at, now)  # earlier there is nothing
    if earliest_at >= starts_at:
        raise WindowInvalid(NARROW, field="earliest_at")
    asked = {name: value for name, value in line.request.items() if name != "starts_at"}
    row = Row(
        id=new_id(),
        resource_id=resource.id,
        provider_org_id=line.provider_org,
        buyer_org_id=actor.org,
        offer_id=line.offer_id,
        moves_id=line.id,
        request=asked,
        units=int(asked.get("quantity", 1)),
        minutes=(due_at - starts_at) // timedelta(minutes=1),
        earliest_at=earliest_at,
        latest_at=due_at - timedelta(minutes=resource.rules.grid),
        made_by_id=actor.person_id,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise WaitsAlready from None
    append_event(actor, "wish.made", subject=row.id, resource=resource.id)
    return row.id
