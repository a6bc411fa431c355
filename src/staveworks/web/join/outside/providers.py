"""One class for each kind of place. All keep nothing of what the place tells but the link: no profile, no tokens."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import Provider, ProviderAccount
from allauth.socialaccount.providers.dingtalk.provider import DingTalkProvider
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import get_random_string

from staveworks.web.join.outside.places import find_place
from staveworks.web.join.outside.wecom import WeComClient


class Outside(Provider):
    """What all kinds have in common: their addresses here, and that nothing is kept."""

    app: SocialApp

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("outside_login", args=[self.app.provider_id])

    def get_callback_url(self) -> str:
        return reverse("outside_callback", args=[self.app.provider_id])

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        return {}

    def serialize(self) -> dict[str, Any]:
        return {"id": self.sub_id}


class OutsideOAuth2(Outside, OAuth2Provider):
    """What the visitor's address adds (``?scope=``, ``?auth_params=``) is not passed on."""

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        params: dict[str, Any] = self.get_auth_params()
        return params

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        scope: list[str] = self.get_scope()
        return scope

    def get_oauth2_adapter(self, request: HttpRequest) -> OAuth2Adapter:
        return self.oauth2_adapter_class(request, self.app.provider_id)


class AtPlace(OAuth2Adapter):
    """An adapter for one place among several of its kind."""

    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        super().__init__(request)
        self.provider_id = provider_id

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("outside_callback", args=[self.provider_id]))

    @property
    def server(self) -> str:
        place = find_place(self.provider_id)
        return place.server.rstrip("/") if place else ""


class OidcAdapter(AtPlace, OpenIDConnectOAuth2Adapter):
    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        OpenIDConnectOAuth2Adapter.__init__(self, request, provider_id)

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Raises ``OAuth2Error`` without an ID token, or if it is about somebody else than the rest."""
        told = kwargs["response"].get("id_token")
        if not told:
            raise OAuth2Error("no ID token")
        identity = self._decode_id_token(app, told)
        person = self._fetch_user_info(token.token) if "userinfo_endpoint" in self.openid_config else {}
        if person and person.get("sub") != identity["sub"]:
            raise OAuth2Error("the ID token is about somebody else")
        login = self.get_provider().sociallogin_from_response(request, {"userinfo": {**identity, **person}})
        login.nonce = identity.get("nonce")
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """The signature is checked, also where the channel would allow to do without."""
        found: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return found


class OidcProvider(OutsideOAuth2, OpenIDConnectProvider):
    id = "oidc"
    oauth2_adapter_class = OidcAdapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        nonce = get_random_string(32)
        params = {**(kwargs.pop("auth_params", None) or {}), "nonce": nonce}
        answer: HttpResponse = super().redirect(
            request, process, next_url, data, auth_params=params, nonce=nonce, **kwargs
        )
        return answer


class DingTalkAdapter(AtPlace, DingTalkOAuth2Adapter):
    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        DingTalkOAuth2Adapter.__init__(self, request)  # DingTalk says authCode for code
        self.provider_id = provider_id
        if self.server:
            self.access_token_url = f"{self.server}/v1.0/oauth2/userAccessToken"
            self.profile_url = f"{self.server}/v1.0/contact/users/me"


class DingTalk(OutsideOAuth2, DingTalkProvider):
    oauth2_adapter_class = DingTalkAdapter

    def get_auth_params(self) -> dict[str, Any]:
        return {"prompt": "consent"}


class WeComAdapter(AtPlace):
    client_class = WeComClient
    access_token_url = "unused: a code is not exchanged but looked up"  # noqa: S105
    authorize_url = "https://login.work.weixin.qq.com/wwlogin/sso/login"

    def get_client(self, request: HttpRequest, app: SocialApp) -> WeComClient:
        client: WeComClient = super().get_client(request, app)
        place = find_place(self.provider_id)
        assert place is not None
        client.place = place
        return client

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        return SocialToken(token="")

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        return self.get_provider().sociallogin_from_response(request, kwargs["response"])


class WeComProvider(OutsideOAuth2):
    id = "wecom"
    name = "WeCom"
    account_class = ProviderAccount
    oauth2_adapter_class = WeComAdapter

    def extract_uid(self, data: dict[str, Any]) -> str:
        return f"{self.app.client_id}:{data['userid']}"

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"name": data.get("name") or data["userid"]}


class SamlProvider(Outside, SAMLProvider):
    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        """An address in a signed assertion is as good as the place: it counts as checked."""
        return {**super().extract_common_fields(data), "email_verified": True}


class DirectoryProvider(Outside):
    """A directory asks for no detour: name and password are typed here and tried there."""

    id = "ldap"
    name = "LDAP"
    account_class = ProviderAccount
    supports_redirect = True

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        state = self.stash_redirect_state(request, process, next_url, data, **kwargs)
        return redirect(f"{reverse('outside_directory', args=[self.app.provider_id])}?state={state}")

    def extract_uid(self, data: dict[str, str]) -> str:
        return data["uid"]

    def extract_common_fields(self, data: dict[str, str]) -> dict[str, str]:
        return {"name": data["name"]}

    def extract_email_addresses(self, data: dict[str, str]) -> list[EmailAddress]:
        return [EmailAddress(email=data["email"], verified=True, primary=True)] if data["email"] else []
