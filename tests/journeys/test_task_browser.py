"""A sample is received on a phone by its label; pages of test orders are accessible and no wider than a small phone."""

from playwright.sync_api import Page

from staveworks.mechanisms.tasks.types.reports import Mark
from staveworks.mechanisms.tasks.types.samples import TaskStep
from staveworks.mechanisms.tasks.usecases.record_custody import record_custody
from tests.journeys.site import DESKTOP, SMALL, Site, accessible, sideways
from tests.stocking import make_mill
from tests.testing import make_lab


def clean(page: Page) -> None:
    assert accessible(page) == []
    assert sideways(page) <= 0


def test_a_sample_is_received_on_a_phone_and_its_report_read(site: Site) -> None:
    world, lab = site.world, make_lab()
    lab.accredit(Mark.CMA)
    line = lab.order(world.lin)
    first, second = lab.see(line).samples
    phone = site.open(f"/s/{first.code}/", lab.fang, size=SMALL)
    clean(phone)
    phone.get_by_label("放到哪里").fill("收样柜 A3")
    phone.get_by_role("button", name="收样").click()
    phone.get_by_text("已记下样品交接。").wait_for()
    phone.goto(f"{site.url}/tasks/{line}/")
    clean(phone)
    record_custody(lab.fang, line_id=line, sample_ids=[second.id], step=TaskStep.RECEIVED)
    desk = site.open(f"/tasks/{line}/", lab.fang, size=DESKTOP, language="en")
    clean(desk)
    lab.report(line, lab.test(line), marks=[Mark.CMA], last=True)
    for actor, language, size in ((world.lin, "zh-hans", SMALL), (lab.fang, "en", DESKTOP)):
        for path in (f"/tasks/{line}/", "/tasks/", f"/offers/{lab.offer.offer_id}/"):
            clean(site.open(path, actor, size=size, language=language))
    clean(site.open("/desk/scopes/", lab.fang, size=SMALL, language="en"))
    mill = make_mill(lab.fang)
    mill.receive("2611-07", 500)
    clean(site.open("/desk/stock/", lab.fang, size=SMALL, language="en"))
    shelf = site.open(f"/desk/stock/{mill.stock}/", lab.fang, size=SMALL)
    shelf.get_by_text("2611-07").click()
    clean(shelf)
