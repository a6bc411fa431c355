"""The restore drill: a backup taken while people write, the machine lost, everything acknowledged before it there again."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.rooms.keeping.homes import ROOT, Home, a_furnished_home, a_home

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("keeping")]
KILLS = 4


@pytest.fixture
def home() -> Iterator[Home]:
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


def test_every_write_acknowledged_before_the_snapshot_survives_the_loss_of_the_machine(home: Home) -> None:
    log = home.folder.parent / "acknowledged"
    worker, writers = home.start("worker"), [home.live("write", str(log)) for _ in range(2)]
    try:
        wait_for_lines(log, 60)
        made = home.must("backup", str(home.folder.parent / "drill.tar"))
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
    found = home.must("restore", made["path"])
    assert found["missing"] == []
    assert home.must("verify")["ok"]

    events = {str(row[0]) for row in home.ask("SELECT id FROM eventlog_event")}
    files = {str(row[0]) for row in home.ask("SELECT id FROM files_stored_file")}
    lost = [
        entry
        for entry in before
        if entry.get("event", "") not in events and entry.get("file", "") not in files
    ]
    assert lost == []
    for entry in before:
        if sha256 := entry.get("sha256"):
            path = home.folder / "files" / sha256[:2] / sha256[2:4] / sha256
            assert path.read_bytes().startswith(b"%PDF-"), "a file opens"
    sealed_on(home)


def sealed_on(home: Home) -> None:
    """The worker of the restored node seals and relays what is new, and nothing twice."""
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


def test_log_in_and_sessions_outlive_the_machine(home: Home) -> None:
    session = sign_in(home)
    assert opened(home, session), "the premise: the session is open before"
    made = home.must("backup", str(home.folder.parent / "session.tar"), "--no-verify")
    home.remove()
    home.must("restore", made["path"])
    assert opened(home, session), "whoever was signed in still is"
    assert sign_in(home) != session, "and the password opens"


ASK = """
import sys
from staveworks.cli.database import with_database
with with_database(migrating=False):
    from django.contrib.auth import get_user
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest
    from django.test import Client
    if sys.argv[1] == "in":
        browser = Client(SERVER_NAME="localhost")
        browser.post("/accounts/login/", {"login": "lin@chunhui.example", "password": "eight-oak-staves"})
        print(browser.cookies["sessionid"].value if "sessionid" in browser.cookies else "refused")
    else:
        request = HttpRequest()
        request.session = SessionStore(sys.argv[2])
        print(get_user(request).is_authenticated)
"""


def asked(home: Home, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", ASK, *arguments],
        env=home.environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def sign_in(home: Home) -> str:
    session = asked(home, "in")
    assert session != "refused"
    return session


def opened(home: Home, session: str) -> bool:
    return asked(home, "open", session) == "True"


def test_a_killed_backup_leaves_nothing_that_passes_for_one(home: Home) -> None:
    target, chance = home.folder.parent / "killed.tar", random.Random(29)
    wait = 4.0
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-m", "staveworks.cli.main", "backup", str(target)],
            env=home.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(chance.uniform(0.5, wait))
        finished = process.poll() is not None
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert target.exists() == finished
        if finished:
            wait /= 2
            target.unlink()
    assert home.must("backup", str(target))["verified"] is True
    assert not list(target.parent.glob("*.partial"))
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
        assert other.must("restore", made["path"])["missing"] == []
        assert other.must("verify")["ok"]


@pytest.fixture
def small_disk(home: Home) -> Iterator[Path]:
    """A disk of 64 kB, on which no backup fits."""
    folder = home.folder.parent / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=False).returncode:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("key", [False, True])
def test_on_a_full_disk_it_says_so_and_nothing_is_lost(home: Home, small_disk: Path, key: bool) -> None:
    (small_disk / "older.tar").write_bytes(b"x" * 20_000)
    more = []
    if key:
        home.must("backup", "--new-key", str(home.folder / "key"))
        more = ["--key-file", str(home.folder / "key")]
    told = home.run("backup", str(small_disk / "new.tar"), *more)
    assert (told.returncode, told.stdout) == (1, "")
    assert "No space left" in told.stderr
    assert "Traceback" not in told.stderr
    assert {path.name for path in small_disk.iterdir()} == {"older.tar"}
    assert home.must("verify")["ok"]
    assert home.must("backup", str(home.folder.parent / "elsewhere.tar"), "--no-verify", *more)["events"] > 0


def test_a_restore_to_a_full_disk_leaves_it_empty(home: Home, small_disk: Path) -> None:
    made = home.must("backup", str(home.folder.parent / "large.tar"), "--no-verify")
    told = Home(small_disk).run("restore", made["path"])
    assert (told.returncode, "No space left" in told.stderr) == (1, True), told.stderr
    assert list(small_disk.iterdir()) == []
