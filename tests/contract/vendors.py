"""Stand-ins on loopback for the vendors of messages: they check what the real ones check and answer as those answer.

The answers are the vendors' published ones. WeCom: developer.work.weixin.qq.com, "群机器人配置说明". DingTalk: open.dingtalk.com,
"自定义机器人的安全设置" and its error codes. Feishu: open.feishu.cn, "自定义机器人使用指南".
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

WINDOW_S = 3600


@dataclass
class Asked:
    """One request as it came."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


type Answer = tuple[int, Any]


@dataclass
class Vendor:
    """``answer`` decides; what came is kept. Asked more than ``a_minute`` times it says that this is too fast."""

    answer: Callable[[Asked], Answer]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def serving(answer: Callable[[Asked], Answer]) -> Iterator[Vendor]:
    """A server on loopback that answers POST by ``answer`` (status, JSON or text)."""
    vendor = Vendor(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(parts.path, query, dict(self.headers.items()), body)
            vendor.asked.append(asked)
            status, said = vendor.answer(asked)
            content = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", str(said))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    vendor.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()


def _limited(
    a_minute: int, too_fast: Answer, otherwise: Callable[[Asked], Answer]
) -> Callable[[Asked], Answer]:
    taken: list[float] = []

    def answer(asked: Asked) -> Answer:
        now = time.monotonic()
        taken[:] = [moment for moment in taken if now - moment < 60]
        if len(taken) >= a_minute:
            return too_fast
        said = otherwise(asked)
        if said[1].get("errcode", said[1].get("code")) == 0:
            taken.append(now)
        return said

    return answer


def wecom(key: str, *, a_minute: int = 20) -> Callable[[Asked], Answer]:
    def check(asked: Asked) -> Answer:
        body = asked.json
        if asked.path != "/cgi-bin/webhook/send" or asked.query.get("key") != key:
            return 200, {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1], from ip: 127.0.0.1"}
        if body["msgtype"] == "text":
            fits = 0 < len(body["text"]["content"].encode()) <= 2048
        elif body["msgtype"] == "template_card":
            card = body["template_card"]
            fits = card["card_type"] == "text_notice" and card["card_action"]["url"].startswith("http")
            fits = fits and bool(card["main_title"]["title"]) and card["card_action"]["type"] == 1
        else:
            return 200, {"errcode": 40008, "errmsg": "invalid message type"}
        return 200, (
            {"errcode": 0, "errmsg": "ok"} if fits else {"errcode": 44004, "errmsg": "empty content"}
        )

    too_fast = {"errcode": 45009, "errmsg": "api freq out of limit, hint: [1], from ip: 127.0.0.1"}
    return _limited(a_minute, (200, too_fast), check)


def dingtalk(token: str, secret: str, *, a_minute: int = 20) -> Callable[[Asked], Answer]:
    def check(asked: Asked) -> Answer:
        if asked.path != "/robot/send" or asked.query.get("access_token") != token:
            return 200, {"errcode": 300005, "errmsg": "token is not exist"}
        moment = asked.query.get("timestamp", "0")
        expected = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
        if abs(time.time() * 1000 - int(moment)) > WINDOW_S * 1000:
            return 200, {"errcode": 310000, "errmsg": "invalid timestamp"}
        if asked.query.get("sign") != base64.b64encode(expected).decode():
            return 200, {"errcode": 310000, "errmsg": "sign not match"}
        body = asked.json
        kind = body["msgtype"]
        if kind not in ("text", "link") or not body[kind].get("content", body[kind].get("title")):
            return 200, {"errcode": 400104, "errmsg": "msgtype is invalid"}
        if kind == "link" and not (body["link"]["text"] and body["link"]["messageUrl"].startswith("http")):
            return 200, {"errcode": 400105, "errmsg": "messageUrl is missing"}
        return 200, {"errcode": 0, "errmsg": "ok"}

    too_fast = {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
    return _limited(a_minute, (200, too_fast), check)


def feishu(hook: str, secret: str, *, a_minute: int = 100) -> Callable[[Asked], Answer]:
    def check(asked: Asked) -> Answer:
        if asked.path != f"/open-apis/bot/v2/hook/{hook}":
            return 200, {
                "code": 19001,
                "msg": "param invalid: incoming webhook access token invalid",
                "data": {},
            }
        body = asked.json
        moment = str(body.get("timestamp", "0"))
        expected = hmac.new(f"{moment}\n{secret}".encode(), b"", hashlib.sha256).digest()
        fresh = abs(time.time() - int(moment)) <= WINDOW_S
        if not fresh or body.get("sign") != base64.b64encode(expected).decode():
            said = "sign match fail or timestamp is not within one hour from current time"
            return 200, {"code": 19021, "msg": said, "data": {}}
        if body.get("msg_type") != "post":
            return 200, {"code": 9499, "msg": "Bad Request", "data": {}}
        post = next(iter(body["content"]["post"].values()))
        tags = {part["tag"] for line in post["content"] for part in line}
        if not post["title"] or not tags <= {"text", "a"}:
            return 200, {"code": 19002, "msg": "params error, content is invalid", "data": {}}
        return 200, {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}

    said = "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]"
    return _limited(a_minute, (200, {"code": 11232, "data": {}, "msg": said}), check)
