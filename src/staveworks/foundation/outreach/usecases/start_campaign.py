"""Send a campaign: its firms are fixed now, their messages go out by and by; it may be stopped and gone on with."""

from dataclasses import asdict
from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.outreach.models import Campaign, Target
from staveworks.foundation.outreach.segments import firms_in
from staveworks.foundation.outreach.types import (
    CampaignMoved,
    CampaignNameMissing,
    CampaignNotFound,
    CampaignState,
    Segment,
    SegmentEmpty,
)
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id

BATCH = 2000


@use_case
def start_campaign(actor: Actor, *, name: str, segment: Segment) -> UUID:
    """The campaign's id. Raises ``RightMissing``, ``CampaignNameMissing``, ``SegmentEmpty``."""
    actor.require("firm.invite")
    wording = " ".join(name.split())[:80]
    if not wording:
        raise CampaignNameMissing(field="name")
    firms = list(firms_in(actor, segment).values_list("id", flat=True))
    if not firms:
        raise SegmentEmpty(field="segment")
    campaign = Campaign.objects.create(
        id=new_id(),
        org_id=actor.org,
        name=wording,
        segment=asdict(segment),
        created_by_id=actor.person_id,
    )
    Target.objects.bulk_create(
        [Target(org_id=actor.org, campaign=campaign, firm_id=firm) for firm in firms], batch_size=BATCH
    )
    _move(actor, campaign.id, CampaignState.DRAFT, CampaignState.SENDING)
    Campaign.objects.filter(id=campaign.id).update(started_at=Now())
    append_event(actor, "campaign.started", subject=campaign.id, firms=len(firms))
    return campaign.id


@use_case
def stop_campaign(actor: Actor, *, campaign_id: UUID) -> None:
    """What isn't handed over yet stays. Raises ``RightMissing``, ``CampaignNotFound``, ``CampaignMoved``."""
    actor.require("firm.invite")
    _move(actor, campaign_id, CampaignState.SENDING, CampaignState.STOPPED)
    append_event(actor, "campaign.stopped", subject=campaign_id)


@use_case
def resume_campaign(actor: Actor, *, campaign_id: UUID) -> None:
    """Go on with what is waiting. Raises ``RightMissing``, ``CampaignNotFound``, ``CampaignMoved``."""
    actor.require("firm.invite")
    _move(actor, campaign_id, CampaignState.STOPPED, CampaignState.SENDING)
    append_event(actor, "campaign.started", subject=campaign_id)


def _move(actor: Actor, campaign_id: UUID, was: CampaignState, becomes: CampaignState) -> None:
    own = Campaign.objects.filter(id=campaign_id, org_id=actor.org)
    if not own.filter(state=was).update(state=becomes):
        raise CampaignMoved if own.exists() else CampaignNotFound
