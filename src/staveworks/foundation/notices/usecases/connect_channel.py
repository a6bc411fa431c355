"""Connect a channel: the operator's e-mail or SMS provider, or a group's robot of any organisation. Close it, remove it."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.notices.connecting import Settings, check_email, check_robot, check_sms
from staveworks.foundation.notices.gateways import close_secrets, open_secrets
from staveworks.foundation.notices.messages.catalogue import catalogue
from staveworks.foundation.notices.messages.types import (
    ROBOTS,
    Channel,
    DeliveryState,
    GatewayNotFound,
    SettingInvalid,
)
from staveworks.foundation.notices.models import Delivery, Gateway
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text

ROBOT_A_MINUTE, ROBOT_AT_ONCE = 18, 5
"""Below what the vendors allow a robot (20 a minute)."""
PROVIDERS = {Channel.EMAIL: check_email, Channel.SMS: check_sms}


@use_case
def connect_provider(
    actor: Actor, *, channel: Channel, asked: Settings, a_minute: int, at_once: int, enabled: bool
) -> UUID:
    """The operator's only provider of ``channel``, made or changed; blank secrets stay as they are.

    Raises ``RightMissing``, ``SettingInvalid``.
    """
    actor.require("message.manage")
    if channel not in PROVIDERS:
        raise SettingInvalid(Text(zh="没有这个渠道。", en="No such channel."), field="channel")
    PROVIDERS[channel](asked)
    if not (1 <= a_minute <= 60_000 and 1 <= at_once <= 10_000):
        raise SettingInvalid(Text(zh="限速至少每分钟 1 条。", en="At least one a minute."), field="a_minute")
    held = Gateway.objects.select_for_update().filter(org_id=actor.org, channel=channel).first()
    gateway = held or Gateway(id=new_id(), org_id=actor.org, channel=channel)
    gateway.name, gateway.config = channel.text.zh, dict(asked.config)
    gateway.a_minute, gateway.at_once, gateway.enabled = a_minute, at_once, enabled
    return _save(actor, gateway, asked, fresh=held is None)


@use_case
def connect_robot(
    actor: Actor,
    *,
    channel: Channel,
    name: str,
    asked: Settings,
    topics: Iterable[str],
    robot_id: UUID | None = None,
    enabled: bool = True,
) -> UUID:
    """A group's robot, made or changed. Raises ``RightMissing``, ``SettingInvalid``, ``GatewayNotFound``."""
    actor.require("robot.manage")
    chosen = [code for code in catalogue().topics if code in set(topics)]
    if channel not in ROBOTS or not name.strip() or not chosen:
        raise SettingInvalid(
            Text(zh="请填群名，并选至少一类消息。", en="Name the group and choose what it is told."),
            field="name",
        )
    gateway = _robot(actor, robot_id) if robot_id else Gateway(id=new_id(), org_id=actor.org, channel=channel)
    if robot_id is None or asked.secrets.get("url"):
        check_robot(Channel(gateway.channel), asked)
    gateway.name, gateway.topics, gateway.enabled = name.strip()[:80], chosen, enabled
    gateway.a_minute, gateway.at_once = ROBOT_A_MINUTE, ROBOT_AT_ONCE
    return _save(actor, gateway, asked, fresh=robot_id is None)


@use_case
def remove_robot(actor: Actor, *, robot_id: UUID) -> None:
    """What waited for it isn't sent any more. Raises ``RightMissing``, ``GatewayNotFound``."""
    actor.require("robot.manage")
    gateway = _robot(actor, robot_id)
    Delivery.objects.filter(org_id=actor.org, gateway_id=robot_id, state=DeliveryState.QUEUED).update(
        state=DeliveryState.FAILED, error="removed", changed_at=Now()
    )
    append_event(actor, "channel.removed", subject=robot_id, channel=gateway.channel)
    gateway.delete()


def _robot(actor: Actor, robot_id: UUID) -> Gateway:
    found = (
        Gateway.objects.select_for_update().filter(id=robot_id, org_id=actor.org, channel__in=ROBOTS).first()
    )
    if found is None:
        raise GatewayNotFound
    return found


def _save(actor: Actor, gateway: Gateway, asked: Settings, *, fresh: bool) -> UUID:
    held = {} if fresh else open_secrets(gateway)
    gateway.secrets = close_secrets(held | {name: value for name, value in asked.secrets.items() if value})
    gateway.changed_by_id, gateway.failing_since = actor.person_id, None
    gateway.save(force_insert=fresh)
    Gateway.objects.filter(id=gateway.id).update(changed_at=Now())
    append_event(
        actor,
        "channel.connected" if fresh else "channel.changed",
        subject=gateway.id,
        channel=gateway.channel,
    )
    return gateway.id
