"""The event log of a busy server, restored into a fresh one: relay and sealer go on, lose nothing and repeat nothing.

A fresh server counts its transactions from the beginning, below all numbers in the restored log.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from staveworks.db.keeping.load import load
from staveworks.db.keeping.snapshot import snapshot
from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.restoring import RENUMBER
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.eventlog.usecases.seal_events import seal_events
from staveworks.foundation.eventlog.usecases.verify_chain import verify_chain
from staveworks.foundation.parties.types import Actor
from staveworks.jobs import reactions
from staveworks.jobs.relay import relay_events
from staveworks.kit.ids import new_id
from tests.database import Clone, django_on
from tests.rooms.keeping.homes import a_home

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("keeping")]
LOOM = Actor(new_id(), new_id())


@pytest.fixture(autouse=True)
def _things_have_a_reaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(reactions.REACTIONS, "thing.done", ("builtins.print",))


def append() -> None:
    with acting(org=LOOM.org_id, person=LOOM.person_id):
        append_event(LOOM, "thing.done", subject=new_id())


def append_slowly(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    """A transaction that drew its number before others and commits after them: order by ``seq`` alone would be wrong."""
    slow = psycopg.connect(url)
    slow.execute("SELECT set_config('app.org', %s, true)", [str(LOOM.org_id)])
    slow.execute("SELECT pg_current_xact_id()")
    append()
    slow.execute(
        "INSERT INTO eventlog_event (id, org_id, type, subject_id, data) VALUES (%s, %s, 'thing.done', %s, '{}')",
        [new_id(), LOOM.org_id, new_id()],
    )
    return slow


@pytest.fixture
def dump(committed: Clone, tmp_path: Path) -> Path:
    """Nine events, of which the first six are sealed and relayed, on a server that has counted many transactions."""
    with psycopg.connect(committed.urls.superuser, autocommit=True) as busy, busy.pipeline():
        for _ in range(5_000):
            busy.execute("SELECT pg_current_xact_id()")
    for _ in range(4):
        append()
    append_slowly(committed.urls.app).commit()
    assert seal_events(node="cloud", anchor_path=tmp_path / "cloud.json") == 6
    assert relay_events() == 6
    append()
    append_slowly(committed.urls.app).commit()
    with snapshot(committed.urls.cross) as view:
        view.dump(tmp_path / "database.dump")
    return tmp_path / "database.dump"


@dataclass(frozen=True)
class Found:
    """What a restored node does after three more events."""

    sealed: int
    relayed: int
    ok: bool
    unsealed: int


def go_on(dump: Path, between: Sequence[str], blocker: DjangoDbBlocker) -> Found:
    anchor = dump.with_name("restored.json")
    shutil.copy(dump.with_name("cloud.json"), anchor)
    with a_home() as fresh, blocker.unblock():
        urls = fresh.urls()
        load(urls.owner, dump, between=between)
        with psycopg.connect(urls.superuser) as connection:
            row = connection.execute("SELECT pg_current_xact_id() < (SELECT 5000::text::xid8)").fetchone()
            assert row == (True,), "the premise: a fresh server"
        with django_on(urls):
            append()
            append_slowly(urls.app).commit()
            sealed = seal_events(node="cloud", anchor_path=anchor)
            relayed = relay_events()
            again = (seal_events(node="cloud", anchor_path=anchor), relay_events())
            assert again == (0, 0)
            found = verify_chain(node="cloud", anchor_path=anchor)
    return Found(sealed, relayed, found.ok, found.unsealed)


def test_a_restored_node_seals_and_relays_the_rest_and_what_is_new_each_once(
    dump: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    """Three events waited in the backup and three happened since; six are known."""
    assert go_on(dump, [RENUMBER], django_db_blocker) == Found(sealed=6, relayed=6, ok=True, unsealed=0)


def test_the_control_without_new_places_everything_stops(
    dump: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    """And `verify` says so: their transactions have not begun on this server."""
    assert go_on(dump, [], django_db_blocker) == Found(sealed=0, relayed=0, ok=False, unsealed=6)


def test_restored_again_it_stays_as_it_is(dump: Path, django_db_blocker: DjangoDbBlocker) -> None:
    assert go_on(dump, [RENUMBER, RENUMBER], django_db_blocker).relayed == 6
