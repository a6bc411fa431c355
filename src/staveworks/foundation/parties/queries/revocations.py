"""What revoking a claim would end and put back, and what a revocation did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from staveworks.db.transaction import acting, query
from staveworks.foundation.parties.claim_models import Handover, Revocation
from staveworks.foundation.parties.holding import differences, held_of
from staveworks.foundation.parties.models import (
    Agreement,
    Claim,
    Invitation,
    Mandate,
    Membership,
    Organisation,
    Token,
)
from staveworks.foundation.parties.types import Actor, ClaimNotFound, ClaimNotGranted, ClaimNotRevoked

UNSEEN = {"sort_key", "staff_approximate"}
"""Columns that follow from others: not told apart."""


@dataclass(frozen=True, slots=True)
class RevocationView:
    """What ends (counts) and which columns go back to what was held at the handover; before the act without their values,
    which are the firm's own. ``held_known`` is False for claims granted before handovers were kept.
    """

    people: int
    mandates: int
    tokens: int
    invitations: int
    agreements: int
    fields: tuple[str, ...]
    held_known: bool
    replaced: tuple[tuple[str, Any, Any], ...] = ()
    by: str = ""
    at: datetime | None = None
    may_undo: bool = False


@query
def preview_revocation(actor: Actor, *, claim_id: UUID) -> RevocationView:
    """What ``revoke_claim`` would do. Raises ``RightMissing``, ``ClaimNotFound``, ``ClaimNotGranted``."""
    actor.require("claim.decide")
    claim = Claim.objects.filter(id=claim_id, steward_id=actor.org).first()
    if claim is None:
        raise ClaimNotFound
    if claim.state != "granted":
        raise ClaimNotGranted
    with acting(org=claim.org_id, person=actor.person_id):
        held = Handover.objects.filter(claim=claim).values_list("held", flat=True).first()
        changed = differences(held_of(Organisation.objects.get(id=claim.org_id)), held) if held else {}
        live = Q(org_id=claim.org_id, withdrawn_at=None)
        given = Q(org_id=claim.org_id) | Q(agent_org_id=claim.org_id)
        return RevocationView(
            people=Membership.objects.filter(org_id=claim.org_id).values("person_id").distinct().count(),
            mandates=Mandate.objects.filter(given, withdrawn_at=None).count(),
            tokens=Token.objects.filter(live).count(),
            invitations=Invitation.objects.filter(live, accepted_at=None).count(),
            agreements=Agreement.objects.filter(live).count(),
            fields=_seen(changed),
            held_known=held is not None,
        )


@query
def access_revocation(actor: Actor, *, claim_id: UUID) -> RevocationView:
    """What the revocation of a revoked claim did. Raises ``RightMissing``, ``ClaimNotRevoked``."""
    actor.require("claim.decide")
    found = (
        Revocation.objects.filter(claim_id=claim_id, steward_id=actor.org, undone_at=None)
        .select_related("by", "org")
        .first()
    )
    if found is None:
        raise ClaimNotRevoked
    ended = found.ended
    return RevocationView(
        people=len({each["person"] for each in ended["members"]}),
        mandates=len(ended["mandate"]) + sum(len(ids) for ids in ended["held"].values()),
        tokens=len(ended["token"]),
        invitations=len(ended["invitation"]),
        agreements=len(ended["agreement"]),
        fields=_seen(found.replaced),
        held_known=True,
        replaced=tuple((column, *found.replaced[column]) for column in _seen(found.replaced)),
        by=found.by.name if found.by else "",
        at=found.at,
        may_undo=found.org.claimed_at is None and found.org.merged_into_id is None,
    )


@dataclass(frozen=True, slots=True)
class Undone:
    """When the claim was revoked and when that was undone."""

    at: datetime
    undone_at: datetime


def find_undone_revocation(firm: UUID) -> Undone | None:
    """The last revocation of a claim of ``firm`` that was undone, for what follows the undoing."""
    steward = Organisation.objects.filter(id=firm).values_list("steward_id", flat=True).first()
    with acting(org=steward):
        found = Revocation.objects.filter(org_id=firm).exclude(undone_at=None).order_by("-undone_at").first()
    return Undone(found.at, found.undone_at) if found and found.undone_at else None


@dataclass(frozen=True, slots=True)
class Span:
    """From the grant of a claim until it was revoked."""

    since: datetime
    until: datetime


def revoked_spans(firm: UUID) -> list[Span]:
    """When claims of ``firm`` held that are revoked now."""
    steward = Organisation.objects.filter(id=firm).values_list("steward_id", flat=True).first()
    with acting(org=steward):
        found = Claim.objects.filter(org_id=firm, state="revoked").order_by("decided_at")
        times = list(found.values_list("decided_at", "revoked_at"))
    return [Span(since, until) for since, until in times if since and until]


@query
def find_granted_claim(actor: Actor, *, firm: UUID) -> UUID | None:
    """The claim by which the actor's organisation handed ``firm`` over. Raises ``RightMissing``."""
    actor.require("claim.decide")
    found = Claim.objects.filter(org_id=firm, steward_id=actor.org, state="granted")
    return found.values_list("id", flat=True).first()


def _seen(columns: Iterable[str]) -> tuple[str, ...]:
    return tuple(column for column in columns if column not in UNSEEN)
