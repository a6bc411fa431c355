"""A firm says what a work centre can do; says it anew; closes it."""

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.files.queries import access_file
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.checking import CheckedCentre, check_centre
from staveworks.mechanisms.dispatch.models import Capability, CentreCertificate, WorkCentre
from staveworks.mechanisms.dispatch.types.centres import (
    CentreClosed,
    CentreInvalid,
    CentreNameTaken,
    CentreNotFound,
    CentreSaid,
)


@use_case
def keep_centre(actor: Actor, *, said: CentreSaid) -> UUID:
    """The new work centre. Raises ``RightMissing``, ``CentreInvalid`` at its field, ``CentreNameTaken``,
    ``FileNotFound``."""
    actor.require("capacity.declare")
    checked = check_centre(said, city=said.city or _city_of(actor))
    row = WorkCentre(org_id=actor.org, **checked.columns)
    _saved(row)
    _put(actor, row.id, checked)
    append_event(actor, "work_centre.kept", subject=row.id, families=len(checked.capabilities))
    return row.id


@use_case
def change_centre(actor: Actor, *, centre_id: UUID, said: CentreSaid) -> None:
    """All of it as it is said now; windows stay. Raises ``RightMissing``, ``CentreNotFound``, ``CentreClosed``, ``CentreInvalid``,
    ``CentreNameTaken``."""
    actor.require("capacity.declare")
    row = open_centre(actor, centre_id)
    checked = check_centre(said, city=said.city or row.city_id)
    for column, value in checked.columns.items():
        setattr(row, column, value)
    _saved(row)
    Capability.objects.filter(centre_id=row.id).delete()
    CentreCertificate.objects.filter(centre_id=row.id).delete()
    _put(actor, row.id, checked)
    append_event(actor, "work_centre.changed", subject=row.id, families=len(checked.capabilities))


@use_case
def close_centre(actor: Actor, *, centre_id: UUID) -> None:
    """It is not dispatched any more. Raises ``RightMissing``, ``CentreNotFound``, ``CentreClosed``."""
    actor.require("capacity.declare")
    row = open_centre(actor, centre_id)
    WorkCentre.objects.filter(id=row.id).update(closed_at=Now())
    append_event(actor, "work_centre.closed", subject=row.id)


@use_case
def reopen_centre(actor: Actor, *, centre_id: UUID) -> None:
    """The undo of closing. Raises ``RightMissing``, ``CentreNotFound``, ``CentreNameTaken``."""
    actor.require("capacity.declare")
    row = WorkCentre.objects.select_for_update().filter(id=centre_id, org_id=actor.org).first()
    if row is None:
        raise CentreNotFound
    if row.closed_at is None:
        return
    row.closed_at = None
    _saved(row)
    append_event(actor, "work_centre.reopened", subject=row.id)


def open_centre(actor: Actor, centre_id: UUID) -> WorkCentre:
    """The firm's, locked. Raises ``CentreNotFound``, ``CentreClosed``."""
    row = WorkCentre.objects.select_for_update().filter(id=centre_id, org_id=actor.org).first()
    if row is None:
        raise CentreNotFound
    if row.closed_at is not None:
        raise CentreClosed
    return row


def _city_of(actor: Actor) -> str:
    code = Organisation.objects.filter(id=actor.org).values_list("city_id", flat=True).first()
    if code is None:
        raise CentreInvalid(field="city")
    return code


def _saved(row: WorkCentre) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise CentreNameTaken(field="name") from None


def _put(actor: Actor, centre_id: UUID, checked: CheckedCentre) -> None:
    for each in checked.certificates:
        if each["file_id"] is not None:
            access_file(actor, each["file_id"], "capacity.declare")
    Capability.objects.bulk_create(_rows(Capability, actor, centre_id, checked.capabilities))
    CentreCertificate.objects.bulk_create(_rows(CentreCertificate, actor, centre_id, checked.certificates))


def _rows[M: (Capability, CentreCertificate)](
    model: type[M], actor: Actor, centre_id: UUID, columns: Iterable[dict[str, object]]
) -> list[M]:
    return [model(org_id=actor.org, centre_id=centre_id, **each) for each in columns]
