"""Keys for programs, and the actor that one stands for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from staveworks.db.transaction import acting, query
from staveworks.foundation.parties.domain import digest_of
from staveworks.foundation.parties.models import Token
from staveworks.foundation.parties.queries.actors import actor_for
from staveworks.foundation.parties.rights import STEWARDING
from staveworks.foundation.parties.types import Actor, OrganisationNotFound, RightMissing, TokenNotFound

NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A token as its organisation sees it; the token itself is told only once, when it is issued."""

    id: UUID
    name: str
    person: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    live: bool


@query
def list_tokens(actor: Actor) -> list[TokenRecord]:
    """Tokens of the actor's organisation, live ones first. Raises ``RightMissing``."""
    actor.require("token.manage")
    now = timezone.now()
    found = Token.objects.filter(org_id=actor.org).select_related("person").order_by("-created_at")
    records = [
        TokenRecord(
            token.id,
            token.name,
            token.person.name,
            tuple(token.scopes),
            token.created_at,
            token.expires_at,
            token.used_at,
            token.withdrawn_at is None and (token.expires_at is None or token.expires_at > now),
        )
        for token in found
    ]
    return sorted(records, key=lambda record: not record.live)


def actor_for_token(token: str, *, for_org: UUID | None = None) -> Actor:
    """The token's person in its organisation, with no more than its scopes and no more than she may herself today;
    ``for_org`` names another organisation that she acts for from there: as steward only with the scope for it.

    Raises ``TokenNotFound`` for anything that doesn't work, whatever the reason; ``OrganisationNotFound`` for ``for_org``,
    ``RightMissing`` without that scope.
    """
    digest, now = digest_of(token), timezone.now()
    with acting(token=digest):
        alive = Q(expires_at=None) | Q(expires_at__gt=now)
        found = Token.objects.filter(
            alive, token_digest=digest, withdrawn_at=None, person__is_active=True
        ).first()
        if found is None:
            raise TokenNotFound
        if found.used_at is None or found.used_at < now - NOTED_EVERY:
            Token.objects.filter(id=found.id).update(used_at=now)
    try:
        actor = actor_for(found.person_id, found.org_id)
    except OrganisationNotFound:
        raise TokenNotFound from None
    if for_org is not None and for_org != found.org_id:
        actor = actor_for(found.person_id, for_org, via_org_id=found.org_id)
        if actor.via_org_id and not actor.mandate_id and STEWARDING not in found.scopes:
            raise RightMissing(STEWARDING)
    return actor.narrowed_to(frozenset(found.scopes))
