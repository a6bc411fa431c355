"""The places of the configuration, as allauth wants them."""

from collections.abc import Callable

from allauth.socialaccount.models import SocialApp
from django.conf import settings

from staveworks.kit.configuration.sign_in import SignIn


def places() -> tuple[SignIn, ...]:
    """In the order of the configuration, which is that of the buttons."""
    found: tuple[SignIn, ...] = settings.SIGN_IN
    return found


def find_place(place_id: str) -> SignIn | None:
    return next((place for place in places() if place.id == place_id), None)


def app_of(place: SignIn) -> SocialApp:
    """allauth's description of a client; not kept in the database."""
    describe: Callable[[SignIn], dict[str, object]] = SETTINGS[place.kind]
    return SocialApp(
        provider=place.kind,
        provider_id=place.id,
        name=place.name_en,
        client_id=place.client_id or place.corporation_id or place.id,
        secret=place.secret,
        settings=describe(place),
    )


def _oidc(place: SignIn) -> dict[str, object]:
    return {"server_url": place.server, "oauth_pkce_enabled": True}


def _saml(place: SignIn) -> dict[str, object]:
    return {
        "idp": {"entity_id": place.entity_id, "sso_url": place.server, "x509cert": place.certificate},
        "attribute_mapping": {
            "uid": ["urn:oasis:names:tc:SAML:attribute:subject-id", "uid"],
            "email": [*EMAIL_CLAIMS, place.email_attribute],
            "name": ["urn:oid:2.16.840.1.113730.3.1.241", "displayName", place.name_attribute],
        },
        "advanced": {
            "want_assertion_signed": True,
            "want_name_id": True,
            "want_attribute_statement": False,
            "allow_single_label_domains": True,  # the names of an intranet
        },
    }


EMAIL_CLAIMS = (
    "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
)
SETTINGS = {
    "oidc": _oidc,
    "saml": _saml,
    "ldap": lambda _: {},
    "wecom": lambda _: {},
    "dingtalk": lambda _: {},
}
