"""From rows to the values that queries return."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from staveworks.mechanisms.dispatch.domain.calendar import Calendar
from staveworks.mechanisms.dispatch.domain.windows import Said
from staveworks.mechanisms.dispatch.models import Confirmation, WindowStatement, WorkCentre
from staveworks.mechanisms.dispatch.types.centres import Capability, Centre, Certificate, Per


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


def said_of(row: WindowStatement, confirmed: Mapping[UUID, datetime]) -> Said:
    """A statement is confirmed by being said, and by every confirmation of its firm after that."""
    last = confirmed.get(row.org_id)
    when = max(row.declared_at, last) if last else row.declared_at
    return Said(row.number, row.first_date, row.last_date, row.day_hours, row.percent, when)


def statements_at(now: datetime, centres: Iterable[UUID]) -> dict[UUID, list[WindowStatement]]:
    """What stood at ``now`` of each work centre, in the order in which it was said."""
    found: dict[UUID, list[WindowStatement]] = {}
    rows = WindowStatement.objects.filter(centre_id__in=list(centres), declared_at__lte=now)
    for row in rows.order_by("centre_id", "number"):
        if row.withdrawn_at is None or row.withdrawn_at > now:
            found.setdefault(row.centre_id, []).append(row)
    return found
