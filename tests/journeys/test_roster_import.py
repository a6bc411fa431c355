"""From a file to decided duplicates, walked in Chinese at a desk, its words looked for in English, its pages on a phone."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from staveworks.foundation.rosters.duplicates import count_pairs, list_decisions
from staveworks.foundation.rosters.queries import list_rosters
from staveworks.foundation.rosters.types import RosterState
from staveworks.foundation.rosters.usecases.run_import import run_import
from tests.journeys.other import look, press, told
from tests.journeys.site import PHONE, Site, sound, turning
from tests.rooms.rosters.lists import HEADER, PARK, write

pytestmark = [pytest.mark.browser]


def work_off(site: Site) -> None:
    """What the worker does: import what was started."""
    for card in list_rosters(site.world.gao):
        if card.state is RosterState.RUNNING:
            run_import(site.world.gao, subject=card.id)


def test_a_list_becomes_firms_and_a_duplicate_is_decided(site: Site, tmp_path: Path) -> None:
    text = "某园区企业名单,,,,,,\n" + PARK + ",,绍兴市,,,13900000000,\n"
    page = site.open("/rosters/", site.world.gao)
    look(page, other=PHONE)
    page.locator(".empty a.btn-primary").click()
    page.set_input_files("input[type=file]", write(tmp_path, "park.csv", text))
    expect(page.locator("[data-drop-names]")).to_have_text("park.csv")
    with turning(page):
        page.locator(".foot-actions .btn-primary").click()
    look(page, other=PHONE)
    press(page, "看预览", "See the preview")
    expect(page.locator(".refused-row")).to_have_count(1)
    look(page, other=PHONE)
    press(page, "导入 3 行", "Import 3 rows")
    expect(page.locator("#job progress")).to_be_visible()
    work_off(site)
    told(page, "逐行结果", "Row by row")
    look(page, other=PHONE)
    press(page, "判重 1 对", "Decide 1 pair")
    told(page, "是同一家吗？", "Same firm?")
    look(page, other=PHONE)
    _decide_by_keys(site, page)


def _decide_by_keys(site: Site, page: Page) -> None:
    """1 switches the name, M merges, the toast undoes, K keeps apart."""
    left = page.locator('input[name="field-name"][value="left"]')
    was = left.is_checked()
    page.keyboard.press("1")
    assert left.is_checked() is not was
    page.keyboard.press("m")
    page.locator("[data-toast]").get_by_role("button", name="撤销").click()
    expect(page.locator("#same-firm")).to_contain_text("是同一家吗？")
    assert count_pairs(site.world.gao) == 1
    page.keyboard.press("k")
    expect(page.locator(".empty")).to_be_visible()
    page.goto(site.url + "/rosters/decisions/")
    expect(page.locator("tbody tr")).to_have_count(2)
    look(page, other=PHONE)
    assert [made.decision for made in list_decisions(site.world.gao)] == ["apart", "merge"]


def test_a_file_that_is_no_list_is_refused_at_its_field(site: Site, tmp_path: Path) -> None:
    page = site.open("/rosters/upload/", site.world.gao, language="en")
    good, bad = write(tmp_path, "good.csv", PARK), tmp_path / "bad.xlsx"
    bad.write_bytes(b"%PDF-1.4 no list")
    page.set_input_files("input[type=file]", [good, bad])
    page.locator(".foot-actions .btn-primary").click()
    expect(page.locator("#drop-errors")).to_contain_text("bad.xlsx")
    assert [card.name for card in list_rosters(site.world.gao)] == ["good.csv"]
    sound(page)


def test_an_import_can_be_stopped_and_left(site: Site, tmp_path: Path) -> None:
    page = site.open("/rosters/upload/", site.world.gao, language="en")
    page.set_input_files("input[type=file]", write(tmp_path, "park.csv", PARK))
    for _ in range(3):
        with turning(page):
            page.locator(".foot-actions .btn-primary").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    assert list_rosters(site.world.gao)[0].state is RosterState.STOPPED
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#job progress")).to_be_visible()
    time.sleep(0.1)
    work_off(site)
    assert list_rosters(site.world.gao)[0].counts.rows == 3


def test_strangers_find_no_list(site: Site, tmp_path: Path) -> None:
    page = site.open("/rosters/", site.world.lin)
    assert page.locator("h1").count() == 1
    assert HEADER not in page.content()
    assert page.request.get(site.url + "/rosters/").status == 403
