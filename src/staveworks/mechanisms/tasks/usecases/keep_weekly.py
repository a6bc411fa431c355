"""A provider says how many units it takes a week; changes how many."""

from uuid import UUID

from django.db import IntegrityError, transaction

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.types import CapacityInUse, Kind
from staveworks.foundation.reservation.usecases.register_resource import change_capacity, register_resource
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.models import Weekly
from staveworks.mechanisms.tasks.terms import clean
from staveworks.mechanisms.tasks.types.weekly import WeeklyInUse, WeeklyInvalid, WeeklyNotFound

LONGEST, MOST = 120, 1_000_000
NO_UNITS = Text(zh="填 1 到 1000000 的整数。", en="A whole number from 1 to 1000000.")
TAKEN = Text(zh="已有同名的。", en="There is one of this name.")


@use_case
def keep_weekly(actor: Actor, *, name: Text, units: int) -> UUID:
    """The id by which terms of offers name it. Raises ``RightMissing``, ``WeeklyInvalid`` at ``name`` or ``units``."""
    actor.require("offer.manage")
    zh, en = clean(name.zh), clean(name.en)
    if not zh or not en or max(len(zh), len(en)) > LONGEST:
        raise WeeklyInvalid(field="name")
    made = register_resource(actor, kind=Kind.COUNTED, capacity=_checked(units))
    try:
        with transaction.atomic():
            Weekly.objects.create(resource_id=made, org_id=actor.org, name=zh, name_en=en)
    except IntegrityError:
        raise WeeklyInvalid(TAKEN, field="name") from None
    append_event(actor, "weekly.kept", subject=made, units=units)
    return made


@use_case
def change_weekly(actor: Actor, *, weekly_id: UUID, units: int) -> None:
    """From now on, in every week to come. Raises ``RightMissing``, ``WeeklyNotFound``, ``WeeklyInvalid``, ``WeeklyInUse``."""
    actor.require("offer.manage")
    if not Weekly.objects.filter(resource_id=weekly_id, org_id=actor.org).exists():
        raise WeeklyNotFound
    try:
        change_capacity(actor, resource_id=weekly_id, capacity=_checked(units))
    except CapacityInUse:
        raise WeeklyInUse(field="units") from None
    append_event(actor, "weekly.changed", subject=weekly_id, units=units)


def _checked(units: int) -> int:
    if not 1 <= units <= MOST:
        raise WeeklyInvalid(NO_UNITS, field="units")
    return units
