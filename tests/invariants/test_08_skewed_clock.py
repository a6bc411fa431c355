"""A web process whose clock is off by ten minutes, either way, decides nothing otherwise: what is due is due by the database's clock.

Over the API, with the clock of the process that answers put wrong. ``tests/house/test_one_clock.py`` finds who would read it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from staveworks.db.clock import database_now
from staveworks.db.transaction import acting
from staveworks.mechanisms.booking.usecases.keep_resource import register_bookable
from staveworks.mechanisms.projects.types import DeadlinePassed, StillSealed
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.models import Line
from staveworks.trade.orders.types import LineState
from staveworks.trade.orders.usecases.lapse_lines import lapse_line
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.bidding import make_bidding
from tests.booking import HOURLY, LOOM
from tests.contract.test_orders import By, kind
from tests.ordering import Market, make_market
from tests.skew import its_clock_says, skew_process
from tests.trading import publish
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
OFF, SOON = timedelta(minutes=10), timedelta(minutes=5)
ALWAYS = {"rules": [{"rrule": "FREQ=DAILY", "from": "00:00", "to": "24:00"}], "holidays": False}
FREE_UNTIL_AN_HOUR_BEFORE = {"steps": [{"hours": 1, "ratio": "0"}], "late": "0.5", "no_show": "1"}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def market(world: World) -> Market:
    return make_market(world)


@pytest.fixture(params=[OFF, -OFF], ids=["fast", "slow"], autouse=True)
def wrong(request: pytest.FixtureRequest, market: Market, monkeypatch: pytest.MonkeyPatch) -> timedelta:
    """From here on this process's clock is off by so much."""
    by: timedelta = request.param
    skew_process(monkeypatch, by)
    return by


def bookable_offer(market: Market, *, notice_minutes: int) -> OfferVersion:
    """By the minute, at any hour."""
    rules: dict[str, Any] = {
        "grid": 1,
        "shortest": 1,
        "longest": 60,
        "notice_minutes": notice_minutes,
        "opening": ALWAYS,
    }
    loom = register_bookable(market.fang, details=replace(LOOM, **rules), units=10)
    terms = {"resource": str(loom)}
    return publish(
        market.fang, mechanism="booking", price=HOURLY, terms=terms, cancellation=FREE_UNTIL_AN_HOUR_BEFORE
    )


def in_minutes(minutes: float) -> str:
    """A full minute by the database's clock, at most half a minute from there."""
    moment = (database_now() + timedelta(minutes=minutes, seconds=30)).astimezone(UTC)
    return moment.replace(second=0, microsecond=0).isoformat()


def asked(offer: OfferVersion, minutes: float) -> dict[str, Any]:
    return {"version": str(offer.id), "request": {"starts_at": in_minutes(minutes)}}


def booked(buyer: By, provider: By, offer: OfferVersion, minutes: float) -> str:
    """The line, placed and confirmed."""
    _, made = buyer.post("orders/lines", asked(offer, minutes))
    assert buyer.post(f"orders/{made['order']}/hold")[0] == 200
    assert buyer.post(f"orders/{made['order']}/place", {})[0] == 200
    assert provider.post(f"lines/{made['id']}/confirm")[0] == 200
    return str(made["id"])


def test_notice_and_hold(world: World, market: Market) -> None:
    buyer, offer = By(world.lin), bookable_offer(market, notice_minutes=60)
    status, late = buyer.post("orders/lines", asked(offer, 55))
    assert (status, late["errors"][0]["pointer"]) == (422, "/request/starts_at")
    status, made = buyer.post("orders/lines", asked(offer, 65))
    assert status == 201
    _, held = buyer.post(f"orders/{made['order']}/hold")
    lasts = datetime.fromisoformat(held["held_until"]) - database_now()
    assert timedelta(minutes=29) < lasts <= timedelta(minutes=30)
    assert buyer.post(f"orders/{made['order']}/place", {})[0] == 200


def test_what_cancelling_costs_and_when_somebody_has_not_come(
    world: World, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer, lab, offer = By(world.lin), By(market.fang), bookable_offer(market, notice_minutes=0)
    fees = []
    for minutes in (55, 65):
        line = booked(buyer, lab, offer, minutes)
        _, told = buyer.get(f"lines/{line}/cancellation")
        assert buyer.post(f"lines/{line}/cancel", {"agreed_fee_fen": told["fee_fen"]}) == (200, told)
        fees.append(told["fee_fen"])
    assert fees == [9_000, 0]
    line = booked(buyer, lab, offer, 5)
    status, early = lab.post(f"lines/{line}/no-show")
    assert (status, kind(early)) == (409, "not-begun-yet")
    its_clock_says(monkeypatch, database_now() + 2 * SOON)
    assert lab.post(f"lines/{line}/no-show")[0] == 200


def test_answer_approval_and_acceptance_by_itself(world: World, market: Market, wrong: timedelta) -> None:
    """What is due in five minutes can be done by who is ten ahead; what is over by five can't by who is ten behind."""
    over = wrong < timedelta(0)
    due = database_now() + (-SOON if over else SOON)
    mill, approver = By(market.lu), By(world.lin)
    (placed,) = market.place(world.lin, market.yarn).lines
    delivered = market.deliver(world.lin, market.yarn)
    set_limit(world.lin, limit_fen=0)
    asked_for = market.place(world.zhou, market.yarn)
    waiting = asked_for.lines[0].id
    with acting(org=world.lin.org):
        Line.objects.filter(id__in=[placed.id, delivered.id, waiting]).update(deadline_at=due)
    assert mill.post(f"lines/{placed.id}/confirm")[0] == (409 if over else 200)
    assert [lapse_line(world.lin, line_id=each) for each in (delivered.id, waiting)] == [over, over]
    assert approver.post(f"orders/{asked_for.card.id}/approve")[0] == (409 if over else 200)
    _, seen = approver.get(f"lines/{delivered.id}")
    assert seen["state"] == (LineState.ACCEPTED if over else LineState.DELIVERED)


def test_sealed_proposals(world: World) -> None:
    bidding = make_bidding(world)
    request = bidding.closing(database_now() + SOON)
    assert bidding.seal(bidding.fang, request, 100) == 1
    with pytest.raises(StillSealed):
        bidding.open(bidding.fang, request)

    def in_time(request: UUID) -> None:
        bidding.seal(bidding.fang, request, 100)

    request = bidding.over(in_time)
    with pytest.raises(DeadlinePassed):
        bidding.seal(bidding.lu, request, 90)
    assert bidding.open(bidding.fang, request).milestones[0].price_fen == 100


def test_control_by_its_own_clock_it_would_go_wrong(
    world: World, market: Market, wrong: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("staveworks.trade.catalogue.queries.database_now", timezone.now)
    buyer, offer = By(world.lin), bookable_offer(market, notice_minutes=60)
    told = [buyer.post("orders/lines", asked(offer, minutes))[0] for minutes in (55, 65)]
    assert told == ([422, 422] if wrong > timedelta(0) else [201, 201])
