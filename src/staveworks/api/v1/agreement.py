"""The membership agreement: what the firm shows to its operator."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from staveworks.api.authentication import Call, seeing
from staveworks.api.operation import Resource, right
from staveworks.api.shapes import In, Nothing, Out
from staveworks.foundation.parties.queries import access_agreement
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement, withdraw_agreement
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.text import Text

router = Resource("agreement")
MANAGE = right("agreement.manage")


class AgreementOut(Out):
    """``shows``: what the operator may see, such as ``barrel`` and ``profile``."""

    id: UUID
    operator: UUID
    operator_name: str
    edition: str
    shows: list[str]
    accepted_at: datetime


class InForce(Out):
    agreement: AgreementOut | None


class AcceptAgreement(In):
    shows: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)]


@router.read(
    "", says=Text(zh="查看入会约定", en="Get the agreement"), door=right("organisation.read"), answer=InForce
)
def get_agreement(request: Call) -> InForce:
    """The one in force, null where there is none."""
    return _in_force(request.auth)


@router.effect(
    "PUT", "", says=Text(zh="接受入会约定", en="Accept the agreement"), door=MANAGE, answer=InForce
)
def accept_one_agreement(request: Call, body: AcceptAgreement) -> InForce:
    """Takes the place of the one before."""
    edition = rule_in_force("agreement.defaults").value["edition"]
    accept_agreement(request.auth, shows=body.shows, edition=edition)
    return _in_force(seeing(request.auth, "organisation.read"))


def _in_force(actor: Actor) -> InForce:
    found = access_agreement(actor)
    if found is None:
        return InForce(agreement=None)
    return InForce(
        agreement=AgreementOut(
            id=found.id,
            operator=found.operator_id,
            operator_name=found.operator,
            edition=found.edition,
            shows=sorted(found.shows),
            accepted_at=found.accepted_at,
        )
    )


@router.effect(
    "DELETE",
    "",
    says=Text(zh="撤回入会约定", en="Withdraw the agreement"),
    door=MANAGE,
    answer=Nothing,
    takes=None,
)
def withdraw_one_agreement(request: Call) -> Nothing:
    """The operator sees nothing more from this moment."""
    withdraw_agreement(request.auth)
    return Nothing()
