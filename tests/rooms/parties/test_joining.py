"""Signing up, in and over by HTTP, with the codes and links read from what was sent."""

import re
import time

import pyotp
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Claim, Membership, Organisation, Person
from staveworks.foundation.parties.types import Role
from staveworks.foundation.parties.usecases.issue_claim_link import issue_claim_link
from staveworks.foundation.parties.usecases.make_operator_link import make_operator_link
from staveworks.kit.messages import Message
from tests.rooms.parties.test_pages import browser_of
from tests.world import PASSWORD, World, make_operator, make_world

pytestmark = pytest.mark.django_db
SENT: list[Message] = []
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 100


class Post:
    """A message port that remembers."""

    def send(self, message: Message) -> None:
        SENT.append(message)


@pytest.fixture(autouse=True)
def _post(settings: object) -> None:
    SENT.clear()
    settings.MESSENGER = "tests.rooms.parties.test_joining.Post"  # type: ignore[attr-defined]
    settings.ACCOUNT_RATE_LIMITS = False  # type: ignore[attr-defined]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def code_in(message: Message) -> str:
    found = re.search(r"(?:验证码|code|Code)(?: is)? ([A-Z0-9-]+)", message.wording)
    assert found, message.wording
    return found[1]


def test_registering_by_phone_then_claiming_by_code(world: World) -> None:
    client = Client()
    answer = client.post(
        "/accounts/signup/",
        {"name": "何清", "contact": "138 0575 1234", "next": f"/join/claim/{world.qinghe.id}/"},
    )
    assert answer["Location"].startswith("/accounts/login/code/confirm/")
    assert SENT[-1].to == "+8613805751234"
    answer = client.post(answer["Location"], {"code": code_in(SENT[-1])})
    assert answer["Location"] == f"/join/claim/{world.qinghe.id}/"
    assert "138****9999" in client.get(answer["Location"]).content.decode()
    answer = client.post(answer["Location"], {"method": "phone"})
    assert SENT[-1].to == "+8613805759999"
    page = client.post(answer["Location"], {"code": "not it"})
    assert "验证码不对" in page.content.decode()
    answer = client.post(answer["Location"], {"code": code_in(SENT[-1])})
    assert answer["Location"] == "/agreement/?first=1"
    assert "+8613805759999" in client.get(answer["Location"]).content.decode()
    answer = client.post("/agreement/", {"shows": ["barrel", "profile"], "first": "1"})
    assert answer["Location"] == "/"
    assert Person.objects.get(phone="+8613805751234").phone_verified


def test_signing_up_and_in_tell_nothing_about_who_is_here(world: World) -> None:
    known, unknown = Client(), Client()
    for client, contact in ((known, "13805750003"), (unknown, "13912345678")):
        answer = client.post("/accounts/login/", {"login": contact, "password": ""})
        assert answer["Location"] == "/accounts/login/code/confirm/"
        assert client.get(answer["Location"]).status_code == 200
    assert [message.to for message in SENT] == ["+8613805750003", "+8613912345678"]
    Client().post("/accounts/signup/", {"name": "冒名", "contact": "13805750003"})
    assert Person.objects.get(phone="+8613805750003").name == "林春晖"


def test_the_code_is_six_digits_and_its_field_says_so(world: World) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "13805750003", "password": ""})
    code = code_in(SENT[-1])
    assert re.fullmatch(r"\d{6}", code)
    page = client.get("/accounts/login/code/confirm/").content.decode()
    field = re.search(r'<input[^>]*name="code"[^>]*>', page)
    assert field
    for attribute in ('autocomplete="one-time-code"', 'inputmode="numeric"', 'maxlength="12"'):
        assert attribute in field[0]
    assert client.post("/accounts/login/code/confirm/", {"code": f"{code[:3]} {code[3:]}"}).status_code == 302
    assert client.get("/accounts/security/").status_code == 200


def test_a_wrong_code_three_times_ends_it(world: World) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "13805750003", "password": ""})
    for _ in range(3):
        answer = client.post("/accounts/login/code/confirm/", {"code": "WRONG1"})
    assert answer.status_code == 302
    answer = client.post("/accounts/login/code/confirm/", {"code": code_in(SENT[0])})
    assert client.get("/accounts/security/").status_code == 302


def test_the_first_operator(db: None) -> None:
    operator = make_operator()
    path = f"/join/operator/{make_operator_link()}/"
    client = Client()
    assert client.get(path).status_code == 200
    form = {"organisation": "三城纺织集群公司", "name": "高明远", "contact": "gao@example.cn"}
    weak = client.post(path, {**form, "password": "1234567890"})
    assert weak.status_code == 422
    assert "太好猜了" in weak.content.decode()
    assert client.post(path, {**form, "password": PASSWORD})["Location"] == "/"
    assert client.get("/members/").status_code == 200
    assert Organisation.objects.get(id=operator.id).name == "三城纺织集群公司"
    assert Client().get(path).status_code == 404


def test_an_invitation_reaches_a_newcomer(world: World) -> None:
    answer = browser_of(world.lin).post("/members/invite/", {"contact": "sun@example.cn", "role": "manager"})
    assert answer["Location"] == "/members/"
    message = SENT[-1]
    assert "林春晖" in message.wording
    assert "春晖织造" in message.wording
    path = message.link.removeprefix("http://testserver")
    client = Client()
    page = client.get(path).content.decode()
    assert "/accounts/signup/?next=" in page
    answer = client.post("/accounts/signup/", {"name": "孙经理", "contact": "sun@example.cn", "next": path})
    client.post(answer["Location"], {"code": code_in(SENT[-1])})
    assert client.post(path)["Location"] == "/"
    with acting(org=world.chunhui.id):
        assert Membership.objects.filter(person__email="sun@example.cn", role=Role.MANAGER).exists()


def test_a_claim_link_asks_to_sign_in_first(world: World) -> None:
    path = f"/join/link/{issue_claim_link(world.gao, org_id=world.qinghe.id).token}/"
    page = Client().get(path).content.decode()
    assert "清河喷织厂" in page
    assert "/accounts/signup/?next=" in page
    assert browser_of(world.wu).post(path)["Location"] == "/agreement/?first=1"
    assert Client().get(path).status_code == 404
    log = browser_of(world.gao).get("/audit/").content.decode()
    assert "<td data-names>认领了企业 清河喷织厂</td>" in log
    assert "交给认领人" not in log


def test_a_licence_is_looked_at_and_granted(world: World) -> None:
    claimant, operator = browser_of(world.wu), browser_of(world.gao)
    wrong = SimpleUploadedFile("licence.jpg", b"#!/bin/sh", content_type="image/jpeg")
    path = f"/join/claim/{world.qinghe.id}/"
    refused = claimant.post(path, {"method": "licence", "licence": wrong})
    assert refused.status_code == 422
    assert "按内容判断" in refused.content.decode()
    right = SimpleUploadedFile("licence.jpg", JPEG, content_type="text/html")
    own = claimant.post(path, {"method": "licence", "licence": right})["Location"]
    assert "等运营方核对" in claimant.get(own).content.decode()
    with acting(org=world.operator.id):
        claim = Claim.objects.get(state="proven")
    page = operator.get(f"/claims/{claim.id}/").content.decode()
    picture = operator.get(f"/files/{claim.licence_id}/?show=1")
    assert f"/files/{claim.licence_id}/" in page
    assert picture["Content-Type"] == "image/jpeg"
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert b"".join(picture.streaming_content) == JPEG
    assert claimant.get(f"/files/{claim.licence_id}/").status_code == 404
    assert operator.post(f"/claims/{claim.id}/", {"decision": "refuse"}).status_code == 422
    assert operator.post(f"/claims/{claim.id}/", {"decision": "grant"})["Location"] == "/claims/"
    assert "<td data-names>把 清河喷织厂 交给认领人</td>" in operator.get("/audit/").content.decode()
    assert claimant.get(own)["Location"] == "/"


def test_a_letter_is_printed_once(world: World) -> None:
    claimant, operator = browser_of(world.wu), browser_of(world.gao)
    own = claimant.post(f"/join/claim/{world.qinghe.id}/", {"method": "letter"})["Location"]
    with acting(org=world.operator.id):
        claim = Claim.objects.get(method="letter")
    letter = operator.post(f"/claims/{claim.id}/letter/").content.decode()
    code = re.search(r"<b data-names>(\d{6})</b>", letter)
    assert code
    assert claimant.post(own, {"code": code[1]})["Location"] == "/agreement/?first=1"


def test_switching_shows_for_whom_one_acts(world: World) -> None:
    client = browser_of(world.wu)
    client.get("/settings/")
    give = browser_of(world.lin).post(
        "/mandates/new/",
        {
            "agent": "13805750005",
            "rights": ["organisation.read", "barrel.read"],
            "until": time.strftime("%Y-%m-%d"),
        },
    )
    assert give["Location"] == "/mandates/"
    answer = client.post("/join/switch/", {"organisation": str(world.chunhui.id), "next": "/settings/"})
    assert answer["Location"] == "/settings/"
    assert "春晖织造" in client.get("/settings/").content.decode()
    assert client.get("/members/").status_code == 403
    assert client.post("/join/switch/", {"organisation": str(world.qinghe.id)}).status_code == 404
    assert client.post("/join/switch/", {"organisation": "nonsense"}).status_code == 404
    away = client.post(
        "/join/switch/", {"organisation": str(world.yuanda.id), "next": "https://evil.example/"}
    )
    assert away["Location"] == "/"


def test_a_second_factor(world: World) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "13805750003", "password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code data-names>([A-Z2-7]+)</code>", page)
    assert secret
    otp = pyotp.TOTP(secret[1])
    assert client.post("/accounts/2fa/totp/activate/", {"code": otp.now()}).status_code == 302
    assert client.get("/accounts/2fa/recovery/").status_code == 200
    client.post("/accounts/logout/")
    answer = client.post("/accounts/login/", {"login": "13805750003", "password": PASSWORD})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/accounts/security/").status_code == 302
    assert client.post(answer["Location"], {"code": "000000"}).status_code == 200


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def signed_in_by_a_full_width_code(phone: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": phone, "password": ""})
    answer = client.post("/accounts/login/code/confirm/", {"code": full_width(code_in(SENT[-1]))})
    assert answer.status_code == 302, answer.content.decode()
    return client


def test_a_second_factor_is_turned_on_by_whoever_signed_in_by_code_and_asks_for_no_other_before_the_recovery_codes(
    world: World,
) -> None:
    Person.objects.filter(phone="+8613805750003").update(password="!")
    client = signed_in_by_a_full_width_code("13805750003")
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    refused = client.post("/accounts/2fa/totp/activate/", {"code": "12345x"}).content.decode()
    assert "口令不对" in refused
    assert 'for="id_code"' in refused
    assert 'aria-invalid="true"' in refused
    otp = pyotp.TOTP(secret_on(page)).now()
    answer = client.post("/accounts/2fa/totp/activate/", {"code": full_width(otp)})
    assert answer["Location"] == "/accounts/2fa/recovery/"
    codes = client.get(answer["Location"])
    assert codes.status_code == 200, "without another code, which the app doesn't have yet"
    assert "data-print" in codes.content.decode()
    assert 'data-copy="#recovery-codes"' in codes.content.decode()


def secret_on(page: str) -> str:
    found = re.search(r"<code data-names>([A-Z2-7]+)</code>", page)
    assert found
    return found[1]


def test_a_password_is_replaced_after_signing_in_by_code(world: World) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "13805750003", "password": ""})
    client.post("/accounts/login/code/confirm/", {"code": code_in(SENT[-1])})
    assert (
        client.post("/accounts/password/change/", {"new": "another-oak-stave"})["Location"]
        == "/accounts/security/"
    )
    assert Person.objects.get(phone="+8613805750003").check_password("another-oak-stave")
    by_password = Client()
    by_password.post("/accounts/login/", {"login": "13805750003", "password": "another-oak-stave"})
    refused = by_password.post("/accounts/password/change/", {"new": "yet-another-stave"})
    assert "yet" not in refused.get("Location", "")
    assert Person.objects.get(phone="+8613805750003").check_password("another-oak-stave")


def test_a_new_phone_counts_once_its_code_is_typed_in(world: World) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "13805750003", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/contact/", {"contact": "13700000001"})
    assert Person.objects.get(id=world.lin.person_id).phone == "+8613805750003"
    client.post("/accounts/contact/confirm/", {"code": "nope"})
    client.post("/accounts/contact/confirm/", {"code": code_in(SENT[-1])})
    assert Person.objects.get(id=world.lin.person_id).phone == "+8613700000001"


def test_the_language_is_remembered(world: World) -> None:
    client = Client()
    assert "登录" in client.get("/accounts/login/").content.decode()
    client.cookies["django_language"] = "en"
    assert "Sign in" in client.get("/accounts/login/").content.decode()
