"""Invariant 21 from outside: whatever address gives a firm's data away, the firm's log has it; and how the log is kept."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from staveworks.cluster.barrel.firms import FirmFilter, find_firm, list_firms
from staveworks.db.transaction import acting
from staveworks.foundation.facts import reading as readings
from staveworks.foundation.facts.models import Read
from staveworks.foundation.facts.queries import list_looks
from staveworks.foundation.facts.types import (
    Field,
    Grantee,
    Purpose,
)
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.parties.models import Profile
from staveworks.foundation.parties.types import Actor
from tests.addresses import Address, addresses
from tests.consent import (
    FILE,
    OUTLINE,
    PROFILE,
    body_of,
    browser_of,
    count_logged,
    grant,
    make_bank,
    make_tattler,
    told,
    widened,
)
from tests.database import Clone
from tests.matrix import Town
from tests.world import make_world

pytestmark = pytest.mark.xdist_group("town")
SHOWING = {
    "cluster/firms/",
    "cluster/firms/export.xlsx",
    "cluster/firms/<uuid:firm>/",
    "api/v1/firms",
    "api/v1/firms/<uuid:firm>",
    "diagnose/attest/<uuid:assessment>/",
    "shown/<uuid:firm>/<str:purpose>/",
    "api/v1/shown/<uuid:firm>/<purpose>",
}
"""Addresses that show others' data."""


def grants_all_round(town: Town) -> list[tuple[str, Actor]]:
    """The firm of the matrix shows everything to everybody who has a door for it."""
    bank = make_bank()
    for to, purpose in (
        (town.head.org, Purpose.OPERATION),
        (town.head.org, Purpose.ATTESTATION),
        *((bank.org, purpose) for purpose in Purpose),
    ):
        give_grant(town.owner, to=Grantee(to), purpose=purpose, fields=list(Field))
    return [("operator", town.head), ("bank", bank)]


@pytest.fixture
def told_of(town: Town, bare_refusals: None) -> tuple[Town, list[tuple[str, Actor]]]:
    with acting(org=town.firm.id):
        Profile.objects.filter(org_id=town.firm.id).update(**PROFILE, **OUTLINE)
        StoredFile.objects.filter(org_id=town.firm.id).update(name=FILE)
    return town, grants_all_round(town)


def things_of(town: Town, address: Address) -> list[dict[str, str]]:
    """The firm's things in place of the caller's; each purpose where one is asked for."""
    firm = dict.fromkeys(["firm", "showing firm", "organisation"], str(town.firm.id))
    mine = town.operators | town.ours | firm | {"showing file": town.ours["evidence"]}
    purposes = (
        list(Purpose) if "purpose" in address.params or "{purpose}" in address.route else [Purpose.OPERATION]
    )
    return [mine | {"purpose": purpose} for purpose in purposes]


def unlogged(
    town: Town, callers: list[tuple[str, Actor]], walk: Iterable[Address]
) -> tuple[list[str], set[str]]:
    """Addresses of the walk that gave something away which the firm's log doesn't have; and those that gave anything away."""
    faults, giving = [], set()
    before = set(read_ids(town))
    for name, actor in callers:
        client_key = browser_of(actor).cookies[django_settings.SESSION_COOKIE_NAME].value
        for address in walk:
            for things in things_of(town, address):
                with transaction.atomic():
                    client = Client(raise_request_exception=False)
                    client.cookies[django_settings.SESSION_COOKIE_NAME] = client_key
                    response = client.get(address.path(things))
                    gave = told(body_of(response)) if response.status_code == 200 else set()
                    said = logged_since(before, town) if gave else set()
                    transaction.set_rollback(True)
                if gave:
                    giving.add(address.route)
                if gave - said:
                    faults.append(f"{name} GET {address.route}: {sorted(gave - said)} not logged")
    return faults, giving


def logged_since(before: set[Any], town: Town) -> set[Field]:
    with acting(org=town.firm.id):
        rows = Read.objects.filter(org_id=town.firm.id).exclude(reading_id__in=before)
        return widened({Field(field) for row in rows for field in row.fields})


def read_ids(town: Town) -> list[Any]:
    with acting(org=town.firm.id):
        return list(Read.objects.filter(org_id=town.firm.id).values_list("reading_id", flat=True))


@pytest.mark.slow
def test_whatever_address_gives_a_firms_data_away_logs_it(
    told_of: tuple[Town, list[tuple[str, Actor]]],
) -> None:
    read = [address for address in addresses() if "GET" in (address.methods or ["GET"])]
    faults, giving = unlogged(*told_of, read)
    assert faults == []
    assert giving >= SHOWING, "the walk comes to the addresses that show others' data"


@pytest.mark.slow
def test_control_the_walk_finds_an_address_that_does_not_log(
    told_of: tuple[Town, list[tuple[str, Actor]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings.ReadLog, "of", lambda self, firms: self.of_nobody())
    faults, _ = unlogged(*told_of, [address for address in addresses() if address.route in SHOWING])
    assert len(faults) > 5


def test_a_table_is_logged_in_one_statement_one_row_a_firm(committed: Clone) -> None:
    world = make_world()
    tattlers = [make_tattler(f"第{n}织造", number=n) for n in range(5)]
    for each in tattlers:
        grant(each, world.gao, Purpose.OPERATION, Field.BARREL, Field.PROFILE)
    with CaptureQueriesContext(connection) as captured:
        table = list_firms(world.gao, narrowed=FirmFilter())
    assert {row.id for row in table.rows} >= {each.firm.id for each in tattlers}
    assert sum("INSERT INTO facts_read " in query["sql"] for query in captured) == 1
    assert [count_logged(each) for each in tattlers] == [1] * 5


def test_the_owner_sees_who_looked_by_day(committed: Clone) -> None:
    world, tattler = make_world(), make_tattler()
    grant(tattler, world.gao, Purpose.OPERATION, Field.BARREL)
    find_firm(world.gao, firm=tattler.firm.id)
    find_firm(world.shen, firm=tattler.firm.id)
    [look] = list_looks(tattler.owner)
    assert (look.reader, look.times, look.purpose) == (world.operator.id, 2, Purpose.OPERATION)
    assert look.fields == (Field.BARREL,)
    assert {person.zh for person in look.people} == {"高明远", "沈一鸣"}
    page = browser_of(tattler.owner).get("/sharing/").content.decode()
    assert "高明远" in page
    assert world.operator.name in page
    assert browser_of(tattler.owner).get("/api/v1/looks").json()["items"][0]["times"] == 2
    assert list_looks(world.lin) == [], "and nobody else's owner"
    own = make_tattler("远山织造", number=9)
    access = browser_of(own.owner).get("/api/v1/barrel")
    assert access.status_code == 200
    assert count_logged(own) == 0, "one's own look is no look of others"
