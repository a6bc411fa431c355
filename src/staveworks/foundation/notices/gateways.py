"""Which way a delivery takes: the installation's SMTP server, what the operator has connected, a group's robot, else the sink."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings

from staveworks.db.transaction import acting
from staveworks.foundation.notices.channels.robots import Robot
from staveworks.foundation.notices.channels.sink import Sink
from staveworks.foundation.notices.channels.sms import Sms, SmsProvider
from staveworks.foundation.notices.channels.smtp import Server, Smtp
from staveworks.foundation.notices.channels.types import Way
from staveworks.foundation.notices.messages.types import ROBOTS, Channel
from staveworks.foundation.notices.models import Gateway
from staveworks.foundation.notices.sealing import seal, unseal
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import NoOrganisation

SINK_A_MINUTE, SINK_AT_ONCE = 12_000, 400
SMTP_A_MINUTE, SMTP_AT_ONCE = 120, 30


@dataclass(frozen=True, slots=True)
class Route:
    """A way with the bucket that limits it; ``gateway`` is None for the sink and for the installation's own server."""

    open: Callable[[], Way]
    bucket: str
    a_minute: int
    at_once: int
    simulated: bool = False
    gateway: UUID | None = None
    owner: UUID | None = None


def route_for(operator: UUID, channel: Channel, *, org: UUID, gateway: UUID | None = None) -> Route | None:
    """The way for deliveries of ``channel``; None while it is closed: then they wait."""
    if channel in ROBOTS:
        if gateway is None:
            return None
        with acting(org=org):
            robot = Gateway.objects.filter(id=gateway, channel=channel).first()
        return _connected(robot) if robot and robot.enabled else None
    if channel is Channel.EMAIL and settings.SMTP_URL:
        server = server_of_url(settings.SMTP_URL, settings.MAIL_FROM)
        return Route(lambda: Smtp(server), "smtp", SMTP_A_MINUTE, SMTP_AT_ONCE)
    found = _provider(operator, channel)
    if found is None:
        return Route(lambda: Sink(operator), f"sink:{operator}:{channel}", SINK_A_MINUTE, SINK_AT_ONCE, True)
    return _connected(found, operator) if found.enabled else None


def _provider(operator: UUID, channel: Channel) -> Gateway | None:
    """The operator's own provider, else the platform's."""
    for owner in dict.fromkeys((operator, _platform())):
        if owner:
            with acting(org=owner):
                found = Gateway.objects.filter(org_id=owner, channel=channel).first()
            if found:
                return found
    return None


def _platform() -> UUID | None:
    try:
        return operator_service().org_id
    except NoOrganisation:
        return None


def _connected(gateway: Gateway, operator: UUID | None = None) -> Route:
    held = open_secrets(gateway)
    config, channel = gateway.config, Channel(gateway.channel)
    simulated = config.get("provider") == "sink"

    def open_way() -> Way:
        if simulated:
            return Sink(operator or gateway.org_id)
        if channel in ROBOTS:
            return Robot(channel, held.get("url", ""), held.get("secret", ""))
        return Smtp(_server(config, held)) if channel is Channel.EMAIL else Sms(_sms(config, held))

    return Route(
        open_way,
        f"gateway:{gateway.id}",
        gateway.a_minute,
        gateway.at_once,
        simulated,
        gateway.id,
        gateway.org_id,
    )


def open_secrets(gateway: Gateway) -> dict[str, str]:
    """The provider's keys, for the moment of sending only."""
    found: dict[str, str] = json.loads(unseal(gateway.secrets) or "{}")
    return found


def close_secrets(held: Mapping[str, str]) -> bytes:
    return seal(json.dumps({name: value for name, value in held.items() if value}))


def _server(config: Mapping[str, Any], held: Mapping[str, str]) -> Server:
    return Server(
        host=config["host"],
        port=int(config["port"]),
        security=config["security"],
        sender=Address(config.get("name", ""), addr_spec=config["sender"]),
        user=config.get("user", ""),
        password=held.get("password", ""),
        bounces=config.get("bounces", ""),
    )


def server_of_url(url: str, sender: str) -> Server:
    """``smtps://user:password@host:465`` (TLS), ``smtp://…:587`` (STARTTLS), ``smtp+plain://…`` (none, named networks only)."""
    parts = urlsplit(url)
    kinds: dict[str, tuple[Any, int]] = {
        "smtps": ("tls", 465),
        "smtp": ("starttls", 587),
        "smtp+plain": ("none", 25),
    }
    security, port = kinds[parts.scheme]
    return Server(
        host=parts.hostname or "",
        port=parts.port or port,
        security=security,
        sender=Address("Staveworks", addr_spec=sender),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _sms(config: Mapping[str, Any], held: Mapping[str, str]) -> SmsProvider:
    plain = (
        "url",
        "body",
        "form",
        "headers",
        "user",
        "algorithm",
        "sign",
        "sign_as",
        "code_at",
        "ok",
        "id_at",
    )
    return SmsProvider(
        **{name: config[name] for name in plain if name in config},
        secret=held.get("secret", ""),
        later=frozenset(config.get("later", [])),
        bounced=frozenset(config.get("bounced", [])),
        knows_tokens=bool(config.get("knows_tokens")),
        templates=config.get("templates", {}),
    )
