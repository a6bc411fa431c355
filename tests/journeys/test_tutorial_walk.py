"""The tutorial walked word by word, in English, with each Chinese word on the same page: pressed, or seen, in the order of the text."""

import re
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from staveworks.cli import welcome
from staveworks.foundation.parties.usecases.make_operator_link import make_operator_link
from tests.journeys.reader import ROOT, Reader, fill, read
from tests.journeys.site import Site, turning
from tests.journeys.test_from_list_to_barrel import FIRM, LISTS, OWNER_PHONE, POSTBOX, work_off

pytestmark = [pytest.mark.browser]


@override_settings(MESSENGER="tests.journeys.test_from_list_to_barrel.postbox")
def test_every_word_in_bold_is_where_the_tutorial_says(fresh_site: Site) -> None:
    reader = read("diagnose-your-cluster", "en")
    printed = Path(welcome.__file__).read_text(encoding="utf-8")
    assert all(word in printed for word in reader.skips()), "printed in the terminal"
    operator = fresh_site.open(f"/join/operator/{make_operator_link()}/", language="en")
    fill(operator, organisation="盛泽纺织集群服务公司", name="高明远", contact="gao@cluster.example", password="eight-oak-staves")  # fmt: skip
    reader.presses(operator)
    load_lists(reader, operator)
    reader.presses(operator)
    reader.presses(operator)
    expect(operator.locator(".empty")).to_be_visible()
    assert reader.skips() == ("Merge", "合并")
    reader.presses(operator)
    operator.get_by_role("link", name=FIRM).click()
    reader.presses(operator)
    owner = fresh_site.open(
        operator.locator("#claim-link").inner_text().removeprefix(fresh_site.url), language="en"
    )
    claim(reader, owner)
    assert reader.skips() == ("Assess for the firm", "代为诊断")
    quick_start(reader, owner)
    for _ in range(2):  # the cluster, its firms
        reader.presses(operator)
    reader.is_done()


def load_lists(reader: Reader, page: Page) -> None:
    for _ in range(2):  # to the lists, to one more
        reader.presses(page)
    page.set_input_files("input[type=file]", ROOT / LISTS / "park.csv")
    for _ in range(3):  # load, look at the columns, import
        reader.presses(page)
    work_off()
    page.reload()
    reader.presses(page)  # another list
    page.set_input_files("input[type=file]", ROOT / LISTS / "fair.csv")
    for _ in range(2):
        with turning(page):
            page.locator(".foot-actions .btn-primary").click()
    reader.presses(page)
    work_off()
    page.reload()


def claim(reader: Reader, page: Page) -> None:
    reader.presses(page)
    fill(page, name="陈建国", contact=OWNER_PHONE)
    reader.presses(page)
    fill(page, code=POSTBOX.code_for(OWNER_PHONE))
    reader.presses(page)
    reader.presses(page)
    with turning(page):
        page.locator("button[name=choice][value=shown]").click()


def quick_start(reader: Reader, page: Page) -> None:
    page.goto(re.sub(r"(://[^/]+).*", r"\1/barrel/", page.url))
    reader.presses(page)
    for _ in range(8):
        card = page.locator(".quick-card")
        with turning(page):
            if card.locator(".number-line").count():
                card.locator(".number-line input").fill("40")
                card.locator(".number-line input").press("Enter")
            else:
                card.locator(".tap-choice").nth(1).click()
    expect(page).to_have_url(re.compile("/quick/result/$"))
    page.goto(re.sub(r"(://[^/]+).*", r"\1/barrel/", page.url))
    reader.sees(page)
