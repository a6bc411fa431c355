"""Upload 400 lines over three cities, run, read why a line is late, ask what if, accept, publish: in both languages, for all to use."""

from pathlib import Path

from playwright.sync_api import Page

from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.run_queries import access_demand, list_runs, list_what_ifs
from staveworks.mechanisms.dispatch.types.runs import RunCard
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand
from tests.journeys.other import look, named, of_name, press, told
from tests.journeys.site import DESKTOP, SMALL, Site, fits, sound, turning
from tests.seasons import season, workbook

LOAD, RUN, START = ("上传并核对", "Load and check"), ("排这一批", "Run"), ("开始排产", "Start the run")
ASK, ACCEPT = ("问一问", "Ask"), ("采用改动", "Accept change")
PUBLISH, YES, WITHDRAW = ("公布方案", "Publish the plan"), ("公布", "Publish"), ("撤回", "Withdraw")
NOTHING_CHANGES, NOTHING_MOVES = (
    ("没有改动", "nothing would change"),
    ("您采用之前什么都不动", "Nothing moves until you accept"),
)


def test_from_a_sheet_to_a_published_plan(site: Site, tmp_path: Path) -> None:
    """By somebody in Chinese at a desk, with each word and each page looked for in English and in a small window too."""
    gao = site.world.gao
    path = workbook(tmp_path / "season.xlsx", season(lines=400, buckets=8, load=1.3))
    page = site.open("/dispatch/demand/", gao, size=DESKTOP)
    page.set_input_files("input[type=file]", str(path))
    press(page, *LOAD)
    look(page, other=SMALL)
    press(page, *RUN, last=True)
    look(page, other=SMALL)
    press(page, *START)
    look(page, other=SMALL)
    (run,) = list_runs(gao)
    carry_out_run(gao, subject=run.id)
    page.get_by_role("heading", name="迟交、做不完的，为什么").wait_for()  # the page looks by itself
    told(page, "迟交、做不完的，为什么", "Late lines and why")
    page.locator("[data-gantt][data-ready]").wait_for()
    look(page, other=SMALL)
    late = page.locator("section:has(#late-title) tbody tr").first
    assert late.locator("td").nth(4).inner_text() not in ("", "–")
    with turning(page):
        late.locator("a").click()
    look(page, other=SMALL)
    asked = ask(page, gao, run)
    press(page, *ACCEPT)
    publish(page)
    read_by_its_reader(site, asked)
    firm = site.open("/work/", site.world.lin, size=SMALL, language="en")
    with turning(firm):
        firm.locator("tbody a").first.click()
    look(firm, other=DESKTOP)
    withdraw(page)
    firm.reload()
    firm.get_by_text("面料没到").wait_for()
    look(firm, other=DESKTOP)


def ask(page: Page, gao: Actor, run: RunCard) -> RunCard:
    """What if the line were due in another week; before, what if nothing changed."""
    press(page, *ASK, last=True)
    page.get_by_role("alert").get_by_text(NOTHING_CHANGES[0]).wait_for()  # at its form; nothing is asked
    look(page, other=SMALL)
    due = page.locator("select[name=due]")
    due.select_option(str((int(due.input_value()) + 1) % 8))
    with turning(page):
        of_name(page, *ASK, last=True).click()
    (asked,) = list_what_ifs(gao, run.id)
    carry_out_run(gao, subject=asked.id)
    page.get_by_text(NOTHING_MOVES[0]).wait_for()
    told(page, *NOTHING_MOVES)
    page.locator("[data-gantt][data-ready]").wait_for()
    look(page, other=SMALL)
    return asked


def publish(page: Page) -> None:
    named(page, *PUBLISH)
    of_name(page, *PUBLISH).click()
    press(page, *YES)
    page.get_by_text("已公布").first.wait_for()


def read_by_its_reader(site: Site, asked: RunCard) -> None:
    """On a small phone in English."""
    small = site.open(f"/dispatch/runs/{asked.id}/", site.world.gao, size=SMALL, language="en")
    small.locator("[data-gantt][data-ready]").wait_for()
    fits(small)
    for part in ("plan/", "staves/", "lines/", "firm/?firm=锦澜", "../../"):
        small.goto(f"{site.url}/dispatch/runs/{asked.id}/{part}")
        look(small, other=DESKTOP)


def withdraw(page: Page) -> None:
    press(page, *WITHDRAW)
    page.get_by_role("textbox").fill("面料没到")
    look(page, other=SMALL)
    press(page, *WITHDRAW, last=True)
    page.get_by_text("已撤回").first.wait_for()
    look(page, other=SMALL)


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
