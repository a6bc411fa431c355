"""Subscriptions for tests: begun so many months ago, and months that pass.

>>> begun = subscribe(world.lin, world.wu, months_ago=3)
>>> pass_months(committed, 1)
"""

from datetime import date
from typing import Any
from unittest.mock import patch
from uuid import UUID

import psycopg
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.tasks.periods import start_of
from staveworks.mechanisms.tasks.usecases import keep_subscription
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.fill_order import add_line, begin_order
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from tests.database import Clone
from tests.trading import publish

MONTHLY: dict[str, Any] = {"kind": "subscription", "period": "month", "notice_days": 30}
EARLIER = """
SET session_replication_role = replica;
UPDATE tasks_subscription SET first_date = first_date - make_interval(months => {0});
UPDATE tasks_subscription_period SET starts_date = starts_date - make_interval(months => {0});
UPDATE tasks_subscription_move SET at = at - make_interval(months => {0});
UPDATE tasks_subscription_price SET announced_at = announced_at - make_interval(months => {0}), kept_at = kept_at - make_interval(months => {0});
"""


def subscribe(
    buyer: Actor, provider: Actor, *, months_ago: int = 0, amount_fen: int = 30_000, **content: Any
) -> UUID:
    """``buyer`` has a month of ``provider``'s bookkeeping, since so many months; ``content`` says what differs in the offer."""
    price = {"kind": "fixed", "amount_fen": amount_fen}
    offer = publish(provider, mechanism="task", terms=MONTHLY, price=price, **content)
    with acting(org=buyer.org, person=buyer.person_id):
        order = begin_order(buyer)
    added = add_line(buyer, version_id=offer.id, request={}, order_id=order.id)
    hold_order(buyer, order_id=added.order_id)
    place_order(buyer, order_id=added.order_id)
    confirm_line(provider, line_id=added.line_id)
    with patch.object(keep_subscription, "database_today", lambda: months_back(months_ago)):
        begun = keep_subscription.begin_subscription(provider, subject=added.line_id)
    assert begun
    return begun


def months_back(months: int) -> date:
    return start_of(timezone.localdate(), 1, -months)


def pass_months(clone: Clone, months: int) -> None:
    """All that is recorded of subscriptions is so much older; by a superuser, since no trigger would let anybody."""
    with psycopg.connect(clone.urls.superuser) as superuser:
        superuser.execute(EARLIER.format(months))


def subscribed_things(owner: Actor, provider: Actor) -> dict[str, str]:
    """By the parameters of addresses: a subscription that the owner has, free of charge (her limit may be 0), and one that she serves."""
    own, served = subscribe(owner, provider, amount_fen=0), subscribe(provider, owner)
    return {"subscription": str(own), "served_subscription": str(served)}
