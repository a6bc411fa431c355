"""The books in a browser: from the trial balance to an account's statement, on a phone and by keyboard, in both languages."""

from datetime import date
from fractions import Fraction

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from staveworks.foundation.ledger.usecases.post_transfers import post_transfers
from staveworks.kit.ids import new_id
from staveworks.trade.settlement.types import LineToSettle
from staveworks.trade.settlement.usecases.settle_line import settle_line
from tests.books import fund, payment
from tests.journeys.site import DESKTOP, SMALL, Site, sound

pytestmark = [pytest.mark.browser]
WORDS = {
    "zh-hans": {
        "account": "应付账款 · 远达印染",
        "what": "订单验收",
        "total": "本月合计（1 笔）",
        "closed": "已结账到",
    },
    "en": {
        "account": "Payable · 远达印染",
        "what": "Order line accepted",
        "total": "Total of 1 posting",
        "closed": "Closed through",
    },
}


def trade(site: Site) -> None:
    """An accepted line and money at the bank."""
    world = site.world
    fund(world.lin, 30_000_000, day=date(2026, 10, 20))
    line = LineToSettle(
        new_id(),
        world.chunhui.id,
        world.yuanda.id,
        2_720_000,
        Fraction(6, 100),
        timezone.now(),
        accepted_fen=2_720_000,
    )
    settle_line(world.lin, line=line)
    post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 5, pending=True)])


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESKTOP), ("en", SMALL)], ids=["zh-desktop", "en-small"]
)
def test_a_firm_reads_its_books(site: Site, language: str, size: tuple[int, int]) -> None:
    said = WORDS[language]
    page = site.open("/books/", site.world.lin, size=size, language=language)
    sound(page, axe=SMALL)
    trade(site)
    page.reload()
    sound(page, axe=SMALL)
    page.get_by_role("link", name=said["account"]).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name=said["what"])).to_be_visible()
    expect(page.get_by_text(said["total"])).to_be_visible()
    sound(page, axe=SMALL)


def test_a_provider_reads_what_it_earned(site: Site) -> None:
    trade(site)
    page = site.open("/earned/", site.world.wu, size=SMALL, language="en")
    expect(page.get_by_text("you get ¥26,656.00")).to_be_visible()
    sound(page)


@pytest.mark.parametrize(
    ("language", "size"), [("en", DESKTOP), ("zh-hans", SMALL)], ids=["en-desktop", "zh-small"]
)
def test_the_operator_closes_the_books(site: Site, language: str, size: tuple[int, int]) -> None:
    trade(site)
    page = site.open("/books/close/", site.world.gao, size=size, language=language)
    page.locator("input[name=through]").fill("2026-10-31")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_text(WORDS[language]["closed"]).first).to_be_visible()
    sound(page, axe=DESKTOP)
