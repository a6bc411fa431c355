"""What waits for somebody in this room, for to-dos to be made of it. ``org`` None: everywhere, under the cross role."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from staveworks.db.clock import database_now
from staveworks.kit.figures import money
from staveworks.kit.waiting import Waiting
from staveworks.trade.catalogue.mechanisms import OF_A_CONTRACT
from staveworks.trade.orders.models import Approval, Dispute
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.types import FELL_AWAY, LineState

LEFT_ALONE = (LineState.DECLINED, LineState.EXPIRED, LineState.DISPLACED)
"""Its provider's doing: the buyer needs another one."""
FOR_SO_LONG = timedelta(days=30)


def approvals_to_give(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Orders above the limit; the subject is the order."""
    found = Approval.objects.using(_using(org)).filter(verdict="")
    found = found.filter(buyer_org_id=org) if org else found
    found = found.filter(order_id=subject) if subject else found
    return [
        Waiting(
            each.buyer_org_id,
            each.order_id,
            each.requested_at,
            due_at=each.deadline_at,
            params={"who": str(each.requested_by_id), "yuan": money(each.amount_fen)},
        )
        for each in found
    ]


def lines_to_confirm(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the provider."""
    return _lines(org, subject, [LineState.PLACED], provider=True)


def lines_to_deliver(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the provider, until the day it is due where one was agreed."""
    return _lines(org, subject, [LineState.CONFIRMED, LineState.IN_DELIVERY], provider=True)


def lines_to_accept(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the buyer, before it is accepted by itself."""
    return _lines(org, subject, [LineState.DELIVERED], provider=False)


def lines_to_replace(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the buyer: its provider didn't take it, or couldn't deliver, and nothing in its stead was ordered since (``_replaces``).

    For a month: whoever hasn't looked for another by then has no need of it. Not what a contract agreed on: its contract waits to
    be ordered again; not what fell away because both sides agreed on something else.
    """
    found = Row.objects.using(_using(org)).filter(
        state__in=LEFT_ALONE, moved_at__gte=database_now(_using(org)) - FOR_SO_LONG
    )
    found = found.filter(buyer_org_id=org) if org else found
    found = found.filter(id=subject) if subject else found
    rows = [each for each in found.select_related("version") if looks_elsewhere(each.by_both, each.request)]
    if not rows:
        return []
    since = Row.objects.using(_using(org)).filter(
        buyer_org_id__in={each.buyer_org_id for each in rows},
        placed_at__gt=min(each.moved_at for each in rows),
    )
    others = list(since.exclude(state__in=FELL_AWAY).select_related("version"))
    return [
        Waiting(
            each.buyer_org_id,
            each.id,
            each.moved_at,
            params={"firm": str(each.provider_org_id)} | dict(alike(each.version.content)),
        )
        for each in rows
        if not any(_replaces(other, each) for other in others)
    ]


def disputes_to_answer(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the provider."""
    found = _disputes(org, subject).filter(answer="")
    found = found.filter(provider_org_id=org) if org else found
    return [
        Waiting(
            each.provider_org_id,
            each.line_id,
            each.opened_at,
            due_at=each.answer_due_at,
            params={"firm": str(each.buyer_org_id)},
        )
        for each in found
    ]


def disputes_to_decide(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the decider."""
    found = _disputes(org, subject)
    found = found.filter(decider_org_id=org) if org else found
    return [
        Waiting(
            each.decider_org_id,
            each.line_id,
            each.opened_at,
            due_at=each.decision_due_at,
            params={"firm": str(each.buyer_org_id)},
        )
        for each in found
    ]


def alike(content: Mapping[str, Any]) -> dict[str, str]:
    """Under which filters of the catalogue others offer the same."""
    return {"plank": content["planks"][0], "mechanism": content["mechanism"]}


def looks_elsewhere(by_both: bool, request: Mapping[str, Any]) -> bool:
    """Whether another provider is to be found for a line that its own left alone."""
    return not by_both and OF_A_CONTRACT not in request


def _replaces(other: Row, fallen: Row) -> bool:
    """The same offer, ordered again. Two offers for one plank may well be different things, and nothing in them says that one
    does for the other: then the buyer says that it is done."""
    assert other.placed_at
    return (
        other.buyer_org_id == fallen.buyer_org_id
        and other.placed_at > fallen.moved_at
        and other.version.offer_id == fallen.version.offer_id
    )


def _lines(
    org: UUID | None, subject: UUID | None, states: Sequence[LineState], *, provider: bool
) -> list[Waiting]:
    column, other = ("provider_org_id", "buyer_org_id") if provider else ("buyer_org_id", "provider_org_id")
    found: QuerySet[Row] = Row.objects.using(_using(org)).filter(state__in=states)
    found = found.filter(**{column: org}) if org else found
    found = found.filter(id=subject) if subject else found
    return [
        Waiting(
            getattr(each, column),
            each.id,
            each.placed_at if each.state == LineState.CONFIRMED else each.moved_at,
            due_at=each.deadline_at or _due(each),
            params={"firm": str(getattr(each, other))},
        )
        for each in found
    ]


def _disputes(org: UUID | None, subject: UUID | None) -> QuerySet[Dispute]:
    found = Dispute.objects.using(_using(org)).filter(settled_at=None)
    return found.filter(line_id=subject) if subject else found


def _due(row: Row) -> datetime | None:
    """The moment agreed for delivery, as the quote froze it."""
    frozen = row.quote.get("due_at") or row.quote.get("starts_at")
    return datetime.fromisoformat(frozen) if frozen else None


def _using(org: UUID | None) -> str:
    return "default" if org else "cross"
