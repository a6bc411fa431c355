"""No page of trade asks the database more often because there is more on it: offers, orders, lines, bookings, postings."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.queries import access_order
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.settlement.usecases.post_ordered_line import post_ordered_line
from tests.booking import Lab, make_lab, monday
from tests.ordering import Market, make_market
from tests.rooms.measure.test_cluster_pages import assess, client_of
from tests.trading import publish
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
MOST = 70
"""A page that asks more often is slow on a busy machine however little is on it."""


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    assess(world.lin)
    return world


def trade(world: World, market: Market, lab: Lab, *, times: int, first: int) -> UUID:
    """So many more offers, orders, bookings, accepted and posted lines; the last order with two lines more each time."""
    for n in range(first, first + times):
        publish(market.fang, title={"zh": f"检测 {n}", "en": f"Test {n}"})
        lab.book(world.lin, monday(n + 1), "09:00")
        done = market.deliver(world.lin, market.yarn)
        accept_line(world.lin, line_id=done.id)
        post_ordered_line(operator_service_for(world.lin.org), subject=done.id)
    return market.place(world.lin, *[market.yarn] * (2 * times)).card.id


def count(world: World, market: Market, lab: Lab, order: UUID) -> dict[str, int]:
    line = access_order(world.lin, order_id=order).lines[0].id
    pages: list[tuple[Actor, str, str]] = [
        (world.lin, "catalogue", "/offers/"),
        (world.lin, "offer", f"/offers/{market.yarn.offer_id}/"),
        (world.lin, "orders", "/orders/"),
        (world.lin, "order", f"/orders/{order}/"),
        (world.lin, "line, bought", f"/lines/{line}/"),
        (world.lin, "prescription", "/prescribe/"),
        (world.lin, "books, bought", "/books/"),
        (market.lu, "lines", "/lines/"),
        (market.lu, "line, sold", f"/lines/{line}/"),
        (market.lu, "earned", "/earned/"),
        (market.lu, "books, sold", "/books/"),
        (market.fang, "own offers", "/desk/offers/"),
        (lab.fang, "calendar", "/desk/calendar/"),
        (lab.fang, "week", f"/desk/calendar/{lab.looms}/?from={monday()}"),
    ]
    counts = {}
    for actor, name, path in pages:
        client = client_of(actor)
        for _ in range(2):  # the first visit may note something once
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("Location"))
        counts[name] = len(captured)
    return counts


def test_more_of_everything_does_not_mean_one_more_query_on_any_page(world: World) -> None:
    market, lab = make_market(world), make_lab(world)
    few = count(world, market, lab, trade(world, market, lab, times=1, first=0))
    assert count(world, market, lab, trade(world, market, lab, times=3, first=1)) == few
    assert {name: queries for name, queries in few.items() if queries > MOST} == {}
