"""From a campaign to a figure and back: reached by message, claimed with one tap on a phone, shown, seen by an officer as one of
several, withdrawn, gone; then a question answered and a report taken home. The operator and the officer sit at a desk and read
Chinese, the owner has a phone and reads English; what each reads is looked for in the other language and size too."""

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from staveworks.cluster.barrel.usecases.publish_figures import publish_figures
from staveworks.db.transaction import acting
from staveworks.engine.barrel import load_rubric
from staveworks.foundation.notices.due import list_due
from staveworks.foundation.notices.messages.types import Channel
from staveworks.foundation.notices.usecases.send_due import send_due
from staveworks.foundation.outreach.usecases.run_campaign import run_campaign
from staveworks.foundation.parties.models import Profile
from staveworks.foundation.parties.types import Kind, Role
from staveworks.kit.data import SHIPPED
from tests.journeys.other import look, told
from tests.journeys.site import DESKTOP, PHONE, Site, turning
from tests.journeys.test_from_list_to_barrel import answer_elsewhere
from tests.papers import Pdf
from tests.rooms.barrel.rubrics import RUBRIC, write_data
from tests.rooms.barrel.test_publishing import KEQIAO, member
from tests.world import join, make_firm, make_person, make_unclaimed

pytestmark = [pytest.mark.browser]
FIRM, OWNER, CONTACT = "绍兴柯桥新禾织造有限公司", "陈新禾", "+8613805750011"
SIX, FIVE = ("6 家已诊断", "6 assessed"), ("5 家已诊断", "5 assessed")


@pytest.fixture
def site(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """With the small rubric, an unclaimed firm of which a phone number is held, and five firms that show their barrels."""
    write_data(tmp_path / "data", yaml.safe_load((SHIPPED / "planks.yaml").read_text("utf-8")), "2026")
    monkeypatch.setenv("STAVEWORKS_DATA", str(tmp_path / "data"))
    operator = site.world.operator
    firm = make_unclaimed(FIRM, operator, phones=[CONTACT], city=KEQIAO)
    with acting(org=operator.id):
        Profile.objects.filter(org_id=firm.id).update(business_type="textile.weaving")
    for number in range(5):
        member(f"第{number}厂", step=number % 5)
    return site


def press(button: Locator) -> None:
    with turning(button.page):
        button.click()


def test_a_firm_is_reached_shows_itself_and_withdraws(site: Site) -> None:
    gao = site.world.gao
    desk = site.open("/growth/campaigns/new/", gao)
    owner = claim(site, campaign(desk, site))
    diagnose(owner)
    publish_figures(gao, period="2026-07")

    reader = join(make_person("王蕾"), make_firm("经信局", Kind.GOVERNMENT), Role.OWNER)
    officer = site.open("/figures/", reader)
    told(officer, "至少 5 家企业", "at least 5 firms")
    expect(officer.locator("main")).not_to_contain_text(FIRM)
    look(officer, other=PHONE)
    desk.goto(site.url + "/cluster/map/")
    told(desk, *SIX)

    owner.goto(site.url + "/agreement/")
    press(owner.locator("form[action='/agreement/end/'] button"))
    desk.reload()
    told(desk, *FIVE)
    publish_figures(gao, period="2026-08")
    officer.reload()
    told(officer, "这个月没有可以公布的数据", "Nothing to show this month")
    look(officer, other=PHONE)

    ask(owner, desk)
    take_report(owner)


def campaign(desk: Page, site: Site) -> str:
    """Start it on its page, let the worker send, read the message in the sink; the link in it."""
    look(desk, other=PHONE)
    desk.locator("[name=name]").fill("柯桥首批")
    press(desk.locator("main form .btn-primary"))
    expect(desk).to_have_url(re.compile(r"/growth/campaigns/[0-9a-f-]{36}/$"))
    run_campaign(site.world.gao, subject=UUID(desk.url.rstrip("/").rsplit("/", 1)[1]))
    for due in list_due([Channel.SMS]):
        send_due(site.world.gao, operator=due.operator, channel=due.channel, gateway=due.gateway)
    desk.goto(f"{site.url}/settings/messages/sink/?q={CONTACT[-8:]}")
    look(desk, other=PHONE)
    press(desk.locator("main [data-open]").first)
    look(desk, other=PHONE)
    link = desk.locator(".letter a").first.get_attribute("href")
    assert link
    return link


def claim(site: Site, link: str) -> Page:
    """One tap on a phone, then what the operator may see."""
    page = site.open(urlsplit(link).path, size=PHONE, language="en")
    expect(page.get_by_role("heading", level=1)).to_contain_text(FIRM)
    look(page, other=DESKTOP)
    page.locator("[name=name]").fill(OWNER)
    press(page.locator("main .btn-primary[type=submit]"))
    expect(page).to_have_url(re.compile("/agreement/"))
    look(page, other=DESKTOP)
    press(page.locator("button[name=choice][value=shown]"))
    return page


def diagnose(page: Page) -> None:
    """A plank by hand, the rest on another device."""
    page.goto(urljoin(page.url, "/diagnose/"))
    press(page.locator("form[action='/diagnose/start/'] button:visible").first)
    links = page.locator("a[href]").evaluate_all("all => all.map(a => a.href.split('#')[0])")
    own = re.compile(r"^https?://[^/]+/diagnose/[0-9a-f-]{36}/[a-z]+/$")
    page.goto(next(link for link in links if own.search(link)))
    for question in page.locator("article.question").all():
        with page.expect_response(re.compile("/answer/$")):
            question.locator(".choices label").first.click()
        expect(question.locator(".saved")).to_be_visible()
    answer_elsewhere(CONTACT, {leaf.code: 0 for leaf in load_rubric(RUBRIC).leaves})
    page.reload()
    press(page.locator("form[action$='/finish/'] button").first)
    expect(page.locator("svg.barrel:visible")).to_have_count(1)


def ask(owner: Page, desk: Page) -> None:
    """A question from the barrel page, answered by the operator, read by the owner."""
    press(owner.locator(".ask-line a"))
    owner.locator("textarea").fill("这块板为什么最短？")
    look(owner, other=DESKTOP)
    press(owner.locator("main .btn-primary[type=submit]"))
    desk.goto(urljoin(desk.url, "/support/"))
    press(desk.locator("main [data-open]").first)
    expect(desk.locator("main")).to_contain_text("这块板为什么最短？")
    desk.locator("textarea").fill("因为还没有检测设备。")
    press(desk.locator("main form .btn-primary[type=submit]"))
    owner.reload()
    expect(owner.locator("main")).to_contain_text("因为还没有检测设备。")
    look(owner, other=DESKTOP)


def take_report(owner: Page) -> None:
    owner.goto(urljoin(owner.url, "/barrel/report/"))
    with owner.expect_download() as given:
        owner.locator("a[href*='report.pdf']").first.click()
    paper = Pdf(Path(given.value.path()).read_bytes())
    assert 2 <= paper.pages <= 4
    assert FIRM in paper.text
    assert all(paper.fonts.values())
    assert any("SansSC" in name for name in paper.fonts), "Chinese is set in a font that has it"
    assert paper.strokes(0) > 20, "the barrel as a drawing"
    assert paper.pictures() == 0
