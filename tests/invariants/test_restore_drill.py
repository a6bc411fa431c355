"""The restore drill: a backup taken while people write, the machine lost, everything acknowledged before it there again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client as Browser
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.database import django_on
from tests.rooms.keeping.homes import Home, a_furnished_home, a_home

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("keeping")]


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """Nothing that happens to it may change it."""
    with a_furnished_home() as furnished:
        yield furnished


def acknowledged(path: Path, before: float) -> list[dict[str, Any]]:
    lines = path.read_text("ascii").splitlines()
    return [entry for line in lines if (entry := json.loads(line))["at"] < before]


def wait_for_lines(path: Path, number: int) -> None:
    deadline = time.monotonic() + 60
    while not path.exists() or path.read_text("ascii").count("\n") < number:
        assert time.monotonic() < deadline, "nobody writes"
        time.sleep(0.05)


@dataclass
class Drill:
    """The home as it was restored, and what somebody who lived in it before remembers."""

    home: Home
    session: str
    before: list[dict[str, Any]]
    """What was acknowledged before the backup's snapshot."""
    missing: list[str]


@pytest.fixture(scope="module")
def drill(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Drill]:
    with a_furnished_home() as home, django_db_blocker.unblock():
        log = home.folder.parent / "acknowledged"
        session = sign_in(home)
        assert opened(home, session), "the premise: the session is open before"
        worker, writers = home.start("worker"), [home.live("write", str(log)) for _ in range(2)]
        try:
            wait_for_lines(log, 60)
            made = home.must("backup", str(home.folder.parent / "drill.tar"), "--no-verify")
            wait_for_lines(log, log.read_text("ascii").count("\n") + 20)
        finally:
            for process in (*writers, worker):
                process.kill()
                process.wait()
        before = acknowledged(log, datetime.fromisoformat(made["taken_at"]).timestamp())
        later = acknowledged(log, time.time())[len(before) :]
        assert len(before) >= 60
        assert later, "others went on writing while the backup was made"
        home.remove()
        assert not home.folder.exists()
        yield Drill(home, session, before, home.must("restore", made["path"])["missing"])


def test_every_write_acknowledged_before_the_snapshot_survives_the_loss_of_the_machine(drill: Drill) -> None:
    home = drill.home
    assert drill.missing == []
    events = {str(row[0]) for row in home.ask("SELECT id FROM eventlog_event")}
    files = {str(row[0]) for row in home.ask("SELECT id FROM files_stored_file")}
    lost = [
        entry
        for entry in drill.before
        if entry.get("event", "") not in events and entry.get("file", "") not in files
    ]
    assert lost == []
    for entry in drill.before:
        if sha256 := entry.get("sha256"):
            path = home.folder / "files" / sha256[:2] / sha256[2:4] / sha256
            assert path.read_bytes().startswith(b"%PDF-"), "a file opens"


def test_log_in_and_sessions_outlive_the_machine(drill: Drill) -> None:
    assert opened(drill.home, drill.session), "whoever was signed in still is"
    assert sign_in(drill.home) != drill.session, "and the password opens"


@contextmanager
def served(home: Home) -> Iterator[None]:
    """The pages of this process on the database of ``home``, with its secret key and the product's way to keep passwords."""
    key = (home.folder / "secret_key").read_text("ascii").strip()
    hashers = global_settings.PASSWORD_HASHERS
    with django_on(home.urls()), override_settings(SECRET_KEY=key, PASSWORD_HASHERS=hashers):
        yield


def sign_in(home: Home) -> str:
    browser = Browser(SERVER_NAME="localhost")
    with served(home):
        browser.post("/accounts/login/", {"login": "lin@chunhui.example", "password": "eight-oak-staves"})
    return str(browser.cookies["sessionid"].value)


def opened(home: Home, session: str) -> bool:
    request = HttpRequest()
    with served(home):
        request.session = SessionStore(session)
        return bool(get_user(request).is_authenticated)


def test_the_restored_node_seals_and_relays_what_is_new_and_nothing_twice(drill: Drill) -> None:
    home = drill.home
    [(before,)] = home.ask("SELECT count(*) FROM eventlog_seal")
    log = home.folder.parent / "afterwards"
    worker, writer = home.start("worker"), home.live("write", str(log))
    try:
        wait_for_lines(log, 20)
    finally:
        writer.kill()
        writer.wait()
    deadline = time.monotonic() + 60
    try:
        while home.ask("SELECT count(*) FROM eventlog_event") != home.ask(
            "SELECT count(*) FROM eventlog_seal"
        ):
            assert time.monotonic() < deadline, "sealing has stopped"
            time.sleep(0.2)
    finally:
        worker.kill()
        worker.wait()
    [(after,)] = home.ask("SELECT count(*) FROM eventlog_seal")
    assert after >= before + 20
    assert home.must("verify")["ok"]


def test_a_killed_backup_leaves_nothing_that_passes_for_one(home: Home) -> None:
    target = home.folder.parent / "killed.tar"
    partial = target.with_name("killed.tar.partial")
    for under_way in (home.folder / "keeping", partial, home.folder / "trial" / "restoring"):
        process = subprocess.Popen(
            [sys.executable, "-m", "staveworks.cli.main", "backup", str(target)],
            env=home.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        while not under_way.exists():
            assert process.poll() is None, f"it ended before there was {under_way}"
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert not target.exists()
    assert home.must("backup", str(target))["verified"] is True
    assert not partial.exists()
    assert not {"keeping", "trial"} & home.entries()


def test_a_restore_that_was_killed_is_nobodys_home_until_it_is_done_again(home: Home) -> None:
    made = home.must("backup", str(home.folder.parent / "again.tar"), "--no-verify")
    with a_home() as other:
        process = other.start("restore", made["path"])
        deadline = time.monotonic() + 60
        while "postgres" not in other.entries():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.kill()
        process.wait()
        assert "restoring" in other.entries(), "the premise: it was under way"
        refused = other.run("verify")
        assert (refused.returncode, "did not finish" in refused.stderr) == (1, True)
        assert other.must("restore", made["path"])["missing"] == [], "and verified by that"


@pytest.fixture
def small_disk(home: Home) -> Iterator[Path]:
    """A disk of 64 kB, on which no backup fits."""
    folder = home.folder.parent / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=False).returncode:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)
    folder.rmdir()


def test_on_a_full_disk_it_says_so_and_nothing_is_lost(home: Home, small_disk: Path) -> None:
    (small_disk / "older.tar").write_bytes(b"x" * 20_000)
    key = home.folder / "key"
    home.must("backup", "--new-key", str(key))
    for more in ([], ["--key-file", str(key)]):
        told = home.run("backup", str(small_disk / "new.tar"), *more)
        assert (told.returncode, told.stdout) == (1, "")
        assert "No space left" in told.stderr
        assert "Traceback" not in told.stderr
        assert {path.name for path in small_disk.iterdir()} == {"older.tar"}
    assert home.must("verify")["ok"]
    assert home.must("backup", str(home.folder.parent / "elsewhere.tar"), "--no-verify")["events"] > 0


def test_a_restore_to_a_full_disk_leaves_it_empty(home: Home, small_disk: Path) -> None:
    made = home.must("backup", str(home.folder.parent / "large.tar"), "--no-verify")
    told = Home(small_disk).run("restore", made["path"])
    assert (told.returncode, "No space left" in told.stderr) == (1, True), told.stderr
    assert list(small_disk.iterdir()) == []
