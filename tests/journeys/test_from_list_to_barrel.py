"""The job of the house in one walk: first operator, list, duplicate, invitation, claim, quick start, assessment, barrel.

The operator sits at a desk and reads English, the owner has a phone and reads Chinese; what each reads is looked for in the other
language and size too. Up to the quick start they do what the tutorial says, word by word.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.test import override_settings
from playwright.sync_api import Locator, Page, expect

from staveworks.cli import welcome
from staveworks.cluster.barrel.queries import find_barrel
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import actor_for, list_choices, operator_service
from staveworks.foundation.parties.usecases.make_operator_link import make_operator_link
from staveworks.foundation.rosters.queries import list_rosters
from staveworks.foundation.rosters.types import RosterState
from staveworks.foundation.rosters.usecases.run_import import run_import
from staveworks.kit.messages import Message
from tests.journeys.other import look
from tests.journeys.reader import Reader, fill, read
from tests.journeys.site import DESKTOP, PHONE, Site, turning
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


@override_settings(MESSENGER="tests.journeys.test_from_list_to_barrel.postbox")
def test_a_list_ends_as_a_barrel_that_its_owner_knows(fresh_site: Site) -> None:
    """Up to the quick start as the tutorial says: each word in bold is pressed, or stands on the page, in the order of the text."""
    reader = read("diagnose-your-cluster")
    printed = Path(welcome.__file__).read_text(encoding="utf-8")
    assert all(word in printed for word in reader.skips()), "printed in the terminal"
    operator = first_operator(reader, fresh_site)
    load_lists(reader, operator)
    decide(reader, operator)
    owner = fresh_site.open(invite(reader, operator).removeprefix(fresh_site.url), size=PHONE)
    claim(reader, owner)
    assert reader.skips() == ("Assess for the firm", "代为诊断")
    quick_start(reader, owner)
    for _ in range(2):  # the cluster, its firms
        reader.presses(operator)
    reader.is_done()
    assess(owner)
    see_the_barrel(owner)
    see_the_cluster(operator)


def first_operator(reader: Reader, site: Site) -> Page:
    page = site.open(f"/join/operator/{make_operator_link()}/", language="en")
    look(page, other=PHONE)
    fill(page, organisation="盛泽纺织集群服务公司", name="高明远", contact="gao@cluster.example", password="eight-oak-staves")  # fmt: skip
    reader.presses(page)
    expect(page).to_have_url(site.url + "/cluster/")
    look(page, other=PHONE)
    return page


def load_lists(reader: Reader, page: Page) -> None:
    for _ in range(2):  # to the lists, to one more
        reader.presses(page)
    page.set_input_files("input[type=file]", LISTS / "park.csv")
    for _ in range(3):  # load, look at the columns, import
        reader.presses(page)
    work_off()
    page.reload()
    look(page, other=PHONE)
    reader.presses(page)  # another list
    page.set_input_files("input[type=file]", LISTS / "fair.csv")
    for _ in range(2):
        with turning(page):
            page.locator(".foot-actions .btn-primary").click()
    reader.presses(page)
    work_off()
    page.reload()
    look(page, other=PHONE)


def work_off() -> None:
    """What the worker does."""
    actor = operator_service()
    for card in list_rosters(actor):
        if card.state is RosterState.RUNNING:
            run_import(actor, subject=card.id)


def decide(reader: Reader, page: Page) -> None:
    reader.presses(page)
    expect(page.locator("#same-firm")).to_be_visible()
    look(page, other=PHONE)
    reader.presses(page)
    expect(page.locator(".empty")).to_be_visible()
    assert reader.skips() == ("Merge", "合并")


def invite(reader: Reader, page: Page) -> str:
    reader.presses(page)
    page.get_by_role("link", name=FIRM).click()
    reader.presses(page)
    link = page.locator("#claim-link").inner_text()
    look(page, other=PHONE)
    return link


def claim(reader: Reader, page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(FIRM)
    look(page, other=DESKTOP)
    reader.presses(page)
    fill(page, name="陈建国", contact=OWNER_PHONE)
    reader.presses(page)
    fill(page, code=POSTBOX.code_for(OWNER_PHONE))
    reader.presses(page)
    reader.presses(page)
    look(page, other=DESKTOP)
    with turning(page):
        page.locator("button[name=choice][value=shown]").click()


def quick_start(reader: Reader, page: Page) -> None:
    page.goto(address_in(page, "/barrel/"))
    look(page, other=DESKTOP)
    reader.presses(page)
    for step in range(1, 9):
        expect(page).to_have_url(re.compile(rf"/quick/{step}/$"))
        card = page.locator(".quick-card")
        with turning(page):
            if card.locator(".number-line").count():
                card.locator(".number-line input").fill("40")
                card.locator(".number-line input").press("Enter")
            else:
                card.locator(".tap-choice").nth(1).click()
    expect(page).to_have_url(re.compile("/quick/result/$"))
    look(page, other=DESKTOP)
    page.goto(address_in(page, "/barrel/"))
    reader.sees(page)


def assess(page: Page) -> None:
    """Some questions of each plank by hand, what is left of them on another device, and the whole last plank by hand."""
    page.locator("form[action='/diagnose/start/'] button:visible").first.click()
    expect(page).to_have_url(re.compile(r"/diagnose/[0-9a-f-]{36}/"))
    look(page, other=DESKTOP)
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
    look(page, other=DESKTOP)


def see_the_cluster(page: Page) -> None:
    page.goto(address_in(page, "/cluster/firms/?diagnosed=yes"))
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("link", name=FIRM)).to_be_visible()
    look(page, other=PHONE)
