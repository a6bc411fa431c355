"""SMS over HTTP: what a provider is sent, signed how, and what its answers mean."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any
from urllib.parse import parse_qs

import pytest

from staveworks.foundation.notices.channels.sms import Sms, SmsProvider
from staveworks.foundation.notices.channels.types import Outgoing, Trouble
from staveworks.foundation.notices.messages.types import Channel
from staveworks.kit.ids import new_id
from tests.contract.vendors import Answer, Asked, Vendor, serving

SECRET = "oak"
OK: Answer = (200, {"Code": "OK", "BizId": "b-7"})


@pytest.fixture(autouse=True)
def _loopback_is_named(settings: Any) -> None:
    settings.PROVIDER_NETWORKS = (ip_network("127.0.0.0/8"),)


def signed(asked: Asked) -> Answer:
    """A provider that checks HMAC-SHA256 over timestamp, nonce and body."""
    moment, nonce = asked.headers["X-Time"], asked.headers["X-Nonce"]
    content = f"{moment}\n{nonce}\n".encode() + asked.body
    expected = base64.b64encode(hmac.new(SECRET.encode(), content, hashlib.sha256).digest()).decode()
    if asked.headers["Authorization"] != f"HMAC u1:{expected}":
        return 401, {"Code": "SignatureDoesNotMatch"}
    return OK


def provider(vendor: Vendor, **more: Any) -> Sms:
    usual: dict[str, Any] = {
        "url": vendor.url + "/send?to={number}",
        "body": '{"phone": "{phone}", "text": "{text}", "id": "{token}", "template": "{template}"}',
        "headers": {
            "X-Time": "{timestamp}",
            "X-Nonce": "{nonce}",
            "Authorization": "HMAC {user}:{signature}",
        },
        "user": "u1",
        "secret": SECRET,
        "algorithm": "hmac-sha256",
        "sign": "{timestamp}\n{nonce}\n{body}",
        "sign_as": "base64",
        "code_at": "Code",
        "ok": "OK",
        "id_at": "BizId",
        "later": frozenset({"isv.BUSINESS_LIMIT_CONTROL"}),
        "bounced": frozenset({"isv.MOBILE_NUMBER_ILLEGAL"}),
        "templates": {"account.test": "SMS_1"},
    }
    return Sms(SmsProvider(**(usual | more)))


def message(text: str = '【集群】“试发”\n"好" {secret}', link: str = "https://x.example/a") -> Outgoing:
    return Outgoing(
        token=new_id(),
        channel=Channel.SMS,
        address="+8613805759999",
        subject="",
        text=text,
        link=link,
        template="account.test",
    )


def test_a_signed_message_is_taken(settings: Any) -> None:
    with serving(signed) as vendor:
        sent = message()
        assert provider(vendor).send(sent).provider_id == "b-7"
        asked = vendor.asked[0]
    assert asked.query == {"to": "13805759999"}
    assert asked.json == {
        "phone": "+8613805759999",
        "text": '【集群】“试发”\n"好" {secret} https://x.example/a',
        "id": str(sent.token),
        "template": "SMS_1",
    }


def test_a_wrong_signature_closes_the_way() -> None:
    with serving(signed) as vendor, pytest.raises(Trouble) as trouble:
        provider(vendor, secret="elm").send(message())
    assert (trouble.value.kind, trouble.value.code) == ("gateway", "401")


def test_a_form_with_its_signature_inside_is_taken() -> None:
    def check(asked: Asked) -> Answer:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        expected = hashlib.md5(f"u1{SECRET}{form['ts']}".encode()).hexdigest()
        return 200, {"result": [{"code": 0 if form["sign"] == expected else 4, "sid": form["content"]}]}

    with serving(check) as vendor:
        sms = provider(
            vendor,
            form=True,
            body="content={text}&mobile={number}&ts={timestamp}&sign={signature}",
            headers={},
            algorithm="md5",
            sign="{user}{secret}{timestamp}",
            sign_as="hex",
            code_at="result.0.code",
            ok="0",
            id_at="result.0.sid",
        )
        assert sms.send(message("a&mobile=1", "")).provider_id == "a&mobile=1"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}), "later"),
        ((200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}), "bounced"),
        ((200, {"Code": "isv.AMOUNT_NOT_ENOUGH"}), "never"),
        ((200, "not JSON"), "never"),
        ((429, {}), "later"),
        ((503, {}), "later"),
        ((400, {"Code": "Bad"}), "never"),
        ((403, {}), "gateway"),
    ],
)
def test_each_answer_means_something(answer: Answer, kind: str) -> None:
    with serving(lambda _: answer) as vendor, pytest.raises(Trouble) as trouble:
        provider(vendor).send(message())
    assert trouble.value.kind == kind


def test_only_a_provider_that_knows_tokens_is_asked_again_after_a_lost_answer() -> None:
    with serving(lambda _: OK) as vendor:
        assert not provider(vendor).repeats
        assert provider(vendor, knows_tokens=True).repeats


def test_values_cannot_leave_their_place() -> None:
    seen: list[Any] = []

    def keep(asked: Asked) -> Answer:
        seen.append(json.loads(asked.body))
        return OK

    send: Callable[[str], Any] = lambda text: provider(vendor).send(message(text, ""))  # noqa: E731
    with serving(keep) as vendor:
        send('", "phone": "+8613900000000')
        send("{user}\\")
    assert [one["phone"] for one in seen] == ["+8613805759999"] * 2
    assert seen[1]["text"] == "{user}\\"
