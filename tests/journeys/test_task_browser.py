"""A sample is received on a phone by its label; pages of test orders are accessible and no wider than a small phone."""

from staveworks.mechanisms.tasks.types.reports import Mark
from staveworks.mechanisms.tasks.types.samples import TaskStep
from staveworks.mechanisms.tasks.usecases.record_custody import record_custody
from tests.journeys.site import DESKTOP, SMALL, Site, fits, sound
from tests.stocking import make_mill
from tests.testing import make_lab


def test_a_sample_is_received_on_a_phone_and_its_report_read(site: Site) -> None:
    world, lab = site.world, make_lab()
    lab.accredit(Mark.CMA)
    line = lab.order(world.lin)
    first, second = lab.see(line).samples
    phone = site.open(f"/s/{first.code}/", lab.fang, size=SMALL)
    sound(phone)
    phone.get_by_label("放到哪里").fill("收样柜 A3")
    phone.get_by_role("button", name="收样").click()
    phone.get_by_text("已记下样品交接。").wait_for()
    phone.goto(f"{site.url}/tasks/{line}/")
    sound(phone)
    record_custody(lab.fang, line_id=line, sample_ids=[second.id], step=TaskStep.RECEIVED)
    desk = site.open(f"/tasks/{line}/", lab.fang, size=DESKTOP, language="en")
    sound(desk)
    lab.report(line, lab.test(line), marks=[Mark.CMA], last=True)
    buyer = site.open("/", world.lin, size=SMALL)
    for page, look in ((buyer, sound), (desk, fits)):
        for path in (f"/tasks/{line}/", "/tasks/", f"/offers/{lab.offer.offer_id}/"):
            page.goto(site.url + path)
            look(page)
    keeper = site.open("/desk/scopes/", lab.fang, size=SMALL, language="en")
    sound(keeper)
    mill = make_mill(lab.fang)
    mill.receive("2611-07", 500)
    keeper.goto(f"{site.url}/desk/stock/")
    sound(keeper)
    phone.goto(f"{site.url}/desk/stock/{mill.stock}/")
    phone.get_by_text("2611-07").click()
    sound(phone)
