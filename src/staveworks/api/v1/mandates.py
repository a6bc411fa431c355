"""代办: mandates that the organisation gave."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Nothing, Out
from staveworks.foundation.parties.queries import find_agent, list_mandates
from staveworks.foundation.parties.usecases.give_mandate import give_mandate, withdraw_mandate
from staveworks.kit.text import Text

router = Resource("mandates")
GIVE = right("mandate.give")


class MandateOut(Out):
    """``agent`` acts for ``firm`` within ``rights`` up to and including the day ``until``."""

    id: UUID
    firm: str
    agent: str
    rights: list[str]
    given_at: datetime
    until: date
    live: bool


class Give(In):
    """``agent``: a person's phone or e-mail, or an organisation's USCC."""

    agent: Annotated[str, Field(min_length=3, max_length=254)]
    rights: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=30)]
    until: date


class Given(Out):
    id: UUID


@router.read(
    "", says=Text(zh="列出委托", en="List mandates"), door=right("people.read"), answer=Page[MandateOut]
)
def list_given_mandates(request: Call, paging: Query[Paging]) -> Page[MandateOut]:
    """Those that the organisation gave, the newest first."""
    return page_of_all(
        list_mandates(request.auth),
        paging=paging,
        listing="mandates",
        key=lambda mandate: (mandate.given_at.isoformat(), str(mandate.id)),
        show=MandateOut.model_validate,
        newest_first=True,
    )


@router.effect("POST", "", says=Text(zh="委托代办", en="Give a mandate"), door=GIVE, answer=Given, status=201)
def give_one_mandate(request: Call, body: Give) -> Given:
    """Until a date, within rights that can be handed over."""
    request.auth.require("mandate.give")  # before anybody learns who has a phone number
    agent = find_agent(body.agent)
    return Given(id=give_mandate(request.auth, agent=agent, rights=body.rights, until=body.until))


@router.effect(
    "DELETE",
    "/{uuid:mandate}",
    says=Text(zh="撤回委托", en="Withdraw a mandate"),
    door=GIVE,
    answer=Nothing,
    takes=None,
)
def withdraw_one_mandate(request: Call, mandate: UUID) -> Nothing:
    """Ends at once."""
    withdraw_mandate(request.auth, mandate_id=mandate)
    return Nothing()
