"""Claims: a person says that an imported firm is hers; a person of its steward decides."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from allauth.core import ratelimit
from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import PERSON, Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.problems import Problem
from staveworks.api.sending import send_text
from staveworks.api.shapes import In, Line, Nothing, Out, Words
from staveworks.foundation.parties.claimable import CLAIM_CODE
from staveworks.foundation.parties.domain import mask
from staveworks.foundation.parties.queries import (
    ClaimableFirm,
    ClaimRecord,
    access_claimable,
    find_claimable,
    list_claims,
    list_own_claims,
)
from staveworks.foundation.parties.types import CodeWrong
from staveworks.foundation.parties.usecases.decide_claim import decide_claim
from staveworks.foundation.parties.usecases.issue_claim_link import claim_by_link
from staveworks.foundation.parties.usecases.prove_claim import prove_claim, withdraw_claim
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


State = Literal["open", "proven", "granted", "refused", "withdrawn", "revoked"]


class ClaimOut(Out):
    """``open``: not proven yet; ``proven``: waits for a person of the steward; ``revoked``: granted, and taken back.

    ``merged``: the name of the entry that was claimed, where that was merged into ``organisation`` since.
    """

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
    revoked_at: datetime | None
    reason: str
    merged: Words | None


class StateFilter(In):
    state: State = "proven"


class ClaimableOut(Out):
    """All that a stranger learns of an unclaimed firm. ``phone``: masked; where a code would go, null where none is held.

    ``merged``: the name of the entry that was asked for, where that was merged into this firm since.
    """

    organisation: UUID
    name: Words
    city_name: Words | None
    phone: str | None
    merged: Words | None


class ClaimableFilter(In):
    text: Annotated[str, Field(min_length=2, max_length=100, description="Part of the name, or the USCC.")]


class Make(In):
    """``method``: a code sent to the phone held about the firm, or in a letter; by licence: in the browser.

    ``token``: from a claim link, instead of ``organisation``.
    """

    organisation: UUID | None = None
    method: Literal["phone", "letter"] = "letter"
    token: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class Made(Out):
    """``organisation``: the firm, already hers where a link proved it. ``sent_to``: the phone, masked, that got the code."""

    claim: UUID | None
    organisation: UUID
    sent_to: str | None = None
    expires_at: datetime | None = None


class Prove(In):
    """``code``: from the message or the letter."""

    code: Annotated[str, Field(min_length=1, max_length=20)]


class Proven(Out):
    """The firm, hers from now on."""

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
        revoked_at=claim.revoked_at,
        reason=claim.reason,
        merged=Words.maybe(claim.merged),
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


@router.read(
    "/firms",
    says=Text(zh="查找待认领企业", en="Find unclaimed firms"),
    door=PERSON,
    answer=Page[ClaimableOut],
)
def find_unclaimed_firms(request: Call, filter: Query[ClaimableFilter]) -> Page[ClaimableOut]:
    """At most ten, by name, without their phones; as often as the page allows."""
    _slowly(request)
    return Page(items=[_claimable(firm) for firm in find_claimable(filter.text)])


@router.read(
    "/firms/{uuid:firm}",
    says=Text(zh="查看待认领企业", en="Get an unclaimed firm"),
    door=PERSON,
    answer=ClaimableOut,
)
def get_unclaimed_firm(request: Call, firm: UUID) -> ClaimableOut:
    """With the masked phone that a code would go to; of a merged entry, the firm as which it stands."""
    _slowly(request)
    return _claimable(access_claimable(firm))


def _slowly(request: Call) -> None:
    """The limit of the search page: nobody reads a cluster out by asking name after name."""
    if ratelimit.consume_or_429(request, action="claim_search", limit_get=True):
        raise Problem(429, headers={"Retry-After": "60"})


def _claimable(firm: ClaimableFirm) -> ClaimableOut:
    return ClaimableOut(
        organisation=firm.id,
        name=Words.of(firm.title),
        city_name=Words.maybe(firm.city_name),
        phone=firm.phone,
        merged=Words.maybe(firm.merged),
    )


@router.effect("POST", "", says=Text(zh="认领企业", en="Claim a firm"), door=PERSON, answer=Made, status=201)
def make_claim(request: Call, body: Make) -> Made:
    """With a claim link's token the firm is hers at once; otherwise a code goes to the phone held about it, or in a letter."""
    if (body.token is None) == (body.organisation is None):
        raise ClaimWhat(field="organisation")
    if body.token is not None:
        return Made(claim=None, organisation=claim_by_link(request.auth, token=body.token))
    assert body.organisation is not None, "one of the two is given"
    started = start_claim(request.auth, org_id=body.organisation, method=body.method)
    if started.code and started.phone:
        send_text(started.phone, CLAIM_CODE.format(code=started.code))
    return Made(
        claim=started.id,
        organisation=started.org_id,
        sent_to=mask(started.phone) if started.phone else None,
        expires_at=started.expires_at,
    )


@router.effect(
    "POST",
    "/{uuid:claim}/proof",
    says=Text(zh="填认领验证码", en="Prove a claim by its code"),
    door=PERSON,
    answer=Proven,
    counted=(CodeWrong,),
)
def prove_my_claim(request: Call, claim: UUID, body: Prove) -> Proven:
    """A right code makes the firm hers at once; five tries a claim."""
    return Proven(organisation=prove_claim(request.auth, claim_id=claim, code=body.code))


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
