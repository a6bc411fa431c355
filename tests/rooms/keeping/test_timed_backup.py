"""The worker keeps the timed backups by itself: one when it is due, tried and logged, and the surplus goes."""

import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from staveworks.db.keeping.catalogue import Kept, note, read_catalogue
from tests.rooms.keeping.homes import PATIENCE_S, Home, a_furnished_home

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("keeping")]


@pytest.fixture
def home() -> Iterator[Home]:
    with a_furnished_home() as furnished:
        yield furnished


def kept_before(home: Home, days: int, *, reason: str = "scheduled") -> Path:
    path = home.folder.parent / f"{reason}-{days}.tar"
    path.write_bytes(b"of then")
    moment = datetime.now(UTC) - timedelta(days=days)
    note(home.folder, Kept(str(path), moment.isoformat(), 7, "0.1.0", False, True, reason))
    return path


def timed(home: Home) -> list[Kept]:
    return [each for each in read_catalogue(home.folder) if each.reason == "scheduled"]


def test_a_worker_makes_the_one_that_is_due_and_forgets_the_surplus(home: Home) -> None:
    lately, long_ago = kept_before(home, 2), kept_before(home, 9)
    asked_for = kept_before(home, 30, reason="asked")
    begun = datetime.now(UTC)
    settings = {"STAVEWORKS_BACKUP_DAILY": "2", "STAVEWORKS_BACKUP_WEEKLY": "0"}
    worker = home.start("worker", **settings)
    try:
        wait_until_logged(home)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)
    entries = timed(home)
    made = Path(entries[-1].path)
    assert entries[-1].moment >= begun - timedelta(seconds=1)
    assert made.parent == home.folder / "backups"
    assert made.is_file()
    assert entries[-1].verified
    assert {Path(each.path) for each in entries} == {lately, made}
    assert not long_ago.exists()
    assert asked_for.exists(), "what somebody asked for is not the worker's to delete"
    assert len(list(made.parent.iterdir())) == 1, "due once, made once"


def wait_until_logged(home: Home) -> None:
    end = time.monotonic() + PATIENCE_S
    asked = "SELECT data FROM eventlog_event WHERE type = 'backup.made' AND data->>'reason' = 'scheduled'"
    while time.monotonic() < end:
        if logged := home.ask(asked):
            assert logged[0][0]["verified"] is True
            return
        time.sleep(1)
    raise AssertionError("the worker made no timed backup")
