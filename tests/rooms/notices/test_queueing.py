"""Queueing: once for a key, by the recipient's choice, not to addresses that bounced, all in the caller's transaction."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.notices.messages.types import (
    AddressUnusable,
    Channel,
    DeliveryState,
    KeyUnusable,
    MessageRow,
    Moment,
    ParameterMissing,
    TemplateUnknown,
)
from staveworks.foundation.notices.messages.wording import pack, unpack
from staveworks.foundation.notices.models import Delivery, Gateway, Message, Preference, Suppression
from staveworks.foundation.notices.sealing import address_digest, seal, unseal
from staveworks.foundation.notices.usecases.queue_messages import queue_messages
from staveworks.foundation.notices.usecases.send_message import send_message
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
TEST = {"channel": Text(zh="邮件", en="E-mail")}
FIRM = {"firm": Text(zh="清河喷织厂", en="Qinghe Jet Weaving")}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def say(actor: Actor, to: object, key: str = "k", **more: object) -> object:
    return send_message(actor, template="account.test", to=to, key=key, params=TEST, **more)  # type: ignore[arg-type]


def deliveries(actor: Actor) -> list[Delivery]:
    with acting(org=actor.org_id):
        return list(Delivery.objects.order_by("channel", "id"))


def ways(actor: Actor) -> list[tuple[str, str, str]]:
    return [(one.channel, one.address, one.state) for one in deliveries(actor)]


def test_a_person_is_told_in_the_app_and_by_e_mail(world: World) -> None:
    say(world.lin, world.lin.person)
    assert ways(world.lin) == [
        ("app", "", DeliveryState.DELIVERED),
        ("email", "lin@chunhui.example", DeliveryState.QUEUED),
    ]


def test_without_an_e_mail_address_she_is_told_by_sms(world: World) -> None:
    say(world.lin, world.zhou.person)
    assert [way[:2] for way in ways(world.lin)] == [("app", ""), ("sms", "+8613805750004")]


def test_a_bare_address_names_its_channel(world: World) -> None:
    say(world.gao, "boss@qinghe.example", key="a")
    say(world.gao, "13805759999", key="b")
    assert [way[:2] for way in ways(world.gao)] == [
        ("email", "boss@qinghe.example"),
        ("sms", "+8613805759999"),
    ]


def test_one_key_is_one_message(world: World) -> None:
    first = send_message(world.lin, template="account.test", to=world.lin.person, key="k", params=TEST)
    again = send_message(world.lin, template="account.test", to=world.zhou.person, key="k", params=TEST)
    other = send_message(world.wu, template="account.test", to=world.wu.person, key="k", params=TEST)
    assert first.fresh
    assert (again.id, again.fresh) == (first.id, False)
    assert other.fresh, "another organisation's keys are its own"
    assert len(ways(world.lin)) == 2


def test_nothing_is_queued_where_the_caller_rolls_back(world: World) -> None:
    def half() -> None:
        with transaction.atomic():
            say(world.lin, world.lin.person)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert ways(world.lin) == []
    say(world.lin, world.lin.person)
    assert ways(world.lin)


def test_a_campaign_queues_each_row_once_also_the_second_time(world: World) -> None:
    rows = [MessageRow(to=f"m{n}@example.cn", key=f"c:{n}", params=FIRM, link=f"/x/{n}") for n in range(30)]
    first = queue_messages(world.gao, template="campaign.claim", rows=rows[:20])
    second = queue_messages(world.gao, template="campaign.claim", rows=rows)
    assert (first.fresh, first.repeated) == (20, 0)
    assert (second.fresh, second.repeated) == (10, 20)
    assert len(ways(world.gao)) == 30


def test_a_campaign_queues_all_or_nothing(world: World) -> None:
    good = MessageRow(to="a@example.cn", key="a", params=FIRM)
    for bad, error in [
        (MessageRow(to="nobody", key="b", params=FIRM), AddressUnusable),
        (MessageRow(to="b@example.cn", key="b"), ParameterMissing),
        (MessageRow(to="b@example.cn", key="", params=FIRM), KeyUnusable),
        (MessageRow(to="b@example.cn", key="a", params=FIRM), KeyUnusable),
    ]:
        with pytest.raises(error):
            queue_messages(world.gao, template="campaign.claim", rows=[good, bad])
    assert ways(world.gao) == []
    with pytest.raises(TemplateUnknown):
        queue_messages(world.gao, template="no.such", rows=[good])


def test_who_has_left_is_told_nothing(world: World) -> None:
    done = send_message(world.lin, template="account.test", to=new_id(), key="k", params=TEST)
    assert (done.id, done.fresh) == (None, False)


def test_a_digest_waits_for_the_morning_in_the_persons_zone(world: World) -> None:
    person = world.lin.person
    Preference.objects.create(
        person_id=person, choices={"account": {"email": "digest"}}, zone="Europe/Vienna"
    )
    say(world.lin, person)
    mail = deliveries(world.lin)[1]
    assert mail.bundle == "digest"
    assert mail.due_at > timezone.now()
    local = mail.due_at.astimezone(__import__("zoneinfo").ZoneInfo("Europe/Vienna"))
    assert (local.hour, local.minute) == (8, 30)


def test_an_urgent_one_does_not_wait_for_the_digest(world: World) -> None:
    Preference.objects.create(person_id=world.lin.person, choices={"account": {"email": "digest"}})
    say(world.lin, world.lin.person, urgent=True)
    mail = deliveries(world.lin)[1]
    assert mail.bundle == ""
    assert mail.due_at <= timezone.now()


def test_a_locked_topic_cannot_be_turned_off_and_another_can(world: World) -> None:
    off = {"email": "off", "sms": "off"}
    Preference.objects.create(person_id=world.lin.person, choices={"account": off, "campaign": off})
    say(world.lin, world.lin.person)
    assert "email" in [way[0] for way in ways(world.lin)]
    send_message(world.wu, template="campaign.claim", to=world.lin.person, key="k", params=FIRM)
    assert [way[0] for way in ways(world.wu)] == ["app"]


def test_an_address_that_bounced_is_not_written_to(world: World) -> None:
    Suppression.objects.create(
        address_digest=address_digest("lin@chunhui.example"),
        topic="",
        channel="email",
        masked="l***",
        reason="bounced",
        operator_id=world.operator.id,
    )
    done = queue_messages(
        world.gao,
        template="campaign.claim",
        rows=[
            MessageRow(to="LIN@chunhui.example", key="a", params=FIRM),
            MessageRow(to="other@chunhui.example", key="b", params=FIRM),
        ],
    )
    assert done.suppressed == 1
    assert [way[2] for way in ways(world.gao)] == [DeliveryState.SUPPRESSED, DeliveryState.QUEUED]


def test_a_group_is_told_of_a_thing_once_and_not_once_a_person(world: World) -> None:
    with acting(org=world.lin.org_id):
        Gateway.objects.create(org_id=world.lin.org, channel="feishu", name="群", topics=["account"])
    about = new_id()
    say(world.lin, world.lin.person, key="a", about=about)
    say(world.lin, world.zhou.person, key="b", about=about)
    say(world.wu, world.wu.person)
    assert [way[0] for way in ways(world.lin)].count(Channel.FEISHU) == 1
    assert Channel.FEISHU not in [way[0] for way in ways(world.wu)]


def test_the_link_is_kept_sealed(world: World) -> None:
    say(world.lin, world.lin.person, link="/secret")
    with acting(org=world.lin.org_id):
        kept = Message.objects.get()
    assert b"secret" not in bytes(kept.link)
    assert unseal(kept.link) == "/secret"
    assert unseal(seal("x")[:-4] + b"AAAA") == ""


def test_values_are_kept_as_what_they_are() -> None:
    values = {
        "a": "x",
        "n": 3,
        "t": Text(zh="甲", en="A"),
        "d": date(2026, 11, 23),
        "m": Moment(datetime(2026, 11, 23, 1, 41, tzinfo=UTC)),
    }
    assert unpack(pack(values)) == values  # type: ignore[arg-type]


def test_messages_are_seen_by_their_organisation_and_person_only(world: World) -> None:
    say(world.gao, world.lin.person)

    def seen(model: type[Model], **who: object) -> bool:
        with acting(**who):  # type: ignore[arg-type]
            return bool(model._default_manager.exists())

    assert seen(Message, org=world.gao.org_id)
    assert seen(Message, person=world.lin.person_id)
    assert not seen(Message, org=world.wu.org_id, person=world.wu.person_id)
    say(world.wu, world.wu.person)
    assert seen(Delivery, org=world.operator.id), "the operator sees the log of those who use its providers"
    assert not seen(Delivery, org=world.lin.org_id, person=world.zhou.person_id)
    with acting(org=world.operator.id):
        assert Message.objects.count() == 1, "but not what was said"


def test_a_delivery_moves_along_its_edges_only(world: World) -> None:
    say(world.lin, world.lin.person)

    def move(**values: object) -> None:
        with acting(org=world.lin.org_id), transaction.atomic():
            Delivery.objects.filter(channel="email").update(**values)

    for illegal in ("sent", "delivered", "bounced"):
        with pytest.raises(IntegrityError):
            move(state=illegal)
    with pytest.raises(IntegrityError):
        move(state="sending")  # without a lease
    move(state="sending", lease_until=timezone.now() + timedelta(minutes=1))
    move(state="sent", lease_until=None)
    with pytest.raises(IntegrityError):
        move(state="queued")
    move(state="bounced")
    with pytest.raises(IntegrityError):
        move(state="sent")
