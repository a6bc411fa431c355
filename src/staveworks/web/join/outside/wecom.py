"""WeCom 企业微信: not quite OAuth 2. The code is looked up with a token of the application, and names a member of the corporation.

https://developer.work.weixin.qq.com/document/path/98151 (Web 登录) and /path/91023 (获取访问用户身份)
"""

from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error

from staveworks.kit.configuration.sign_in import SignIn

API = "https://qyapi.weixin.qq.com"
INSIDE = "https://open.weixin.qq.com/connect/oauth2/authorize"
"""Within WeCom's own browser nobody scans a code."""


class WeComClient(OAuth2Client):
    place: SignIn

    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: Any) -> str:
        params = {
            "appid": self.place.corporation_id,
            "agentid": self.place.agent_id,
            "redirect_uri": self.callback_url,
            "state": self.state,
        }
        if "wxwork" in self.request.headers.get("user-agent", "").lower():
            inside = {**params, "response_type": "code", "scope": "snsapi_base"}
            return f"{INSIDE}?{urlencode(inside)}#wechat_redirect"
        return f"{authorization_url}?{urlencode({'login_type': 'CorpApp', **params})}"

    def get_access_token(
        self, code: str, pkce_code_verifier: str | None = None, extra_data: Any = None
    ) -> dict[str, Any]:
        """The member behind ``code``: userid and name. Raises ``OAuth2Error`` for who is no member."""
        token = self._ask("/cgi-bin/gettoken", corpid=self.place.corporation_id, corpsecret=self.place.secret)
        known = {"access_token": token["access_token"]}
        member = self._ask("/cgi-bin/auth/getuserinfo", **known, code=code).get("userid")
        if not member:
            raise OAuth2Error("not a member of the corporation")
        return {
            "userid": member,
            "name": self._ask("/cgi-bin/user/get", **known, userid=member).get("name", ""),
        }

    def _ask(self, path: str, **params: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get((self.place.server.rstrip("/") or API) + path, params=params)
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
        if found.get("errcode"):
            raise OAuth2Error(f"WeCom answers {found['errcode']}")
        return found
