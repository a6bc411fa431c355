"""A key for programs that act as a person in her organisation, within scopes; and its end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.domain import digest_of, new_token
from staveworks.foundation.parties.models import Token
from staveworks.foundation.parties.rights import reach_of
from staveworks.foundation.parties.types import Actor, NameMissing, ScopesInvalid, TokenNotFound
from staveworks.kit.ids import new_id

PREFIX = "sw_"


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """``token`` is told once; only its digest is kept."""

    id: UUID
    token: str


@use_case
def issue_token(
    actor: Actor, *, name: str, scopes: Collection[str], expires_at: datetime | None = None
) -> IssuedToken:
    """Raises ``RightMissing``, ``NameMissing``, ``ScopesInvalid`` (none, or a right that the issuer lacks here and for
    whoever she acts for from here, ``rights.reach_of``)."""
    actor.require("token.manage")
    if not name.strip():
        raise NameMissing(field="name")
    if not scopes or not set(scopes) <= reach_of(actor):
        raise ScopesInvalid(field="scopes")
    issued = IssuedToken(new_id(), PREFIX + new_token())
    Token.objects.create(
        id=issued.id,
        org_id=actor.org,
        person_id=actor.person,
        name=name.strip()[:80],
        token_digest=digest_of(issued.token),
        scopes=sorted(scopes),
        expires_at=expires_at,
    )
    append_event(actor, "token.issued", subject=issued.id, scopes=sorted(scopes))
    return issued


@use_case
def withdraw_token(actor: Actor, *, token_id: UUID) -> None:
    """Stops working at once. Raises ``RightMissing``, ``TokenNotFound``."""
    actor.require("token.manage")
    if not Token.objects.filter(id=token_id, org_id=actor.org, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    ):
        raise TokenNotFound
    append_event(actor, "token.withdrawn", subject=token_id)
