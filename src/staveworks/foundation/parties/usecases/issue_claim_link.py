"""The steward invites a firm: whoever holds the link may take the firm over without another proof."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import acting, retrying, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.claimable import unclaimed_firm
from staveworks.foundation.parties.domain import digest_of, new_token
from staveworks.foundation.parties.models import Claim, ClaimLink
from staveworks.foundation.parties.types import Actor, ClaimLinkInvalid, OrganisationNotFound
from staveworks.foundation.parties.usecases.grant_claim import grant_claim
from staveworks.foundation.parties.usecases.invite_person import Issued
from staveworks.foundation.parties.usecases.start_claim import refuse_revoked
from staveworks.kit.ids import new_id

VALID = timedelta(days=30)


@use_case
def issue_claim_link(actor: Actor, *, org_id: UUID, contact: str = "") -> Issued:
    """A link for one unclaimed firm of the actor's organisation; the caller sends or prints it.

    Raises ``RightMissing``, ``OrganisationNotFound`` (also another steward's firm), ``ClaimedAlready``.
    """
    actor.require("firm.invite")
    firm = unclaimed_firm(org_id)
    if firm.steward_id != actor.org:
        raise OrganisationNotFound
    issued = Issued(new_id(), new_token(), timezone.now() + VALID)
    ClaimLink.objects.create(
        id=issued.id,
        org_id=firm.id,
        steward_id=actor.org,
        contact=contact[:254],
        token_digest=digest_of(issued.token),
        created_by_id=actor.person_id,
        expires_at=issued.expires_at,
    )
    append_event(actor, "firm.invited", subject=firm.id, link=issued.id)
    return issued


def claim_by_link(actor: Actor, *, token: str) -> UUID:
    """The firm, now hers; the link dies. It goes on for the firm that its entry was merged into.

    Raises ``ClaimLinkInvalid``, ``ClaimedAlready``, ``FirmHeldElsewhere``, ``ClaimRevokedBefore``.
    """
    assert actor.person_id, "a claimant is signed in"
    digest = digest_of(token)

    def once() -> UUID:
        with acting(person=actor.person_id, token=digest):
            link = ClaimLink.objects.filter(token_digest=digest).first()
            if link is None:
                raise ClaimLinkInvalid
            with acting(org=link.steward_id, person=actor.person_id):
                refuse_revoked(actor.person, unclaimed_firm(link.org_id, steward=link.steward_id).id)
                claim = _use(link, actor.person)
            return grant_claim(claim, decided_by=Actor(actor.person_id, link.org_id))

    return retrying(once)


def _use(link: ClaimLink, person_id: UUID) -> Claim:
    now = timezone.now()
    live = ClaimLink.objects.filter(id=link.id, used_at=None, expires_at__gt=now)
    if not live.update(used_at=now):
        raise ClaimLinkInvalid
    Claim.objects.filter(org_id=link.org_id, person_id=person_id, state__in=["open", "proven"]).update(
        state="withdrawn", decided_at=now
    )
    return Claim.objects.create(
        id=new_id(),
        org_id=link.org_id,
        steward_id=link.steward_id,
        person_id=person_id,
        method="link",
        state="open",
        expires_at=link.expires_at,
    )
