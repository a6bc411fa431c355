"""Reads: segments before they are written to, campaigns and what came of them, whom to call next."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from staveworks.db.transaction import query
from staveworks.foundation.notices.delivery_log import states_of_keys
from staveworks.foundation.notices.messages.types import Form
from staveworks.foundation.outreach import segments
from staveworks.foundation.outreach.domain import address_of, key_of
from staveworks.foundation.outreach.models import Call, Campaign
from staveworks.foundation.outreach.models import Target as TargetRow
from staveworks.foundation.outreach.types import (
    CallNote,
    CallOutcome,
    CallRow,
    CampaignCard,
    CampaignNotFound,
    CampaignState,
    FirmNotHeld,
    Sample,
    Segment,
    SegmentCount,
    Target,
    TargetState,
)
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.kit.text import Text

WAYS = (Form.EMAIL, Form.SMS)


@query
def count_segment(actor: Actor, segment: Segment) -> SegmentCount:
    """Raises ``RightMissing``."""
    actor.require("firm.invite")
    return segments.count(actor, segment)


@query
def samples_of(actor: Actor, segment: Segment) -> list[Sample]:
    """For each way that a campaign to the segment will use, the first firm that it reaches so. Raises ``RightMissing``."""
    actor.require("firm.invite")
    found: dict[Form, Organisation] = {}
    for firm in segments.firms_in(actor, segment).order_by("sort_key", "id").iterator(chunk_size=200):
        profile = getattr(firm, "profile", None)
        address = address_of(profile.email, profile.phones) if profile else ""
        if address:
            found.setdefault(Form.EMAIL if "@" in address else Form.SMS, firm)
        if len(found) == len(WAYS):
            break
    return [
        Sample(form, _title(found[form]), {"firm": _title(found[form])}) for form in WAYS if form in found
    ]


@query
def list_campaigns(actor: Actor, *, limit: int = 100) -> list[CampaignCard]:
    """The newest first. Raises ``RightMissing``."""
    actor.require("firm.read")
    return [_card(row) for row in _campaigns(actor).order_by("-created_at", "-id")[:limit]]


@query
def access_campaign(actor: Actor, campaign_id: UUID) -> CampaignCard:
    """Raises ``RightMissing``, ``CampaignNotFound``."""
    actor.require("firm.read")
    found = _campaigns(actor).filter(id=campaign_id).first()
    if found is None:
        raise CampaignNotFound
    return _card(found)


@query
def list_targets(
    actor: Actor, *, campaign_id: UUID, state: TargetState | None = None, offset: int = 0, limit: int = 50
) -> list[Target]:
    """Firms of a campaign by name. Raises ``RightMissing``."""
    actor.require("firm.read")
    found = TargetRow.objects.filter(campaign_id=campaign_id, org_id=actor.org).select_related("firm__city")
    if state:
        found = found.filter(state=state)
    rows = list(found.order_by("firm__sort_key", "id")[offset : offset + limit])
    sent = states_of_keys(actor, [key_of(campaign_id, row.firm_id) for row in rows])
    return [
        Target(
            row.firm_id,
            _title(row.firm),
            _city(row.firm),
            TargetState(row.state),
            row.firm.claimed_at is not None,
            sent.get(key_of(campaign_id, row.firm_id)),
        )
        for row in rows
    ]


def _campaigns(actor: Actor) -> QuerySet[Campaign]:
    state = {
        name: Count("targets", filter=Q(targets__state=TargetState(name)))
        for name in ("waiting", "queued", "unreachable")
    }
    claimed = Q(targets__firm__claimed_at__gte=F("started_at"))
    return Campaign.objects.filter(org_id=actor.org).annotate(
        firms=Count("targets"), claimed=Count("targets", filter=claimed), **state
    )


def _card(row: Campaign) -> CampaignCard:
    counts = {name: getattr(row, name) for name in ("firms", "waiting", "queued", "unreachable", "claimed")}
    return CampaignCard(
        row.id,
        row.name,
        Segment(**row.segment),
        CampaignState(row.state),
        row.created_at,
        row.started_at,
        **counts,
    )


@query
def list_calls_due(
    actor: Actor, *, city: str = "", everyone: bool = False, offset: int = 0, limit: int = 50
) -> list[CallRow]:
    """Whom to call: those due today or earlier, the longest due first, then who was never called. ``everyone``: later ones too.

    Firms with a phone only; those that declined or whose number is wrong come back only by date. Raises ``RightMissing``.
    """
    actor.require("firm.invite")
    firms = list(_to_call(actor, city, everyone)[offset : offset + limit])
    lasts = Call.objects.select_related("person").in_bulk(
        [firm.last_call for firm in firms if firm.last_call]
    )
    return [_row(firm, lasts.get(firm.last_call)) for firm in firms]


@query
def count_calls_due(actor: Actor, *, city: str = "", everyone: bool = False) -> int:
    """Raises ``RightMissing``."""
    actor.require("firm.invite")
    return _to_call(actor, city, everyone).count()


@query
def access_call_row(actor: Actor, firm: UUID) -> tuple[CallRow, list[CallNote]]:
    """One firm with all its calls, newest first. Raises ``RightMissing``, ``FirmNotHeld``."""
    actor.require("firm.invite")
    found = _with_last(segments.unclaimed(actor)).filter(id=firm).first()
    if found is None:
        raise FirmNotHeld
    calls = list(
        Call.objects.filter(firm_id=firm, org_id=actor.org).select_related("person").order_by("-at", "-id")
    )
    return _row(found, calls[0] if calls else None), [_note(call) for call in calls]


@query
def find_unclaimed(actor: Actor, *, words: str, limit: int = 20) -> list[CallRow]:
    """Firms held whose name contains ``words``, or with that USCC, by name. Raises ``RightMissing``."""
    actor.require("firm.invite")
    match = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(uscc=words.replace(" ", "").upper())
    found = _with_last(segments.unclaimed(actor)).filter(match).order_by("sort_key", "id")
    return [_row(firm, None) for firm in found[:limit]]


def _with_last(firms: QuerySet[Any]) -> QuerySet[Any]:
    latest = Call.objects.filter(firm_id=OuterRef("id")).order_by("-at", "-id")
    known: QuerySet[Any] = firms.annotate(
        last_call=Subquery(latest.values("id")[:1]), due=Subquery(latest.values("next_date")[:1])
    )
    return known


def _to_call(actor: Actor, city: str, everyone: bool) -> QuerySet[Any]:
    firms = _with_last(segments.firms_in(actor, Segment(city=city, reach="phone")))
    if not everyone:
        firms = firms.exclude(_not_yet())
    ordered: QuerySet[Any] = firms.order_by(F("due").asc(nulls_last=True), "sort_key", "id")
    return ordered


def _not_yet() -> Exists:
    """Whether the last call says to call later or never again. By the calls and not by the firms, of which most were never called."""
    later = Call.objects.filter(firm_id=OuterRef("firm_id")).filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), id__gt=OuterRef("id"))
    )
    last = Call.objects.filter(~Exists(later), firm_id=OuterRef("id"))
    return Exists(last.exclude(next_date__lte=timezone.localdate()))


def _row(firm: Any, last: Call | None) -> CallRow:
    profile = getattr(firm, "profile", None)
    return CallRow(
        firm_id=firm.id,
        title=_title(firm),
        city=_city(firm),
        contact=profile.contact if profile else "",
        phone=profile.phones[0] if profile and profile.phones else "",
        due=firm.due,
        last=_note(last) if last else None,
        invited=firm.invited,
    )


def _note(call: Call) -> CallNote:
    return CallNote(
        call.id,
        call.person.name if call.person else "",
        CallOutcome(call.outcome),
        call.note,
        call.at,
        call.next_date,
    )


def _title(firm: Organisation) -> Text:
    return title_of(firm.name, firm.name_en)


def _city(firm: Organisation) -> Text | None:
    return Text(zh=firm.city.name_zh, en=firm.city.name_en) if firm.city else None
