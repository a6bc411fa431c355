"""What others have granted to us: whose, for what, and the parts of a profile that they show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from staveworks.db.transaction import query
from staveworks.foundation.facts.live import Live
from staveworks.foundation.facts.models import Grant
from staveworks.foundation.facts.types import Field, Purpose, plainly
from staveworks.foundation.parties.models import Profile
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """A firm shows the actor's organisation ``fields`` for ``purpose``. The name is public; nothing is read yet."""

    firm: UUID
    name: Text
    uscc: str | None
    city: Text | None
    purpose: Purpose
    fields: tuple[Field, ...]
    since: datetime
    until: datetime | None


@query
def list_held(
    actor: Actor, *, purpose: Purpose | None = None, words: str = "", offset: int = 0, limit: int = 50
) -> tuple[list[HeldGrant], int]:
    """Who grants the actor's organisation something now, by name, and how many there are. Raises ``RightMissing``."""
    actor.require("grant.read")
    found = Grant.objects.filter(Live("during", "withdrawn_at")).exclude(org_id=actor.org)
    if purpose:
        found = found.filter(purpose=purpose)
    if words:
        found = found.filter(org__name__icontains=words)
    found = found.select_related("org", "org__city").order_by("org__sort_key", "org_id", "purpose", "id")
    rows: dict[tuple[UUID, str], HeldGrant] = {}
    for grant in found:
        rows[grant.org_id, grant.purpose] = _held(grant, rows.get((grant.org_id, grant.purpose)))
    listed = list(rows.values())
    return listed[offset : offset + limit], len(listed)


def _held(grant: Grant, before: HeldGrant | None) -> HeldGrant:
    """An organisation may be reached twice, by its name and by its kind: together they show what either does."""
    city, firm = grant.org.city, grant.org
    fields = {*grant.fields, *(before.fields if before else ())}
    return HeldGrant(
        firm=grant.org_id,
        name=title_of(firm.name, firm.name_en),
        uscc=firm.uscc,
        city=Text(zh=city.name_zh, en=city.name_en) if city else None,
        purpose=Purpose(grant.purpose),
        fields=plainly(fields),
        since=min(grant.given_at, before.since) if before else grant.given_at,
        until=grant.during.upper,
    )


def granted_fields(actor: Actor, *, firm: UUID, purpose: Purpose) -> frozenset[Field]:
    """The fields that ``firm`` shows the actor's organisation for ``purpose`` now, wider and narrower (inside a transaction)."""
    found = Grant.objects.filter(Live("during", "withdrawn_at"), org_id=firm, purpose=purpose)
    held = found.exclude(org_id=actor.org).values_list("fields", flat=True)
    return frozenset(Field(field) for fields in held for field in fields)


OUTLINE = ("business_type", "products", "website", "staff", "staff_approximate")
REST = ("contact", "phones", "email", "address")


def outline_of(firm: UUID) -> dict[str, object] | None:
    """Inside a reading: the outline of a firm's profile, through the view that has no more than that."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(OUTLINE)} FROM parties_outline WHERE org_id = %s", [firm])
        row = cursor.fetchone()
    return dict(zip(OUTLINE, row, strict=True)) if row else None


def profile_of(firm: UUID) -> dict[str, object] | None:
    """Inside a reading: the whole profile, without the steward's note."""
    found = Profile.objects.filter(org_id=firm).values_list(*OUTLINE, *REST).first()
    return dict(zip((*OUTLINE, *REST), found, strict=True)) if found else None
