"""Upload 400 lines over three cities, run, read why a line is late, ask what if, accept, publish: in both languages, for all to use."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from staveworks.mechanisms.dispatch.run_queries import access_demand, list_runs, list_what_ifs
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand
from tests.journeys.site import DESKTOP, SMALL, Site, fits, sound, turning
from tests.seasons import season, workbook

WORDS = {
    "zh-hans": {
        "load": "上传并核对",
        "run": "排这一批",
        "start": "开始排产",
        "late": "迟交、做不完的，为什么",
        "what_if": "问一问",
        "accept": "采用改动",
        "publish": "公布方案",
        "yes": "公布",
        "nothing": "您采用之前什么都不动",
        "told": "已公布",
        "as_is": "没有改动",
        "withdraw": "撤回",
        "withdrawn": "已撤回",
    },
    "en": {
        "load": "Load and check",
        "run": "Run",
        "start": "Start the run",
        "late": "Late lines and why",
        "what_if": "Ask",
        "accept": "Accept change",
        "publish": "Publish the plan",
        "yes": "Publish",
        "nothing": "Nothing moves until you accept",
        "told": "Published.",
        "as_is": "nothing would change",
        "withdraw": "Withdraw",
        "withdrawn": "Withdrawn.",
    },
}


@pytest.mark.parametrize(("language", "lines", "look"), [("zh-hans", 400, fits), ("en", 30, sound)])
def test_from_a_sheet_to_a_published_plan(
    site: Site, tmp_path: Path, language: str, lines: int, look: Callable[[Page], None]
) -> None:
    """Axe looks at few lines: it needs ten seconds for a page of 400."""
    said, gao = WORDS[language], site.world.gao
    path = workbook(tmp_path / "season.xlsx", season(lines=lines, buckets=8, load=1.3))
    page = site.open("/dispatch/demand/", gao, size=DESKTOP, language=language)
    page.set_input_files("input[type=file]", str(path))
    with turning(page):
        page.get_by_role("button", name=said["load"]).click()
    look(page)
    with turning(page):
        page.get_by_role("link", name=said["run"], exact=True).last.click()
    look(page)
    with turning(page):
        page.get_by_role("button", name=said["start"]).click()
    look(page)
    (run,) = list_runs(gao)
    carry_out_run(gao, subject=run.id)
    page.get_by_role("heading", name=said["late"]).wait_for()  # the page looks by itself
    page.locator("[data-gantt][data-ready]").wait_for()
    look(page)
    late = page.locator("section:has(#late-title) tbody tr").first
    assert late.locator("td").nth(4).inner_text() not in ("", "–")
    with turning(page):
        late.locator("a").click()
    look(page)
    with turning(page):
        page.get_by_role("button", name=said["what_if"]).last.click()
    page.get_by_role("alert").get_by_text(said["as_is"]).wait_for()  # at its form; nothing is asked
    look(page)
    due = page.locator("select[name=due]")
    due.select_option(str((int(due.input_value()) + 1) % 8))
    with turning(page):
        page.get_by_role("button", name=said["what_if"]).last.click()
    (asked,) = list_what_ifs(gao, run.id)
    carry_out_run(gao, subject=asked.id)
    page.get_by_text(said["nothing"]).wait_for()
    page.locator("[data-gantt][data-ready]").wait_for()
    look(page)
    with turning(page):
        page.get_by_role("button", name=said["accept"]).click()
    page.get_by_role("button", name=said["publish"]).click()
    with turning(page):
        page.get_by_role("button", name=said["yes"], exact=True).click()
    page.get_by_text(said["told"]).first.wait_for()
    small = site.open(f"/dispatch/runs/{asked.id}/", gao, size=SMALL, language=language)
    small.locator("[data-gantt][data-ready]").wait_for()
    fits(small)
    for part in ("plan/", "staves/", "lines/", "firm/?firm=锦澜", "../../"):
        small.goto(f"{site.url}/dispatch/runs/{asked.id}/{part}")
        look(small)
    firm = site.open("/work/", site.world.lin, size=SMALL, language=language)
    with turning(firm):
        firm.locator("tbody a").first.click()
    look(firm)
    with turning(page):
        page.get_by_role("link", name=said["withdraw"]).click()
    page.get_by_role("textbox").fill("面料没到")
    look(page)
    with turning(page):
        page.get_by_role("button", name=said["withdraw"], exact=True).click()
    page.get_by_text(said["withdrawn"]).first.wait_for()
    look(page)
    firm.reload()
    firm.get_by_text("面料没到").wait_for()
    look(firm)


def test_the_plan_is_read_by_keyboard(site: Site) -> None:
    from tests.seasons import dispatched

    run = dispatched(site.world.gao, load=1.2)
    page = site.open(f"/dispatch/runs/{run}/", site.world.gao, size=DESKTOP, language="en")
    page.locator("[data-gantt][data-ready]").wait_for()
    page.locator("[data-gantt] canvas").focus()
    page.keyboard.press("ArrowRight")
    first = page.locator("[data-gantt-said]").inner_text()
    assert first.startswith("L-2")
    page.keyboard.press("ArrowDown")
    assert page.locator("[data-gantt-said]").inner_text() != first
    with turning(page):
        page.keyboard.press("Enter")
    assert "/line/?line=L-2" in page.url


def test_bars_that_do_not_come_are_said_and_the_table_is_named(site: Site) -> None:
    from tests.seasons import dispatched

    run = dispatched(site.world.gao)
    page = site.open(f"/dispatch/runs/{run}/staves/", site.world.gao, size=DESKTOP, language="en")
    page.route("**/bars/", lambda route: route.abort())
    with turning(page):
        page.goto(page.url.replace("staves/", ""))
    page.get_by_role("alert").get_by_text("the plan is safe").wait_for()
    assert not page.locator("[data-gantt] canvas").is_visible()
    sound(page)


def test_a_firm_is_found_by_typing_and_a_line_kept_from_it(site: Site) -> None:
    from tests.seasons import two_seasons

    gao = site.world.gao
    demand = save_demand(gao, name="两季", tables=two_seasons(lines=3))
    page = site.open(f"/dispatch/demand/{demand.id}/?row=0", gao, size=SMALL, language="zh-hans")
    group = page.get_by_role("group", name="不给这些企业")
    everybody = group.get_by_role("checkbox").count()
    group.get_by_role("searchbox").fill("宏达")
    shown = group.get_by_role("checkbox")
    assert 0 < shown.count() < everybody
    shown.first.check()
    group.get_by_role("searchbox").fill("没有这家")
    assert shown.count() == 1, "whom one has chosen stays in view"
    fits(page)
    sound(page)
    with turning(page):
        page.get_by_role("button", name="保存").click()
    assert "宏达" in access_demand(gao, demand.id).rows[0]["blocked_firms"]
