"""Codes and links leave at once by the operator's provider, and stand in no log."""

import logging
from typing import Any

import pytest

from staveworks.config import ports
from staveworks.config.ports import ConnectedWay
from staveworks.db.transaction import acting
from staveworks.foundation.notices.channels.types import Accepted, Open, Outgoing, Trouble
from staveworks.foundation.notices.gateways import Route
from staveworks.foundation.notices.models import Attempt, Delivery, SinkEntry
from staveworks.foundation.notices.models import Message as Kept
from staveworks.kit.errors import Busy
from staveworks.kit.messages import Message
from staveworks.kit.text import Text
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
CODE = Message("+8613805752266", "sms", Text(zh="验证码 482913", en="Code 482913"))


class Recorder(Open):
    repeats = True

    def __init__(self, trouble: Trouble | None = None) -> None:
        self.trouble = trouble
        self.taken: list[Outgoing] = []

    def send(self, message: Outgoing) -> Accepted:
        if self.trouble:
            raise self.trouble
        self.taken.append(message)
        return Accepted()


class Local:
    def __init__(self) -> None:
        self.taken: list[Message] = []

    def send(self, message: Message) -> None:
        self.taken.append(message)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def connect(monkeypatch: pytest.MonkeyPatch, way: Recorder) -> None:
    route = Route(lambda: way, "test", 1, 1)
    monkeypatch.setattr(ports, "route_for", lambda *_, **__: route)


def test_without_a_provider_the_installation_itself_shows_them(world: World) -> None:
    local = Local()
    ConnectedWay(local).send(CODE)
    assert local.taken == [CODE]
    with acting(org=world.gao.org_id):
        assert not SinkEntry.objects.exists(), "the sink is read by people: no codes there"


def test_a_code_leaves_at_once_and_stands_in_no_log(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    way, local = Recorder(), Local()
    connect(monkeypatch, way)
    with caplog.at_level(logging.DEBUG):
        ConnectedWay(local).send(CODE)
    assert [one.text for one in way.taken] == ["验证码 482913"]
    assert local.taken == []
    assert "482913" not in caplog.text
    with acting(org=world.gao.org_id):
        kept: list[Any] = [Kept, Delivery, Attempt, SinkEntry]
        assert [model.objects.count() for model in kept] == [0, 0, 0, 0]


@pytest.mark.parametrize("kind", ["later", "never", "bounced", "gateway"])
def test_a_provider_that_does_not_take_it_is_said_to_be_busy(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: Any
) -> None:
    connect(monkeypatch, Recorder(Trouble(kind, "451")))
    with pytest.raises(Busy):
        ConnectedWay(Local()).send(CODE)
    assert "482913" not in caplog.text


def test_after_a_lost_answer_nobody_is_told_that_it_failed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(monkeypatch, Recorder(Trouble("unknown", "answer")))
    ConnectedWay(Local()).send(CODE)


def test_before_there_is_an_operator_they_are_shown_too(db: None) -> None:
    local = Local()
    ConnectedWay(local).send(CODE)
    assert local.taken == [CODE]
