"""The ways out for messages: connected, and working."""

from collections.abc import Iterator
from typing import Any

import psycopg

from staveworks.cli.doctor.configuration import is_public
from staveworks.cli.doctor.finding import Finding, advice, broken, ok, span
from staveworks.kit.configuration.table import SMTP_URL
from staveworks.kit.text import Text

Connection = psycopg.Connection[tuple[Any, ...]]
NAMES = {"email": Text(zh="邮件", en="e-mail"), "sms": Text(zh="短信", en="SMS")}


def look_at_channels(cross: Connection) -> Iterator[Finding]:
    ways = cross.execute(
        "SELECT channel, enabled, config->>'provider' = 'sink', extract(epoch FROM now() - failing_since) "
        "FROM notices_gateway ORDER BY channel"
    ).fetchall()
    for channel, enabled, _, failing in ways:
        if enabled and failing is not None:
            yield _failing(channel, float(failing))
    connected = {channel for channel, enabled, simulated, _ in ways if enabled and not simulated}
    connected |= {"email"} if SMTP_URL.read() else set()
    for channel, name in NAMES.items():
        yield _connected(name) if channel in connected else _simulated(name)


def _failing(channel: str, since: float) -> Finding:
    return broken(
        "channels",
        Text(
            zh=f"{channel} 通道已有 {{name}}发不出消息。",
            en=f"The way {channel} has sent nothing for {{name}}.",
        ).format_each(span(since)),
        Text(zh="在“消息”页面检查该通道", en="look at it on the page of messages"),
    )


def _connected(name: Text) -> Finding:
    return ok("channels", Text(zh="{name}已接通。", en="There is a way out for {name}.").format_each(name))


def _simulated(name: Text) -> Finding:
    told = Text(zh="{name}只是模拟发送，不会送出。", en="{name} is simulated: nothing leaves.").format_each(
        name
    )
    if not is_public():
        return ok("channels", told)
    return advice(
        "channels",
        told,
        Text(zh="接入服务商，或设 STAVEWORKS_SMTP_URL", en="connect a provider, or set STAVEWORKS_SMTP_URL"),
    )
