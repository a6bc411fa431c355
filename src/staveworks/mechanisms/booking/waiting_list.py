"""The waiting list of a resource: who is in it, in the order of joining, and which free time somebody's wish fits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from staveworks.foundation.parties.types import title_of
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.kit.waiting import Waiting
from staveworks.mechanisms.booking.free import free_between, local_day
from staveworks.mechanisms.booking.models import Bookable
from staveworks.mechanisms.booking.models import Wish as Row
from staveworks.mechanisms.booking.types import OPEN_WISHES, Resource, Wish, WishState

WITH = ("resource", "buyer_org", "provider_org")


def lock_list(resource_id: UUID) -> None:
    """Nobody else serves this waiting list until the transaction ends: of two times that come free at once, the first in line
    gets one and the second the other."""
    list(Bookable.objects.select_for_update(no_key=True).filter(resource_id=resource_id).values_list("pk"))


def in_line(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Who joined first comes first."""
    return rows.order_by("made_at", "id")


def times_for(row: Row, resource: Resource, *, now: datetime) -> Iterator[Span]:
    """Free times that a wish fits, the earliest first."""
    soonest = max(row.earliest_at, now)
    if soonest >= row.latest_at:
        return
    days = (local_day(resource, moment) for moment in (soonest, row.latest_at))
    for slot in free_between(resource, *days, minutes=row.minutes, now=now, wanted=row.units):
        if row.earliest_at <= slot.starts_at and slot.ends_at <= row.latest_at:
            yield slot


def request_at(row: Row, starts_at: datetime) -> dict[str, object]:
    """What is asked of the offer, with the time that was found."""
    return dict(row.request) | {"starts_at": starts_at.isoformat()}


def list_lists(*, limit: int = 500) -> Sequence[tuple[UUID, UUID]]:
    """(provider, resource) of all waiting lists with somebody in them. Under the cross role."""
    found = Row.objects.using("cross").filter(state__in=OPEN_WISHES)
    return list(
        found.order_by("resource_id").values_list("provider_org_id", "resource_id").distinct()[:limit]
    )


def times_to_take(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the buyer: times that are kept for it, until they aren't any more."""
    found = Row.objects.using("default" if org else "cross").filter(state=WishState.KEPT)
    found = found.filter(buyer_org_id=org) if org else found
    found = found.filter(id=subject) if subject else found
    return [
        Waiting(
            each.buyer_org_id,
            each.id,
            each.moved_at,
            due_at=each.kept_until,
            params={"firm": str(each.provider_org_id)},
        )
        for each in found
    ]


def wishes_of(rows: Iterable[Row]) -> list[Wish]:
    return [wish_of(row) for row in rows]


def wish_of(row: Row) -> Wish:
    """``row`` comes with ``WITH`` selected."""
    return Wish(
        id=row.id,
        resource_id=row.resource_id,
        resource=Text(zh=row.resource.name_zh, en=row.resource.name_en),
        offer_id=row.offer_id,
        buyer_org=row.buyer_org_id,
        buyer=title_of(row.buyer_org.name, row.buyer_org.name_en),
        provider_org=row.provider_org_id,
        provider=title_of(row.provider_org.name, row.provider_org.name_en),
        request=row.request,
        units=row.units,
        minutes=row.minutes,
        earliest_at=row.earliest_at,
        latest_at=row.latest_at,
        state=WishState(row.state),
        starts_at=row.starts_at,
        kept_until=row.kept_until,
        line_id=row.line_id,
        made_at=row.made_at,
        moves=row.moves_id,
    )
