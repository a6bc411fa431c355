"""Places outside where people may sign in from: what each kind needs, checked before anything starts."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from staveworks.kit.configuration.kinds import Kind, tables
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text

ID = re.compile(r"[a-z][a-z0-9-]{0,29}")
SECURE = {"https", "ldaps"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class SignIn:
    """One place. ``server``: an OIDC issuer, a directory, or another address than the usual one of WeCom or DingTalk."""

    kind: str
    id: str
    name_zh: str
    name_en: str
    newcomers: bool = True
    """Whether somebody who has no account here gets one (in no organisation)."""
    trusts_email: bool = False
    """Whether an address that the place calls verified leads to the account that has it. Only for a place that you run."""
    server: str = ""
    client_id: str = ""
    secret: str = field(default="", repr=False)
    agent_id: str = ""
    corporation_id: str = ""
    entity_id: str = ""
    certificate: str = ""
    search_base: str = ""
    search_filter: str = "(uid={login})"
    uid_attribute: str = "entryUUID"
    name_attribute: str = "cn"
    email_attribute: str = "mail"
    bind_dn: str = ""
    start_tls: bool = False

    @property
    def name(self) -> Text:
        return Text(zh=self.name_zh, en=self.name_en)


NEEDS: dict[str, tuple[str, ...]] = {
    "oidc": ("server", "client_id"),
    "saml": ("server", "entity_id", "certificate"),
    "ldap": ("server", "search_base"),
    "wecom": ("corporation_id", "agent_id", "secret"),
    "dingtalk": ("client_id", "secret"),
}
EXTRAS = {"saml": "onelogin", "ldap": "ldap3"}
"""Kinds that need an extra of the package (`staveworks[saml]`), and what it brings."""
TYPES = {each.name: each.type for each in fields(SignIn)}


def sign_ins(value: object) -> tuple[SignIn, ...]:
    """The places of a setting. Raises ``Invalid`` naming the place and what it lacks."""
    found = tuple(_sign_in(number, entry) for number, entry in enumerate(tables(value), 1))
    ids = [each.id for each in found]
    for each in ids:
        if ids.count(each) > 1:
            raise _wrong(each, Text(zh="编号重复。", en="two have this id."))
    return found


SIGN_INS = Kind(Text(zh="[[sign_in]] 表", en="[[sign_in]] tables"), sign_ins)


def _sign_in(number: int, entry: Mapping[str, Any]) -> SignIn:
    who = str(entry.get("id") or number)
    given = dict(entry)
    if path := given.pop("secret_file", None):
        given["secret"] = _read(who, "secret_file", path)
    if path := given.pop("certificate_file", None):
        given["certificate"] = _read(who, "certificate_file", path)
    for key, value in given.items():
        _check_field(who, key, value)
    kind = given.get("kind")
    if kind not in NEEDS:
        raise _wrong(
            who,
            Text(zh="kind 应为其中之一：{k}。", en="kind should be one of: {k}.").format(k=" · ".join(NEEDS)),
        )
    missing = [key for key in ("id", "name_zh", "name_en", *NEEDS[kind]) if not given.get(key)]
    if missing:
        raise _wrong(who, Text(zh="还缺 {m}。", en="it lacks {m}.").format(m=", ".join(missing)))
    if not ID.fullmatch(given["id"]):
        raise _wrong(
            who,
            Text(zh="id 只用小写字母、数字和连字符。", en="id takes small letters, digits and hyphens only."),
        )
    if kind in EXTRAS and find_spec(EXTRAS[kind]) is None:
        raise _wrong(
            who, Text(zh="请先安装 staveworks[{k}]。", en="install staveworks[{k}] first.").format(k=kind)
        )
    found = SignIn(**given)
    _check_server(found)
    return found


def _check_field(who: str, key: str, value: object) -> None:
    wanted = TYPES.get(key)
    if wanted is None:
        near = difflib.get_close_matches(key, TYPES, n=1)
        like = f" ({near[0]}?)" if near else ""
        raise _wrong(who, Text(zh="没有 {k}{l} 这一项。", en="there is no {k}{l}.").format(k=key, l=like))
    if not isinstance(value, wanted if isinstance(wanted, type) else str):
        raise _wrong(who, Text(zh="{k} 的类型不对。", en="{k} is of the wrong type.").format(k=key))


def _check_server(place: SignIn) -> None:
    if not place.server:
        return
    parts = urlsplit(place.server)
    safe = (
        parts.scheme in SECURE or parts.hostname in LOOPBACK or (parts.scheme == "ldap" and place.start_tls)
    )
    if parts.scheme not in {*SECURE, "http", "ldap"} or not parts.hostname:
        raise _wrong(place.id, Text(zh="server 应为完整的地址。", en="server should be a whole address."))
    if not safe:
        raise _wrong(
            place.id,
            Text(
                zh="server 必须加密：https、ldaps，或 ldap 加 start_tls。",
                en="server must be encrypted: https, ldaps, or ldap with start_tls.",
            ),
        )


def _read(who: str, key: str, path: object) -> str:
    try:
        return Path(str(path)).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise _wrong(
            who, Text(zh="{k} 指的文件读不出来。", en="the file of {k} can't be read.").format(k=key)
        ) from None


def _wrong(who: str, why: Text) -> Invalid:
    return Invalid(Text(zh=f"登录来源 {who}：{why.zh}", en=f"Place {who}: {why.en}"))
