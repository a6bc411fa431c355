"""A firm shows its barrel, an officer sees it in a figure only, and when it is withdrawn it is gone; in both languages, by keyboard."""

from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect

from staveworks.cluster.barrel.usecases.publish_figures import publish_figures
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.foundation.parties.usecases.accept_agreement import withdraw_agreement
from staveworks.kit.data import SHIPPED
from tests.journeys.site import DESKTOP, SMALL, Site, sound
from tests.papers import Pdf
from tests.rooms.barrel.rubrics import write_data
from tests.rooms.barrel.test_publishing import member
from tests.world import join, make_firm, make_person

pytestmark = [pytest.mark.browser]
WORDS = {
    "zh-hans": {
        "nothing": "还没有公布过数据",
        "published": "2026-07 公布，至少 5 家企业",
        "city": "绍兴市",
        "not here": "没有这一组",
        "gone": "这个月没有可以公布的数据",
        "pdf": "下载 PDF",
        "exact": "6 家已诊断",
        "fewer": "5 家已诊断",
        "table": "看数据表",
    },
    "en": {
        "nothing": "Nothing is published yet",
        "published": "Published 2026-07, at least 5 firms",
        "city": "Shaoxing",
        "not here": "no such group",
        "gone": "Nothing to show this month",
        "pdf": "Download the PDF",
        "exact": "6 assessed",
        "fewer": "5 assessed",
        "table": "Show the table",
    },
}


@pytest.fixture
def site(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """With the small rubric."""
    write_data(tmp_path / "data", yaml.safe_load((SHIPPED / "planks.yaml").read_text("utf-8")), "2026")
    monkeypatch.setenv("STAVEWORKS_DATA", str(tmp_path / "data"))
    return site


@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("zh-hans", SMALL)])
def test_what_a_firm_shows_is_a_figure_until_it_withdraws(
    site: Site, language: str, size: tuple[int, int]
) -> None:
    words, gao = WORDS[language], site.world.gao
    officer: Actor = join(make_person("王蕾"), make_firm("经信局", Kind.GOVERNMENT), Role.OWNER)
    page = site.open("/", officer, size=size, language=language)
    expect(page.locator("main")).to_contain_text(words["nothing"])
    sound(page, axe=SMALL)
    owners = [member(f"第{n}厂", step=n % 5) for n in range(6)]
    publish_figures(gao, period="2026-07")
    page.reload()
    expect(page.locator("main")).to_contain_text(words["published"])
    sound(page, axe=SMALL)
    page.locator("summary", has_text=words["table"]).click()
    expect(page.locator("details tbody tr")).to_have_count(1)
    place = page.get_by_role("link", name=words["city"]).locator("visible=true").first
    place.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/figures/?place=330600")
    sound(page, axe=SMALL)
    with page.expect_download() as given:
        page.get_by_role("link", name=words["pdf"]).click()
    assert words["city"] in Pdf(Path(given.value.path()).read_bytes()).text
    exact = site.open("/cluster/map/", gao, size=size, language=language)
    expect(exact.locator("main")).to_contain_text(words["exact"])
    sound(exact, axe=SMALL)
    withdraw_agreement(owners[0])
    exact.reload()
    expect(exact.locator("main")).to_contain_text(words["fewer"])
    publish_figures(gao, period="2026-08")
    page.reload()
    expect(page.locator("main")).to_contain_text(words["not here"])
    page.goto(site.url + "/figures/")
    expect(page.locator("main")).to_contain_text(words["gone"])
    sound(page, axe=SMALL)
