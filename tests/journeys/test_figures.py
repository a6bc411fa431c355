"""A firm shows its barrel, an officer sees it in a figure only, and when it is withdrawn it is gone; in both languages, by keyboard."""

from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect

from staveworks.cluster.barrel.usecases.publish_figures import publish_figures
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.foundation.parties.usecases.accept_agreement import withdraw_agreement
from staveworks.kit.data import SHIPPED
from tests.journeys.other import look, named, told
from tests.journeys.site import DESKTOP, SMALL, Site
from tests.papers import Pdf
from tests.rooms.barrel.rubrics import write_data
from tests.rooms.barrel.test_publishing import member
from tests.world import join, make_firm, make_person

pytestmark = [pytest.mark.browser]


@pytest.fixture
def site(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """With the small rubric."""
    write_data(tmp_path / "data", yaml.safe_load((SHIPPED / "planks.yaml").read_text("utf-8")), "2026")
    monkeypatch.setenv("STAVEWORKS_DATA", str(tmp_path / "data"))
    return site


def test_what_a_firm_shows_is_a_figure_until_it_withdraws(site: Site) -> None:
    gao = site.world.gao
    officer: Actor = join(make_person("王蕾"), make_firm("经信局", Kind.GOVERNMENT), Role.OWNER)
    page = site.open("/", officer, size=SMALL)
    told(page, "还没有公布过数据", "Nothing is published yet")
    look(page, other=DESKTOP)
    owners = [member(f"第{n}厂", step=n % 5) for n in range(6)]
    publish_figures(gao, period="2026-07")
    page.reload()
    told(page, "2026-07 公布，至少 5 家企业", "Published 2026-07, at least 5 firms")
    look(page, other=DESKTOP)
    told(page, "看数据表", "Show the table")
    page.locator("summary", has_text="看数据表").click()
    expect(page.locator("details tbody tr")).to_have_count(1)
    named(page, "绍兴市", "Shaoxing")
    place = page.get_by_role("link", name="绍兴市").locator("visible=true").first
    place.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/figures/?place=330600")
    look(page, other=DESKTOP)
    named(page, "下载 PDF", "Download the PDF")
    with page.expect_download() as given:
        page.get_by_role("link", name="下载 PDF").click()
    assert "绍兴市" in Pdf(Path(given.value.path()).read_bytes()).text
    exact = site.open("/cluster/map/", gao, size=DESKTOP, language="en")
    told(exact, "6 家已诊断", "6 assessed")
    look(exact, other=SMALL)
    withdraw_agreement(owners[0])
    exact.reload()
    told(exact, "5 家已诊断", "5 assessed")
    publish_figures(gao, period="2026-08")
    page.reload()
    told(page, "没有这一组", "no such group")
    page.goto(site.url + "/figures/")
    told(page, "这个月没有可以公布的数据", "Nothing to show this month")
    look(page, other=DESKTOP)
