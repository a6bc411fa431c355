"""The provider's calendar as it is seen: nothing that axe finds, nothing to scroll sideways for, by keyboard, in both languages."""

import pytest
from playwright.sync_api import expect

from tests.booking import make_lab, monday
from tests.journeys.site import DESKTOP, SMALL, Site, sound, turning

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize(("language", "size"), [("zh-hans", SMALL), ("en", DESKTOP)])
def test_the_calendar_reads_well_and_closes_by_keyboard(
    site: Site, language: str, size: tuple[int, int]
) -> None:
    lab, day = make_lab(site.world), monday()
    line = lab.book(site.world.lin, day, "09:00", minutes=120)
    page = site.open("/desk/calendar/", lab.fang, language=language, size=size)
    for path in ("/desk/calendar/", "/desk/calendar/new/", f"/desk/calendar/{lab.looms}/?from={day}"):
        page.goto(site.url + path)
        sound(page, axe=SMALL)
    expect(page.locator("svg.week:visible")).to_have_count(int(size == DESKTOP))
    expect(page.locator(f"a[href='/lines/{line.id}/']")).to_be_visible()
    for name, value in (("starts_at", f"{day}T08:00"), ("ends_at", f"{day}T18:00"), ("reason", "换轴承")):
        page.locator(f"[name={name}]").fill(value)
    with turning(page):
        page.locator("[name=reason]").press("Enter")
    expect(page.locator("form[action*='/open/'] button")).to_be_visible()
    sound(page, axe=SMALL)
