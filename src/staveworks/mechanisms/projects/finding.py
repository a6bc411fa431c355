"""Rows that a use case acts on, each for the side whose act it is."""

from typing import Literal
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from staveworks.db.clock import database_now
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.projects.models import Change, Contract, Delivery, Milestone, Proposal, Request
from staveworks.mechanisms.projects.types import (
    ChangeNotFound,
    ContractNotFound,
    DeadlinePassed,
    MilestoneNotFound,
    NotOpen,
    NotYours,
    OtherSide,
    RequestNotFound,
    RequestState,
)
from staveworks.trade.orders.models import Line
from staveworks.trade.orders.types import LineState

Side = Literal["buyer_org_id", "provider_org_id"]


def whose_line_is(found: QuerySet[Delivery], *states: LineState) -> QuerySet[Delivery]:
    """Deliveries of milestones whose order line is in one of ``states``: a line also ends without a verdict, on its own page."""
    lines = Line.objects.using(found.db).filter(id=OuterRef("line_id"), state__in=states)
    its = Milestone.objects.using(found.db).filter(
        Exists(lines), contract=OuterRef("contract"), place=OuterRef("place")
    )
    return found.filter(Exists(its))


def lock(what: str, its: UUID) -> None:
    """Two who do this at once do it one after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"projects {what} {its}"])


def own_request(actor: Actor, request_id: UUID) -> Request:
    """The buyer's, locked. Raises ``RequestNotFound``."""
    found = Request.objects.select_for_update().filter(id=request_id, buyer_org_id=actor.org).first()
    if found is None:
        raise RequestNotFound
    return found


def asked_request(actor: Actor, request_id: UUID) -> Request:
    """One that the actor's organisation may answer, before its deadline. Raises ``RequestNotFound``, ``NotYours``, ``NotOpen``,
    ``DeadlinePassed``."""
    found = Request.objects.filter(id=request_id).first()
    if found is None:
        raise RequestNotFound
    if found.buyer_org_id == actor.org:
        raise NotYours
    if found.state != RequestState.OPEN:
        raise NotOpen
    if found.closes_at <= database_now():
        raise DeadlinePassed
    return found


def last_version(actor: Actor, request_id: UUID) -> Proposal | None:
    """The actor's organisation's own, withdrawn or not."""
    own = Proposal.objects.filter(request_id=request_id, provider_org_id=actor.org)
    return own.order_by("-number").first()


def contract_for(actor: Actor, contract_id: UUID, side: Side | None = None) -> Contract:
    """A contract of the actor's organisation that stands. Raises ``ContractNotFound``, ``OtherSide`` where only ``side`` may."""
    found = Contract.objects.filter(id=contract_id, set_aside_at=None).first()
    if found is None or actor.org not in (found.buyer_org_id, found.provider_org_id):
        raise ContractNotFound
    if side is not None and getattr(found, side) != actor.org:
        raise OtherSide
    return found


def agreed(contract: Contract) -> dict[int, Milestone]:
    """The milestones in force by their place."""
    rows = Milestone.objects.filter(contract=contract).order_by("place", "version")
    return {row.place: row for row in rows}


def milestone_at(contract: Contract, place: int) -> Milestone:
    """Raises ``MilestoneNotFound``."""
    found = Milestone.objects.filter(contract=contract, place=place).order_by("-version").first()
    if found is None:
        raise MilestoneNotFound
    return found


def change_for(actor: Actor, change_id: UUID) -> Change:
    """Raises ``ChangeNotFound``."""
    found = (
        Change.objects.filter(id=change_id, contract__set_aside_at=None).select_related("contract").first()
    )
    if found is None or actor.org not in (found.buyer_org_id, found.provider_org_id):
        raise ChangeNotFound
    return found


def note(actor: Actor, event: str, row: Request | Contract | Proposal, **data: object) -> None:
    """The event in the name of whose step it is; ``buyer`` and, where there is one, ``provider`` are in it."""
    provider = getattr(row, "provider_org_id", None)
    sides = {"buyer": row.buyer_org_id} | ({"provider": provider} if provider else {})
    append_event(actor, event, subject=_subject(row), org=actor.org, **sides, **data)


def _subject(row: Request | Contract | Proposal) -> UUID:
    return row.request_id if isinstance(row, Proposal) else row.id
