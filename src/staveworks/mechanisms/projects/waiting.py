"""What waits for somebody in this room, for to-dos to be made of it. ``org`` None: everywhere, under the cross role."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from staveworks.db.clock import DatabaseClock
from staveworks.kit.waiting import Waiting
from staveworks.mechanisms.projects.finding import whose_line_is
from staveworks.mechanisms.projects.models import (
    Change,
    Contract,
    Delivery,
    Invited,
    Milestone,
    Opening,
    Proposal,
    Request,
    Signature,
)
from staveworks.mechanisms.projects.types import MilestoneVerdict, RequestState
from staveworks.trade.orders.models import Line
from staveworks.trade.orders.types import FELL_AWAY, LineState

UNDER_WAY = (LineState.CONFIRMED, LineState.IN_DELIVERY)


def requests_to_answer(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At those whom a private request names, before its deadline."""
    found = Invited.objects.using(_using(org)).filter(
        request__state=RequestState.OPEN, request__closes_at__gt=DatabaseClock()
    )
    found = found.filter(provider_org_id=org) if org else found
    found = found.filter(request_id=subject) if subject else found
    rows = list(found.select_related("request"))
    answered = _counting(org, {row.request_id for row in rows})
    return [
        Waiting(
            row.provider_org_id,
            row.request_id,
            row.request.published_at,
            due_at=row.request.closes_at,
            params={"firm": str(row.buyer_org_id), "title": row.request.title},
        )
        for row in rows
        if (row.request_id, row.provider_org_id) not in answered
    ]


def proposals_to_open(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At their providers, from the deadline until the time for opening is over."""
    asked = _asked(org, subject).filter(closes_at__lte=DatabaseClock(), opens_until__gt=DatabaseClock())
    rows = {row.id: row for row in asked}
    unopened = _counting(org, rows) - _opened(org, rows)
    return [
        Waiting(
            provider,
            request,
            rows[request].closes_at,
            due_at=rows[request].opens_until,
            params={"title": rows[request].title},
        )
        for request, provider in sorted(unopened)
        if org in (None, provider)
    ]


def requests_to_award(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the buyer, once nothing more can be opened; also where nothing came in."""
    asked = _asked(org, subject).filter(closes_at__lte=DatabaseClock())
    asked = asked.filter(buyer_org_id=org) if org else asked
    rows = {row.id: row for row in asked}
    unopened = {request for request, _ in _counting(org, rows) - _opened(org, rows)}
    over = set(asked.filter(opens_until__lte=DatabaseClock()).values_list("id", flat=True))
    return [
        Waiting(row.buyer_org_id, row.id, row.closes_at, params={"title": row.title})
        for row in rows.values()
        if row.id in over or row.id not in unopened
    ]


def contracts_to_order(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the buyer: milestones whose order line isn't placed yet, or fell away; since the first of them waits."""
    found = Contract.objects.using(_using(org)).filter(set_aside_at=None).select_related("request")
    found = found.filter(buyer_org_id=org) if org else found
    rows = {row.id: row for row in (found.filter(id=subject) if subject else found)}
    agreed: dict[tuple[UUID, int], Milestone] = {}
    milestones = Milestone.objects.using(_using(org)).filter(contract_id__in=rows).order_by("version")
    for each in milestones:
        agreed[each.contract_id, each.place] = each
    lines = Line.objects.using(_using(org)).filter(id__in=[m.line_id for m in agreed.values() if m.line_id])
    on_the_way = set(lines.exclude(state__in=[LineState.DRAFT, *FELL_AWAY]).values_list("id", flat=True))
    waiting = [each for each in agreed.values() if each.line_id not in on_the_way]
    fell = dict(lines.filter(state__in=FELL_AWAY).values_list("id", "moved_at"))
    signed = _signed(org, waiting)
    since: dict[UUID, datetime] = {}
    for each in waiting:
        made = signed[each.change_id] if each.change_id else rows[each.contract_id].made_at
        begun = fell.get(each.line_id, made) if each.line_id else made
        since[each.contract_id] = min(begun, since.get(each.contract_id, begun))
    return [
        Waiting(rows[each].buyer_org_id, each, since[each], params={"title": rows[each].request.title})
        for each in sorted(since)
    ]


def milestones_to_accept(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the buyer, the next that is accepted by itself first; the subject is the contract."""
    rows = whose_line_is(_deliveries(org, subject), *UNDER_WAY, LineState.DELIVERED)
    rows = rows.filter(verdict="").order_by("due_at", "id")
    rows = rows.filter(buyer_org_id=org) if org else rows
    return _first(
        Waiting(
            row.buyer_org_id,
            row.contract_id,
            row.delivered_at,
            due_at=row.due_at,
            params={"firm": str(row.provider_org_id)},
        )
        for row in rows
    )


def milestones_to_redo(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the provider: the last delivery was returned."""
    rows = whose_line_is(_deliveries(org, subject), *UNDER_WAY).order_by("number")
    rows = rows.filter(provider_org_id=org) if org else rows
    last = {(row.contract_id, row.place): row for row in rows}
    return _first(
        Waiting(row.provider_org_id, row.contract_id, row.judged_at, params={"firm": str(row.buyer_org_id)})
        for row in last.values()
        if row.verdict == MilestoneVerdict.RETURNED
    )


def changes_to_sign(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the other side; the subject is the contract."""
    found = Change.objects.using(_using(org)).filter(contract__set_aside_at=None).order_by("proposed_at")
    found = found.filter(contract_id=subject) if subject else found
    waiting = [
        Waiting(
            row.provider_org_id if row.by_org_id == row.buyer_org_id else row.buyer_org_id,
            row.contract_id,
            row.proposed_at,
            params={"firm": str(row.by_org_id)},
        )
        for row in found.prefetch_related("signatures")
        if len(row.signatures.all()) == 1
    ]
    return [each for each in waiting if org in (None, each.org_id)]


def _signed(org: UUID | None, milestones: Iterable[Milestone]) -> dict[UUID, datetime]:
    """When each change by which a milestone is as it is took effect: with the last signature."""
    changes = {each.change_id for each in milestones if each.change_id}
    rows = Signature.objects.using(_using(org)).filter(change_id__in=changes).order_by("at")
    return dict(rows.values_list("change_id", "at"))


def _asked(org: UUID | None, subject: UUID | None) -> QuerySet[Request]:
    found = Request.objects.using(_using(org)).filter(state=RequestState.OPEN)
    return found.filter(id=subject) if subject else found


def _counting(org: UUID | None, requests: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(request, provider) whose last version wasn't withdrawn, as far as they are seen."""
    found = Proposal.objects.using(_using(org)).filter(request_id__in=list(requests)).order_by("number")
    last = {(row.request_id, row.provider_org_id): row.commitment for row in found.defer("sealed")}
    return {key for key, commitment in last.items() if commitment}


def _opened(org: UUID | None, requests: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    found = Opening.objects.using(_using(org)).filter(request_id__in=list(requests))
    return set(found.values_list("request_id", "provider_org_id"))


def _deliveries(org: UUID | None, subject: UUID | None) -> QuerySet[Delivery]:
    found = Delivery.objects.using(_using(org)).filter(contract__set_aside_at=None)
    return found.filter(contract_id=subject) if subject else found


def _first(waiting: Iterable[Waiting]) -> list[Waiting]:
    """One for each subject: several milestones of a contract may wait, its page shows them all."""
    found: dict[UUID, Waiting] = {}
    for each in waiting:
        found.setdefault(each.subject, each)
    return list(found.values())


def _using(org: UUID | None) -> str:
    return "default" if org else "cross"
