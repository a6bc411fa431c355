"""Who comes with a token: its person in its organisation, within its scopes."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.parties.domain import digest_of
from staveworks.foundation.parties.models import Token
from staveworks.foundation.parties.queries import actor_for
from staveworks.foundation.parties.types import Actor, OrganisationNotFound
from staveworks.kit.errors import NotAllowed
from staveworks.kit.text import Text

NOTED_EVERY = timedelta(minutes=1)


class TokenUnknown(NotAllowed):
    text = Text(zh="令牌无效、已撤回或已过期。", en="The token is unknown, withdrawn or expired.")


def actor_for_token(secret: str, *, for_org: UUID | None = None) -> Actor:
    """The token's actor, never with more rights than her scopes; ``for_org`` is another organisation she acts for.

    Raises ``TokenUnknown`` (also when she has left the organisation), ``OrganisationNotFound`` for ``for_org``.
    """
    token = _live_token(digest_of(secret))
    try:
        actor = actor_for(token.person_id, token.org_id)
    except OrganisationNotFound:
        raise TokenUnknown from None
    if for_org is not None and for_org != token.org_id:
        actor = actor_for(token.person_id, for_org, via_org_id=token.org_id)
    return actor.narrowed_to(frozenset(token.scopes))


def _live_token(digest: str) -> Token:
    """Found by the digest alone; that it was used is noted at most once a minute."""
    now = timezone.now()
    with acting(token=digest):
        token = Token.objects.filter(token_digest=digest, withdrawn_at=None).select_related("person").first()
        if token is None or not token.person.is_active or (token.expires_at and token.expires_at <= now):
            raise TokenUnknown
        if token.used_at is None or token.used_at < now - NOTED_EVERY:
            Token.objects.filter(id=token.id).update(used_at=now)
    return token
