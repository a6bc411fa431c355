"""What may be said of a channel's settings before they are kept. No look-up of names here: sending checks addresses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from staveworks.foundation.notices.channels.reaching import is_named
from staveworks.foundation.notices.channels.robots import KINDS
from staveworks.foundation.notices.messages.types import Channel, SettingInvalid
from staveworks.foundation.parties.domain import normalise_email
from staveworks.foundation.parties.types import EmailInvalid
from staveworks.kit.text import Text

HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?", re.IGNORECASE)
ALGORITHMS = ("none", "hmac-sha256", "hmac-sha1", "sha256", "md5")
HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a form gives: plain settings, and secrets, of which blank ones stay as they are."""

    config: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict)


def check_email(asked: Settings) -> None:
    """Raises ``SettingInvalid``."""
    config = asked.config
    if config.get("provider") == "sink":
        return
    if not HOST.fullmatch(str(config.get("host", ""))):
        raise SettingInvalid(
            Text(zh="请填服务器名，如 smtp.example.cn。", en="Enter a host such as smtp.example.cn."),
            field="host",
        )
    if not 1 <= int(config.get("port") or 0) <= 65_535:
        raise SettingInvalid(
            Text(zh="端口在 1 到 65535 之间。", en="A port is between 1 and 65535."), field="port"
        )
    if config.get("security") not in ("tls", "starttls"):
        raise SettingInvalid(
            Text(zh="请选加密方式。", en="Choose how the connection is secured."), field="security"
        )
    for name in ("sender", "bounces"):
        if config.get(name) or name == "sender":
            try:
                normalise_email(str(config.get(name, "")))
            except EmailInvalid as error:
                raise SettingInvalid(error.text, field=name) from None


def check_sms(asked: Settings) -> None:
    """Raises ``SettingInvalid``."""
    config = asked.config
    if config.get("provider") == "sink":
        return
    _check_url(str(config.get("url", "")), "url")
    if not str(config.get("body", "")).strip():
        raise SettingInvalid(Text(zh="请填请求正文。", en="Enter the request’s body."), field="body")
    if config.get("algorithm", "none") not in ALGORITHMS:
        raise SettingInvalid(Text(zh="没有这种签名算法。", en="No such algorithm."), field="algorithm")
    if not all(HEADER.fullmatch(name) for name in config.get("headers", {})):
        raise SettingInvalid(Text(zh="每行一个：名称: 值。", en="One a line: name: value."), field="headers")


def check_robot(channel: Channel, asked: Settings) -> None:
    """The webhook's host has to be the vendor's, or an address of a named network. Raises ``SettingInvalid``."""
    url = asked.secrets.get("url", "")
    if not url:
        raise SettingInvalid(
            Text(zh="请填机器人的 webhook 地址。", en="Enter the robot’s webhook."), field="url"
        )
    parts = _check_url(url, "url")
    if parts not in KINDS[channel].hosts and not _named(parts):
        raise SettingInvalid(
            Text(zh="{name}的 webhook 应在 {hosts}。", en="A webhook of {name} is at {hosts}.").format(
                name=channel.value, hosts=" / ".join(KINDS[channel].hosts)
            ),
            field="url",
        )


def _check_url(url: str, field: str) -> str:
    """The host. Without TLS only an address of a named network passes."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        plain = parts.scheme == "http" and _named(host)
        if (parts.scheme != "https" and not plain) or not host or parts.username is not None:
            raise ValueError
        _ = parts.port
    except ValueError:
        raise SettingInvalid(
            Text(zh="请填 https:// 开头的完整地址。", en="Enter a full address that starts with https://."),
            field=field,
        ) from None
    return host


def _named(host: str) -> bool:
    try:
        return bool(settings.PROVIDER_NETWORKS) and is_named(host)
    except ValueError:
        return False
