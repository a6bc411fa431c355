"""Group robots against stand-ins that check each vendor's signature and answer with its codes."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from staveworks.foundation.notices.channels.robots import Robot, clip
from staveworks.foundation.notices.channels.types import Outgoing, Trouble
from staveworks.foundation.notices.messages.types import Channel
from staveworks.kit.ids import new_id
from tests.contract.vendors import Vendor, dingtalk, feishu, serving, wecom

SECRET = "SEC-oak"
PATHS = {
    Channel.WECOM: "/cgi-bin/webhook/send?key=k1",
    Channel.DINGTALK: "/robot/send?access_token=t1",
    Channel.FEISHU: "/open-apis/bot/v2/hook/h1",
}


@pytest.fixture(autouse=True)
def _loopback_is_named(settings: Any) -> None:
    settings.PROVIDER_NETWORKS = (ip_network("127.0.0.0/8"),)


@pytest.fixture(params=list(PATHS))
def channel(request: pytest.FixtureRequest) -> Channel:
    return Channel(request.param)


@pytest.fixture
def vendor(channel: Channel) -> Iterator[Vendor]:
    answers = {
        Channel.WECOM: wecom("k1", a_minute=2),
        Channel.DINGTALK: dingtalk("t1", SECRET, a_minute=2),
        Channel.FEISHU: feishu("h1", SECRET, a_minute=2),
    }
    with serving(answers[channel]) as serving_vendor:
        yield serving_vendor


def message(channel: Channel, **more: Any) -> Outgoing:
    words = {
        "subject": "认领待审核",
        "text": "清河喷织厂\n请在 11月26日 前审核。",
        "link": "https://x.example/t/1/",
        "action": "审核",
    }
    return Outgoing(token=new_id(), channel=channel, address="", sender="集群服务公司", **(words | more))


def robot(channel: Channel, vendor: Vendor, *, path: str = "", secret: str = SECRET) -> Robot:
    return Robot(channel, vendor.url + (path or PATHS[channel]), secret)


def test_a_message_is_taken_and_signed_as_the_vendor_wants(channel: Channel, vendor: Vendor) -> None:
    robot(channel, vendor).send(message(channel))
    said = vendor.asked[0].body.decode()
    assert "认领待审核" in said
    assert "https://x.example/t/1/" in said
    assert SECRET not in said + str(vendor.asked[0].query)


def test_a_message_without_a_link_is_taken_too(channel: Channel, vendor: Vendor) -> None:
    robot(channel, vendor).send(message(channel, link="", language="en"))
    assert len(vendor.asked) == 1


def test_a_long_message_is_cut_to_what_the_vendor_takes(channel: Channel, vendor: Vendor) -> None:
    robot(channel, vendor).send(message(channel, link="", text="桶" * 30_000))
    assert len(vendor.asked[0].body) < 20_000 * 1.1


def test_too_fast_means_later(channel: Channel, vendor: Vendor) -> None:
    for _ in range(2):
        robot(channel, vendor).send(message(channel))
    with pytest.raises(Trouble) as trouble:
        robot(channel, vendor).send(message(channel))
    assert trouble.value.kind == "later"
    assert trouble.value.code in ("45009", "130101", "11232")


def test_a_wrong_signature_closes_the_way(channel: Channel, vendor: Vendor) -> None:
    if channel is Channel.WECOM:
        pytest.skip("WeCom's robots have no signature; the next test has their key")
    with pytest.raises(Trouble) as trouble:
        robot(channel, vendor, secret="SEC-elm").send(message(channel))
    assert (trouble.value.kind, trouble.value.code) in (("gateway", "310000"), ("gateway", "19021"))
    robot(channel, vendor).send(message(channel))


def test_a_robot_that_was_removed_closes_the_way(channel: Channel, vendor: Vendor) -> None:
    with pytest.raises(Trouble) as trouble:
        robot(channel, vendor, path=PATHS[channel].replace("1", "2")).send(message(channel))
    assert trouble.value.kind == "gateway"


def test_a_refused_content_is_given_up(channel: Channel) -> None:
    with (
        serving(lambda _: (200, {"errcode": 40008, "code": 19002})) as vendor,
        pytest.raises(Trouble) as trouble,
    ):
        robot(channel, vendor).send(message(channel))
    assert trouble.value.kind == "never"


@pytest.mark.parametrize("answer", [(500, "oops"), (429, ""), (200, "not JSON"), (200, "[1]"), (200, {})])
def test_an_answer_without_sense_means_later(channel: Channel, answer: tuple[int, Any]) -> None:
    with serving(lambda _: answer) as vendor, pytest.raises(Trouble) as trouble:
        robot(channel, vendor).send(message(channel))
    assert trouble.value.kind == "later"


def test_only_the_vendors_host_is_reached(channel: Channel, vendor: Vendor, settings: Any) -> None:
    settings.PROVIDER_NETWORKS = ()
    for url in (vendor.url, "https://example.com/robot/send", "https://127.0.0.1:1/"):
        with pytest.raises(Trouble) as trouble:
            Robot(channel, url, SECRET).send(message(channel))
        assert trouble.value.kind == "gateway"
    assert vendor.asked == []


def test_texts_are_cut_at_whole_characters() -> None:
    assert clip("桶桶桶", 9) == "桶桶桶"
    assert clip("桶桶桶桶", 9) == "桶桶…"
    assert len(clip("a桶" * 99, 50).encode()) <= 50
