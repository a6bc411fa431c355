"""Small servers that answer as WeCom's and DingTalk's documentation says, and note what they were asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

WECOM_CODES = {"code-of-wu": "WuMei"}
WECOM_TOKEN, WECOM_SECRET = "accesstoken000001", "corp-secret"
DINGTALK_CODES = {"code-of-wu": "dt-token-of-wu"}


class Contract(BaseHTTPRequestHandler):
    asked: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _answer(self, body: dict[str, str]) -> None:
        parts = urlsplit(self.path)
        sent = dict(parse_qsl(parts.query)) | body
        self.asked.append((parts.path, sent))
        status, told = self.reply(parts.path, sent)
        content = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def reply(self, path: str, sent: dict[str, str]) -> tuple[int, dict[str, object]]:
        raise NotImplementedError

    def log_message(self, *_: object) -> None:
        """Nothing: `asked` holds it."""


class WeCom(Contract):
    """https://developer.work.weixin.qq.com/document/path/91039, 91023, 90196: errors come with status 200 and an errcode."""

    def reply(self, path: str, sent: dict[str, str]) -> tuple[int, dict[str, object]]:
        if path == "/cgi-bin/gettoken":
            if (sent.get("corpid"), sent.get("corpsecret")) != ("wwcorp", WECOM_SECRET):
                return 200, {"errcode": 40001, "errmsg": "invalid credential"}
            return 200, {"errcode": 0, "errmsg": "ok", "access_token": WECOM_TOKEN, "expires_in": 7200}
        if sent.get("access_token") != WECOM_TOKEN:
            return 200, {"errcode": 40014, "errmsg": "invalid access_token"}
        if path == "/cgi-bin/auth/getuserinfo":
            if sent["code"] == "code-of-a-stranger":
                return 200, {
                    "errcode": 0,
                    "errmsg": "ok",
                    "openid": "oAAAAAAA",
                    "external_userid": "wmEAlECwAA",
                }
            if sent["code"] not in WECOM_CODES:
                return 200, {"errcode": 40029, "errmsg": "invalid code"}
            return 200, {
                "errcode": 0,
                "errmsg": "ok",
                "userid": WECOM_CODES[sent["code"]],
                "user_ticket": "T",
            }
        return 200, {
            "errcode": 0,
            "errmsg": "ok",
            "userid": sent["userid"],
            "name": "吴梅",
            "department": [1],
        }


class DingTalk(Contract):
    """https://open.dingtalk.com/document/development/obtain-user-token and dingtalk-retrieve-user-information."""

    def reply(self, path: str, sent: dict[str, str]) -> tuple[int, dict[str, object]]:
        if path == "/v1.0/oauth2/userAccessToken":
            if (sent["clientId"], sent["clientSecret"]) != ("dingkey", "ding-secret"):
                return 400, {"code": "invalidClientIdOrSecret", "message": "wrong"}
            if sent["code"] not in DINGTALK_CODES:
                return 400, {"code": "invalidParameter.authCode.notFound", "message": "not found"}
            token = DINGTALK_CODES[sent["code"]]
            return 200, {"accessToken": token, "refreshToken": "r", "expireIn": 7200, "corpId": "corp"}
        if self.headers.get("x-acs-dingtalk-access-token") not in DINGTALK_CODES.values():
            return 401, {"code": "InvalidAuthentication", "message": "wrong"}
        return 200, {
            "nick": "吴梅",
            "unionId": "z21HjQli",
            "openId": "123",
            "avatarUrl": "https://x.example/a.png",
            "mobile": "150xxxx9144",
            "stateCode": "86",
        }


@contextmanager
def speaking(contract: type[Contract]) -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """Its address on this machine, and what it has been asked so far."""
    asked: list[tuple[str, dict[str, str]]] = []
    handler = type(contract.__name__, (contract,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
