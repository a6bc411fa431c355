"""Claims: a person says that an imported firm is hers; a person of its steward decides."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import PERSON, Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Line, Nothing, Out, Words
from staveworks.foundation.parties.queries import ClaimRecord, list_claims, list_own_claims
from staveworks.foundation.parties.usecases.decide_claim import decide_claim
from staveworks.foundation.parties.usecases.issue_claim_link import claim_by_link
from staveworks.foundation.parties.usecases.prove_claim import withdraw_claim
from staveworks.foundation.parties.usecases.start_claim import start_claim
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text

router = Resource("claims")
DECIDE = right("claim.decide")


class ClaimWhat(Invalid):
    text = Text(
        zh="请给出企业编号或认领链接里的令牌，二者之一。",
        en="Give either the organisation or a claim link's token.",
    )


State = Literal["open", "proven", "granted", "refused", "withdrawn"]


class ClaimOut(Out):
    """``open``: not proven yet; ``proven``: waits for a person of the steward."""

    id: UUID
    organisation: UUID
    firm: str
    uscc: str | None
    city_name: Words | None
    person: str
    contact: str
    method: str
    state: State
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    reason: str


class StateFilter(In):
    state: State = "proven"


class Make(In):
    """A claim proven by a letter that the steward sends. By phone or licence: in the browser. ``token``: from a claim link."""

    organisation: UUID | None = None
    token: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class Made(Out):
    """``organisation``: the firm, already hers where a link proved it."""

    claim: UUID | None
    organisation: UUID


class DecideClaim(In):
    """A refusal needs a ``reason``, which the claimant reads."""

    grant: bool
    reason: Line = ""


def show(claim: ClaimRecord) -> ClaimOut:
    """A claim as its claimant and its steward see it."""
    return ClaimOut(
        id=claim.id,
        organisation=claim.org_id,
        firm=claim.firm,
        uscc=claim.firm_uscc,
        city_name=Words.maybe(claim.city_name),
        person=claim.person,
        contact=claim.contact,
        method=claim.method,
        state=claim.state,  # type: ignore[arg-type]  # the column has these choices only
        created_at=claim.created_at,
        expires_at=claim.expires_at,
        decided_at=claim.decided_at,
        reason=claim.reason,
    )


@router.read("", says=Text(zh="待审的认领", en="List claims"), door=DECIDE, answer=Page[ClaimOut])
def list_steward_claims(request: Call, filter: Query[StateFilter], paging: Query[Paging]) -> Page[ClaimOut]:
    """Claims on firms that the organisation holds, the oldest first."""
    return page_of_all(
        list_claims(request.auth, states=[filter.state]),
        paging=paging,
        listing="claims",
        key=lambda claim: (claim.created_at.isoformat(), str(claim.id)),
        show=show,
    )


@router.read("/mine", says=Text(zh="我的认领", en="List my claims"), door=PERSON, answer=Page[ClaimOut])
def list_my_claims(request: Call, paging: Query[Paging]) -> Page[ClaimOut]:
    """Her own claims, the newest first."""
    assert request.auth.person_id is not None, "the guard lets only persons through"
    return page_of_all(
        list_own_claims(request.auth.person_id),
        paging=paging,
        listing="my-claims",
        key=lambda claim: (claim.created_at.isoformat(), str(claim.id)),
        show=show,
        newest_first=True,
    )


@router.effect("POST", "", says=Text(zh="认领企业", en="Claim a firm"), door=PERSON, answer=Made, status=201)
def make_claim(request: Call, body: Make) -> Made:
    """With a claim link's token the firm is hers at once; otherwise the steward sends a letter with a code."""
    if (body.token is None) == (body.organisation is None):
        raise ClaimWhat(field="organisation")
    if body.token is not None:
        return Made(claim=None, organisation=claim_by_link(request.auth, token=body.token))
    assert body.organisation is not None, "one of the two is given"
    started = start_claim(request.auth, org_id=body.organisation, method="letter")
    return Made(claim=started.id, organisation=body.organisation)


@router.effect(
    "DELETE",
    "/{uuid:claim}",
    says=Text(zh="撤回我的认领", en="Withdraw my claim"),
    door=PERSON,
    answer=Nothing,
    takes=None,
)
def withdraw_my_claim(request: Call, claim: UUID) -> Nothing:
    """While it is not decided."""
    withdraw_claim(request.auth, claim_id=claim)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:claim}/decision",
    says=Text(zh="审核认领", en="Decide a claim"),
    door=DECIDE,
    answer=Nothing,
)
def decide_one_claim(request: Call, claim: UUID, body: DecideClaim) -> Nothing:
    """Grant it, or refuse it with a reason."""
    decide_claim(request.auth, claim_id=claim, grant=body.grant, reason=body.reason)
    return Nothing()
