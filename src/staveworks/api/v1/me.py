"""Who calls: the person, the organisation she acts for, and what she may do there."""

from datetime import datetime
from typing import Any
from uuid import UUID

from staveworks.api.authentication import Call
from staveworks.api.operation import PERSON, Resource
from staveworks.api.shapes import Out, Words
from staveworks.foundation.parties.queries import names_of
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.personal.usecases.export_person import export_person
from staveworks.foundation.personal.written import as_values
from staveworks.kit.text import Text

router = Resource("me")


class Me(Out):
    """``rights`` are those of the role, mandate or stewardship, within the token's scopes."""

    person: UUID
    name: str
    organisation: UUID | None
    via_organisation: UUID | None
    roles: list[str]
    rights: list[str]


@router.read("", says=Text(zh="我是谁", en="Who am I"), door=PERSON, answer=Me, tokens=True)
def get_me(request: Call) -> Me:
    """The caller as this request acts."""
    actor = request.auth
    assert actor.person_id is not None, "the guard lets only persons through"
    return Me(
        person=actor.person_id,
        name=names_of([actor.person_id]).get(actor.person_id, ""),
        organisation=actor.org_id,
        via_organisation=actor.via_org_id,
        roles=sorted(actor.roles),
        rights=sorted(actor.rights),
    )


class PersonalSection(Out):
    """One kind of thing. ``rows``: at most the 5,000 newest of ``total``; ``kept_after_deletion``: why it stays, null if it goes."""

    code: str
    title: Words
    total: int
    kept_after_deletion: Words | None
    rows: list[dict[str, Any]]


class PersonalDataOut(Out):
    """``organisations``: the names of those that rows name as ``org_id``."""

    person: UUID
    at: datetime
    organisations: dict[str, Words]
    sections: list[PersonalSection]


@router.read("/data", says=Text(zh="导出我的数据", en="Export my data"), door=PERSON, answer=PersonalDataOut)
def export_my_data(request: Call) -> PersonalDataOut:
    """Everything held about the person signed in. Not for tokens: a token's scopes open less than this. Logged.

    To delete the account she proves once more who she is, on the page `/accounts/erase/`: no program does it for her.
    """
    person_id = request.auth.person_id
    assert person_id is not None, "the guard lets only persons through"
    held = export_person(Actor(person_id, None), person_id=person_id)
    return PersonalDataOut.model_validate(as_values(held))
