"""A subscription: begun once, guarded by the database, dearer only with notice. How it goes through the months: ``test_subscription_months.py``."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from staveworks.db.clock import database_today
from staveworks.db.transaction import acting
from staveworks.mechanisms.tasks.models import Subscription, SubscriptionPeriod, SubscriptionPrice
from staveworks.mechanisms.tasks.periods import first_after, number_on, start_of
from staveworks.mechanisms.tasks.subscription_queries import (
    access_subscription,
    list_subscriptions,
    prices_to_see,
)
from staveworks.mechanisms.tasks.types.subscriptions import (
    MoveKind,
    PriceInvalid,
    SubscriptionMoved,
    SubscriptionNotFound,
    SubscriptionState,
)
from staveworks.mechanisms.tasks.usecases.keep_subscription import (
    announce_price,
    begin_subscription,
    end_subscription,
    keep_price,
    move_subscription,
    renew_subscription,
)
from staveworks.trade.catalogue.types import OfferInvalid
from tests.subscribing import MONTHLY, subscribe
from tests.trading import publish
from tests.world import World


class TestPeriods:
    @pytest.mark.parametrize(
        ("number", "starts"),
        [(0, date(2027, 1, 31)), (1, date(2027, 2, 28)), (2, date(2027, 3, 31)), (12, date(2028, 1, 31))],
    )
    def test_keep_their_day_where_the_month_has_it(self, number: int, starts: date) -> None:
        first = date(2027, 1, 31)
        assert start_of(first, 1, number) == starts
        assert number_on(first, 1, starts) == number
        assert number_on(first, 1, starts - timedelta(days=1)) == number - 1
        assert first_after(first, 1, starts) == number
        assert first_after(first, 1, starts + timedelta(days=1)) == number + 1

    def test_of_a_quarter_have_three_months(self) -> None:
        found = [start_of(date(2026, 11, 30), 3, n) for n in range(3)]
        assert found == [date(2026, 11, 30), date(2027, 2, 28), date(2027, 5, 30)]


def test_begins_with_the_line_that_is_confirmed_and_only_once(world: World) -> None:
    subscription = subscribe(world.lin, world.wu)
    seen = access_subscription(world.lin, subscription_id=subscription)
    assert (seen.state, len(seen.periods), seen.price_fen) == (SubscriptionState.RUNNING, 1, 30_000)
    assert seen.periods[0].line_id
    assert begin_subscription(world.wu, subject=seen.periods[0].line_id) is None
    assert renew_subscription(world.lin, subscription_id=subscription) == 0
    assert [each.id for each in list_subscriptions(world.wu, serving=True)] == [subscription]
    assert list_subscriptions(world.wu, serving=False) == []
    with pytest.raises(SubscriptionNotFound):
        access_subscription(world.gao, subscription_id=subscription)


def test_a_period_cannot_come_early_twice_out_of_turn_or_at_another_price(world: World) -> None:
    """The database itself, of a subscription whose second period has begun."""
    begun = subscribe(world.lin, world.wu, months_ago=1)
    other = access_subscription(world.lin, subscription_id=subscribe(world.lin, world.wu, amount_fen=1))

    def write(number: int, line: UUID | None) -> None:
        with acting(org=world.chunhui.id), transaction.atomic():
            row = Subscription.objects.get(id=begun)
            SubscriptionPeriod.objects.create(
                subscription=row,
                number=number,
                starts_date=start_of(row.first_date, 1, number),
                line_id=line,
                buyer_org_id=row.buyer_org_id,
                provider_org_id=row.provider_org_id,
            )

    for number in (0, 2):
        with pytest.raises(IntegrityError, match="not the turn"):
            write(number, None)
    with pytest.raises(IntegrityError, match="was paused, or was not"):
        write(1, None)
    with pytest.raises(IntegrityError, match="ordered otherwise"):
        write(1, other.periods[0].line_id)
    assert renew_subscription(world.lin, subscription_id=begun) == 1
    with pytest.raises(IntegrityError, match="not the turn"):
        write(2, None)


def test_a_new_price_has_its_notice_and_the_buyer_sees_it_first(world: World) -> None:
    begun = subscribe(world.lin, world.wu)
    with pytest.raises(PriceInvalid):
        announce_price(world.wu, subscription_id=begun, price_fen=30_000)
    with pytest.raises(SubscriptionNotFound):
        announce_price(world.lin, subscription_id=begun, price_fen=1)
    announce_price(world.wu, subscription_id=begun, price_fen=36_000)
    seen = access_subscription(world.lin, subscription_id=begun)
    assert seen.notice is not None
    assert (seen.price_fen, seen.notice.price_fen, seen.notice.kept) == (30_000, 36_000, False)
    assert seen.notice.from_date >= database_today() + timedelta(days=seen.notice_days)
    with acting(org=world.chunhui.id):
        (waiting,) = prices_to_see(org=world.chunhui.id)
    zone = ZoneInfo("Asia/Shanghai")
    assert waiting.due_at == datetime.combine(seen.notice.from_date, datetime.min.time(), zone)
    keep_price(world.lin, subscription_id=begun)
    with acting(org=world.chunhui.id):
        assert prices_to_see(org=world.chunhui.id) == []


def test_a_price_without_its_notice_is_refused_by_the_database(world: World) -> None:
    begun = subscribe(world.lin, world.wu)
    with acting(org=world.wu.org):
        row = Subscription.objects.get(id=begun)

    def announce(number: int) -> None:
        with acting(org=world.wu.org), transaction.atomic():
            SubscriptionPrice.objects.create(
                subscription=row,
                number=number,
                price_fen=99_000,
                buyer_org_id=row.buyer_org_id,
                provider_org_id=row.provider_org_id,
            )

    with pytest.raises(IntegrityError, match="notice"):
        announce(0)
    announce(first_after(row.first_date, 1, database_today() + timedelta(days=30)))


def test_is_paused_and_ended_once_by_either_side(world: World) -> None:
    begun = subscribe(world.lin, world.wu)
    for who, kind in ((world.lin, MoveKind.PAUSED), (world.wu, MoveKind.RESUMED)):
        move_subscription(who, subscription_id=begun, kind=kind)
        with pytest.raises(SubscriptionMoved):
            move_subscription(who, subscription_id=begun, kind=kind)
    end_subscription(world.wu, subscription_id=begun)
    seen = access_subscription(world.lin, subscription_id=begun)
    assert (seen.state, seen.next_date) == (SubscriptionState.ENDING, None)
    assert seen.ends_date == start_of(database_today(), 1, 1)
    with pytest.raises(SubscriptionMoved):
        end_subscription(world.lin, subscription_id=begun)


def test_is_priced_for_a_period(world: World) -> None:
    per_piece = {"kind": "per_unit", "unit": {"zh": "件", "en": "piece"}, "unit_price_fen": 1}
    with pytest.raises(OfferInvalid) as refused:
        publish(world.wu, mechanism="task", terms=MONTHLY, price=per_piece)
    assert refused.value.field == "terms.period"
    with pytest.raises(OfferInvalid):
        publish(world.wu, mechanism="task", terms=MONTHLY | {"period": "week"})
