"""What organisations say they are, and which of it the operator has confirmed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from staveworks.db.transaction import query
from staveworks.foundation.facts.models import ConfirmedKind
from staveworks.foundation.facts.types import CONFIRMED_KINDS
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, Kind, title_of
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class StatedKind:
    """An organisation says it is of this kind; ``confirmed_at`` None: nobody has checked, or it has moved since."""

    org_id: UUID
    name: Text
    uscc: str | None
    city: Text | None
    kind: Kind
    stated_at: datetime
    confirmed_at: datetime | None


@query
def list_stated_kinds(actor: Actor) -> list[StatedKind]:
    """Institutions with what they say they are, those that wait first. Raises ``RightMissing``."""
    actor.require("kind.confirm")
    stated = Organisation.objects.filter(kinds__overlap=list(CONFIRMED_KINDS), merged_into=None)
    held = {
        (org, kind, place): at
        for org, kind, place, at in ConfirmedKind.objects.filter(withdrawn_at=None).values_list(
            "org_id", "kind", "place", "confirmed_at"
        )
    }
    rows = [
        StatedKind(
            org_id=each.id,
            name=title_of(each.name, each.name_en),
            uscc=each.uscc,
            city=Text(zh=each.city.name_zh, en=each.city.name_en) if each.city else None,
            kind=Kind(kind),
            stated_at=each.created_at,
            confirmed_at=held.get((each.id, kind, each.city_id or "")),
        )
        for each in stated.select_related("city").order_by("sort_key", "id")
        for kind in each.kinds
        if Kind(kind) in CONFIRMED_KINDS
    ]
    return sorted(rows, key=lambda row: row.confirmed_at is not None)


def is_confirmed(org_id: UUID) -> bool:
    """Whether it is the platform's operator, or somebody has checked what it says it is."""
    if Organisation.objects.filter(id=org_id, kinds__contains=[Kind.PLATFORM]).exists():
        return True
    return ConfirmedKind.objects.filter(org_id=org_id, withdrawn_at=None).exists()
