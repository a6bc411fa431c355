"""How long a sign-in lasts, on which devices one is signed in, and how it ends there."""

import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from staveworks.foundation.parties.models import Person
from staveworks.jobs.housekeeping import forget_sessions
from staveworks.web.sessions import SEEN, SINCE, device_of
from tests.world import make_person

pytestmark = pytest.mark.django_db
PASSWORD = "barrel-and-stave"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0.5"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0"
HOME = "/accounts/security/"


@pytest.fixture
def person(settings: Any) -> Person:
    settings.ACCOUNT_RATE_LIMITS = False
    made = make_person("沈玉兰", email="shen@example.cn")
    made.set_password(PASSWORD)
    made.save()
    return made


def sign_in(person: Person, agent: str = DESK) -> Client:
    browser = Client(headers={"user-agent": agent, "accept-language": "en"})
    browser.get("/accounts/login/")
    assert browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code == 302
    assert is_in(browser)
    return browser


def is_in(browser: Client) -> bool:
    return browser.get(HOME).status_code == 200


def age(browser: Client, **seconds: float) -> None:
    """As if the sign-in, or its last use, were so long ago."""
    session = browser.session
    for name, ago in seconds.items():
        session[name] = time.time() - ago
    session.save()


def test_the_session_is_another_after_signing_in_and_gone_after_signing_out(person: Person) -> None:
    browser = Client()
    browser.get("/accounts/login/")
    session = browser.session
    session["planted"] = 1
    session.save()
    before = session.session_key
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    after = browser.session.session_key
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()
    answer = browser.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(session_key=after).exists()


@pytest.mark.parametrize(
    ("idle", "total", "stays"),
    [(100, 100, True), (72 * 3600 + 60, 72 * 3600 + 60, False), (100, 14 * 86400 + 60, False)],
)
def test_a_sign_in_ends_when_idle_too_long_and_after_its_time_however_busy(
    person: Person, idle: int, total: int, stays: bool
) -> None:
    browser = sign_in(person)
    age(browser, **{SEEN: idle, SINCE: total})
    assert is_in(browser) is stays
    if not stays:
        assert "your last sign-in has expired" in browser.get("/accounts/login/").content.decode()


def test_use_prolongs_a_sign_in_but_not_beyond_its_time(person: Person) -> None:
    browser = sign_in(person)
    age(browser, **{SEEN: 71 * 3600, SINCE: 13 * 86400})
    assert is_in(browser)
    assert time.time() - browser.session[SEEN] < 100
    assert time.time() - browser.session[SINCE] > 12 * 86400


def test_the_api_ends_with_the_session_too(person: Person) -> None:
    browser = sign_in(person)
    assert browser.get("/api/v1/me").status_code == 200
    age(browser, **{SEEN: 73 * 3600})
    assert browser.get("/api/v1/me").status_code == 401


def test_each_device_is_listed_and_can_be_signed_out_from_another(person: Person) -> None:
    desk, phone = sign_in(person), sign_in(person, PHONE)
    page = desk.get("/accounts/sessions/").content.decode()
    assert "Edge · Windows" in page
    assert "WeChat · iPhone" in page
    assert page.count("this one") == 1
    other = UserSession.objects.exclude(session_key=desk.session.session_key).get()
    assert desk.post(f"/accounts/sessions/{other.pk}/end/").status_code == 302
    assert (is_in(desk), is_in(phone)) == (True, False)


def test_all_other_devices_are_signed_out_at_once(person: Person) -> None:
    desk, phone, third = sign_in(person), sign_in(person, PHONE), sign_in(person)
    desk.post("/accounts/sessions/others/end/")
    assert (is_in(desk), is_in(phone), is_in(third)) == (True, False, False)


def test_nobody_ends_somebody_elses_session(person: Person) -> None:
    stranger = make_person("周立", email="zhou@example.cn")
    stranger.set_password(PASSWORD)
    stranger.save()
    hers, his = sign_in(person), sign_in(stranger)
    session = UserSession.objects.get(user=person)
    assert his.post(f"/accounts/sessions/{session.pk}/end/").status_code == 404
    his.post("/accounts/sessions/others/end/")
    assert is_in(hers)
    assert "shen" not in his.get("/accounts/sessions/").content.decode()


def test_a_new_password_signs_out_everywhere_else(person: Person) -> None:
    desk, phone = sign_in(person), sign_in(person, PHONE)
    desk.post("/accounts/password/change/", {"old": PASSWORD, "new": "another-barrel-2026"})
    assert (is_in(desk), is_in(phone)) == (True, False)


def test_a_deactivated_person_is_out_at_once(person: Person) -> None:
    browser = sign_in(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_in(browser)


def test_a_request_costs_no_write_within_five_minutes(person: Person, django_assert_num_queries: Any) -> None:
    browser = sign_in(person)
    before = UserSession.objects.get().last_seen_at
    is_in(browser)
    assert UserSession.objects.get().last_seen_at == before
    age(browser, **{SEEN: 400})
    is_in(browser)
    assert UserSession.objects.get().last_seen_at > before


def test_sessions_that_are_over_are_thrown_away(person: Person) -> None:
    browser, old = sign_in(person), sign_in(person, PHONE)
    long_ago = timezone.now() - timedelta(hours=73)
    UserSession.objects.filter(session_key=old.session.session_key).update(last_seen_at=long_ago)
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=long_ago)
    assert forget_sessions() == 2
    assert (is_in(browser), is_in(old)) == (True, False)
    assert UserSession.objects.count() == 1


@pytest.mark.parametrize(
    ("agent", "zh", "en"),
    [
        (PHONE, "微信 · iPhone", "WeChat · iPhone"),
        (DESK, "Edge · Windows", "Edge · Windows"),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/131 Mobile Safari wxwork/4.1",
            "企业微信 · 安卓",
            "WeCom · Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) Version/17.0 Safari/605.1",
            "Safari · Mac",
            "Safari · Mac",
        ),
        ("curl/8.5.0", "其他程序", "another program"),
        ("", "其他程序", "another program"),
    ],
)
def test_a_device_is_called_as_people_call_it(agent: str, zh: str, en: str) -> None:
    assert (device_of(agent).zh, device_of(agent).en) == (zh, en)
