"""Every page of join and govern answers in both languages, for who may, and says so to who may not."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Person, Profile
from staveworks.foundation.parties.queries import AgentFound, access_agreement, access_profile, actor_for
from staveworks.foundation.parties.types import Actor, Kind, Role, WebsiteInvalid
from staveworks.foundation.parties.usecases.give_mandate import give_mandate
from staveworks.web.join.forms import SettingsForm
from staveworks.web.rail import tabs_for
from tests.world import PASSWORD, World, join, make_firm, make_person, make_world

pytestmark = pytest.mark.django_db
OWN = [
    "/welcome/",
    "/join/firm/",
    "/join/claim/",
    "/join/claim/?q=清河",
    "/agreement/",
    "/members/",
    "/members/invite/",
    "/mandates/",
    "/mandates/new/",
    "/settings/",
    "/settings/tokens/",
    "/settings/rights/",
    "/audit/",
    "/accounts/security/",
    "/accounts/password/change/",
    "/accounts/logout/",
]


SETTINGS = {"name": "春晖织造", "kinds": ["enterprise"]}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def browser_of(actor: Actor, language: str = "zh-hans") -> Client:
    """Signed in, without the form."""
    client = Client()
    client.force_login(Person.objects.get(id=actor.person_id))
    client.cookies["django_language"] = language
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", OWN)
def test_an_owner_sees_the_page(world: World, path: str, language: str) -> None:
    answer = browser_of(world.lin, language).get(path)
    assert answer.status_code == 200, answer.content.decode()[:2000]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/join/claim/"])
def test_a_stranger_sees_the_page(world: World, path: str, language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", [path for path in OWN if not path.startswith(("/join/claim", "/accounts/logout"))]
)
def test_a_stranger_is_sent_to_sign_in(world: World, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("town", ["盛泽", "盛泽镇", "苏州市盛泽镇"])
def test_a_town_leads_to_its_district(world: World, town: str) -> None:
    browser = browser_of(world.lin)
    suggested = browser.get("/join/cities/", {"q": town}).json()["cities"]
    assert [label.rpartition(" ")[2] for label in suggested] == ["320509"]
    form = SettingsForm(SETTINGS | {"city": town}, operator=False)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["city"] == "320509"


def test_a_place_that_is_none_is_still_refused(world: World) -> None:
    form = SettingsForm(SETTINGS | {"city": "没有这地方"}, operator=False)
    assert "city" in form.errors


def test_an_invitation_gives_no_role_that_nobody_chose(world: World) -> None:
    browser = browser_of(world.lin)
    assert re.findall(
        r'<option value="(\w*)" selected', browser.get("/members/invite/").content.decode()
    ) in (
        [],
        [""],
    )
    answer = browser.post("/members/invite/", {"contact": "sun@example.cn", "role": ""})
    assert answer.status_code == 422
    assert "role" in answer.context["form"].errors


@pytest.mark.parametrize(
    "path", ["/members/invite/", "/mandates/new/", "/settings/tokens/", "/audit/", "/claims/"]
)
def test_a_clerk_is_refused_with_words(world: World, path: str) -> None:
    answer = browser_of(world.zhou).get(path)
    assert answer.status_code == 403
    assert "权限" in answer.content.decode()


@pytest.mark.parametrize(("choice", "shown"), [("none", set()), ("shown", {"barrel", "profile"})])
def test_after_a_claim_consent_is_a_choice_of_two(world: World, choice: str, shown: set[str]) -> None:
    """The default is ticked, but nothing is shown before a button is pressed, and "not now" shows nothing."""
    browser = browser_of(world.lin)
    page = browser.get("/agreement/?first=1").content.decode()
    assert re.findall(r'<button class="(.*?)" type="submit" name="choice" value="(.*?)">(.*?)<', page) == [
        ("btn", "none", "暂不授权"),
        ("btn", "shown", "同意并授权所选"),
    ]
    assert page.count("看，用途：") == 2
    assert access_agreement(world.lin) is None
    form = {"choice": choice, "shows": ["barrel", "profile"], "first": "1"}
    assert browser.post("/agreement/", form)["Location"] == "/"
    inforce = access_agreement(world.lin)
    assert inforce is not None
    assert inforce.shows == shown
    assert 'name="choice"' not in browser.get("/agreement/").content.decode()
    browser.post("/agreement/end/")
    assert access_agreement(world.lin) is None


@pytest.mark.parametrize("website", ["javascript:alert(1)", "data:text/html,x", "https://", "http://a b.cn"])
def test_a_website_that_is_none_is_refused_at_its_field(world: World, website: str) -> None:
    answer = browser_of(world.lin).post("/settings/", SETTINGS | {"website": website})
    assert answer.status_code == 422
    assert answer.context["form"].errors["website"] == [WebsiteInvalid.text.zh]
    assert access_profile(world.lin).website == ""


def test_a_website_is_kept_with_its_scheme(world: World) -> None:
    for typed, kept in (
        ("www.chunhui.cn", "http://www.chunhui.cn"),
        ("https://春晖.中国/a?b", "https://春晖.中国/a?b"),
    ):
        assert browser_of(world.lin).post("/settings/", SETTINGS | {"website": typed}).status_code == 302
        assert access_profile(world.lin).website == kept


def test_a_website_from_a_roster_stays_as_it_is(world: World) -> None:
    with acting(org=world.chunhui.id):
        Profile.objects.update_or_create(org_id=world.chunhui.id, defaults={"website": "无"})
    assert browser_of(world.lin).post("/settings/", SETTINGS | {"website": "无"}).status_code == 302
    assert access_profile(world.lin).website == "无"


def test_the_operator_sees_claims(world: World) -> None:
    assert browser_of(world.gao).get("/claims/").status_code == 200


@pytest.mark.parametrize("login", ["138 0575 0003", "+8613805750003", "LIN@chunhui.example"])
def test_signing_in_by_script(world: World, login: str) -> None:
    """GET the form, fill in login and password, press its last button: signed in."""
    client = Client(enforce_csrf_checks=True)
    page = client.get("/accounts/login/").content.decode()
    form = re.search(r'<form method="post" action="/accounts/login/".*?</form>', page, re.S)
    assert form
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form[0])
    assert token
    answer = client.post(
        "/accounts/login/", {"csrfmiddlewaretoken": token[1], "login": login, "password": PASSWORD}
    )
    assert answer.status_code == 302
    assert client.get("/accounts/security/").status_code == 200


def test_a_wrong_password_is_refused_and_tells_nothing(world: World) -> None:
    known = Client().post("/accounts/login/", {"login": "13805750003", "password": "not-the-password"})
    unknown = Client().post("/accounts/login/", {"login": "13912345678", "password": "not-the-password"})
    assert known.status_code == unknown.status_code == 200
    assert "手机号或密码不对" in known.content.decode()
    assert "手机号或密码不对" in unknown.content.decode()


def test_the_desk_leads_only_where_she_may_go(world: World) -> None:
    """Who sells begins with its lines; who only reads its books isn't sent to deliver."""
    lab = make_firm("中纺检测", Kind.PROVIDER)
    clerk = join(make_person("孙办"), lab, Role.CLERK)
    page = browser_of(clerk, "en").get("/").content.decode()
    desk = [address for address in ("/lines/", "/desk/calendar/", "/earned/") if f'href="{address}"' in page]
    assert desk == ["/lines/", "/desk/calendar/", "/earned/"]
    assert 'href="/desk/offers/"' not in page
    assert all(browser_of(clerk).get(address).status_code == 200 for address in desk)
    for name, role in (("钱审", Role.AUDITOR), ("冯看", Role.VIEWER)):
        page = browser_of(join(make_person(name), lab, role), "en").get("/").content.decode()
        assert "answer, deliver and see what was earned" not in page
        assert not re.search(r'href="/(lines|desk)/', page)


def test_what_was_earned_is_a_tab_of_whoever_may_open_it(world: World) -> None:
    lab = make_firm("中纺检测", Kind.PROVIDER)
    auditor = join(make_person("钱审"), lab, Role.AUDITOR)
    assert "/earned/" in [each.url for each in tabs_for(auditor, "services")]
    assert browser_of(auditor).get("/earned/").status_code == 200
    agent = AgentFound("吴远达", person_id=world.wu.person)
    owner = join(make_person("方敏"), lab, Role.OWNER)
    give_mandate(owner, agent=agent, rights={"line.serve", "offer.read"}, until=timezone.localdate())
    assert agent.person_id
    serves = actor_for(agent.person_id, lab.id)
    assert "/lines/" in [each.url for each in tabs_for(serves, "services")]
    assert "/earned/" not in [each.url for each in tabs_for(serves, "services")]
