"""The channels as their page shows them: settings without secrets, whether they work, how fast they may send."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from staveworks.db.transaction import query
from staveworks.foundation.notices.gateways import (
    SINK_A_MINUTE,
    SINK_AT_ONCE,
    SMTP_A_MINUTE,
    SMTP_AT_ONCE,
    open_secrets,
)
from staveworks.foundation.notices.messages.types import ROBOTS, Channel, GatewayNotFound
from staveworks.foundation.notices.models import Gateway
from staveworks.foundation.parties.types import Actor


@dataclass(frozen=True, slots=True)
class ProviderCard:
    """The operator's provider of one channel. ``source``: environment, page, or nothing (then the sink takes it).

    ``has``: names of the secrets that are set.
    """

    channel: Channel
    source: str
    id: UUID | None
    config: dict[str, Any]
    has: frozenset[str]
    a_minute: int
    at_once: int
    enabled: bool
    failing_since: datetime | None

    @property
    def simulated(self) -> bool:
        return self.source == "nothing" or self.config.get("provider") == "sink"


@dataclass(frozen=True, slots=True)
class RobotCard:
    """A group's robot; its webhook is shown as host and last four characters."""

    id: UUID
    channel: Channel
    name: str
    topics: tuple[str, ...]
    enabled: bool
    signed: bool
    shown: str
    failing_since: datetime | None


@query
def access_provider(actor: Actor, channel: Channel) -> ProviderCard:
    """Raises ``RightMissing``."""
    actor.require("message.manage")
    if channel is Channel.EMAIL and settings.SMTP_URL:
        return ProviderCard(
            channel, "environment", None, {}, frozenset(), SMTP_A_MINUTE, SMTP_AT_ONCE, True, None
        )
    held = Gateway.objects.filter(org_id=actor.org, channel=channel).first()
    if held is None:
        return ProviderCard(
            channel, "nothing", None, {}, frozenset(), SINK_A_MINUTE, SINK_AT_ONCE, True, None
        )
    return ProviderCard(
        channel,
        "page",
        held.id,
        held.config,
        frozenset(open_secrets(held)),
        held.a_minute,
        held.at_once,
        held.enabled,
        held.failing_since,
    )


@query
def list_robots(actor: Actor) -> list[RobotCard]:
    """The organisation's robots by name. Raises ``RightMissing``."""
    actor.require("robot.manage")
    found = Gateway.objects.filter(org_id=actor.org, channel__in=ROBOTS).order_by("name", "id")
    return [_robot(one) for one in found]


@query
def access_robot(actor: Actor, robot_id: UUID) -> RobotCard:
    """Raises ``RightMissing``, ``GatewayNotFound``."""
    actor.require("robot.manage")
    found = Gateway.objects.filter(id=robot_id, org_id=actor.org, channel__in=ROBOTS).first()
    if found is None:
        raise GatewayNotFound
    return _robot(found)


def _robot(held: Gateway) -> RobotCard:
    secrets = open_secrets(held)
    return RobotCard(
        held.id,
        Channel(held.channel),
        held.name,
        tuple(held.topics),
        held.enabled,
        bool(secrets.get("secret")),
        f"…{secrets['url'][-4:]}" if secrets.get("url") else "–",
        held.failing_since,
    )
