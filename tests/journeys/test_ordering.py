"""Ordering in a browser: from the draft over an approval to the provider's desk; accessible, and no wider than a small phone."""

from playwright.sync_api import Page

from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.journeys.site import DESKTOP, PHONE, SMALL, Site, accessible, sideways
from tests.ordering import disputed, make_market


def test_an_order_is_held_approved_confirmed_and_delivered(site: Site) -> None:
    world, market = site.world, make_market(site.world)
    set_limit(world.lin, limit_fen=50_000)
    order = market.fill(world.zhou, market.test, market.yarn)
    clerk = site.open(f"/orders/{order}/", world.zhou, size=SMALL)
    clean(clerk)
    clerk.get_by_role("button", name="占住，去确认").click()
    clerk.get_by_role("button", name="提交审批").click()
    clerk.get_by_text("等审批").wait_for()
    owner = site.open(f"/orders/{order}/", world.lin, language="en")
    clean(owner)
    owner.get_by_role("button", name="Approve and place").click()
    owner.get_by_text("Approved and placed.").wait_for()
    mill = site.open("/lines/", market.lu, size=PHONE, language="en")
    clean(mill)
    mill.get_by_role("link", name="Combed cotton yarn").click()
    mill.get_by_role("button", name="Take the order").click()
    mill.get_by_label("What was delivered").fill("批号 77")
    mill.get_by_role("button", name="Record the delivery").click()
    mill.get_by_text("The delivery is recorded.").wait_for()
    clean(mill)


def test_the_other_pages_are_accessible_and_narrow_enough(site: Site) -> None:
    world, market = site.world, make_market(site.world)
    line = access_line(world.lin, line_id=market.deliver(world.lin, market.test).id)
    dispute = disputed(world.wu, market.fang)["disputed_line"]
    seen: list[tuple[str, Actor]] = [
        (f"/lines/{line.id}/", world.lin),
        (f"/lines/{dispute}/", world.gao),
        ("/orders/", world.lin),
        ("/orders/limit/", world.lin),
        (f"/offers/{market.yarn.offer_id}/", world.lin),
        ("/offers/?q=abrasoin", world.lin),
        ("/desk/offers/", market.fang),
        (f"/desk/offers/{market.test.offer_id}/", market.fang),
        (f"/desk/offers/{market.test.offer_id}/price/", market.fang),
        ("/disputes/", world.gao),
    ]
    for place, (path, actor) in enumerate(seen):
        page = site.open(
            path, actor, size=SMALL if place % 2 else DESKTOP, language="en" if place < 3 else "zh-hans"
        )
        clean(page)
        page.context.close()


def clean(page: Page) -> None:
    """Nothing sticks out, and axe finds nothing."""
    assert sideways(page) <= 0
    assert accessible(page) == []
