"""Granted claims that turn out to be wrong: what revoking one would do, the act, and its undoing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.shapes import In, Line, Nothing, Out
from staveworks.foundation.parties.queries import access_claim
from staveworks.foundation.parties.queries.revocations import (
    RevocationView,
    access_revocation,
    preview_revocation,
)
from staveworks.foundation.parties.usecases.revoke_claim import revoke_claim, undo_revocation
from staveworks.kit.text import Text

router = Resource("claims")
DECIDE = right("claim.decide")


class ReplacedOut(Out):
    """A column of the register or profile: as the former claimant left it, and as it went back."""

    column: str
    left: Any
    back: Any


class RevocationOut(Out):
    """``revoked`` false: what revoking would end and put back (``fields``), as counts and names of columns only."""

    revoked: bool
    people: int
    mandates: int
    tokens: int
    invitations: int
    agreements: int
    fields: list[str]
    replaced: list[ReplacedOut]
    by: str
    at: datetime | None
    may_undo: bool


class RevokeClaim(In):
    """The former claimant reads the ``reason``."""

    reason: Line


def _show(view: RevocationView) -> RevocationOut:
    return RevocationOut(
        revoked=view.at is not None,
        people=view.people,
        mandates=view.mandates,
        tokens=view.tokens,
        invitations=view.invitations,
        agreements=view.agreements,
        fields=list(view.fields),
        replaced=[ReplacedOut(column=column, left=left, back=back) for column, left, back in view.replaced],
        by=view.by,
        at=view.at,
        may_undo=view.may_undo,
    )


@router.read(
    "/{uuid:claim}/revocation",
    says=Text(zh="查看收回的影响", en="See what a revocation does"),
    door=DECIDE,
    answer=RevocationOut,
)
def get_revocation(request: Call, claim: UUID) -> RevocationOut:
    """Of a granted claim what it would do, of a revoked one what it did."""
    look = access_revocation if access_claim(request.auth, claim).state == "revoked" else preview_revocation
    return _show(look(request.auth, claim_id=claim))


@router.effect(
    "POST",
    "/{uuid:claim}/revocation",
    says=Text(zh="收回认领", en="Revoke a claim"),
    door=DECIDE,
    answer=RevocationOut,
    status=201,
)
def revoke_one_claim(request: Call, claim: UUID, body: RevokeClaim) -> RevocationOut:
    """The firm goes back under its steward; its people go, and what they gave in its name ends."""
    revoke_claim(request.auth, claim_id=claim, reason=body.reason)
    return _show(access_revocation(request.auth, claim_id=claim))


@router.effect(
    "DELETE",
    "/{uuid:claim}/revocation",
    says=Text(zh="撤销收回", en="Undo a revocation"),
    door=DECIDE,
    answer=Nothing,
    takes=None,
)
def undo_one_revocation(request: Call, claim: UUID) -> Nothing:
    """The claim holds again with all that was ended, unless the firm was claimed or merged since."""
    undo_revocation(request.auth, claim_id=claim)
    return Nothing()
