"""Signing in through a real directory server (OpenLDAP's slapd), started for the test."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client

from staveworks.db.embedded.server import free_port
from staveworks.foundation.parties.models import Membership, Person
from staveworks.kit.configuration.sign_in import SignIn
from staveworks.web.join.outside.directory import DirectoryAway, WrongPassword, look_up, readable
from tests.world import make_person

SLAPD = shutil.which("slapd") or "/usr/sbin/slapd"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("directory"),
    pytest.mark.skipif(not Path(SLAPD).exists(), reason="no slapd here: apt-get install slapd"),
]
BASE, ADMIN, SECRET = "dc=park,dc=example", "cn=reader,dc=park,dc=example", "of-the-reader"
CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "{base}"
rootdn "{admin}"
rootpw {secret}
directory {folder}
"""
ENTRIES = """
dn: dc=park,dc=example
objectClass: dcObject
objectClass: organization
o: Park
dc: park

dn: uid=wu,dc=park,dc=example
objectClass: inetOrgPerson
uid: wu
cn:: 5ZC05qKF
sn: Wu
mail: Wu@park.example
userPassword: at-the-park

dn: uid=hu,dc=park,dc=example
objectClass: inetOrgPerson
uid: hu
cn: Hu An
sn: Hu
userPassword: hu-at-the-park
"""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("directory")
    (folder / "slapd.conf").write_text(
        CONFIGURATION.format(base=BASE, admin=ADMIN, secret=SECRET, folder=folder), "utf-8"
    )
    entries = folder / "entries.ldif"
    entries.write_text(ENTRIES, "utf-8")
    subprocess.run([SLAPD, "-T", "add", "-f", folder / "slapd.conf", "-l", entries], check=True)
    address = f"ldap://127.0.0.1:{free_port()}"
    process = subprocess.Popen([SLAPD, "-h", address, "-f", folder / "slapd.conf", "-d", "0"])
    place = here(address)
    until = time.monotonic() + 30
    while True:
        try:
            look_up(place, login="nobody", password="x")
        except WrongPassword:
            break
        except DirectoryAway:
            assert time.monotonic() < until
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(10)


def here(address: str, **more: Any) -> SignIn:
    given = {"bind_dn": ADMIN, "secret": SECRET, "search_base": BASE, **more}
    return SignIn("ldap", "park", "园区目录", "Park directory", server=address, **given)


@pytest.fixture
def place(directory: str, settings: Any) -> SignIn:
    settings.SIGN_IN = (here(directory),)
    settings.ACCOUNT_RATE_LIMITS = False
    return here(directory)


def enter(login: str, password: str, browser: Client | None = None) -> tuple[HttpResponse, Client]:
    browser = browser or Client()
    form = browser.post("/accounts/outside/park/").headers["Location"]
    assert urlsplit(form).path == "/accounts/outside/park/directory/"
    assert browser.get(form).status_code == 200
    return browser.post(form, {"login": login, "password": password}), browser


def who_is_in(browser: Client) -> Person | None:
    key = browser.session.get("_auth_user_id")
    return Person.objects.get(pk=key) if key else None


def test_who_proves_herself_there_comes_in_without_an_organisation(place: SignIn) -> None:
    answer, browser = enter("wu", "at-the-park")
    assert answer.status_code == 302
    person = who_is_in(browser)
    assert person is not None
    assert (person.name, person.email) == ("吴梅", "wu@park.example")
    assert not Membership.objects.filter(person=person).exists()
    account = SocialAccount.objects.get(user=person)
    assert (account.provider, account.extra_data) == ("park", {})
    _, again = enter("wu", "at-the-park")
    assert who_is_in(again) == person


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("wu", "wrong"),
        ("wu", "hu-at-the-park"),
        ("nobody", "at-the-park"),
        ("*", "at-the-park"),
        ("wu)(uid=*", "at-the-park"),
        ("wu)(|(uid=hu", "at-the-park"),
    ],
)
def test_a_wrong_password_or_a_crafted_login_opens_nothing(place: SignIn, login: str, password: str) -> None:
    answer, browser = enter(login, password)
    assert answer.status_code == 200
    assert "账号或密码不对。" in answer.content.decode()
    assert who_is_in(browser) is None


def test_an_empty_password_is_no_anonymous_way_in(place: SignIn) -> None:
    """To a directory it would be a sign-in as nobody, which succeeds."""
    with pytest.raises(WrongPassword):
        look_up(place, login="wu", password="")
    answer, browser = enter("wu", "")
    assert answer.status_code == 200
    assert who_is_in(browser) is None


def test_a_deactivated_person_stays_out(place: SignIn) -> None:
    _, browser = enter("hu", "hu-at-the-park")
    person = who_is_in(browser)
    assert person is not None
    Person.objects.filter(pk=person.pk).update(is_active=False)
    answer, again = enter("hu", "hu-at-the-park")
    assert answer.headers["Location"] == "/accounts/inactive/"
    assert who_is_in(again) is None


def test_an_address_opens_somebody_elses_account_only_where_the_directory_is_trusted(
    directory: str, settings: Any
) -> None:
    owner = make_person("吴梅", email="wu@park.example")
    settings.ACCOUNT_RATE_LIMITS = False
    settings.SIGN_IN = (here(directory),)
    answer, browser = enter("wu", "at-the-park")
    assert (answer.status_code, who_is_in(browser)) == (409, None)
    settings.SIGN_IN = (here(directory, trusts_email=True),)
    _, browser = enter("wu", "at-the-park")
    assert who_is_in(browser) == owner


def test_an_attempt_without_its_state_is_refused(place: SignIn) -> None:
    browser = Client()
    answer = browser.post(
        "/accounts/outside/park/directory/", {"login": "wu", "password": "at-the-park", "state": "made-up"}
    )
    assert answer.status_code == 403
    assert who_is_in(browser) is None


def test_tries_are_counted(directory: str, settings: Any) -> None:
    settings.SIGN_IN = (here(directory),)
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "d"}
    }
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/key"}
    statuses = [enter("wu", "wrong")[0].status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_a_directory_that_is_away_is_told_of(settings: Any) -> None:
    settings.SIGN_IN = (here("ldap://127.0.0.1:1"),)
    settings.ACCOUNT_RATE_LIMITS = False
    answer, browser = enter("wu", "at-the-park")
    assert "目录服务没有回应" in answer.content.decode()
    assert who_is_in(browser) is None


@pytest.mark.parametrize(
    ("value", "uid"),
    [
        (b"0b1c-4711", "0b1c-4711"),
        (bytes(range(16)), "000102030405060708090a0b0c0d0e0f"),
        (b"\xff\x00", "ff00"),
    ],
)
def test_an_identifier_of_bytes_is_put_in_digits(value: bytes, uid: str) -> None:
    assert readable(value) == uid


def test_the_reader_may_be_nobody_where_the_directory_lets_everybody_search(directory: str) -> None:
    found = look_up(here(directory, bind_dn="", secret=""), login="hu", password="hu-at-the-park")
    assert (found["name"], found["email"]) == ("Hu An", "")
