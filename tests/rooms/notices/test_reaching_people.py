"""Inbox, preferences, templates, the log, suppressed addresses, channels: can and cannot."""

from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.notices.connecting import Settings
from staveworks.foundation.notices.delivery_log import Narrowed, access_delivery, count_log, list_deliveries
from staveworks.foundation.notices.gateway_cards import access_provider, access_robot, list_robots
from staveworks.foundation.notices.inbox import (
    access_message,
    count_unread,
    list_inbox,
    list_own_deliveries,
    list_own_suppressions,
)
from staveworks.foundation.notices.messages.types import (
    Channel,
    DeliveryNotFound,
    Form,
    GatewayNotFound,
    MessageNotFound,
    NotToBeSentAgain,
    PlaceholderUnknown,
    PreferenceInvalid,
    SettingInvalid,
    SuppressionNotFound,
    WordingMissing,
)
from staveworks.foundation.notices.models import (
    Delivery,
    Gateway,
    Message,
    Preference,
    SinkEntry,
    Suppression,
)
from staveworks.foundation.notices.preferences import preferences_of
from staveworks.foundation.notices.sealing import address_digest
from staveworks.foundation.notices.sink_log import access_sink, list_sink
from staveworks.foundation.notices.templates import access_wording, list_templates, preview
from staveworks.foundation.notices.usecases.connect_channel import (
    connect_provider,
    connect_robot,
    remove_robot,
)
from staveworks.foundation.notices.usecases.forget_messages import (
    forget_old_messages,
    forget_person_in_messages,
)
from staveworks.foundation.notices.usecases.lift_suppression import lift_own_suppression, lift_suppression
from staveworks.foundation.notices.usecases.read_messages import read_all_messages, read_message
from staveworks.foundation.notices.usecases.save_preferences import prefer_language, save_preferences
from staveworks.foundation.notices.usecases.send_again import send_again
from staveworks.foundation.notices.usecases.send_due import send_due
from staveworks.foundation.notices.usecases.send_message import send_message
from staveworks.foundation.notices.usecases.word_template import reset_template, word_template
from staveworks.foundation.parties.types import Actor, Kind, RightMissing, Role
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from tests.world import World, join, make_firm, make_person, make_world

pytestmark = pytest.mark.django_db
TEST = {"channel": Text(zh="邮件", en="E-mail")}
USUAL: dict[str, Any] = {
    "language": "zh",
    "zone": "",
    "quiet_from": time(21),
    "quiet_to": time(7),
    "digest_at": time(8, 30),
    "choices": {},
}
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcd"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def say(actor: Actor, to: UUID | str, key: str = "k", **more: Any) -> UUID:
    made = send_message(actor, template="account.test", to=to, key=key, params=TEST, **more).id
    assert made
    return made


def only(actor: Actor, **which: Any) -> Delivery:
    with acting(org=actor.org_id):
        return Delivery.objects.exclude(channel="app").get(**which)


class TestInbox:
    def test_holds_what_was_said_to_her_by_any_organisation(self, world: World) -> None:
        first, second = say(world.lin, world.lin.person), say(world.gao, world.lin.person)
        entries = list_inbox(world.lin, language="en", limit=9)
        assert [one.id for one in entries] == [second, first]
        assert entries[1].subject == "Test: E-mail is connected"
        assert list_inbox(world.lin, language="zh", limit=9)[1].subject == "试发：邮件已接通"
        assert count_unread(world.lin) == 2
        assert list_inbox(world.zhou, language="zh", limit=9) == []

    def test_goes_on_after_an_entry(self, world: World) -> None:
        made = [say(world.lin, world.lin.person, key=str(n)) for n in range(5)]
        here = list_inbox(world.lin, language="zh", limit=2)
        rest = list_inbox(world.lin, language="zh", limit=9, after=(here[1].created_at, here[1].id))
        assert {one.id for one in here} | {one.id for one in rest} == set(made)
        assert len(rest) == 3

    def test_a_message_is_read_by_whom_it_is_for(self, world: World) -> None:
        made = say(world.gao, world.lin.person)
        for stranger in (world.zhou, world.gao, world.wu):
            with pytest.raises(MessageNotFound):
                access_message(stranger, made, language="zh")
            with pytest.raises(MessageNotFound):
                read_message(stranger, message_id=made)
        assert access_message(world.lin, made, language="zh").read_at is None
        read_message(world.lin, message_id=made)
        assert access_message(world.lin, made, language="zh").read_at
        assert count_unread(world.lin) == 0

    def test_all_are_marked_as_read_also_those_of_other_organisations(self, world: World) -> None:
        say(world.lin, world.lin.person)
        say(world.gao, world.lin.person)
        say(world.gao, world.zhou.person, key="z")
        assert read_all_messages(world.lin) == 2
        assert count_unread(world.lin) == 0
        assert count_unread(world.zhou) == 1

    def test_a_message_stays_as_it_was_said(self, world: World) -> None:
        before = say(world.gao, world.lin.person, key="a")
        words = {"subject": Text(zh="新标题", en="New"), "body": Text(zh="新正文", en="New")}
        word_template(world.gao, code="account.test", form=Form.APP, **words)
        after = say(world.gao, world.lin.person, key="b")
        reset_template(world.gao, code="account.test", form=Form.APP)
        assert access_message(world.lin, before, language="zh").subject == "试发：邮件已接通"
        assert access_message(world.lin, after, language="zh").subject == "新标题"

    def test_her_own_log_shows_what_was_sent_to_her_only(self, world: World) -> None:
        say(world.gao, world.lin.person)
        say(world.gao, world.zhou.person, key="z")
        assert [(one.channel, one.state) for one in list_own_deliveries(world.lin)] == [("email", "queued")]


class TestPreferences:
    def test_are_the_usual_until_chosen(self, world: World) -> None:
        held = {one.topic.code: one for one in preferences_of(world.lin.person).topics}
        assert (held["news"].email, held["todo"].sms) == ("digest", "fallback")
        save_preferences(
            world.lin,
            **(USUAL | {"choices": {"news": {"email": "now", "sms": "now"}, "todo": {"email": "now"}}}),
        )
        held = {one.topic.code: one for one in preferences_of(world.lin.person).topics}
        assert (held["news"].email, held["news"].sms) == ("now", "now")
        kept = Preference.objects.get(person_id=world.lin.person).choices
        assert kept == {"news": {"email": "now", "sms": "now"}}, "what is usual isn't kept"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"zone": "Asia/Nowhere"},
            {"language": "fr"},
            {"choices": {"no-such": {"email": "now"}}},
            {"choices": {"todo": {"email": "maybe"}}},
            {"choices": {"todo": {"pigeon": "now"}}},
            {"choices": {"account": {"email": "off"}}},
        ],
    )
    def test_nonsense_is_refused(self, world: World, wrong: dict[str, Any]) -> None:
        with pytest.raises(PreferenceInvalid):
            save_preferences(world.lin, **(USUAL | wrong))
        assert not Preference.objects.exists()

    def test_messages_follow_the_language_of_the_pages(self, world: World) -> None:
        prefer_language(world.lin, language="en")
        say(world.gao, world.lin.person)
        send_due(world.gao, operator=world.gao.org, channel=Channel.EMAIL)
        with acting(org=world.gao.org_id):
            assert SinkEntry.objects.get().subject == "Test: E-mail is connected"


class TestTemplates:
    WORDS = {"subject": Text(zh="{channel}好了", en="{channel} works"), "body": Text(zh="可用", en="Fine")}

    def test_the_operators_wording_is_sent_until_it_is_reset(self, world: World) -> None:
        assert word_template(world.gao, code="account.test", form=Form.EMAIL, **self.WORDS) == 1
        say(world.gao, "a@example.cn", key="a")
        send_due(world.gao, operator=world.gao.org, channel=Channel.EMAIL)
        assert reset_template(world.gao, code="account.test", form=Form.EMAIL) == 2
        say(world.gao, "b@example.cn", key="b")
        send_due(world.gao, operator=world.gao.org, channel=Channel.EMAIL)
        with acting(org=world.gao.org_id):
            subjects = dict(SinkEntry.objects.values_list("address", "subject"))
        assert subjects == {"a@example.cn": "邮件好了", "b@example.cn": "试发：邮件已接通"}

    def test_a_firms_message_is_worded_as_its_operator_words_it(self, world: World) -> None:
        word_template(world.gao, code="account.test", form=Form.EMAIL, **self.WORDS)
        say(world.lin, "a@example.cn")
        send_due(world.lin, operator=world.operator.id, channel=Channel.EMAIL)
        with acting(org=world.gao.org_id):
            assert SinkEntry.objects.get().subject == "邮件好了"

    def test_versions_are_kept_and_listed(self, world: World) -> None:
        word_template(world.gao, code="account.test", form=Form.SMS, **self.WORDS)
        held = access_wording(world.gao, "account.test", Form.SMS)
        assert (held.number, held.now.body.zh, held.now.subject.zh) == (1, "可用", "")
        assert [one.code for one in list_templates(world.gao) if one.edited] == ["account.test"]
        assert preview(world.gao, "account.test", Form.SMS, held.now, "en").body == "Fine"

    @pytest.mark.parametrize(
        ("body", "error"),
        [
            (Text(zh="{firm}", en="x"), PlaceholderUnknown),
            (Text(zh="x", en="{channel.__class__}"), PlaceholderUnknown),
            (Text(zh="x", en="a { b"), PlaceholderUnknown),
            (Text(zh="", en="x"), WordingMissing),
            (Text(zh="x", en="x" * 5000), WordingMissing),
        ],
    )
    def test_a_wording_that_could_not_be_filled_is_refused(
        self, world: World, body: Text, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            word_template(world.gao, code="account.test", form=Form.SMS, subject=body, body=body)

    def test_only_who_may_changes_them(self, world: World) -> None:
        for actor in (world.shen, world.lin):
            with pytest.raises(RightMissing):
                word_template(actor, code="account.test", form=Form.EMAIL, **self.WORDS)


class TestLog:
    def test_shows_the_operator_what_was_sent_with_masked_addresses(self, world: World) -> None:
        say(world.lin, "lin@chunhui.example")
        say(world.gao, "13805759999")
        found = list_deliveries(world.gao, Narrowed(), limit=9)
        assert [(one.channel, one.to) for one in found] == [
            ("sms", "138****9999"),
            ("email", "l***@chunhui.example"),
        ]
        assert [one.channel for one in list_deliveries(world.gao, Narrowed(channel="sms"), limit=9)] == [
            "sms"
        ]
        counts = count_log(world.gao, Narrowed(channel="sms"))
        assert (counts.total, counts.channels) == (1, {"email": 1, "sms": 1})
        with pytest.raises(RightMissing):
            list_deliveries(world.lin, Narrowed(), limit=9)

    def test_another_operators_log_stays_closed(self, world: World) -> None:
        city = make_firm("柯桥服务公司", Kind.CITY)
        ding = join(make_person("丁浩", phone="+8613805750009"), city, Role.OWNER)
        say(world.gao, "a@example.cn")
        assert list_deliveries(ding, Narrowed(), limit=9) == []
        with pytest.raises(DeliveryNotFound):
            access_delivery(ding, only(world.gao).id)
        say(ding, "b@example.cn")
        assert len(list_deliveries(ding, Narrowed(), limit=9)) == 1

    def test_what_failed_is_sent_again_by_who_may(self, world: World) -> None:
        say(world.lin, "a@example.cn")
        row = only(world.lin)
        with pytest.raises(NotToBeSentAgain):
            send_again(world.gao, delivery_id=row.id)
        with acting(org=world.lin.org_id):
            Delivery.objects.filter(id=row.id).update(state="failed", attempts=6, error="x")
        with pytest.raises(RightMissing):
            send_again(world.lin, delivery_id=row.id)
        send_again(world.gao, delivery_id=row.id)
        assert send_due(world.lin, operator=world.operator.id, channel=Channel.EMAIL) == 1
        assert only(world.lin).state == "sent"

    def test_a_suppressed_one_waits_until_its_address_is_lifted(self, world: World) -> None:
        digest = address_digest("lin@chunhui.example")
        Suppression.objects.create(
            address_digest=digest,
            topic="",
            channel="email",
            masked="l***@chunhui.example",
            reason="bounced",
            operator_id=world.operator.id,
        )
        say(world.lin, world.lin.person)
        row = only(world.lin)
        assert row.state == "suppressed"
        with pytest.raises(NotToBeSentAgain):
            send_again(world.gao, delivery_id=row.id)
        with pytest.raises(SuppressionNotFound):
            lift_own_suppression(world.zhou, digest=digest, topic="")
        with pytest.raises(RightMissing):
            lift_suppression(world.shen, digest=digest, topic="")
        assert [one.address for one in list_own_suppressions(world.lin)] == ["lin@chunhui.example"]
        lift_own_suppression(world.lin, digest=digest, topic="")
        assert list_own_suppressions(world.lin) == []
        send_again(world.gao, delivery_id=row.id)
        with pytest.raises(SuppressionNotFound):
            lift_suppression(world.gao, digest=digest, topic="")

    def test_the_sink_is_read_by_the_operators_owner_only(self, world: World) -> None:
        say(world.lin, "lin@chunhui.example", link="/t/secret/")
        send_due(world.lin, operator=world.operator.id, channel=Channel.EMAIL)
        entry = list_sink(world.gao, limit=9, words="chunhui")[0]
        assert access_sink(world.gao, entry.id).link == "http://localhost:8000/t/secret/"
        assert list_sink(world.gao, limit=9, words="nobody") == []
        for stranger in (world.shen, world.lin):
            with pytest.raises(RightMissing):
                list_sink(stranger, limit=9)


class TestChannels:
    def test_a_secret_is_kept_sealed_and_never_shown(self, world: World) -> None:
        made = connect_robot(
            world.lin,
            channel=Channel.WECOM,
            name="车间群",
            asked=Settings({}, {"url": WECOM, "secret": "oak"}),
            topics=["todo"],
        )
        card = access_robot(world.lin, made)
        assert (card.shown, card.signed, card.topics) == ("…abcd", True, ("todo",))
        assert "key=abcd" not in str(card)
        with acting(org=world.lin.org_id):
            assert b"abcd" not in bytes(Gateway.objects.get().secrets)

    def test_a_blank_secret_leaves_the_old_one(self, world: World) -> None:
        asked = Settings({}, {"url": WECOM, "secret": "oak"})
        made = connect_robot(world.lin, channel=Channel.WECOM, name="群", asked=asked, topics=["todo"])
        blank = Settings({}, {"url": "", "secret": ""})
        connect_robot(
            world.lin, channel=Channel.WECOM, name="新名", asked=blank, topics=["todo"], robot_id=made
        )
        card = access_robot(world.lin, made)
        assert (card.name, card.shown, card.signed) == ("新名", "…abcd", True)

    @pytest.mark.parametrize(
        "url",
        [
            "https://evil.example/cgi-bin/webhook/send?key=1",
            "http://qyapi.weixin.qq.com/x",
            "https://127.0.0.1/x",
            "https://qyapi.weixin.qq.com@evil.example/",
            "https://user@qyapi.weixin.qq.com/",
            "https://qyapi.weixin.qq.com:notaport/",
            "ftp://qyapi.weixin.qq.com/",
            "",
        ],
    )
    def test_a_webhook_elsewhere_is_refused(self, world: World, url: str) -> None:
        with pytest.raises(SettingInvalid):
            connect_robot(
                world.lin,
                channel=Channel.WECOM,
                name="群",
                asked=Settings({}, {"url": url}),
                topics=["todo"],
            )

    def test_each_organisation_has_its_own(self, world: World) -> None:
        made = connect_robot(
            world.lin, channel=Channel.WECOM, name="群", asked=Settings({}, {"url": WECOM}), topics=["todo"]
        )
        with pytest.raises(GatewayNotFound):
            access_robot(world.wu, made)
        with pytest.raises(GatewayNotFound):
            remove_robot(world.wu, robot_id=made)
        with pytest.raises(RightMissing):
            list_robots(world.zhou)
        remove_robot(world.lin, robot_id=made)
        assert list_robots(world.lin) == []

    def test_what_waits_for_a_removed_robot_is_given_up(self, world: World) -> None:
        made = connect_robot(
            world.lin,
            channel=Channel.WECOM,
            name="群",
            asked=Settings({}, {"url": WECOM}),
            topics=["claim", "todo"],
        )
        with acting(org=world.lin.org_id):
            Gateway.objects.update(topics=["account"])
        say(world.lin, world.lin.person)
        remove_robot(world.lin, robot_id=made)
        row = only(world.lin, channel="wecom")
        assert (row.state, row.error) == ("failed", "removed")

    def test_the_operators_provider_is_checked_and_its_password_kept(self, world: World) -> None:
        config = {"provider": "smtp", "host": "smtp.x.cn", "port": 465, "security": "tls", "sender": "n@x.cn"}

        def connect(actor: Actor = world.gao, **changed: Any) -> None:
            connect_provider(
                actor,
                channel=Channel.EMAIL,
                asked=Settings(config | changed, {"password": "oak"}),
                a_minute=60,
                at_once=10,
                enabled=True,
            )

        for wrong in ({"host": ""}, {"port": 0}, {"security": "none"}, {"sender": "nobody"}):
            with pytest.raises(SettingInvalid):
                connect(**wrong)
        for actor in (world.shen, world.lin):
            with pytest.raises(RightMissing):
                connect(actor)
        assert access_provider(world.gao, Channel.EMAIL).simulated
        connect()
        held = access_provider(world.gao, Channel.EMAIL)
        assert (held.simulated, held.has, held.a_minute) == (False, {"password"}, 60)
        assert "oak" not in str(held)

    def test_a_closed_channel_lets_messages_wait(self, world: World) -> None:
        connect_provider(
            world.gao,
            channel=Channel.EMAIL,
            asked=Settings({"provider": "sink"}),
            a_minute=60,
            at_once=10,
            enabled=False,
        )
        say(world.gao, "a@example.cn")
        assert send_due(world.gao, operator=world.gao.org, channel=Channel.EMAIL) == 0
        assert only(world.gao).state == "queued"


class TestForgetting:
    def test_old_contents_go_and_counts_stay(self, world: World) -> None:
        say(world.gao, world.lin.person, key="old", link="/x/")
        say(world.gao, world.lin.person, key="new")
        send_due(world.gao, operator=world.gao.org, channel=Channel.EMAIL)
        with acting(org=world.gao.org_id):
            old = timezone.now() - timedelta(days=400)
            Message.objects.filter(key="old").update(created_at=old)
        before = count_log(world.gao, Narrowed())
        assert forget_old_messages(world.gao, before=timezone.now() - timedelta(days=180)) == 1
        assert forget_old_messages(world.gao, before=timezone.now() - timedelta(days=180)) == 0
        with acting(org=world.gao.org_id):
            message = Message.objects.get(key="old")
            row = Delivery.objects.get(message=message, channel="email")
        assert (message.params, bytes(message.link), message.person_id) == ({}, b"", None)
        assert (row.address, row.address_digest, row.person_id, row.state) == ("", "", None, "sent")
        assert count_log(world.gao, Narrowed()) == before
        assert [one.id for one in list_inbox(world.lin, language="zh", limit=9)] != [message.id]
        assert count_unread(world.lin) == 1

    def test_a_forgotten_person_leaves_nothing_and_is_sent_nothing_more(self, world: World) -> None:
        say(world.gao, world.lin.person)
        say(world.lin, world.lin.person)
        say(world.gao, world.zhou.person, key="z")
        prefer_language(world.lin, language="en")
        addresses = ["lin@chunhui.example", "+8613805750003"]
        assert forget_person_in_messages(person_id=world.lin.person, addresses=addresses) == 2
        assert not Preference.objects.filter(person_id=world.lin.person).exists()
        with acting(org=world.gao.org_id):
            left = Delivery.objects.exclude(address="").values_list("address", flat=True)
            assert list(left) == ["+8613805750004"]
        assert send_due(world.lin, operator=world.operator.id, channel=Channel.EMAIL) == 0
        assert list_inbox(world.lin, language="zh", limit=9) == []


def test_an_id_that_does_not_exist_is_not_found(world: World) -> None:
    for call in (
        lambda: access_delivery(world.gao, new_id()),
        lambda: send_again(world.gao, delivery_id=new_id()),
    ):
        with pytest.raises(DeliveryNotFound):
            call()
