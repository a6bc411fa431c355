"""SMTP against a real server (aiosmtpd) on loopback: what arrives, and what each answer means."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_network
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from staveworks.foundation.notices.channels.smtp import Server, Smtp
from staveworks.foundation.notices.channels.types import Outgoing, Trouble
from staveworks.foundation.notices.gateways import server_of_url
from staveworks.foundation.notices.messages.types import Channel
from staveworks.kit.ids import new_id


@pytest.fixture(autouse=True)
def _loopback_is_named(settings: Any) -> None:
    settings.PROVIDER_NETWORKS = (ip_network("127.0.0.0/8"),)


class Post:
    """Takes mail; an address or a subject may be told what to answer."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.senders: list[str] = []
        self.rcpt: dict[str, str] = {}
        self.data = "250 2.0.0 queued as 7F3"

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _: Any, envelope: Any) -> str:
        if self.data == "hang up":
            server.transport.abort()
            return "250 nobody reads this"
        if self.data.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
            self.senders.append(envelope.mail_from)
        return self.data


@contextmanager
def post_office(**more: Any) -> Iterator[tuple[Post, int]]:
    post = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    controller = Controller(post, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield post, port
    finally:
        controller.stop()


@pytest.fixture
def office() -> Iterator[tuple[Post, Callable[..., Smtp]]]:
    with post_office() as (post, port):
        sender = Address("集群服务公司", addr_spec="notice@cluster.example")

        def connected(**more: Any) -> Smtp:
            return Smtp(Server("127.0.0.1", port, "none", sender, **more))

        yield post, connected


def message(to: str = "lin@chunhui.example", **more: Any) -> Outgoing:
    words = {
        "subject": "认领待审核",
        "text": "清河喷织厂\n\n请 <b>审核</b>。",
        "link": "https://x.example/t/?a=1&b=2",
        "action": "审核",
    }
    return Outgoing(
        token=new_id(), channel=Channel.EMAIL, address=to, sender="集群服务公司", **(words | more)
    )


def refused(way: Smtp, sent: Outgoing) -> tuple[str, str]:
    with pytest.raises(Trouble) as trouble, way:
        way.send(sent)
    return trouble.value.kind, trouble.value.code


type Office = tuple[Post, Callable[..., Smtp]]


def test_a_mail_arrives_in_text_and_html_with_its_token(office: Office) -> None:
    post, connected = office
    sent = message(stop_link="https://x.example/messages/stop/t/")
    with connected(bounces="bounces@cluster.example") as way:
        assert way.send(sent).provider_id == "2.0.0 queued as 7F3"
    mail = post.taken[0]
    assert mail["Subject"] == "认领待审核"
    assert mail["From"].addresses[0].display_name == "集群服务公司"
    assert (mail["Message-ID"], mail["X-Staveworks-Delivery"]) == (
        f"<{sent.token}@cluster.example>",
        str(sent.token),
    )
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert post.senders == ["bounces@cluster.example"]
    plain = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "审核：https://x.example/t/?a=1&b=2" in plain
    assert "&lt;b&gt;审核&lt;/b&gt;" in html
    assert 'href="https://x.example/t/?a=1&amp;b=2"' in html


def test_a_subject_of_two_lines_adds_no_header(office: Office) -> None:
    post, connected = office
    with connected() as way:
        way.send(message(subject="a\r\nBcc: everybody@example.cn"))
    assert post.taken[0]["Bcc"] is None
    assert post.taken[0]["Subject"] == "a Bcc: everybody@example.cn"


def test_one_connection_carries_several_mails(office: Office) -> None:
    post, connected = office
    with connected() as way:
        for n in range(3):
            way.send(message(f"m{n}@chunhui.example"))
    assert len(post.taken) == 3


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("550 5.1.1 no such user", "bounced"),
        ("550 no such user", "bounced"),
        ("556 5.1.10 domain takes no mail", "bounced"),
        ("550 5.7.1 blocked by policy", "never"),
        ("554 5.7.1 spam", "never"),
        ("552 5.2.2 mailbox full", "never"),
        ("452 4.2.2 mailbox full", "later"),
        ("451 4.7.1 greylisted", "later"),
    ],
)
def test_each_answer_about_a_recipient_means_something(office: Office, answer: str, kind: str) -> None:
    post, connected = office
    post.rcpt["gone@chunhui.example"] = answer
    with connected() as way:
        with pytest.raises(Trouble) as trouble:
            way.send(message("gone@chunhui.example"))
        assert trouble.value.kind == kind
        assert trouble.value.code.startswith(answer[:3])
        way.send(message("there@chunhui.example"))
    assert len(post.taken) == 1, "the next one goes by the same connection"


def test_a_refusal_of_the_content_is_told_from_a_refusal_of_the_address(office: Office) -> None:
    post, connected = office
    post.data = "554 5.6.0 no"
    assert refused(connected(), message()) == ("never", "554 5.6.0")
    post.data = "451 4.3.0 later"
    assert refused(connected(), message()) == ("later", "451 4.3.0")


def test_a_connection_that_breaks_after_the_content_leaves_the_outcome_unknown(office: Office) -> None:
    post, connected = office
    post.data = "hang up"
    way = connected()
    assert refused(way, message()) == ("unknown", "answer")
    assert way.repeats, "the same Message-ID again is better than nothing"


def test_nobody_there_means_the_way_is_closed() -> None:
    sender = Address("x", addr_spec="x@cluster.example")
    assert refused(Smtp(Server("127.0.0.1", 1, "none", sender)), message())[0] == "gateway"


def test_credentials_are_sent_with_tls_only(office: Office, settings: Any) -> None:
    _, connected = office
    settings.PROVIDER_NETWORKS = ()
    assert refused(connected(user="u", password="p"), message())[0] == "gateway"


def test_wrong_credentials_close_the_way() -> None:
    def never(*_: Any) -> AuthResult:
        return AuthResult(success=False, handled=False)

    with post_office(authenticator=never, auth_require_tls=False) as (_, port):
        sender = Address("x", addr_spec="x@cluster.example")
        way = Smtp(Server("127.0.0.1", port, "none", sender, user="u", password="p"))
        assert refused(way, message())[0] == "gateway"


def test_an_address_of_the_settings_names_server_and_security() -> None:
    server = server_of_url("smtps://notice%40x.cn:p%2Fw@smtp.x.cn", "notice@x.cn")
    assert (server.host, server.port, server.security) == ("smtp.x.cn", 465, "tls")
    assert (server.user, server.password) == ("notice@x.cn", "p/w")
    assert server_of_url("smtp://smtp.x.cn", "a@x.cn").security == "starttls"
