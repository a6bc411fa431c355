"""The provider's calendar as it is seen: nothing that axe finds, nothing to scroll sideways for, by keyboard; the week only at a desk."""

import pytest
from playwright.sync_api import expect

from tests.booking import make_lab, monday
from tests.journeys.other import look
from tests.journeys.site import DESKTOP, SMALL, Site, fits, turning

pytestmark = [pytest.mark.browser]


def test_the_calendar_reads_well_and_closes_by_keyboard(site: Site) -> None:
    lab, day = make_lab(site.world), monday()
    line = lab.book(site.world.lin, day, "09:00", minutes=120)
    page = site.open("/desk/calendar/", lab.fang, size=SMALL)
    for path in ("/desk/calendar/", "/desk/calendar/new/", f"/desk/calendar/{lab.looms}/?from={day}"):
        page.goto(site.url + path)
        look(page, other=DESKTOP)
    expect(page.locator("svg.week:visible")).to_have_count(0)
    expect(page.locator(f"a[href='/lines/{line.id}/']")).to_be_visible()
    for name, value in (("starts_at", f"{day}T08:00"), ("ends_at", f"{day}T18:00"), ("reason", "换轴承")):
        page.locator(f"[name={name}]").fill(value)
    with turning(page):
        page.locator("[name=reason]").press("Enter")
    expect(page.locator("form[action*='/open/'] button")).to_be_visible()
    look(page, other=DESKTOP)
    desk = site.open(f"/desk/calendar/{lab.looms}/?from={day}", lab.fang, language="en")
    expect(desk.locator("svg.week:visible")).to_have_count(1)
    fits(desk)
