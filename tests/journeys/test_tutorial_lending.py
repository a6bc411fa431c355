"""“Lend a firm its missing stave” walked word by word, in Chinese, with each English word on the same page, by the three people it names."""

import random
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.demo.answers import draw_answers
from staveworks.demo.make import RUBRIC, world
from staveworks.demo.people import logins
from staveworks.demo.trading import said
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.jobs.todos.settling import settle_all
from staveworks.mechanisms.booking.codes import code_of
from staveworks.trade.orders.queries import list_desk
from staveworks.trade.settlement.usecases.post_ordered_line import post_ordered_line
from tests.journeys.other import in_other_language
from tests.journeys.reader import Reader, fill, read
from tests.journeys.site import Site, turning
from tests.trading import publish
from tests.world import join, make_firm, make_person

pytestmark = [pytest.mark.browser]
LENDER, BORROWER = "柯桥共享面料实验室", "锦澜织造有限公司"
OTHER = {
    "title": {"zh": "原料行情周报", "en": "Raw-material price weekly"},
    "mechanism": "task",
    "planks": ["procurement"],
    "effects": [{"plank": "procurement", "kind": "gain", "amount": 4}],
}


@dataclass(frozen=True, slots=True)
class Cast:
    """陆承 lends, 周立 orders, 沈玉兰 approves."""

    lu: Actor
    shen: Actor
    zhou: Actor


@pytest.fixture
def cast(fresh_site: Site) -> Cast:
    """They and their organisations as the demo has them, without the other three hundred."""
    entries = {entry["name"]: entry for entry in world()["organisations"]}
    mill, lender = entries[BORROWER], entries[LENDER]
    people = {
        person["key"]: join(make_person(person["name"]), firm, Role(person["role"]))
        for entry in (mill, lender)
        for firm in [make_firm(entry["name"], *map(Kind, entry["kinds"]), city=entry["city"])]
        for person in entry["people"]
        if person["key"] in ("lu", "shen", "zhou")
    }
    cast = Cast(**people)
    with acting(org=cast.lu.org):
        Organisation.objects.filter(id=cast.lu.org).update(name_en=lender["name_en"])
    low = mill["heights"]
    answers = draw_answers(RUBRIC, lambda plank: low.get(plank, 43), random.Random(1), share=1.0)
    assessment = start_assessment(cast.shen, rubric=RUBRIC, profile=mill["business_type"])
    save_answers(cast.shen, assessment_id=assessment, answers=answers)
    publish(cast.lu, **OTHER)
    return cast


def test_every_word_in_bold_is_where_the_tutorial_says(fresh_site: Site, cast: Cast) -> None:
    reader = read("lend-a-stave")
    assert {"lu@demo.example", "13805752266", "zhou@demo.example"} <= {who for who, *_ in logins(world())}
    drafts = [each for each in said()["orders"] if each.get("becomes") == "draft"]
    assert "zhou@demo.example" not in {each.get("as") for each in drafts}, "what she orders stands alone"
    lender, owner, clerk = (
        fresh_site.open(path, actor) for path, actor in (("/", cast.lu), ("/", cast.shen), ("/", cast.zhou))
    )
    reader.sees(owner)  # what is short
    for _ in range(2):
        reader.presses(owner)
    fill(owner, limit="100")
    reader.presses(owner)
    lend(reader, lender)
    order(reader, clerk)
    settle_all(operator_service_for(cast.shen.org), "order.approve")
    reader.presses(owner)
    with turning(owner):
        owner.get_by_role("link", name="¥160.00").first.click()
    for _ in range(2):
        reader.presses(owner)
    arrive(reader, lender, clerk, cast)
    accept(reader, lender, clerk, cast)
    for _ in range(2):  # services, earned
        reader.presses(lender)
    reader.sees(lender)
    for _ in range(3):  # settings, books, what is owed
        reader.presses(owner)
    reader.sees(owner)
    reader.is_done()


def lend(reader: Reader, page: Page) -> None:
    for _ in range(4):  # services, my offers, calendar, a resource
        reader.presses(page)
    fill(
        page,
        name_zh="进厂纱线检验仪",
        name_en="Incoming yarn tester",
        place="实验楼 105",
        opening="MO-SU 00:00-24:00",
    )
    page.locator("[name=holidays]").uncheck()
    for _ in range(3):  # add it; to the offers, to a new one
        reader.presses(page)
    page.locator("[name=mechanism][value=booking]").check()
    page.locator("[name=terms-booking-resource]").select_option(index=1)
    page.locator("[name=effect_procurement]").select_option("floor")
    page.locator("[name=kind][value=time]").check()
    offer: dict[str, Any] = {
        "title_zh": "进厂纱线检验",
        "title_en": "Incoming yarn testing",
        "lead_time_days": "0",
        "amount_procurement": "45",
        "each": "80",
        "step_minutes": "60",
    }
    fill(page, **offer)
    reader.presses(page)


def order(reader: Reader, page: Page) -> None:
    reader.presses(page)
    first, (in_english, instrument) = page.locator(".offers h2").first, reader.skips()
    expect(first).to_have_text(instrument)
    assert in_other_language(page).leads(in_english)
    with turning(page):
        first.get_by_role("link").click()
    with turning(page):
        page.locator(".times a").first.click()
    fill(page, minutes="120")
    for _ in range(4):  # price, add, hold, send for approval
        reader.presses(page)


def arrive(reader: Reader, lender: Page, clerk: Page, cast: Cast) -> None:
    for _ in range(3):  # to deliver, the line, take it
        reader.presses(lender)
    clerk.reload()
    reader.presses(clerk)
    reader.sees(clerk)
    for _ in range(4):  # services, my offers, calendar, counter
        reader.presses(lender)
    (line,) = list_desk(cast.lu)
    fill(lender, code=code_of(line.id))
    reader.presses(lender)
    reader.sees(lender, once=True)


def accept(reader: Reader, lender: Page, clerk: Page, cast: Cast) -> None:
    for _ in range(3):
        reader.presses(lender)
    lender.locator("[name=text]").first.fill("测了 12 个筒子")
    reader.presses(lender)
    clerk.reload()
    reader.presses(clerk)
    (line,) = list_desk(cast.lu)
    post_ordered_line(operator_service_for(cast.zhou.org), subject=line.id)
