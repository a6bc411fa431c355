"""Kinds of settings: how the text of a variable, or a value of the TOML file, becomes what the program uses.

Each takes either and raises ``Invalid`` saying what is wanted, never quoting what was given: it may be a secret.
"""

import ipaddress
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text

type Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
type Tables = tuple[Mapping[str, Any], ...]
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Kind[T]:
    """A name for the reference, and the function that reads."""

    name: Text
    parse: Callable[[object], T]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Invalid(Text(zh="应为文字。", en="It should be text."))
    return value.strip()


def _folder(value: object) -> Path:
    return Path(_text(value)).expanduser().absolute()


def _database(value: object) -> str:
    url = _text(value)
    if urlsplit(url).scheme not in ("postgresql", "postgres"):
        raise Invalid(
            Text(
                zh="应为 postgresql://角色:密码@主机:端口/库名。",
                en="It should look like postgresql://role:password@host:port/database.",
            )
        )
    return url


def _flag(value: object) -> bool:
    word = str(value).strip().lower()
    if word not in YES | NO:
        raise Invalid(Text(zh="应为 1 或 0。", en="It should be 1 or 0."))
    return word in YES


def _list(value: object) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, Sequence):
        raise Invalid(Text(zh="应为用逗号隔开的列表。", en="It should be a list, separated by commas."))
    return tuple(_text(part) for part in parts if _text(part))


def _origins(value: object) -> tuple[str, ...]:
    origins = _list(value)
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
            raise Invalid(
                Text(
                    zh="应为带协议、不带路径的地址，如 https://cluster.example.cn。",
                    en="Each should be an origin with scheme and without path, such as https://cluster.example.cn.",
                )
            )
    return tuple(origin.rstrip("/") for origin in origins)


def _origin(value: object) -> str:
    found = _origins([value])
    if len(found) != 1:
        raise Invalid(Text(zh="应为一个地址。", en="It should be one origin."))
    return found[0]


def _smtp(value: object) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme not in ("smtps", "smtp", "smtp+plain") or not parts.hostname:
        raise Invalid(
            Text(
                zh="应为 smtps://用户:密码@主机:465 或 smtp://用户:密码@主机:587。",
                en="It should look like smtps://user:password@host:465 or smtp://user:password@host:587.",
            )
        )
    return parts.geturl()


def _networks(value: object) -> Networks:
    try:
        return tuple(ipaddress.ip_network(part) for part in _list(value))
    except ValueError:
        raise Invalid(
            Text(
                zh="应为 IP 地址或网段，如 127.0.0.1,10.0.0.0/8。",
                en="It should hold addresses or networks, such as 127.0.0.1,10.0.0.0/8.",
            )
        ) from None


def tables(value: object) -> Tables:
    try:
        entries = json.loads(value) if isinstance(value, str) else value
    except json.JSONDecodeError:
        entries = None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Invalid(
            Text(
                zh="在环境变量里应为 JSON 对象的数组，在文件里应为 [[表]]。",
                en="It should be a JSON array of objects in the environment, [[tables]] in the file.",
            )
        )
    return tuple(entries)


TEXT = Kind(Text(zh="文字", en="text"), _text)
FOLDER = Kind(Text(zh="路径", en="path"), _folder)
DATABASE = Kind(Text(zh="PostgreSQL 地址", en="PostgreSQL URL"), _database)
FLAG = Kind(Text(zh="1 或 0", en="1 or 0"), _flag)
LIST = Kind(Text(zh="列表", en="list"), _list)
ORIGIN = Kind(Text(zh="来源", en="origin"), _origin)
SMTP = Kind(Text(zh="SMTP 地址", en="SMTP URL"), _smtp)
ORIGINS = Kind(Text(zh="来源列表", en="list of origins"), _origins)
NETWORKS = Kind(Text(zh="网段列表", en="list of networks"), _networks)
TABLES = Kind(Text(zh="表", en="tables"), tables)


def whole(least: int, most: int) -> Kind[int]:
    """A whole number from ``least`` to ``most``."""

    def parse(value: object) -> int:
        try:
            number = int(value if isinstance(value, int) else _text(value))
        except ValueError:
            number = least - 1
        if isinstance(value, bool) or not least <= number <= most:
            raise Invalid(
                Text(
                    zh="应为 {least} 到 {most} 的整数。",
                    en="It should be a whole number from {least} to {most}.",
                ).format(least=least, most=most)
            )
        return number

    return Kind(Text(zh="{a}–{b} 的整数", en="whole number, {a}–{b}").format(a=least, b=most), parse)


def choice(*words: str) -> Kind[str]:
    """One of ``words``."""
    shown = " · ".join(words)

    def parse(value: object) -> str:
        if value not in words:
            raise Invalid(Text(zh="应为其中之一：{w}。", en="It should be one of: {w}.").format(w=shown))
        return str(value)

    return Kind(Text(zh=shown, en=shown), parse)


def secret(least: int) -> Kind[str]:
    """A text that is kept secret and hard to guess."""

    def parse(value: object) -> str:
        text = _text(value)
        if len(text) < least:
            raise Invalid(
                Text(zh="至少要 {n} 个字符。", en="It should have at least {n} characters.").format(n=least)
            )
        return text

    return Kind(Text(zh="秘密，至少 {n} 个字符", en="secret, at least {n} characters").format(n=least), parse)
