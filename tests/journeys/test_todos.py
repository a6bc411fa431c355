"""What waits is found, opened, taken and done: on the home page, under filters, by a link on a phone; in both languages."""

import pytest
from playwright.sync_api import expect

from staveworks.db.transaction import acting
from staveworks.foundation.notices.todo_queries import list_over, list_todos
from staveworks.foundation.notices.usecases.issue_link import issue_link
from staveworks.foundation.parties.models import Agreement
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor, Role
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.start_claim import start_claim
from staveworks.jobs.todos.settling import settle_all, settle_everywhere
from tests.journeys.other import look, named, of_name, told
from tests.journeys.site import DESKTOP, PHONE, SMALL, Site, sound, turning
from tests.rooms.notices.happening import catch_up
from tests.world import join, make_person

pytestmark = [pytest.mark.browser]


def claim_by_letter(site: Site, name: str = "何清") -> None:
    claimant = Actor(make_person(name, email=f"{ord(name[1])}@example.cn").id, None)
    start_claim(claimant, org_id=site.world.qinghe.id, method="letter")


def test_a_to_do_goes_from_the_home_page_through_somebodys_hands_to_done(site: Site) -> None:
    join(make_person("林晓薇", email="lin@operator.example"), site.world.operator, Role.STEWARD)
    claim_by_letter(site)
    catch_up()
    page = site.open("/todo/", site.world.gao, size=SMALL)
    expect(page.locator("li.todo")).to_have_count(1)
    look(page, other=DESKTOP)
    with turning(page):
        page.locator(".todo-what a").click()
    look(page, other=DESKTOP)
    take, later = ("我来办", "I do it"), ("推后", "Put off")
    named(page, *take)
    named(page, *later)
    of_name(page, *take).click()
    page.locator("[data-toast]").get_by_role("button", name="撤销").click()
    expect(of_name(page, *take)).to_be_visible()
    of_name(page, *later).click()
    told(page, "没有待办。", "Nothing to do.")
    look(page, other=DESKTOP)
    told(page, "已推后", "Put off")
    page.get_by_role("link", name="已推后").first.click()
    expect(page.locator("li.todo .state-waiting")).to_have_count(1)
    look(page, other=DESKTOP)
    page.goto(site.url + "/claims/")
    named(page, "打印信函", "Print the letter")
    of_name(page, "打印信函", "Print the letter").click()
    expect(page.locator("body")).to_contain_text("清河喷织厂")
    catch_up()
    page.goto(site.url + "/todo/?show=done")
    expect(page.locator("li.todo .state-done")).to_have_count(1)
    expect(page.locator("li.todo")).to_contain_text("高明远")
    look(page, other=DESKTOP)


def test_a_link_on_a_phone_does_the_thing_with_one_tap_and_without_signing_in(site: Site) -> None:
    firm = site.world.chunhui.id
    accept_agreement(site.world.lin, shows=["barrel"])
    with acting(org=firm):
        Agreement.objects.filter(org_id=firm).update(edition="2025")
    service = operator_service_for(firm)
    settle_all(service, "agreement.accept")
    [card] = list_todos(site.world.lin)
    token = issue_link(service, todo_id=card.id, person_id=site.world.lin.person)
    page = site.open(f"/t/{token}/", size=PHONE)
    look(page, other=DESKTOP)
    named(page, "接受新版约定", "Accept the new edition")
    of_name(page, "接受新版约定", "Accept the new edition").click()
    expect(page).to_have_url(site.url + "/t/done/")
    look(page, other=DESKTOP)
    catch_up()
    assert [over.by_link for over in list_over(site.world.lin)] == [True]
    page.goto(f"{site.url}/t/{token}/")
    told(page, "这里没有要办的了", "Nothing left to do here")
    look(page, other=DESKTOP)


@pytest.mark.parametrize(("language", "size"), [("zh-hans", DESKTOP), ("en", PHONE)])
def test_the_operators_home_and_its_bottom_bar_lead_to_what_waits(
    site: Site, language: str, size: tuple[int, int]
) -> None:
    claim_by_letter(site)
    settle_everywhere()
    page = site.open("/", site.world.gao, size=size, language=language)
    expect(page.locator("section .todo")).to_have_count(1)
    sound(page, axe=DESKTOP)
    if size == PHONE:
        page.locator(".bottombar a[href='/todo/']").click()
        expect(page.locator(".bottombar .count")).to_have_text("1")
    else:
        page.locator(".rail a[href='/todo/']").click()
        expect(page.locator(".rail .count").first).to_contain_text("1")
    expect(page.locator("li.todo")).to_have_count(1)
