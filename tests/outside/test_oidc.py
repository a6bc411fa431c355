"""Signing in through a real OpenID Connect provider: who comes in, as whom, and who doesn't."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.http import HttpResponse
from django.test import Client

from staveworks.foundation.parties.models import Membership, Person
from staveworks.kit.configuration.sign_in import SignIn
from tests.environment import plain_environment
from tests.outside.oidc_server import PASSWORD, SECRET
from tests.world import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("oidc")]
HERE = "http://testserver"
CALLBACK = "/accounts/outside/park/callback/"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that runs as long as this module's tests."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("oidc_server.py")), HERE + CALLBACK],
        env=plain_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    process.terminate()
    process.wait(10)


@pytest.fixture
def place(provider: str, settings: Any) -> SignIn:
    return use(settings, provider)


def use(settings: Any, provider: str, **more: Any) -> SignIn:
    place = SignIn(
        "oidc",
        "park",
        "园区账号",
        "Park account",
        server=provider,
        client_id="staveworks",
        secret=SECRET,
        **more,
    )
    settings.SIGN_IN = (place,)
    settings.ACCOUNT_RATE_LIMITS = False
    return place


def leave(browser: Client, process: str = "login", **more: str) -> str:
    """From our sign-in page towards the provider; the address there."""
    page = browser.post("/accounts/outside/park/", {"process": process, **more})
    assert page.status_code == 200, page.headers
    (url,) = re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
    return url.replace("&amp;", "&")


def sign_in_there(url: str, who: str) -> str:
    """What the person does at the provider; the address it sends her back to."""
    browser = requests.Session()
    page = browser.get(url)
    proof = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[0]
    form = {"login": who, "password": PASSWORD, "csrfmiddlewaretoken": proof}
    answer = browser.post(page.url, form, allow_redirects=False)
    while answer.is_redirect and not answer.headers["Location"].startswith(HERE):
        answer = browser.get(
            requests.compat.urljoin(answer.url, answer.headers["Location"]), allow_redirects=False
        )
    return answer.headers["Location"].removeprefix(HERE)


def come_back(browser: Client, who: str, **more: str) -> HttpResponse:
    return browser.get(sign_in_there(leave(browser, **more), who))


def who_is_in(browser: Client) -> Person | None:
    key = browser.session.get("_auth_user_id")
    return Person.objects.get(pk=key) if key else None


def test_somebody_unknown_gets_an_account_and_no_organisation(place: SignIn) -> None:
    browser = Client()
    answer = come_back(browser, "wu", next="/accounts/security/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/security/")
    person = who_is_in(browser)
    assert person is not None
    assert (person.name, person.email, person.has_usable_password()) == ("吴 梅", "wu@park.example", False)
    assert not Membership.objects.filter(person=person).exists()
    assert browser.get("/", follow=True).redirect_chain[-1][0] == "/welcome/"
    again = Client()
    come_back(again, "wu")
    assert who_is_in(again) == person
    assert Person.objects.filter(email="wu@park.example").count() == 1


def test_nothing_that_the_provider_tells_is_kept_but_the_link(place: SignIn) -> None:
    come_back(Client(), "wu")
    (account,) = SocialAccount.objects.all()
    assert (account.provider, account.extra_data) == ("park", {})
    assert not SocialToken.objects.exists()


def test_an_address_that_the_provider_has_not_checked_is_not_taken_over(place: SignIn) -> None:
    browser = Client()
    come_back(browser, "hu")
    person = who_is_in(browser)
    assert person is not None
    assert person.email is None


def test_where_newcomers_are_not_admitted_only_who_is_linked_comes_in(provider: str, settings: Any) -> None:
    use(settings, provider, newcomers=False)
    browser = Client(headers={"accept-language": "en"})
    answer = come_back(browser, "wu")
    assert answer.status_code == 403
    assert "is not known here" in answer.content.decode()
    assert who_is_in(browser) is None
    assert not Person.objects.filter(email="wu@park.example").exists()


def test_an_address_alone_opens_nobodys_account(place: SignIn) -> None:
    owner = make_person("吴梅", email="wu@park.example")
    browser = Client(headers={"accept-language": "en"})
    answer = come_back(browser, "wu")
    assert answer.status_code == 409
    assert "an account here with this e-mail address already" in answer.content.decode()
    assert who_is_in(browser) is None
    assert not SocialAccount.objects.filter(user=owner).exists()


def test_a_checked_address_opens_the_account_where_the_place_is_trusted(provider: str, settings: Any) -> None:
    use(settings, provider, trusts_email=True)
    owner = make_person("吴梅", email="wu@park.example")
    other = make_person("胡安", email="hu@park.example")
    browser = Client()
    come_back(browser, "wu")
    assert who_is_in(browser) == owner
    unchecked = Client()
    come_back(unchecked, "hu")
    assert who_is_in(unchecked) not in (None, other), "hu's address is not checked there"


def signed_in(person: Person) -> Client:
    """By a password, which she enters again before anything about her account is changed."""
    person.set_password(PASSWORD)
    person.save()
    browser = Client()
    assert browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code == 302
    asked = browser.post("/accounts/outside/park/", {"process": "connect"})
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def test_a_linked_account_opens_hers_whatever_its_address(place: SignIn) -> None:
    person = make_person("周立", email="zhou@example.cn")
    browser = signed_in(person)
    answer = come_back(browser, "wu", process="connect")
    assert answer.headers["Location"] == "/accounts/security/"
    page = browser.get("/accounts/security/", headers={"accept-language": "en"}).content.decode()
    assert "Park account" in page
    assert "linked, last used" in page
    elsewhere = Client()
    come_back(elsewhere, "wu")
    assert who_is_in(elsewhere) == person
    assert Person.objects.get(pk=person.pk).email == "zhou@example.cn"


def test_a_linked_account_is_not_taken_from_another_person(place: SignIn) -> None:
    first = make_person("周立", email="zhou@example.cn")
    second = make_person("钱建平", email="qian@example.cn")
    come_back(signed_in(first), "wu", process="connect")
    come_back(signed_in(second), "wu", process="connect")
    assert [account.user for account in SocialAccount.objects.all()] == [first]


def test_an_unlinked_account_opens_nothing_any_more(place: SignIn) -> None:
    person = make_person("周立", email="zhou@example.cn")
    browser = signed_in(person)
    come_back(browser, "wu", process="connect")
    account = SocialAccount.objects.get(user=person)
    stranger = signed_in(make_person("钱建平", email="qian@example.cn"))
    assert stranger.post(f"/accounts/outside/unlink/{account.pk}/").status_code == 404
    assert browser.post(f"/accounts/outside/unlink/{account.pk}/").status_code == 302
    elsewhere = Client()
    come_back(elsewhere, "wu")
    assert who_is_in(elsewhere) != person


def test_the_last_way_in_is_not_taken_away(place: SignIn) -> None:
    browser = Client()
    come_back(browser, "hu")
    account = SocialAccount.objects.get()
    browser.post(f"/accounts/outside/unlink/{account.pk}/")
    assert SocialAccount.objects.filter(pk=account.pk).exists()


@pytest.mark.parametrize("trusted", [False, True])
def test_a_deactivated_person_stays_out(provider: str, settings: Any, trusted: bool) -> None:
    use(settings, provider, trusts_email=trusted)
    person = make_person("吴梅", email="wu@park.example")
    if not trusted:
        come_back(signed_in(person), "wu", process="connect")
    Person.objects.filter(pk=person.pk).update(is_active=False)
    browser = Client()
    answer = come_back(browser, "wu")
    assert answer.headers["Location"] == "/accounts/inactive/"
    assert who_is_in(browser) is None


def test_a_second_factor_is_asked_for_here_as_well(place: SignIn) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    person = make_person("周立", email="zhou@example.cn")
    come_back(signed_in(person), "wu", process="connect")
    TOTP.activate(person, generate_totp_secret())
    browser = Client()
    answer = come_back(browser, "wu")
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert who_is_in(browser) is None


def refused(answer: HttpResponse) -> bool:
    return answer.status_code == 401 and "没有完成登录" in answer.content.decode()


def test_an_answer_with_another_state_is_refused(place: SignIn) -> None:
    browser = Client()
    back = sign_in_there(leave(browser), "wu")
    code = parse_qs(urlsplit(back).query)["code"][0]
    assert refused(browser.get(f"{CALLBACK}?{urlencode({'code': code, 'state': 'made-up-elsewhere'})}"))
    assert refused(browser.get(f"{CALLBACK}?{urlencode({'code': code})}"))
    assert who_is_in(browser) is None


def test_an_answer_to_another_browser_is_refused(place: SignIn) -> None:
    """Whoever gets a victim to open her own answer would have her signed in as somebody else."""
    attacker, victim = Client(), Client()
    back = sign_in_there(leave(attacker), "wu")
    assert refused(victim.get(back))
    assert who_is_in(victim) is None
    attacker.get(back)
    assert who_is_in(attacker) is not None, "for the browser that asked, the same answer is good"


def test_an_answer_is_good_once(place: SignIn) -> None:
    browser = Client()
    back = sign_in_there(leave(browser), "wu")
    assert browser.get(back).status_code == 302
    browser.logout()
    assert refused(browser.get(back))
    assert who_is_in(browser) is None


def test_an_id_token_with_another_nonce_is_refused(place: SignIn) -> None:
    """A code from another attempt, slipped in with this attempt's state."""
    browser = Client()
    first, second = leave(browser), leave(browser)
    nonces = [parse_qs(urlsplit(url).query)["nonce"][0] for url in (first, second)]
    assert nonces[0] != nonces[1]
    swapped = second.replace(nonces[1], nonces[0])
    assert refused(browser.get(sign_in_there(swapped, "wu")))
    assert who_is_in(browser) is None


def test_an_id_token_signed_by_another_key_is_refused(place: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from allauth.socialaccount.internal import jwtkit
    from cryptography.hazmat.primitives.asymmetric import rsa

    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    browser = Client()
    back = sign_in_there(leave(browser), "wu")
    monkeypatch.setattr(jwtkit, "fetch_key", lambda *_: ("RS256", stranger))
    assert refused(browser.get(back))
    assert who_is_in(browser) is None


def test_a_provider_that_cannot_be_reached_is_told_of(settings: Any) -> None:
    use(settings, "http://127.0.0.1:1")
    answer = Client().post("/accounts/outside/park/", headers={"accept-language": "en"})
    assert answer.status_code == 401
    assert "Park account did not complete the sign-in" in re.sub(r"<[^>]+>", "", answer.content.decode())


def test_cancelling_there_is_no_failure(place: SignIn) -> None:
    browser = Client()
    state = parse_qs(urlsplit(leave(browser)).query)["state"][0]
    answer = browser.get(f"{CALLBACK}?error=access_denied&state={state}", headers={"accept-language": "en"})
    assert (answer.status_code, "You cancelled" in answer.content.decode()) == (200, True)


def test_the_way_out_can_only_be_taken_from_our_own_page(place: SignIn) -> None:
    careful = Client(enforce_csrf_checks=True)
    assert careful.get("/accounts/outside/park/").headers["Location"] == "/accounts/login/"
    assert careful.post("/accounts/outside/park/").status_code == 403
    assert Client().post("/accounts/outside/elsewhere/").status_code == 404
    assert (
        Client().post("/accounts/outside/park/", {"process": "connect"}).headers["Location"]
        == "/accounts/login/"
    )


def test_what_a_visitor_adds_to_the_address_is_not_passed_on(place: SignIn) -> None:
    page = (
        Client()
        .post("/accounts/outside/park/?scope=offline_access&auth_params=prompt%3Dnone")
        .content.decode()
    )
    (url,) = re.findall(r'content="0; url=([^"]+)"', page)
    assert "offline_access" not in url
    assert "prompt" not in url


def test_it_does_not_redirect_to_strangers_afterwards(place: SignIn) -> None:
    browser = Client()
    answer = come_back(browser, "wu", next="https://evil.example/")
    assert answer.headers["Location"] == "/"


def test_the_sign_in_page_shows_the_way_in_both_languages(place: SignIn) -> None:
    for language, label in (("zh-hans", "园区账号"), ("en", "Park account")):
        page = Client().get("/accounts/login/", headers={"accept-language": language}).content.decode()
        assert label in page
