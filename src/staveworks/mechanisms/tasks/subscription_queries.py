"""Reads of subscriptions, for their buyer and their provider; and the announced prices that wait for the buyer."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from staveworks.db.clock import database_today
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.kit.figures import money
from staveworks.kit.waiting import Waiting
from staveworks.mechanisms.tasks.models import Subscription as Row
from staveworks.mechanisms.tasks.models import SubscriptionPeriod, SubscriptionPrice
from staveworks.mechanisms.tasks.periods import start_of
from staveworks.mechanisms.tasks.subscription_rows import begins_at, months_of, subscription_of
from staveworks.mechanisms.tasks.types.subscriptions import Subscription, SubscriptionNotFound
from staveworks.trade.orders.terms import limits_of


@query
def list_subscriptions(actor: Actor, *, serving: bool, limit: int = 200) -> list[Subscription]:
    """Those that the organisation has, or serves; the newest first. Raises ``RightMissing``."""
    actor.require("line.serve" if serving else "order.read")
    own = {"provider_org_id": actor.org} if serving else {"buyer_org_id": actor.org}
    today = database_today()
    return [
        subscription_of(row, today)
        for row in _whole(Row.objects.filter(**own)).order_by("-first_date", "-id")[:limit]
    ]


@query
def access_subscription(actor: Actor, *, subscription_id: UUID) -> Subscription:
    """Raises ``RightMissing``, ``SubscriptionNotFound``."""
    actor.require("order.read")
    row = _whole(Row.objects.filter(id=subscription_id)).first()
    if row is None:
        raise SubscriptionNotFound
    limit = limits_of(actor).limit_fen if row.buyer_org_id == actor.org else None
    return subscription_of(row, database_today(), limit_fen=limit)


@query
def buyer_of(actor: Actor, *, subscription_id: UUID) -> UUID | None:
    return Row.objects.filter(id=subscription_id).values_list("buyer_org_id", flat=True).first()


def prices_to_see(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the buyer: an announced price that she hasn't answered, until it begins; and after that while periods are left out for want
    of her word. The subject is the subscription.
    """
    using = "default" if org else "cross"
    found = SubscriptionPrice.objects.using(using).filter(kept_at=None, subscription__last_number=None)
    found = found.filter(buyer_org_id=org) if org else found
    found = found.filter(subscription_id=subject) if subject else found
    today, waiting = database_today(using), []
    left_out = SubscriptionPeriod.objects.using(using).filter(
        subscription=OuterRef("subscription"), number__gte=OuterRef("number"), line=None
    )
    for each in found.select_related("subscription").annotate(held=Exists(left_out)):
        row = each.subscription
        starts = start_of(row.first_date, months_of(row), each.number)
        if starts > today or each.held:
            due = begins_at(row, starts)
            params = {"firm": str(each.provider_org_id), "yuan": money(each.price_fen)}
            waiting.append(Waiting(each.buyer_org_id, row.id, each.announced_at, due_at=due, params=params))
    return waiting


def _whole(rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows.select_related("line__version", "buyer_org", "provider_org").prefetch_related(
        "periods", "moves", "prices"
    )
