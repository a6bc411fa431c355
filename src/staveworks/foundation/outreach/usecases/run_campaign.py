"""Work off a campaign: for each firm that waits, a claim link and a message, a chunk a transaction."""

from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.notices.messages.types import MessageRow
from staveworks.foundation.notices.usecases.queue_messages import queue_messages
from staveworks.foundation.outreach.domain import address_of, key_of
from staveworks.foundation.outreach.models import Campaign, Target
from staveworks.foundation.outreach.types import CampaignState, TargetState
from staveworks.foundation.parties.models import Profile
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.foundation.parties.usecases.issue_claim_links import issue_claim_links

CHUNK = 200
TEMPLATE = "campaign.claim"


def run_campaign(actor: Actor, /, *, subject: UUID) -> int:
    """Until nothing waits or it is stopped; the firms worked off. May run again, also beside itself."""
    done = 0
    while worked := _chunk(actor, campaign_id=subject):
        done += worked
    _finish(actor, campaign_id=subject)
    return done


@use_case
def _chunk(actor: Actor, *, campaign_id: UUID) -> int:
    """The campaign's row is locked first, so that two runs take turns and a stop holds from the next chunk on."""
    live = Campaign.objects.select_for_update().filter(id=campaign_id, state=CampaignState.SENDING).first()
    if live is None:
        return 0
    targets = list(
        live.targets.filter(state=TargetState.WAITING).select_related("firm").order_by("id")[:CHUNK]
    )
    addresses = _addresses([target.firm_id for target in targets])
    reachable = {firm: address for firm, address in addresses.items() if address}
    tokens = issue_claim_links(actor, contacts=reachable)
    rows = [
        MessageRow(
            to=addresses[target.firm_id],
            key=key_of(campaign_id, target.firm_id),
            params={"firm": title_of(target.firm.name, target.firm.name_en)},
            link=f"/join/link/{tokens[target.firm_id]}/",
            about=campaign_id,
        )
        for target in targets
        if target.firm_id in tokens
    ]
    if rows:
        queue_messages(actor, template=TEMPLATE, rows=rows)
    for target in targets:
        target.state = _outcome(target, reachable, tokens)
    _note(targets)
    return len(targets)


def _outcome(target: Target, reachable: dict[UUID, str], tokens: dict[UUID, str]) -> TargetState:
    if target.firm.claimed_at or target.firm.merged_into_id:
        return TargetState.SKIPPED
    if target.firm_id not in reachable:
        return TargetState.UNREACHABLE
    return TargetState.QUEUED if target.firm_id in tokens else TargetState.SKIPPED


def _addresses(firms: list[UUID]) -> dict[UUID, str]:
    held = Profile.objects.filter(org_id__in=firms).values_list("org_id", "email", "phones")
    return {org_id: address_of(email, phones) for org_id, email, phones in held}


def _note(targets: list[Target]) -> None:
    for state in {target.state for target in targets}:
        ids = [target.id for target in targets if target.state == state]
        Target.objects.filter(id__in=ids, state=TargetState.WAITING).update(state=state, moved_at=Now())


@use_case
def _finish(actor: Actor, *, campaign_id: UUID) -> None:
    live = Campaign.objects.filter(id=campaign_id, state=CampaignState.SENDING)
    live = live.exclude(targets__state=TargetState.WAITING)
    if live.update(state=CampaignState.SENT, ended_at=Now()):
        append_event(actor, "campaign.sent", subject=campaign_id)
