"""The operator confirms that an organisation is what it says it is: from then on grants to its kind reach it. Or takes it back."""

from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.facts.models import ConfirmedKind
from staveworks.foundation.facts.types import CONFIRMED_KINDS, KindNotStated
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, Kind


@use_case
def confirm_kind(actor: Actor, *, org_id: UUID, kind: Kind) -> None:
    """At the city it has now; confirming again after it moved is a new look. Raises ``RightMissing``, ``KindNotStated``."""
    actor.require("kind.confirm")
    stated = Organisation.objects.filter(id=org_id, kinds__contains=[kind], merged_into=None).first()
    if kind not in CONFIRMED_KINDS or stated is None:
        raise KindNotStated
    live = ConfirmedKind.objects.filter(org_id=org_id, kind=kind, withdrawn_at=None)
    if live.filter(place=stated.city_id or "").exists():
        return
    live.update(withdrawn_at=Now())
    row = ConfirmedKind(
        org_id=org_id,
        kind=kind,
        place=stated.city_id or "",
        confirmed_by_org_id=actor.org,
        confirmed_by_id=actor.person_id,
    )
    ConfirmedKind.objects.bulk_create([row], ignore_conflicts=True)
    append_event(actor, "kind.confirmed", subject=org_id, kind=kind)


@use_case
def unconfirm_kind(actor: Actor, *, org_id: UUID, kind: Kind) -> None:
    """Grants to the kind reach it no more, at once. Raises ``RightMissing``, ``KindNotStated`` where it wasn't confirmed."""
    actor.require("kind.confirm")
    live = ConfirmedKind.objects.filter(org_id=org_id, kind=kind, withdrawn_at=None)
    if not live.update(withdrawn_at=Now()):
        raise KindNotStated
    append_event(actor, "kind.unconfirmed", subject=org_id, kind=kind)
