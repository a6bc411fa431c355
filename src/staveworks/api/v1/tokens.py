"""Tokens of the organisation. They are made in the browser only, by a person."""

from datetime import datetime
from uuid import UUID

from ninja import Query

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import Nothing, Out
from staveworks.foundation.parties.queries import list_tokens
from staveworks.foundation.parties.usecases.issue_token import withdraw_token
from staveworks.kit.text import Text

router = Resource("tokens")
MANAGE = right("token.manage")


class TokenOut(Out):
    id: UUID
    name: str
    person: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    live: bool


@router.read("", says=Text(zh="列出令牌", en="List tokens"), door=MANAGE, answer=Page[TokenOut])
def list_all_tokens(request: Call, paging: Query[Paging]) -> Page[TokenOut]:
    """The newest first; never the token itself."""
    return page_of_all(
        list_tokens(request.auth),
        paging=paging,
        listing="tokens",
        key=lambda token: (token.created_at.isoformat(), str(token.id)),
        show=TokenOut.model_validate,
        newest_first=True,
    )


@router.effect(
    "DELETE",
    "/{uuid:token}",
    says=Text(zh="撤回令牌", en="Withdraw a token"),
    door=MANAGE,
    answer=Nothing,
    takes=None,
)
def withdraw_one_token(request: Call, token: UUID) -> Nothing:
    """Stops working at once."""
    withdraw_token(request.auth, token_id=token)
    return Nothing()
