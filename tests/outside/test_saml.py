"""Signing in by SAML 2: the assertion must be signed by the place, meant for us, and answer what this browser asked."""

import base64
import datetime
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.http import HttpResponse
from django.test import Client
from lxml import etree

from staveworks.foundation.parties.models import Membership, Person
from staveworks.kit.configuration.sign_in import SignIn

pytestmark = pytest.mark.django_db
ENTITY = "https://id.park.example/entity"
ACS = "http://testserver/accounts/outside/park/acs/"
AUDIENCE = "http://testserver/accounts/outside/park/metadata/"
ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{id}" Version="2.0" IssueInstant="{now}">
<saml:Issuer>{issuer}</saml:Issuer>
<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{uid}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData NotOnOrAfter="{until}" Recipient="{recipient}" InResponseTo="{request}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{before}" NotOnOrAfter="{until}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>
</saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="_s"><saml:AuthnContext>
<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement>
<saml:Attribute Name="mail"><saml:AttributeValue>wu@park.example</saml:AttributeValue></saml:Attribute>
<saml:Attribute Name="displayName"><saml:AttributeValue>吴梅</saml:AttributeValue></saml:Attribute>
</saml:AttributeStatement></saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
 ID="_r{id}" Version="2.0" IssueInstant="{now}" Destination="{recipient}" InResponseTo="{request}"><saml:Issuer>{issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""


@dataclass(frozen=True)
class Place:
    """An identity provider: its key and its certificate."""

    key: str
    certificate: str

    def sign(self, xml: str) -> str:
        from onelogin.saml2.utils import OneLogin_Saml2_Utils

        signed = OneLogin_Saml2_Utils.add_sign(xml, self.key, self.certificate)
        return signed.decode() if isinstance(signed, bytes) else str(signed)


def make_place() -> Place:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "id.park.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Place(pem.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode())


@pytest.fixture
def place(settings: Any) -> Place:
    made = make_place()
    settings.ACCOUNT_RATE_LIMITS = False
    settings.SIGN_IN = (
        SignIn(
            "saml",
            "park",
            "园区账号",
            "Park account",
            server="https://id.park.example/sso",
            entity_id=ENTITY,
            certificate=made.certificate,
        ),
    )
    return made


def browse() -> Client:
    """A browser; they all send a Host."""
    return Client(headers={"host": "testserver"})


def ask(browser: Client) -> str:
    """Towards the place; the id of the question."""
    page = browser.post("/accounts/outside/park/").content.decode()
    (url,) = re.findall(r'content="0; url=([^"]+)"', page)
    url = url.replace("&amp;", "&")
    assert url.startswith("https://id.park.example/sso?")
    question = parse_qs(urlsplit(url).query)["SAMLRequest"][0]
    xml = etree.fromstring(zlib.decompress(base64.b64decode(question), -15))
    assert xml.get("AssertionConsumerServiceURL") == ACS
    found: str = xml.get("ID")
    return found


def answer_to(question: str, sign: Callable[[str], str], **changed: str) -> str:
    now = datetime.datetime.now(datetime.UTC)
    said = {
        "id": uuid4().hex,
        "now": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "before": f"{now - datetime.timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}",
        "until": f"{now + datetime.timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
        "issuer": ENTITY,
        "uid": "u-4711",
        "recipient": ACS,
        "audience": AUDIENCE,
        "request": question,
        **changed,
    }
    xml = RESPONSE.format(**said, assertion=sign(ASSERTION.format(**said)))
    return base64.b64encode(xml.encode()).decode()


def bring(browser: Client, answer: str) -> HttpResponse:
    """The place's page sends the form; the browser follows to where its own session is seen again."""
    posted = browser.post("/accounts/outside/park/acs/", {"SAMLResponse": answer, "RelayState": ""})
    assert (posted.status_code, posted.headers["Location"]) == (302, "/accounts/outside/park/acs/finish/")
    return browser.get("/accounts/outside/park/acs/finish/")


def who_is_in(browser: Client) -> Person | None:
    key = browser.session.get("_auth_user_id")
    return Person.objects.get(pk=key) if key else None


def test_a_signed_assertion_that_answers_this_browser_lets_in(place: Place) -> None:
    browser = browse()
    answer = bring(browser, answer_to(ask(browser), place.sign))
    assert answer.status_code == 302
    person = who_is_in(browser)
    assert person is not None
    assert (person.name, person.email) == ("吴梅", "wu@park.example")
    assert not Membership.objects.filter(person=person).exists()
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid, account.extra_data) == ("park", "u-4711", {})


def test_an_assertion_is_good_once(place: Place) -> None:
    browser = browse()
    answer = answer_to(ask(browser), place.sign)
    bring(browser, answer)
    browser.logout()
    assert bring(browser, answer).status_code in (401, 403)
    assert who_is_in(browser) is None


def test_an_unsigned_assertion_is_refused(place: Place) -> None:
    browser = browse()
    assert bring(browser, answer_to(ask(browser), lambda xml: xml)).status_code == 401
    assert who_is_in(browser) is None


def test_an_assertion_signed_by_another_key_is_refused(place: Place) -> None:
    browser = browse()
    assert bring(browser, answer_to(ask(browser), make_place().sign)).status_code == 401
    assert who_is_in(browser) is None


def test_an_assertion_altered_after_signing_is_refused(place: Place) -> None:
    browser = browse()
    altered = answer_to(ask(browser), lambda xml: place.sign(xml).replace("u-4711", "u-0001"))
    assert bring(browser, altered).status_code == 401
    assert who_is_in(browser) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"audience": "https://another.example/"},
        {"recipient": "https://another.example/acs/"},
        {"issuer": "https://impostor.example/"},
        {"until": "2020-01-01T00:00:00Z", "before": "2019-01-01T00:00:00Z"},
        {"request": "ONELOGIN_made_up"},
    ],
    ids=lambda changed: "-".join(changed),
)
def test_an_assertion_for_others_or_of_old_is_refused(place: Place, changed: dict[str, str]) -> None:
    browser = browse()
    assert bring(browser, answer_to(ask(browser), place.sign, **changed)).status_code in (401, 403)
    assert who_is_in(browser) is None


def test_an_answer_to_another_browser_is_refused(place: Place) -> None:
    attacker, victim = browse(), browse()
    assert bring(victim, answer_to(ask(attacker), place.sign)).status_code in (401, 403)
    assert who_is_in(victim) is None


def test_the_place_learns_from_our_metadata_where_to_send_it(place: Place) -> None:
    answer = browse().get("/accounts/outside/park/metadata/")
    assert answer.status_code == 200
    xml = etree.fromstring(answer.content)
    (service,) = xml.iter("{urn:oasis:names:tc:SAML:2.0:metadata}AssertionConsumerService")
    assert (service.get("Location"), xml.get("entityID")) == (ACS, AUDIENCE)
    assert next(xml.iter("{*}SPSSODescriptor")).get("WantAssertionsSigned") == "true"
