"""Ordering in a browser: from the draft over an approval to the provider's desk; accessible, and no wider than a small phone."""

from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.journeys.site import DESKTOP, PHONE, SMALL, Site, sound
from tests.ordering import disputed, make_market


def test_an_order_is_held_approved_confirmed_and_delivered(site: Site) -> None:
    world, market = site.world, make_market(site.world)
    set_limit(world.lin, limit_fen=50_000)
    order = market.fill(world.zhou, market.test, market.yarn)
    clerk = site.open(f"/orders/{order}/", world.zhou, size=SMALL)
    sound(clerk)
    clerk.get_by_role("button", name="占住，去确认").click()
    clerk.get_by_role("button", name="提交审批").click()
    clerk.get_by_text("待审批：").wait_for()
    owner = site.open(f"/orders/{order}/", world.lin, language="en")
    sound(owner)
    owner.get_by_role("button", name="Approve and place").click()
    owner.get_by_text("Approved and placed.").wait_for()
    mill = site.open("/lines/", market.lu, size=PHONE, language="en")
    sound(mill)
    mill.get_by_role("link", name="Combed cotton yarn").click()
    mill.get_by_role("button", name="Take the order").click()
    mill.get_by_label("What was delivered").fill("批号 77")
    mill.get_by_role("button", name="Record the delivery").click()
    mill.get_by_text("The delivery is recorded.").wait_for()
    sound(mill)


def test_the_other_pages_are_accessible_and_narrow_enough(site: Site) -> None:
    world, market = site.world, make_market(site.world)
    line = access_line(world.lin, line_id=market.deliver(world.lin, market.test).id)
    dispute = disputed(world.wu, market.fang)["disputed_line"]
    offer = market.test.offer_id
    seen: list[tuple[Actor, tuple[int, int], str, list[str]]] = [
        (world.lin, DESKTOP, "en", [f"/lines/{line.id}/", "/orders/", "/orders/limit/"]),
        (world.lin, SMALL, "zh-hans", [f"/offers/{market.yarn.offer_id}/", "/offers/?q=abrasoin"]),
        (world.gao, SMALL, "en", [f"/lines/{dispute}/", "/disputes/"]),
        (
            market.fang,
            SMALL,
            "zh-hans",
            ["/desk/offers/", f"/desk/offers/{offer}/", f"/desk/offers/{offer}/price/"],
        ),
    ]
    for actor, size, language, paths in seen:
        page = site.open(paths[0], actor, size=size, language=language)
        sound(page)
        for path in paths[1:]:
            page.goto(site.url + path)
            sound(page)


def test_the_keyboard_goes_from_the_search_to_the_first_result(site: Site) -> None:
    make_market(site.world)
    page = site.open("/offers/", site.world.lin, language="en", size=DESKTOP)
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#results"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.querySelector('.offers a')")
