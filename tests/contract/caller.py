"""Tokens for the tests' people, and a client that sends one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.test import Client

from staveworks.db.transaction import acting
from staveworks.foundation.parties.domain import digest_of
from staveworks.foundation.parties.models import Token
from staveworks.foundation.parties.rights import RIGHTS
from staveworks.foundation.parties.types import Actor


def make_token(actor: Actor, scopes: Iterable[str] = RIGHTS, *, secret: str = "") -> str:
    """A live token of ``actor``; by default with every scope."""
    secret = secret or f"token-of-{actor.person_id}"
    with acting(org=actor.org, person=actor.person_id):
        Token.objects.create(
            org_id=actor.org,
            person_id=actor.person_id,
            name="test",
            token_digest=digest_of(secret),
            scopes=list(scopes),
        )
    return secret


class Caller(Client):
    """Calls the API with a token; ``for_org`` acts for another organisation."""

    def __init__(self, token: str | None = None, *, for_org: UUID | None = None, **defaults: Any) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if for_org:
            headers["staveworks-organisation"] = str(for_org)
        super().__init__(headers=headers, **defaults)
