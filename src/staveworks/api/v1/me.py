"""Who calls: the person, the organisation she acts for, and what she may do there."""

from uuid import UUID

from staveworks.api.authentication import Call
from staveworks.api.operation import PERSON, Resource
from staveworks.api.shapes import Out
from staveworks.foundation.parties.queries import names_of
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


@router.read("", says=Text(zh="我是谁", en="Who am I"), door=PERSON, answer=Me)
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
