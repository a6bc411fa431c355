"""From rows to the values that queries return."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q

from staveworks.mechanisms.dispatch.domain.windows import Said
from staveworks.mechanisms.dispatch.models import Confirmation, WindowStatement, WorkCentre
from staveworks.mechanisms.dispatch.types.calendar import Calendar
from staveworks.mechanisms.dispatch.types.centres import Capability, Centre, Certificate, Per

SAID = (
    *("centre_id", "org_id", "declared_at"),
    *("number", "first_date", "last_date", "day_hours", "percent"),
)


def calendar_of(row: WorkCentre) -> Calendar:
    return Calendar(tuple(row.weekday_hours), row.holidays)


def centre_of(row: WorkCentre) -> Centre:
    """With its capabilities and certificates, which the caller has prefetched."""
    return Centre(
        id=row.id,
        name=row.name,
        operation=row.operation,
        city=row.city_id,
        grade=row.grade,
        calendar=calendar_of(row),
        setup_hours=row.setup_hours,
        capabilities=tuple(
            Capability(
                each.family,
                each.price,
                each.speed,
                Per(each.per),
                each.day_hours,
                each.price_fen,
                each.unit_hours,
            )
            for each in sorted(row.capabilities.all(), key=lambda each: each.family)
        ),
        certificates=tuple(
            Certificate(each.code, each.number, each.expires_date, each.file_id)
            for each in sorted(row.certificates.all(), key=lambda each: each.code)
        ),
        closed_at=row.closed_at,
    )


def confirmations_at(now: datetime, firms: Iterable[UUID] | None = None) -> dict[UUID, datetime]:
    """When each firm last confirmed, of those whose rows are seen."""
    rows = Confirmation.objects.filter(at__lte=now)
    if firms is not None:
        rows = rows.filter(org_id__in=list(firms))
    return dict(rows.values_list("org_id").annotate(last=Max("at")))


def confirmed_at(declared_at: datetime, last: datetime | None) -> datetime:
    """A statement is confirmed by being said, and by every confirmation of its firm after that (``last``)."""
    return max(declared_at, last) if last else declared_at


def said_at(
    now: datetime, *, since: date, confirmed: Mapping[UUID, datetime], centres: Iterable[UUID] | None = None
) -> dict[UUID, list[Said]]:
    """What stood at ``now`` and reaches ``since`` or a later day, by work centre, in the order in which it was said.

    Of ``centres``, or of all that are seen. Values and no rows: a page of all firms reads a thousand.
    """
    rows = WindowStatement.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=now), declared_at__lte=now, last_date__gte=since
    )
    if centres is not None:
        rows = rows.filter(centre_id__in=list(centres))
    found: dict[UUID, list[Said]] = {}
    for centre, firm, declared_at, number, first, last, hours, percent in rows.order_by(
        "centre_id", "number"
    ).values_list(*SAID):
        said = Said(number, first, last, hours, percent, confirmed_at(declared_at, confirmed.get(firm)))
        found.setdefault(centre, []).append(said)
    return found
