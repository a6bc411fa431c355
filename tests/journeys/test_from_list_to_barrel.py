"""The job of the house in one walk: first operator, list, duplicate, invitation, claim, quick start, assessment, barrel.

On a phone, in Chinese; up to the quick start ``test_tutorial_walk.py`` goes the same way at a desk, in each language.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.test import override_settings
from playwright.sync_api import Locator, Page, expect

from staveworks.cluster.barrel.queries import find_barrel
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import actor_for, list_choices, operator_service
from staveworks.foundation.parties.usecases.make_operator_link import make_operator_link
from staveworks.foundation.rosters.queries import list_rosters
from staveworks.foundation.rosters.types import RosterState
from staveworks.foundation.rosters.usecases.run_import import run_import
from staveworks.kit.messages import Message
from tests.journeys.site import PHONE, Site, sound, turning
from tests.journeys.test_diagnose_pages import everything

pytestmark = [pytest.mark.browser]
LISTS = Path("docs/tutorials/lists")
FIRM = "苏州市瑞丝达织造有限公司"
OWNER_PHONE = "+8613862510311"
QUESTIONS, SOME = 85, 2


@dataclass
class Postbox:
    """Keeps what would go out by SMS and e-mail."""

    messages: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.messages.append(message)

    def code_for(self, address: str) -> str:
        last = next(message for message in reversed(self.messages) if message.to == address)
        found = re.search(r"\b\d{6}\b", last.wording)
        assert found, last.wording
        return found.group()


POSTBOX = Postbox()


def postbox() -> Postbox:
    return POSTBOX


def address_in(page: Page, path: str) -> str:
    """``path`` on the site that the page is on."""
    return urljoin(page.url, path)


def submit(page: Page) -> None:
    with turning(page):
        page.locator("form .btn-primary[type=submit]").first.click()


@override_settings(MESSENGER="tests.journeys.test_from_list_to_barrel.postbox")
def test_a_list_ends_as_a_barrel_that_its_owner_knows(fresh_site: Site) -> None:
    operator = first_operator(fresh_site)
    load_lists(fresh_site, operator)
    decide(operator)
    link = invite(operator)
    owner = claim(fresh_site, link)
    quick_start(owner)
    assess(owner)
    see_the_barrel(owner)
    see_the_cluster(operator)


def first_operator(site: Site) -> Page:
    page = site.open(f"/join/operator/{make_operator_link()}/", size=PHONE)
    sound(page)
    page.locator("[name=organisation]").fill("盛泽纺织集群服务公司")
    page.locator("[name=name]").fill("高明远")
    page.locator("[name=contact]").fill("gao@cluster.example")
    page.locator("[name=password]").fill("eight-oak-staves")
    submit(page)
    expect(page).to_have_url(site.url + "/cluster/")
    sound(page)
    return page


def load_lists(site: Site, page: Page) -> None:
    for name in ("park.csv", "fair.csv"):
        page.goto(site.url + "/rosters/upload/")
        page.set_input_files("input[type=file]", LISTS / name)
        for _ in range(3):  # upload, check the columns, start
            with turning(page):
                page.locator(".foot-actions .btn-primary").click()
        work_off()
        page.reload()
        sound(page)


def work_off() -> None:
    """What the worker does."""
    actor = operator_service()
    for card in list_rosters(actor):
        if card.state is RosterState.RUNNING:
            run_import(actor, subject=card.id)


def decide(page: Page) -> None:
    page.goto(address_in(page, "/rosters/duplicates/"))
    expect(page.locator("#same-firm")).to_be_visible()
    sound(page)
    page.keyboard.press("k")
    expect(page.locator(".empty")).to_be_visible()


def invite(page: Page) -> str:
    page.goto(address_in(page, "/cluster/firms/"))
    page.get_by_role("link", name=FIRM).click()
    page.locator("form[action$='/invite/'] button").click()
    link = page.locator("#claim-link").inner_text()
    sound(page)
    return link


def claim(site: Site, link: str) -> Page:
    page = site.open(link.removeprefix(site.url), size=PHONE)
    expect(page.get_by_role("heading", level=1)).to_contain_text(FIRM)
    sound(page)
    page.locator("a[href^='/accounts/signup/']").click()
    page.locator("[name=name]").fill("陈建国")
    page.locator("[name=contact]").fill(OWNER_PHONE)
    submit(page)
    page.locator("[name=code]").fill(POSTBOX.code_for(OWNER_PHONE))
    submit(page)
    with turning(page):
        page.locator("main .btn-primary[type=submit]").click()
    sound(page)
    with turning(page):
        page.locator("button[name=choice][value=shown]").click()
    return page


def quick_start(page: Page) -> None:
    page.goto(address_in(page, "/barrel/"))
    sound(page)
    page.locator("form[action='/quick/'] button").first.click()
    for step in range(1, 9):
        expect(page).to_have_url(re.compile(rf"/quick/{step}/$"))
        card = page.locator(".quick-card")
        if card.locator(".number-line").count():
            card.locator(".number-line input").fill("40")
            card.locator(".number-line input").press("Enter")
        else:
            card.locator(".tap-choice").nth(1).click()
    expect(page).to_have_url(re.compile("/quick/result/$"))
    sound(page)


def assess(page: Page) -> None:
    """Some questions of each plank by hand, what is left of them on another device, and the whole last plank by hand."""
    page.locator("form[action='/diagnose/start/'] button:visible").first.click()
    expect(page).to_have_url(re.compile(r"/diagnose/[0-9a-f-]{36}/"))
    sound(page)
    links = page.locator("a[href]").evaluate_all("all => all.map(a => a.href.split('#')[0])")
    *others, last = sorted(
        {link for link in links if re.search(r"^https?://[^/]+/diagnose/[0-9a-f-]{36}/[a-z]+/$", link)}
    )
    for address in others:
        page.goto(address)
        for question in page.locator("article.question").all()[:SOME]:
            answer(page, question)
    plank = last.rstrip("/").rpartition("/")[2]
    rest = {code: value for code, value in everything(0.6).items() if not code.startswith(f"{plank}.")}
    answer_elsewhere(OWNER_PHONE, rest)
    page.goto(last)
    for question in page.locator("article.question").all():
        answer(page, question)
    expect(page.locator("#assessment-progress")).to_contain_text(re.compile(rf"{QUESTIONS}\D+{QUESTIONS}"))
    page.locator("form[action$='/finish/'] button").first.click()
    expect(page).to_have_url(re.compile("/barrel/"))


def answer_elsewhere(phone: str, answers: dict[str, object]) -> None:
    """What of it is still open, answered in one go on another device."""
    owner = Person.objects.get(phone=phone)
    (choice,) = list_choices(owner.id)
    actor = actor_for(owner.id, choice.card.id)
    barrel = find_barrel(actor)
    assert barrel
    held = dict(barrel.values)
    rest = {code: value for code, value in answers.items() if code not in held}
    save_answers(actor, assessment_id=barrel.card.id, answers=rest)  # type: ignore[arg-type]


def answer(page: Page, question: Locator) -> None:
    if question.locator(".saved").count():
        return
    anchor = question.get_attribute("id")
    number = question.locator(".number-line input")
    with page.expect_response(re.compile("/answer/$")):
        if number.count():
            number.fill("12")
            number.press("Enter")
        else:
            question.locator(".choices label").first.click()
    expect(page.locator(f"#{anchor} .saved")).to_be_visible()


def see_the_barrel(page: Page) -> None:
    expect(page.locator("svg.barrel:visible")).to_have_count(1)
    sound(page)


def see_the_cluster(page: Page) -> None:
    page.goto(address_in(page, "/cluster/firms/?diagnosed=yes"))
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("link", name=FIRM)).to_be_visible()
    sound(page)
