"""Sending: claimed once, handed over, written down; retried, bundled, held back in quiet hours, slowed by limits."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import time, timedelta
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.notices import claiming
from staveworks.foundation.notices.channels.types import Accepted, Open, Outgoing, Trouble
from staveworks.foundation.notices.claiming import take
from staveworks.foundation.notices.gateways import Route
from staveworks.foundation.notices.messages.domain import is_quiet
from staveworks.foundation.notices.messages.types import Channel, DeliveryState, MessageRow
from staveworks.foundation.notices.models import (
    Attempt,
    Delivery,
    Message,
    Preference,
    SinkEntry,
    Suppression,
)
from staveworks.foundation.notices.preferences import preferences_of
from staveworks.foundation.notices.recipients import bare_recipient, recipients_of, usual_hours
from staveworks.foundation.notices.usecases import send_due as sending
from staveworks.foundation.notices.usecases import settle_lost as settling
from staveworks.foundation.notices.usecases.queue_messages import queue_messages
from staveworks.foundation.notices.usecases.save_preferences import prefer_language
from staveworks.foundation.notices.usecases.send_due import send_due
from staveworks.foundation.notices.usecases.send_message import send_message
from staveworks.foundation.notices.usecases.settle_lost import settle_lost
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule
from staveworks.kit.text import Text
from tests.database import Clone
from tests.world import World, make_world

TEST = {"channel": Text(zh="邮件", en="E-mail")}
FIRM = {"firm": Text(zh="清河喷织厂", en="Qinghe Jet Weaving")}


class Recorder(Open):
    """A provider of the test: takes all, or answers as told."""

    def __init__(self, *answers: Trouble | None, repeats: bool = True) -> None:
        self.answers, self.repeats = list(answers), repeats
        self.taken: list[Outgoing] = []

    def send(self, message: Outgoing) -> Accepted:
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.taken.append(message)
        return Accepted(f"p{len(self.taken)}")


@contextmanager
def provider(
    monkeypatch: pytest.MonkeyPatch, way: Recorder, *, a_minute: int = 6000, at_once: int = 1000
) -> Iterator[Recorder]:
    def route(*_: object, **__: object) -> Route:
        return Route(lambda: way, "test", a_minute, at_once)

    with monkeypatch.context() as patch:
        patch.setattr(sending, "route_for", route)
        patch.setattr(settling, "route_for", route)
        yield way


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def say(actor: Actor, to: UUID | str, key: str = "k", **more: Any) -> None:
    send_message(actor, template="account.test", to=to, key=key, params=TEST, **more)


def send(actor: Actor, channel: Channel = Channel.EMAIL, **more: Any) -> int:
    assert actor.org_id
    return send_due(actor, operator=actor.org_id, channel=channel, **more)


def mails(actor: Actor) -> list[Delivery]:
    with acting(org=actor.org_id):
        return list(Delivery.objects.exclude(channel="app").order_by("id"))


def states(actor: Actor) -> Counter[str]:
    return Counter(one.state for one in mails(actor))


def change(actor: Actor, **values: Any) -> None:
    with acting(org=actor.org_id):
        Delivery.objects.exclude(channel="app").update(**values)


def test_without_a_provider_the_sink_takes_it(world: World) -> None:
    say(world.gao, "boss@qinghe.example", link="/x/?a=1")
    assert send(world.gao) == 1
    with acting(org=world.gao.org_id):
        entry = SinkEntry.objects.get()
        attempt = Attempt.objects.get()
    mail = mails(world.gao)[0]
    assert (entry.id, entry.address, entry.receipts) == (mail.id, "boss@qinghe.example", 1)
    assert "http://localhost:8000/x/?a=1" in entry.text
    assert (mail.state, mail.provider_id, attempt.outcome) == ("sent", f"sink:{mail.id}", "sent")
    with acting(org=world.gao.org_id):
        assert bytes(Message.objects.get().link) == b"", "nobody has to read the link again"
    assert send(world.gao) == 0


def test_what_is_not_due_is_not_sent(world: World) -> None:
    say(world.gao, "boss@qinghe.example")
    change(world.gao, due_at=timezone.now() + timedelta(hours=1))
    assert send(world.gao) == 0
    change(world.gao, due_at=timezone.now())
    assert send(world.gao) == 1


def test_a_refusal_for_now_is_tried_again_later_and_given_up_in_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(world.gao, "boss@qinghe.example", urgent=True)
    waits = []
    with provider(monkeypatch, Recorder(*[Trouble("later", "451")] * 9)):
        while send(world.gao):
            row = mails(world.gao)[0]
            waits.append(round((row.due_at - timezone.now()).total_seconds(), -1))
            if row.state == DeliveryState.QUEUED:
                change(world.gao, due_at=timezone.now())
    row = mails(world.gao)[0]
    assert waits[:5] == [30, 120, 600, 3600, 14400]
    assert (row.state, row.attempts, row.error) == ("failed", 6, "451")


def test_a_refusal_for_good_is_final(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    say(world.gao, "boss@qinghe.example")
    with provider(monkeypatch, Recorder(Trouble("never", "554 5.7.1"))):
        send(world.gao)
    assert states(world.gao) == {"failed": 1}
    assert not Suppression.objects.exists(), "the address itself is not to blame"


def test_a_bounce_closes_the_address_for_everybody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    say(world.gao, "boss@qinghe.example")
    with provider(monkeypatch, Recorder(Trouble("bounced", "550 5.1.1"))):
        send(world.gao)
    assert states(world.gao) == {"bounced": 1}
    assert (Suppression.objects.get().masked, Suppression.objects.get().detail) == (
        "b***@qinghe.example",
        "550 5.1.1",
    )
    say(world.lin, "boss@qinghe.example")
    assert states(world.lin) == {"suppressed": 1}


def test_a_closed_way_costs_no_attempt_and_stops_the_round(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        say(world.gao, f"m{n}@example.cn", key=str(n), urgent=True)
    with provider(monkeypatch, Recorder(Trouble("gateway", "535"))) as way:
        send(world.gao)
        assert way.taken == [], "the others aren't tried"
        assert {row.attempts for row in mails(world.gao)} == {0}
        assert states(world.gao) == {"queued": 3}
        change(world.gao, due_at=timezone.now())
        send(world.gao)
    assert states(world.gao) == {"sent": 3}


def test_a_lost_answer_is_tried_again_with_the_same_token_where_that_is_safe(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(world.gao, "boss@qinghe.example", urgent=True)
    with provider(monkeypatch, Recorder(Trouble("unknown", "answer"))) as way:
        send(world.gao)
        change(world.gao, due_at=timezone.now())
        send(world.gao)
        assert [one.token for one in way.taken] == [mails(world.gao)[0].id]
    assert states(world.gao) == {"sent": 1}


def test_a_lost_answer_is_final_where_twice_would_do_harm(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(world.gao, "boss@qinghe.example")
    with provider(monkeypatch, Recorder(Trouble("unknown", "answer"), repeats=False)):
        send(world.gao)
    row = mails(world.gao)[0]
    assert (row.state, row.error) == ("failed", "unknown")


@pytest.mark.parametrize(("repeats", "state"), [(True, "queued"), (False, "failed")])
def test_a_dead_senders_messages_are_settled_when_its_lease_is_over(
    world: World, monkeypatch: pytest.MonkeyPatch, repeats: bool, state: str
) -> None:
    class Died(BaseException):
        """As a killed process: nothing after it runs."""

    class Killed(Recorder):
        def send(self, message: Outgoing) -> Accepted:
            super().send(message)
            raise Died

    say(world.gao, "boss@qinghe.example")
    with provider(monkeypatch, Killed(repeats=repeats)):
        with pytest.raises(Died):
            send(world.gao)
        assert states(world.gao) == {"sending": 1}
        assert settle_lost(world.gao) == 0, "the lease still holds"
        change(world.gao, lease_until=timezone.now() - timedelta(seconds=1))
        assert settle_lost(world.gao) == 1
    assert states(world.gao) == {state: 1}
    with acting(org=world.gao.org_id):
        assert Attempt.objects.get().outcome == "unknown"


def test_control_a_provider_that_forgets_tokens_takes_a_dead_senders_message_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why the same token goes along, and why a provider without tokens isn't asked again (``repeats``)."""

    class Died(BaseException):
        """As a killed process."""

    class Forgetful(Recorder):
        def send(self, message: Outgoing) -> Accepted:
            super().send(message)
            if len(self.taken) == 1:
                raise Died
            return Accepted()

    say(world.gao, "boss@qinghe.example", urgent=True)
    with provider(monkeypatch, Forgetful()) as way:
        with pytest.raises(Died):
            send(world.gao)
        change(world.gao, lease_until=timezone.now() - timedelta(seconds=1))
        settle_lost(world.gao)
        change(world.gao, due_at=timezone.now())
        send(world.gao)
        assert len(way.taken) == 2
        assert way.taken[0].token == way.taken[1].token


def test_a_sender_that_comes_too_late_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(Recorder):
        def send(self, message: Outgoing) -> Accepted:
            change(world.gao, lease_until=timezone.now() - timedelta(seconds=1))
            settle_lost(world.gao)
            raise Trouble("never", "late")

    say(world.gao, "boss@qinghe.example")
    with provider(monkeypatch, Slow()):
        send(world.gao)
    assert states(world.gao) == {"queued": 1}


def test_when_the_worker_ends_what_is_not_handed_over_goes_back(world: World) -> None:
    say(world.gao, "boss@qinghe.example")
    assert send(world.gao, stopping=lambda: True) == 1
    row = mails(world.gao)[0]
    assert (row.state, row.attempts) == ("queued", 0)
    assert send(world.gao) == 1


def queue_todos(world: World, count: int) -> None:
    for n in range(count):
        send_message(
            world.lin,
            template="campaign.claim",
            to=world.lin.person,
            key=str(n),
            params=FIRM,
            link=f"/t/{n}/",
        )
    with acting(org=world.lin.org_id):
        Delivery.objects.filter(channel="email").update(bundle="campaign.claim", due_at=timezone.now())


def test_several_of_one_kind_go_out_as_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_todos(world, 3)
    with provider(monkeypatch, Recorder()) as way:
        assert send(world.lin) == 1
        assert len(way.taken) == 1
        text = way.taken[0].text
        assert "3" in way.taken[0].subject
        assert all(f"/t/{n}/" in text for n in range(3))
        assert states(world.lin) == {"sent": 3}
        queue_todos(world, 4)  # one more: the first three keys are there
        send(world.lin)
        assert "/t/3/" in way.taken[1].link, "one alone has no frame"


def test_a_batch_is_tried_again_with_the_same_members(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_todos(world, 2)
    with provider(monkeypatch, Recorder(Trouble("unknown", "answer"))) as way:
        send(world.lin)
        first = mails(world.lin)[0].batch
        queue_todos(world, 3)
        with acting(org=world.lin.org_id):
            Delivery.objects.filter(batch=first).update(due_at=timezone.now())
        send(world.lin)
        send(world.lin)
        again = next(one for one in way.taken if one.token == first)
        assert "/t/0/" in again.text
        assert "/t/1/" in again.text
        assert "/t/2/" not in again.text, "the token stands for the same words"
    assert states(world.lin) == {"sent": 3}


def test_the_digest_holds_what_came_until_the_morning(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    Preference.objects.create(
        person_id=world.lin.person, language="en", choices={"account": {"email": "digest"}}
    )
    say(world.lin, world.lin.person, key="a", link="/a/")
    say(world.lin, world.lin.person, key="b", link="/b/")
    with provider(monkeypatch, Recorder()) as way:
        assert send(world.lin) == 0
        change(world.lin, due_at=timezone.now())
        assert send(world.lin) == 1
    assert way.taken[0].subject == "Today’s digest: 2 items (春晖织造)"
    assert "1. Test: E-mail is connected" in way.taken[0].text


def test_quiet_hours_hold_also_for_what_was_queued_before_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(world.lin, world.lin.person)
    now = timezone.localtime()
    Preference.objects.create(
        person_id=world.lin.person,
        zone="Asia/Shanghai",
        own_hours=True,
        quiet_from=(now - timedelta(hours=1)).time(),
        quiet_to=(now + timedelta(hours=2)).time(),
    )
    change(world.lin, due_at=timezone.now())
    with provider(monkeypatch, Recorder()) as way:
        send(world.lin)
        assert way.taken == []
        row = mails(world.lin)[0]
        assert (row.state, row.attempts) == ("queued", 0)
        assert timedelta(hours=1, minutes=59) < row.due_at - timezone.now() <= timedelta(hours=2)
        say(world.lin, world.lin.person, key="u", urgent=True)
        say(world.lin, world.lin.person, key="d", deadline=timezone.now())
        change(world.lin, due_at=timezone.now())
        send(world.lin)
        assert len(way.taken) == 2, "urgent and due today pass"


def test_a_way_sends_no_faster_than_its_bucket_fills(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [MessageRow(to=f"m{n}@example.cn", key=str(n), params=FIRM, urgent=True) for n in range(9)]
    queue_messages(world.gao, template="campaign.claim", rows=rows)
    with provider(monkeypatch, Recorder(), a_minute=60, at_once=4) as way:
        assert [send(world.gao), send(world.gao)] == [4, 0]
        with connection.cursor() as cursor:  # two seconds later
            cursor.execute("UPDATE notices_bucket SET filled_at = filled_at - interval '2.5 seconds'")
        assert send(world.gao) == 2
        assert len(way.taken) == 6


def test_one_address_is_not_flooded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [MessageRow(to="13805759999", key=str(n), params=FIRM, urgent=True) for n in range(9)]
    queue_messages(world.gao, template="campaign.claim", rows=rows)
    with provider(monkeypatch, Recorder()) as way:
        send(world.gao, Channel.SMS)
        assert len(way.taken) == 5
        later = [row.due_at for row in mails(world.gao) if row.state == "queued"]
        assert all(moment > timezone.now() + timedelta(minutes=9) for moment in later)


def _send_in_threads(world: World, way: Recorder, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    start = Barrier(count)

    def work() -> None:
        try:
            start.wait(10)
            while send(world.gao, most=5):
                pass
        finally:
            connections.close_all()

    with provider(monkeypatch, way):
        threads = [Thread(target=work) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)


def _campaign(world: World, count: int) -> None:
    rows = [MessageRow(to=f"m{n}@example.cn", key=str(n), params=FIRM, urgent=True) for n in range(count)]
    queue_messages(world.gao, template="campaign.claim", rows=rows)


@pytest.mark.xdist_group("kills")
def test_many_senders_never_send_one_twice(committed: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    world, way = make_world(), Recorder()
    _campaign(world, 60)
    _send_in_threads(world, way, monkeypatch, 4)
    assert sorted(one.address for one in way.taken) == sorted(f"m{n}@example.cn" for n in range(60))


@pytest.mark.xdist_group("kills")
def test_control_without_the_claim_they_do(committed: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same race with rows read without a lock and no bucket in between."""
    world, way = make_world(), Recorder()
    _campaign(world, 60)
    unlocked = claiming.PICK.replace("FOR UPDATE SKIP LOCKED", "")
    assert unlocked != claiming.PICK
    monkeypatch.setattr(claiming, "PICK", unlocked)
    together = Barrier(4)

    def slow_take(bucket: str, a_second: float, at_once: int, wanted: int) -> int:
        with suppress(BrokenBarrierError):  # the last rounds are alone
            together.wait(2)
        return wanted

    monkeypatch.setattr(claiming, "take", slow_take)
    _send_in_threads(world, way, monkeypatch, 4)
    counted = Counter(one.address for one in way.taken)
    assert max(counted.values()) > 1


def test_buckets_give_what_they_hold(db: None) -> None:
    assert [take("b", 1, 3, 2), take("b", 1, 3, 2), take("b", 1, 3, 2)] == [2, 1, 0]


def test_whoever_has_not_set_her_own_is_left_alone_in_the_hours_of_the_rule(world: World) -> None:
    """Quiet by the rule from now on; 吴远达 chose only a language; 周倩 set hours of her own, in which now is not quiet."""
    now = timezone.localtime()
    hours = {
        "quiet_from": f"{now - timedelta(hours=1):%H:%M}",
        "quiet_to": f"{now + timedelta(hours=2):%H:%M}",
        "digest_at": "08:30",
    }
    text = Text(zh="安静", en="Quiet")
    adopt_rule(world.gao, code="notices.quiet", value=hours, text=text, from_date=timezone.localdate())
    own = {"quiet_from": (now + timedelta(hours=5)).time(), "quiet_to": (now + timedelta(hours=6)).time()}
    Preference.objects.create(person_id=world.zhou.person_id, language="zh", own_hours=True, **own)
    prefer_language(world.wu, language="en")
    usual = usual_hours("Asia/Shanghai")
    reached = recipients_of([world.lin.person, world.wu.person, world.zhou.person], usual)
    for person in (world.lin.person, world.wu.person):
        assert preferences_of(person).quiet_from == time.fromisoformat(hours["quiet_from"])
        assert is_quiet(timezone.now(), reached[person].hours)
    assert not is_quiet(timezone.now(), reached[world.zhou.person].hours)
    assert is_quiet(timezone.now(), bare_recipient("x@y.example", "zh", usual).hours)
