"""SMS by any provider with an HTTP interface: address, headers, body and signature are wordings with placeholders.

Placeholders: ``{phone}`` (E.164), ``{number}`` (without +86), ``{text}``, ``{token}``, ``{template}`` (the provider's name of the
template), ``{timestamp}`` (seconds), ``{millis}``, ``{nonce}``, ``{user}``, ``{secret}``, ``{signature}``.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from staveworks.foundation.notices.channels.reaching import Reply, post
from staveworks.foundation.notices.channels.types import Accepted, Open, Outgoing, Trouble
from staveworks.foundation.notices.messages.wording import PLACEHOLDER

type Algorithm = Literal["none", "hmac-sha256", "hmac-sha1", "sha256", "md5"]


@dataclass(frozen=True, slots=True)
class SmsProvider:
    """How one provider is spoken to. ``ok``: the value at path ``code_at`` that means yes. ``knows_tokens``: the same ``{token}``
    twice is sent once. ``sign``: what the signature is made over; ``sign_as``: hexadecimal or Base64."""

    url: str
    body: str
    form: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    secret: str = ""
    algorithm: Algorithm = "none"
    sign: str = ""
    sign_as: Literal["hex", "base64"] = "hex"
    code_at: str = ""
    ok: str = ""
    id_at: str = ""
    later: frozenset[str] = frozenset()
    bounced: frozenset[str] = frozenset()
    knows_tokens: bool = False
    templates: Mapping[str, str] = field(default_factory=dict)


class Sms(Open):
    """An HTTP provider. Without tokens a lost answer is final: a second SMS costs money and annoys."""

    def __init__(self, provider: SmsProvider) -> None:
        self.provider = provider

    @property
    def repeats(self) -> bool:
        return self.provider.knows_tokens

    def send(self, message: Outgoing) -> Accepted:
        provider, values = self.provider, self._values(message)
        kind = "application/x-www-form-urlencoded" if provider.form else "application/json; charset=utf-8"
        part = url_part if provider.form else json_part
        if "{signature}" in provider.body:  # then it isn't made over the body
            values["signature"] = signature(provider, values)
        body = values["body"] = fill(provider.body, values, part)
        values.setdefault("signature", signature(provider, values))
        headers = {name: fill(value, values, header_part) for name, value in provider.headers.items()}
        url = fill(provider.url, values, url_part)
        return self._read(post(url, body.encode(), {"Content-Type": kind, **headers}))

    def _values(self, message: Outgoing) -> dict[str, str]:
        now = time.time()
        text = f"{message.text} {message.link}" if message.link else message.text
        return {
            "phone": message.address,
            "number": message.address.removeprefix("+86"),
            "text": text,
            "token": str(message.token),
            "template": self.provider.templates.get(message.template, ""),
            "timestamp": str(int(now)),
            "millis": str(round(now * 1000)),
            "nonce": secrets.token_hex(8),
            "user": self.provider.user,
            "secret": self.provider.secret,
        }

    def _read(self, reply: Reply) -> Accepted:
        if reply.status in (401, 403):
            raise Trouble("gateway", str(reply.status))
        if reply.status == 429 or reply.status >= 500:
            raise Trouble("later", str(reply.status))
        try:
            said: Any = json.loads(reply.body)
        except ValueError:
            said = {}
        code = at(said, self.provider.code_at) if self.provider.code_at else str(reply.status)
        if code in self.provider.bounced:
            raise Trouble("bounced", code)
        if code in self.provider.later:
            raise Trouble("later", code)
        if reply.status >= 400 or (self.provider.ok and code != self.provider.ok):
            raise Trouble("never", code or str(reply.status))
        return Accepted(at(said, self.provider.id_at)[:120])


def fill(wording: str, values: Mapping[str, str], part: Callable[[str], str]) -> str:
    """``wording`` with its known placeholders replaced by values made fit for their place; braces of JSON stay."""
    return PLACEHOLDER.sub(lambda found: part(values[found[1]]) if found[1] in values else found[0], wording)


def json_part(value: str) -> str:
    """A value inside the quotation marks of a JSON text."""
    return json.dumps(value, ensure_ascii=False)[1:-1]


def url_part(value: str) -> str:
    return quote(value, safe="")


def header_part(value: str) -> str:
    return value.replace("\r", "").replace("\n", "")


def signature(provider: SmsProvider, values: Mapping[str, str]) -> str:
    """The provider's signature over its wording, made of the values as they are."""
    if provider.algorithm == "none":
        return ""
    content = fill(provider.sign, values, str).encode()
    if provider.algorithm.startswith("hmac-"):
        digest = hmac.new(
            provider.secret.encode(), content, provider.algorithm.removeprefix("hmac-")
        ).digest()
    else:
        # Some providers still ask for MD5; it signs nothing of ours.
        digest = hashlib.new(provider.algorithm, content, usedforsecurity=False).digest()
    return digest.hex() if provider.sign_as == "hex" else base64.b64encode(digest).decode()


def at(said: Any, path: str) -> str:
    """The value at a path such as ``result.0.code`` as text; nothing where there is none."""
    here = said
    for step in path.split(".") if path else []:
        if isinstance(here, list) and step.isdigit() and int(step) < len(here):
            here = here[int(step)]
        elif isinstance(here, dict):
            here = here.get(step)
        else:
            return ""
    return "" if here is None or isinstance(here, (dict, list)) else str(here)
