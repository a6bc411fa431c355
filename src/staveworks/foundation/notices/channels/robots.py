"""Group robots of WeCom, DingTalk and Feishu: each one's message, signature and answers, as its vendor publishes them.

All three answer 200 also when they refuse: the code in the body counts. None of them knows tokens, so a lost answer may double
a post in a group, which does less harm than a missing one.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from staveworks.foundation.notices.channels.reaching import Reply, post
from staveworks.foundation.notices.channels.types import Accepted, Open, Outgoing, Trouble
from staveworks.foundation.notices.messages.types import Channel

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One vendor: where its robots live, how a message looks and is signed, which codes mean *too fast* and *closed*."""

    hosts: Collection[str]
    make: Callable[[Outgoing], Body]
    sign: Callable[[str, Body, str], str]
    code_names: tuple[str, ...]
    too_fast: frozenset[int]
    closed: frozenset[int]


class Robot(Open):
    """One group's robot: its webhook holds a key, ``secret`` signs where the vendor signs."""

    repeats = True

    def __init__(self, channel: Channel, url: str, secret: str = "") -> None:
        self.kind, self.url, self.secret = KINDS[channel], url, secret

    def send(self, message: Outgoing) -> Accepted:
        body = self.kind.make(message)
        url = self.kind.sign(self.url, body, self.secret) if self.secret else self.url
        content = json.dumps(body, ensure_ascii=False).encode()
        reply = post(url, content, {"Content-Type": "application/json; charset=utf-8"}, hosts=self.kind.hosts)
        return self._read(reply)

    def _read(self, reply: Reply) -> Accepted:
        if reply.status == 429 or reply.status >= 500:
            raise Trouble("later", str(reply.status))
        try:
            said = json.loads(reply.body)
            code = next(int(said[name]) for name in self.kind.code_names if name in said)
        except (ValueError, TypeError, StopIteration):
            raise Trouble("later", str(reply.status)) from None
        if code == 0:
            return Accepted()
        if code in self.kind.too_fast:
            raise Trouble("later", str(code))
        raise Trouble("gateway" if code in self.kind.closed else "never", str(code))


def clip(text: str, most: int) -> str:
    """At most ``most`` bytes of ``text``, whole characters, with … where something is left out."""
    raw = text.encode()
    return text if len(raw) <= most else raw[: most - 3].decode("utf-8", "ignore") + "…"


def _wecom(message: Outgoing) -> Body:
    if not message.link:
        return {"msgtype": "text", "text": {"content": clip(f"{message.subject}\n{message.text}", 2048)}}
    card = {
        "card_type": "text_notice",
        "source": {"desc": clip(message.sender, 39)},
        "main_title": {"title": clip(message.subject, 78)},
        "sub_title_text": clip(message.text, 480),
        "jump_list": [{"type": 1, "url": message.link, "title": message.action}],
        "card_action": {"type": 1, "url": message.link},
    }
    return {"msgtype": "template_card", "template_card": card}


def _dingtalk(message: Outgoing) -> Body:
    if not message.link:
        return {"msgtype": "text", "text": {"content": clip(f"{message.subject}\n{message.text}", 18_000)}}
    # Of its kinds this one shows text as text: a firm's name can't become markdown.
    link = {"title": message.subject, "text": clip(message.text, 2000), "messageUrl": message.link}
    return {"msgtype": "link", "link": link}


def _feishu(message: Outgoing) -> Body:
    lines: list[list[Body]] = [
        [{"tag": "text", "text": line}] for line in clip(message.text, 15_000).split("\n")
    ]
    if message.link:
        lines.append([{"tag": "a", "text": message.action, "href": message.link}])
    language = "zh_cn" if message.language == "zh" else "en_us"
    return {
        "msg_type": "post",
        "content": {"post": {language: {"title": message.subject, "content": lines}}},
    }


def _sign_dingtalk(url: str, body: Body, secret: str) -> str:
    """HMAC-SHA256 over "milliseconds\\nsecret" with the secret as key; both go into the query."""
    moment = str(round(time.time() * 1000))
    digest = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
    query = urlencode({"timestamp": moment, "sign": base64.b64encode(digest).decode()})
    return f"{url}{'&' if urlsplit(url).query else '?'}{query}"


def _sign_feishu(url: str, body: Body, secret: str) -> str:
    """HMAC-SHA256 over nothing with "seconds\\nsecret" as key; both go into the body."""
    moment = str(int(time.time()))
    digest = hmac.new(f"{moment}\n{secret}".encode(), b"", hashlib.sha256).digest()
    body |= {"timestamp": moment, "sign": base64.b64encode(digest).decode()}
    return url


def _unsigned(url: str, body: Body, secret: str) -> str:
    """WeCom's robots have no signature: the key in the address is the secret."""
    return url


KINDS = {
    Channel.WECOM: Kind(
        hosts=("qyapi.weixin.qq.com",),
        make=_wecom,
        sign=_unsigned,
        code_names=("errcode",),
        too_fast=frozenset({45009, 45033, -1}),
        closed=frozenset({93000, 93008}),
    ),
    Channel.DINGTALK: Kind(
        hosts=("oapi.dingtalk.com",),
        make=_dingtalk,
        sign=_sign_dingtalk,
        code_names=("errcode",),
        too_fast=frozenset({130101, 90030, 90018, -1}),
        closed=frozenset({300001, 300005, 310000, 400013, 400101, 400102}),
    ),
    Channel.FEISHU: Kind(
        hosts=("open.feishu.cn", "open.larksuite.com"),
        make=_feishu,
        sign=_sign_feishu,
        code_names=("code", "StatusCode"),
        too_fast=frozenset({9499, 11232}),
        closed=frozenset({19001, 19021, 19022, 19024}),
    ),
}
