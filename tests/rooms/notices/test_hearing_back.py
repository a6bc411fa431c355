"""What providers and mail servers say afterwards: signed calls, returned mails, the stop link."""

import hashlib
import hmac
import json
import time
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from staveworks.db.transaction import acting
from staveworks.foundation.notices.connecting import Settings
from staveworks.foundation.notices.messages.bounces import read_bounces
from staveworks.foundation.notices.messages.types import Channel
from staveworks.foundation.notices.models import Delivery, SinkEntry, Suppression
from staveworks.foundation.notices.sealing import address_digest
from staveworks.foundation.notices.stopping import Stop, stop_path
from staveworks.foundation.notices.usecases.connect_channel import connect_provider
from staveworks.foundation.notices.usecases.hear_back import hear_mail
from staveworks.foundation.notices.usecases.send_due import send_due
from staveworks.foundation.notices.usecases.send_message import send_message
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from tests.database import Clone
from tests.world import World, make_world

TEST = {"channel": Text(zh="邮件", en="E-mail")}
SECRET = "oak-callback"
RETURNED = """\
From: MAILER-DAEMON@mx.example
To: bounces@cluster.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon, 23 Nov 2026 09:41:00 +0800

Final-Recipient: rfc822; boss@qinghe.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <boss@qinghe.example>: no such user

--b1
{original}
--b1--
"""
HEADERS = "Content-Type: text/rfc822-headers\n\nSubject: x\nMessage-ID: <{token}@cluster.example>\n"
WHOLE = "Content-Type: message/rfc822\n\nSubject: x\nX-Staveworks-Delivery: {token}\n\nbody\n"


def returned(
    token: object, *, action: str = "failed", status: str = "5.1.1", original: str = HEADERS
) -> bytes:
    return RETURNED.format(action=action, status=status, original=original.format(token=token)).encode()


@pytest.mark.parametrize("original", [HEADERS, WHOLE])
def test_a_returned_mail_names_what_came_back(original: str) -> None:
    token = new_id()
    (found,) = read_bounces(returned(token, original=original))
    assert (found.token, found.action, found.status, found.address_is_gone) == (
        token,
        "failed",
        "5.1.1",
        True,
    )


def test_a_full_mailbox_and_a_delay_do_not_mean_that_the_address_is_gone() -> None:
    assert not read_bounces(returned(new_id(), status="5.2.2"))[0].address_is_gone
    assert not read_bounces(returned(new_id(), action="delayed", status="4.4.1"))[0].address_is_gone


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: hello\n\nnot a report",
        returned("not-a-token"),
        returned(new_id()).replace(b"multipart/report", b"multipart/mixed"),
        returned(new_id()).replace(b"message/delivery-status", b"text/plain"),
        b"Content-Type: multipart/report; boundary=x\n\n" + b"--x\n" * 5000,
    ],
)
def test_other_mail_is_no_bounce(raw: bytes) -> None:
    assert read_bounces(raw) == []


def sent(world: World, key: str = "k", to: str = "boss@qinghe.example") -> UUID:
    """The token of a message that the sink took."""
    send_message(world.gao, template="account.test", to=to, key=key, params=TEST)
    send_due(world.gao, operator=world.gao.org, channel=Channel.EMAIL)
    with acting(org=world.gao.org_id):
        return SinkEntry.objects.latest("taken_at").id


def state(world: World, token: UUID) -> str:
    with acting(org=world.gao.org_id):
        return Delivery.objects.get(id=token).state


def test_a_bounced_mail_closes_its_address(committed: Clone) -> None:
    world = make_world()
    token, other = sent(world), sent(world, key="o", to="other@qinghe.example")
    assert hear_mail(returned(new_id())) == 0, "a stranger's"
    assert hear_mail(returned(token, action="delayed", status="4.4.1")) == 0
    assert state(world, token) == "sent"
    assert hear_mail(returned(token)) == 1
    assert (state(world, token), state(world, other)) == ("bounced", "sent")
    assert Suppression.objects.get().detail == "5.1.1"
    assert hear_mail(returned(token)) == 0, "again changes nothing"
    assert hear_mail(returned(other, status="5.7.1")) == 1
    assert state(world, other) == "failed"
    assert Suppression.objects.count() == 1


@pytest.mark.django_db
class TestCallback:
    @pytest.fixture
    def world(self, db: None) -> World:
        return make_world()

    @pytest.fixture
    def gateway(self, world: World) -> UUID:
        return connect_provider(
            world.gao,
            channel=Channel.EMAIL,
            asked=Settings({"provider": "sink"}, {"callback": SECRET}),
            a_minute=600,
            at_once=100,
            enabled=True,
        )

    def call(
        self, gateway: UUID, events: Any, *, secret: str = SECRET, age_s: int = 0, body: bytes | None = None
    ) -> tuple[int, Any]:
        content = json.dumps({"events": events}).encode()
        moment = int(time.time()) - age_s
        digest = hmac.new(secret.encode(), f"{moment}.".encode() + content, hashlib.sha256).hexdigest()
        response = Client(enforce_csrf_checks=True).post(
            f"/messages/hook/{gateway}/",
            body or content,
            content_type="application/json",
            headers={"X-Staveworks-Signature": f"t={moment},v1={digest}"},
        )
        return response.status_code, response.json()

    def test_a_signed_call_moves_a_delivery_on(self, world: World, gateway: UUID) -> None:
        token = sent(world)
        assert self.call(gateway, [{"id": str(token), "state": "delivered"}]) == (200, {"changed": 1})
        assert state(world, token) == "delivered"

    def test_the_providers_own_id_names_it_too(self, world: World, gateway: UUID) -> None:
        token = sent(world)
        event = {"id": f"sink:{token}", "state": "bounced", "detail": "5.1.1"}
        assert self.call(gateway, [event]) == (200, {"changed": 1})
        assert state(world, token) == "bounced"
        assert Suppression.objects.get().reason == "bounced"

    def test_a_complaint_closes_the_address_and_leaves_the_state(self, world: World, gateway: UUID) -> None:
        token = sent(world)
        self.call(gateway, [{"id": str(token), "state": "complained"}])
        assert state(world, token) == "sent"
        assert Suppression.objects.get().reason == "complained"

    def test_without_the_right_signature_nothing_moves(self, world: World, gateway: UUID) -> None:
        token = sent(world)
        event = [{"id": str(token), "state": "delivered"}]
        assert self.call(gateway, event, secret="elm")[0] == 403
        assert self.call(gateway, event, age_s=600)[0] == 403
        assert self.call(gateway, event, body=b'{"events": []}')[0] == 403
        assert self.call(new_id(), event)[0] == 403
        assert Client().post(f"/messages/hook/{gateway}/").status_code == 403
        assert state(world, token) == "sent"
        assert self.call(gateway, event)[0] == 200

    def test_a_gateway_without_a_secret_hears_nobody(self, world: World) -> None:
        made = connect_provider(
            world.gao,
            channel=Channel.SMS,
            asked=Settings({"provider": "sink"}),
            a_minute=600,
            at_once=100,
            enabled=True,
        )
        assert self.call(made, [], secret="")[0] == 403

    def test_nonsense_changes_nothing(self, world: World, gateway: UUID) -> None:
        token = sent(world)
        for events in (
            None,
            [1],
            [{"id": 1}],
            [{"id": str(token), "state": "eaten"}],
            [{"id": "", "state": "delivered"}],
        ):
            assert self.call(gateway, events) == (200, {"changed": 0})
        assert state(world, token) == "sent"

    def test_another_operators_message_is_not_found(self, world: World) -> None:
        token = sent(world)
        with acting(org=world.lin.org_id):
            from staveworks.foundation.notices.gateways import close_secrets
            from staveworks.foundation.notices.models import Gateway

            strange = Gateway.objects.create(
                id=new_id(),
                org_id=world.lin.org,
                channel="email",
                name="x",
                secrets=close_secrets({"callback": SECRET}),
            ).id
        assert self.call(strange, [{"id": str(token), "state": "bounced"}]) == (200, {"changed": 0})
        assert state(world, token) == "sent"


@pytest.mark.django_db
class TestStopLink:
    def test_stops_its_topic_for_its_address(self, db: None) -> None:
        world = make_world()
        digest = address_digest("boss@qinghe.example")
        path = stop_path(Stop(digest, "b***@qinghe.example", "campaign", "email", world.operator.id))
        client = Client(enforce_csrf_checks=True)
        page = client.get(path)
        assert "b***@qinghe.example" in page.content.decode()
        assert not Suppression.objects.exists(), "looking stops nothing"
        for _ in range(2):  # a mail program presses it too, perhaps twice
            assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert Suppression.objects.get().topic == "campaign"
        firm = {"firm": Text(zh="清河", en="Qinghe")}
        send_message(world.gao, template="campaign.claim", to="boss@qinghe.example", key="a", params=firm)
        send_message(world.gao, template="account.test", to="boss@qinghe.example", key="b", params=TEST)
        with acting(org=world.gao.org_id):
            states = dict(Delivery.objects.values_list("topic", "state"))
        assert states == {"campaign": "suppressed", "account": "queued"}

    def test_a_changed_link_stops_nothing(self, db: None) -> None:
        world = make_world()
        path = stop_path(Stop("0" * 64, "x", "campaign", "email", world.operator.id))
        assert Client().post(path[:-3] + "xx/").status_code == 404
        assert not Suppression.objects.exists()
