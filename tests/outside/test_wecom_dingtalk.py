"""Signing in by WeCom and DingTalk, against servers that keep to their documented contracts."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.http import HttpResponse
from django.test import Client

from staveworks.foundation.parties.models import Membership, Person
from staveworks.kit.configuration.sign_in import SignIn
from tests.outside.contracts import WECOM_SECRET, DingTalk, WeCom, speaking

pytestmark = pytest.mark.django_db
Asked = list[tuple[str, dict[str, str]]]


@pytest.fixture
def wecom(settings: Any) -> Iterator[Asked]:
    with speaking(WeCom) as (address, asked):
        settings.ACCOUNT_RATE_LIMITS = False
        settings.SIGN_IN = (
            SignIn(
                "wecom",
                "qiwei",
                "企业微信",
                "WeCom",
                server=address,
                corporation_id="wwcorp",
                agent_id="1000002",
                secret=WECOM_SECRET,
            ),
        )
        yield asked


@pytest.fixture
def dingtalk(settings: Any) -> Iterator[Asked]:
    with speaking(DingTalk) as (address, asked):
        settings.ACCOUNT_RATE_LIMITS = False
        settings.SIGN_IN = (
            SignIn(
                "dingtalk",
                "ding",
                "钉钉",
                "DingTalk",
                server=address,
                client_id="dingkey",
                secret="ding-secret",
            ),
        )
        yield asked


def leave(browser: Client, place: str, **headers: str) -> tuple[str, dict[str, str]]:
    """The address that the browser is sent to, without and with its parameters."""
    page = browser.post(f"/accounts/outside/{place}/", headers=headers).content.decode()
    (url,) = re.findall(r'content="0; url=([^"]+)"', page)
    parts = urlsplit(url.replace("&amp;", "&"))
    return f"{parts.scheme}://{parts.netloc}{parts.path}", {k: v[0] for k, v in parse_qs(parts.query).items()}


def who_is_in(browser: Client) -> Person | None:
    key = browser.session.get("_auth_user_id")
    return Person.objects.get(pk=key) if key else None


def refused(answer: HttpResponse, browser: Client) -> bool:
    return answer.status_code == 401 and who_is_in(browser) is None


def test_a_member_of_the_corporation_comes_in_by_a_scanned_code(wecom: Asked) -> None:
    browser = Client()
    where, sent = leave(browser, "qiwei")
    assert where == "https://login.work.weixin.qq.com/wwlogin/sso/login"
    assert sent | {"state": ""} == {
        "login_type": "CorpApp",
        "appid": "wwcorp",
        "agentid": "1000002",
        "redirect_uri": "http://testserver/accounts/outside/qiwei/callback/",
        "state": "",
    }
    answer = browser.get(f"/accounts/outside/qiwei/callback/?code=code-of-wu&state={sent['state']}")
    assert answer.status_code == 302
    person = who_is_in(browser)
    assert person is not None
    assert (person.name, person.email) == ("吴梅", None)
    assert not Membership.objects.filter(person=person).exists()
    account = SocialAccount.objects.get()
    assert (account.uid, account.extra_data) == ("wwcorp:WuMei", {})
    assert not SocialToken.objects.exists()
    assert [path for path, _ in wecom] == [
        "/cgi-bin/gettoken",
        "/cgi-bin/auth/getuserinfo",
        "/cgi-bin/user/get",
    ]


def test_within_wecom_nobody_scans_a_code(wecom: Asked) -> None:
    where, sent = leave(Client(), "qiwei", **{"user-agent": "Mozilla/5.0 wxwork/4.1.22 MicroMessenger/7.0.1"})
    assert where == "https://open.weixin.qq.com/connect/oauth2/authorize"
    assert (sent["response_type"], sent["scope"], sent["agentid"]) == ("code", "snsapi_base", "1000002")


@pytest.mark.parametrize("code", ["code-of-a-stranger", "an-old-code"])
def test_who_is_no_member_stays_out(wecom: Asked, code: str) -> None:
    browser = Client()
    _, sent = leave(browser, "qiwei")
    assert refused(
        browser.get(f"/accounts/outside/qiwei/callback/?code={code}&state={sent['state']}"), browser
    )


def test_a_code_without_this_browsers_state_is_not_even_looked_up(wecom: Asked) -> None:
    browser = Client()
    leave(browser, "qiwei")
    assert refused(browser.get("/accounts/outside/qiwei/callback/?code=code-of-wu&state=other"), browser)
    assert wecom == []


def test_a_person_at_dingtalk_comes_in(dingtalk: Asked) -> None:
    browser = Client()
    where, sent = leave(browser, "ding")
    assert where == "https://login.dingtalk.com/oauth2/auth"
    assert (sent["client_id"], sent["response_type"], sent["prompt"]) == ("dingkey", "code", "consent")
    assert sent["redirect_uri"] == "http://testserver/accounts/outside/ding/callback/"
    answer = browser.get(f"/accounts/outside/ding/callback/?authCode=code-of-wu&state={sent['state']}")
    assert answer.status_code == 302
    person = who_is_in(browser)
    assert person is not None
    assert (person.name, person.phone) == ("吴梅", None)
    assert SocialAccount.objects.get().extra_data == {}
    path, body = dingtalk[0]
    assert (path, body["grantType"]) == ("/v1.0/oauth2/userAccessToken", "authorization_code")


def test_a_code_that_dingtalk_does_not_know_opens_nothing(dingtalk: Asked) -> None:
    browser = Client()
    _, sent = leave(browser, "ding")
    assert refused(browser.get(f"/accounts/outside/ding/callback/?authCode=x&state={sent['state']}"), browser)
