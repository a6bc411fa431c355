"""“Allocate a season’s orders” walked word by word, in Chinese, with each English word on the same page, by the planner and a dyer."""

import pytest
from playwright.sync_api import Page, expect

from staveworks.demo.capacity import declare_capacity, traded, trades
from staveworks.demo.make import world
from staveworks.demo.people import logins
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.mechanisms.dispatch.demand_parsing import parse
from staveworks.mechanisms.dispatch.demand_reading import read_demand
from staveworks.mechanisms.dispatch.run_queries import list_runs, list_shares, list_what_ifs
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from staveworks.mechanisms.dispatch.usecases.save_demand import faults_in
from tests.journeys.reader import ROOT, Reader, fill, read
from tests.journeys.site import Site, turning
from tests.world import join, make_firm, make_operator, make_person

pytestmark = [pytest.mark.browser]
SEASON = "我的一季"
DYER, CITIES = "盛泽桥宇印染有限公司", ("330603", "320509", "440605")


@pytest.fixture
def gao(fresh_site: Site) -> Actor:
    """Who plans at the operator."""
    return join(make_person("高明远"), make_operator(), Role.OWNER)


@pytest.fixture
def qian(gao: Actor) -> Actor:
    """The dyer and two dozen others, as the demo draws what they declared."""
    (entry,) = [each for each in world()["organisations"] if each["name"] == DYER]
    dyer = make_firm(DYER, *map(Kind, entry["kinds"]), city=entry["city"])
    kinds = sorted(trades())
    others = {make_firm(f"织染 {n}", city=CITIES[n % 3]).id: kinds[n % len(kinds)] for n in range(24)}
    declare_capacity(traded([(dyer.id, entry["business_type"]), *others.items()]), 2026, keen={dyer.id})
    return join(make_person("钱建平"), dyer, Role.OWNER)


def test_every_word_in_bold_is_where_the_tutorial_says(fresh_site: Site, gao: Actor, qian: Actor) -> None:
    reader = read("allocate-a-season", typed={"My season": SEASON})
    assert {"gao@demo.example", "qian@demo.example"} <= {who for who, *_ in logins(world())}
    planner, dyer = (fresh_site.open("/", actor) for actor in (gao, qian))
    reader.presses(planner)
    declare(reader, dyer)
    load(reader, planner, "season.zh.csv")
    start(reader, planner, gao, SEASON)
    look(reader, planner)
    ask(reader, planner, gao, dyer=str(qian.org))
    planner.get_by_role("button", name=reader.skips()[1]).click()
    reader.presses(planner)
    reader.sees(planner)
    for _ in range(3):  # capacity, work, the season
        reader.presses(dyer)
    reader.sees(dyer)
    (share,) = list_shares(qian)
    assert share.work, "the story ends with lots of hers"
    assert dyer.locator("table.work tbody tr.week").count() == len({lot["bucket"] for lot in share.work})
    reader.is_done()


def declare(reader: Reader, page: Page) -> None:
    reader.presses(page)
    with turning(page):
        page.locator("section.card h2 a").first.click()
    before, strip = float(page.locator("[name=day_hours]").input_value()), page.locator("ol.strip").nth(1)
    fill(page, day_hours="24")
    reader.presses(page)
    assert float(strip.locator("b").first.inner_text()) > 2 * before, "there is time to declare"


def load(reader: Reader, page: Page, name: str) -> None:
    reader.presses(page)
    page.set_input_files("input[type=file]", ROOT / "docs" / "tutorials" / "lists" / name)
    reader.presses(page)
    reader.sees(page)
    with turning(page):
        page.locator("tr.faulty a").click()
    fill(page, quantity="59500")
    reader.presses(page)
    expect(page.locator("tr.faulty")).to_have_count(0)


def start(reader: Reader, page: Page, gao: Actor, name: str) -> None:
    reader.presses(page)
    expect(page.locator("[name=capacity][value=registry]")).to_be_checked()
    fill(page, name=name)
    reader.presses(page)
    (run,) = list_runs(gao)
    carry_out_run(gao, subject=run.id)
    page.locator("[data-gantt][data-ready]").wait_for()


def look(reader: Reader, page: Page) -> None:
    reader.sees(page)
    with turning(page):
        page.locator("section:has(#late-title) tbody a").first.click()
    reader.sees(page)
    for _ in range(2):  # back to the season
        reader.presses(page)
    reader.sees(page)


def ask(reader: Reader, page: Page, gao: Actor, *, dyer: str) -> None:
    (run,) = list_runs(gao)
    for number in range(2):
        page.locator("summary", has_text=reader.skips()[1]).click()
        if number == 0:
            reader.presses(page)
        else:
            form = page.locator("form.ask-form", has=page.locator("[name=kind][value=close]")).first
            form.locator("[name=firm]").select_option(dyer)
            with turning(page):
                form.get_by_role("button").click()
        carry_out_run(gao, subject=list_what_ifs(gao, run.id)[-1].id)
        expect(page.locator(".what-if dl")).to_have_count(number + 1)
    reader.presses(page)
    assert str(run.id) not in page.url


NUMBERS = ("id", "quantity", "release", "due", "grade", "late_cost", "reject_cost", "min_lot", "max_lots")


@pytest.mark.django_db
def test_the_list_that_comes_with_it_is_the_same_in_both_languages() -> None:
    english, chinese = (
        parse(read_demand(ROOT / "docs" / "tutorials" / "lists" / name, name=name))
        for name in ("season.csv", "season.zh.csv")
    )
    rows, faults = (
        [[[line[name] for name in NUMBERS] for line in tables["lines"]] for tables in (english, chinese)],
        [
            [(each.row, each.column) for each in faults_in(tables, with_capacity=False)]
            for tables in (english, chinese)
        ],
    )
    assert rows[0] == rows[1]
    assert faults[0] == faults[1] == [(8, "quantity")]
