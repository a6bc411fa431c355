"""Subscriptions through the months, on a database of their own: none missed, none doubled, what a pause and a dear price leave out."""

from threading import Barrier, BrokenBarrierError, Thread
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import RightMissing
from staveworks.jobs.periodic import renew_subscriptions
from staveworks.jobs.work import actor_of_job
from staveworks.mechanisms.tasks.models import Subscription
from staveworks.mechanisms.tasks.subscription_queries import access_subscription, prices_to_see
from staveworks.mechanisms.tasks.subscription_rows import was_paused
from staveworks.mechanisms.tasks.types.subscriptions import MoveKind, SubscriptionState
from staveworks.mechanisms.tasks.usecases import keep_subscription
from staveworks.mechanisms.tasks.usecases.keep_subscription import (
    announce_price,
    end_subscription,
    keep_price,
    move_subscription,
)
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import LineState
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.database import Clone
from tests.subscribing import pass_months, subscribe
from tests.world import World, make_world


def costs(world: World, subscription: UUID) -> list[int | None]:
    """What each period was ordered for, the first one first; None: left out."""
    periods = access_subscription(world.lin, subscription_id=subscription).periods
    return [
        access_line(world.lin, line_id=each.line_id).price_fen if each.line_id else None
        for each in reversed(periods)
    ]


def test_goes_through_its_months(committed: Clone) -> None:
    world = make_world()
    begun, resting = subscribe(world.lin, world.wu), subscribe(world.lin, world.wu)
    set_limit(world.lin, limit_fen=0)  # what was approved when it began isn't asked about again

    pass_months(committed, 2)
    move_subscription(world.wu, subscription_id=resting, kind=MoveKind.PAUSED)
    assert renew_subscriptions() == 4, "both missed months, though nobody looked meanwhile"
    assert renew_subscriptions() == 0
    seen = access_subscription(world.lin, subscription_id=begun)
    lines = [access_line(world.lin, line_id=each.line_id) for each in seen.periods if each.line_id]
    assert [line.state for line in lines] == [LineState.PLACED, LineState.PLACED, LineState.CONFIRMED]
    assert len({line.order_id for line in lines}) == 3

    number = announce_price(world.wu, subscription_id=begun, price_fen=36_000)
    pass_months(committed, number)
    move_subscription(world.lin, subscription_id=resting, kind=MoveKind.RESUMED)
    renew_subscriptions()
    approved = [30_000] * number
    assert costs(world, begun)[:number] == approved
    assert set(costs(world, begun)[number:]) == {None}, "above the limit and not approved: left out"
    assert costs(world, resting) == [30_000] * 3 + [None] * number
    assert access_subscription(world.lin, subscription_id=begun).state is SubscriptionState.HELD
    assert access_subscription(world.lin, subscription_id=resting).state is SubscriptionState.RUNNING
    with acting(org=world.chunhui.id):
        assert [each.subject for each in prices_to_see(org=world.chunhui.id)] == [begun]

    with pytest.raises(RightMissing):
        keep_price(world.zhou, subscription_id=begun)
    keep_price(world.lin, subscription_id=begun)
    left_out = costs(world, begun)
    pass_months(committed, 1)
    end_subscription(world.lin, subscription_id=resting)
    assert renew_subscriptions() == 2, "also the month in which one was ended"
    assert costs(world, begun) == [*left_out, 36_000]
    pass_months(committed, 1)
    assert renew_subscriptions() == 1
    assert access_subscription(world.wu, subscription_id=resting).state is SubscriptionState.ENDED


@pytest.mark.parametrize("guarded", [True, False])
def test_two_workers_at_once_order_a_period_once(
    committed: Clone, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The control, without lock, trigger and unique number, orders it twice."""
    world = make_world()
    begun = subscribe(world.lin, world.wu, months_ago=1)
    if not guarded:
        with psycopg.connect(committed.urls.superuser) as superuser:
            superuser.execute("DROP TRIGGER tasks_period_follows ON tasks_subscription_period")
            superuser.execute(
                "ALTER TABLE tasks_subscription_period DROP CONSTRAINT tasks_subscription_period_once"
            )
        monkeypatch.setattr(keep_subscription, "_locked", lambda *_, **__: Subscription.objects.get(id=begun))
    both_have_looked = Barrier(2, timeout=0.5 if guarded else 20)

    def look_together(*given: object) -> bool:
        try:
            both_have_looked.wait()
        except BrokenBarrierError:
            assert guarded
        return was_paused(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(keep_subscription, "was_paused", look_together)
    done: list[int] = []

    def work() -> None:
        try:
            done.append(
                keep_subscription.renew_subscription(actor_of_job(world.chunhui.id), subscription_id=begun)
            )
        finally:
            connections.close_all()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done) == ([0, 1] if guarded else [1, 1])
    assert costs(world, begun) == [30_000] * (2 if guarded else 3)
