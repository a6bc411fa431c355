"""Give back what isn't used, with the reason."""

from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.models import Reservation as Row
from staveworks.foundation.reservation.rows import locked, reservation_of
from staveworks.foundation.reservation.types import Reservation, ReservationNotFound, State

UNUSED = (State.HELD, State.COMMITTED, State.MAINTENANCE)


@use_case
def release(
    actor: Actor,
    *,
    reason: str,
    chain_id: UUID | None = None,
    subject_id: UUID | None = None,
    reservation_id: UUID | None = None,
    only: State | None = None,
) -> list[Reservation]:
    """The reservations that were given back, whole or in their rest; by the holder or the resource's owner.

    Names one chain, one subject or one reservation. What is over already (used up, expired, released) stays as it is, so
    that a release may be repeated. A unit in use is free from now on. ``only``: none but those in that state.
    Raises ``ReservationNotFound``.
    """
    named = {"chain_id": chain_id, "subject_id": subject_id, "id": reservation_id}
    ((column, value),) = [(column, value) for column, value in named.items() if value is not None]
    rows = [row for row in locked(Row.objects.filter(**{column: value})) if only in (None, row.state)]
    if not rows:
        raise ReservationNotFound
    unused = [row.id for row in rows if row.state in UNUSED]
    begun = [row.id for row in rows if row.state == State.IN_USE]
    Row.objects.filter(id__in=unused, state__in=UNUSED).update(state=State.RELEASED, reason=reason[:200])
    Row.objects.filter(id__in=begun, state=State.IN_USE).update(state=State.CONSUMED, reason=reason[:200])
    if unused or begun:
        append_event(actor, "reservation.released", subject=value, count=len(unused) + len(begun))
    return [
        reservation_of(row) for row in Row.objects.filter(id__in=unused + begun).order_by("place", "unit")
    ]
