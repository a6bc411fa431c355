"""From the version before to this one: backup first, and back if it fails."""

import fcntl
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from staveworks.cli.kept import program_version
from staveworks.db.keeping.archive import read_header
from staveworks.db.schema import shipped
from tests.rooms.keeping.behind import a_home_behind
from tests.rooms.keeping.former import BACKUP, VERSION, a_former_home
from tests.rooms.keeping.homes import Home, a_home, copy_home, furnished_with

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("keeping")]
OBSTACLE = "CREATE TABLE support_ticket (here_first int)"
"""A later migration wants to make this table, and fails after others have succeeded."""
WRITING = """
CREATE FUNCTION written() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO eventlog_event (id, org_id, type, subject_id, data)
        VALUES (gen_random_uuid(), gen_random_uuid(), 'thing.done', gen_random_uuid(), '{}');
    RETURN NULL;
END $$;
ALTER TABLE eventlog_event NO FORCE ROW LEVEL SECURITY;
CREATE TRIGGER somebody_writes AFTER INSERT ON django_migrations FOR EACH STATEMENT EXECUTE FUNCTION written();
"""
FACTS = (
    "SELECT id, name, uscc, demo FROM parties_organisation ORDER BY id",
    "SELECT id, phone, email, password FROM parties_person ORDER BY id",
    "SELECT id, sha256, name FROM files_stored_file ORDER BY id",
    "SELECT id, leaf, value::text FROM barrel_answer ORDER BY id",
    "SELECT number, hash FROM eventlog_seal ORDER BY number",
)


@pytest.fixture(scope="module")
def former() -> Iterator[Home]:
    """As the former version left it; the last test that takes it upgrades it."""
    with a_former_home() as home:
        yield home


@pytest.fixture(scope="module")
def behind(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Home]:
    """A home that lacks a few migrations, which stays so until the last test that takes it."""
    with django_db_blocker.unblock(), a_home_behind() as home:
        yield home


def facts(home: Home) -> list[object]:
    return [home.ask(query) for query in FACTS]


def columns(home: Home) -> list[tuple[object, ...]]:
    return home.ask(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
    )


def pending(home: Home) -> list[str]:
    """What the register lacks of what this program ships: by a look, a command for each took a sixth of this file's time."""
    applied = home.ask("SELECT app, name FROM django_migrations")
    return sorted(f"{app}.{name}" for app, name in shipped() - {(app, name) for app, name in applied})


def test_the_former_version_s_backup_restores_into_this_one(former: Home) -> None:
    known = facts(former)
    with a_home() as home:
        found = home.must("restore", str(BACKUP))
        assert (found["version"], found["missing"]) == (VERSION, [])
        assert sorted(found["migrated"]) == pending(former)
        assert facts(home) == known
        assert home.must("verify")["ok"]
        assert pending(home) == []


def test_any_command_upgrades_an_embedded_home_with_a_backup_first(former: Home) -> None:
    known, waiting = facts(former), pending(former)
    assert waiting, "the premise: this version has migrations of its own"
    assert former.must("verify")["ok"]
    assert pending(former) == []
    [entry] = former.must("backup", "--list")
    assert (entry["reason"], entry["present"]) == ("upgrade", True)
    assert read_header(Path(entry["path"]))["migrations"][-1] not in waiting, "the backup is from before"
    assert facts(former) == known
    assert stamped(former) == program_version()


def stamped(home: Home) -> str:
    return str(json.loads((home.folder / "version.json").read_text())["version"])


def plant(home: Home, statement: str) -> None:
    with psycopg.connect(home.urls().owner) as connection:
        connection.execute(statement.encode())


@pytest.fixture
def obstructed(behind: Home) -> Iterator[Home]:
    plant(behind, OBSTACLE)
    yield behind
    plant(behind, "DROP TABLE support_ticket")


def test_while_run_is_running_nothing_is_upgraded(behind: Home) -> None:
    before = columns(behind)
    with (behind.folder / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in ("upgrade", "verify"):
            told = behind.run(command)
            assert (told.returncode, "Stop it first" in told.stderr) == (1, True)
    assert columns(behind) == before


def test_a_program_two_versions_behind_is_refused(behind: Home) -> None:
    stamp = behind.folder / "version.json"
    before = stamp.read_text()
    stamp.write_text(json.dumps({"version": "9.9.0"}))
    told = behind.run("verify")
    stamp.write_text(before)
    assert (told.returncode, "more than one version behind" in told.stderr) == (1, True)


def test_the_rehearsal_finds_what_would_fail_before_anything_is_changed(obstructed: Home) -> None:
    before, known = columns(obstructed), facts(obstructed)
    told = obstructed.run("upgrade")
    assert (told.returncode, told.stdout) == (1, "")
    assert "trial restore" in told.stderr
    assert "support_ticket" in told.stderr
    assert (columns(obstructed), facts(obstructed)) == (before, known)


def test_an_upgrade_that_fails_midway_is_undone(obstructed: Home) -> None:
    before, known, waiting = columns(obstructed), facts(obstructed), pending(obstructed)
    assert {name.partition(".")[0] for name in waiting} == {"outreach", "support"}, "one succeeds, one fails"
    told = obstructed.run("upgrade", "--no-verify")
    assert (told.returncode, told.stdout) == (1, "")
    assert "was undone" in told.stderr
    assert "Traceback" not in told.stderr
    assert (columns(obstructed), facts(obstructed), pending(obstructed)) == (before, known, waiting)


def test_an_upgrade_backs_up_rehearses_migrates_and_loses_nothing(behind: Home) -> None:
    """Also after one that failed, once the cause is gone."""
    known, waiting, before = facts(behind), pending(behind), behind.must("backup", "--list")
    done = behind.must("upgrade")
    assert sorted(done["applied"]) == waiting
    assert (done["from"], done["to"]) == (program_version(), program_version())
    assert (facts(behind), pending(behind)) == (known, [])
    assert behind.must("verify")["ok"]
    [entry] = [each for each in behind.must("backup", "--list") if each not in before]
    assert (entry["path"], entry["reason"], entry["verified"]) == (done["backup"], "upgrade", True)
    assert stamped(behind) == program_version()
    assert behind.ask("SELECT count(*) FROM eventlog_event WHERE type = 'node.upgraded'") == [(1,)]
    again = behind.must("upgrade")
    assert (again["applied"], again["backup"]) == ([], None)


def test_it_is_not_undone_over_what_somebody_wrote_meanwhile(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), a_home_behind() as home:
        plant(home, OBSTACLE)
        plant(home, WRITING)
        told = home.run("upgrade", "--no-verify")
        assert told.returncode == 1
        assert "could not be undone" in told.stderr
        [path] = [each["path"] for each in home.must("backup", "--list")]
        assert path in told.stderr
        assert home.ask("SELECT count(*) > 0 FROM eventlog_event WHERE type = 'thing.done'") == [(True,)]


@contextmanager
def an_old_postgresql() -> Iterator[Home]:
    """A furnished home made with an older PostgreSQL, Debian's; its server is stopped."""
    folders = sorted(Path("/usr/lib/postgresql").glob("1[5-7]/bin"))
    if not folders or not (folders[0] / "initdb").exists():
        pytest.skip("no older PostgreSQL of Debian's here: apt-get install postgresql")
    with a_home() as home:
        copy_home(furnished_with(folders[0]), home.folder)
        yield home


@pytest.fixture(scope="module")
def brought_over() -> Iterator[tuple[Home, int]]:
    """Such a home after its first command of today, and the PostgreSQL that made it."""
    with an_old_postgresql() as home:
        [old] = [int(each.name) for each in (home.folder / "postgres").iterdir() if each.name.isdigit()]
        assert home.must("verify")["ok"]
        yield home, old


def test_data_of_an_older_postgresql_are_brought_over_with_a_backup_first(
    brought_over: tuple[Home, int],
) -> None:
    home, old = brought_over
    assert sorted(each.name for each in (home.folder / "postgres").iterdir()) == [
        f"{old}.old",
        "18",
        "programs",
    ]
    [entry] = home.must("backup", "--list")
    assert read_header(Path(entry["path"]))["server_version"] // 10_000 == old
    assert home.ask("SHOW server_version_num")[0][0].startswith("18")
    assert home.ask("SELECT count(*) FROM parties_person WHERE email = 'lin@chunhui.example'") == [(1,)]
    assert "newer" not in home.entries()
    home.server.stop()
    assert home.must("verify")["sealed"] >= 3, "and again at the next start"


def test_bringing_over_survives_kill_at_any_moment() -> None:
    with an_old_postgresql() as home:
        for under_way in ("keeping", "newer"):  # it backs up; it loads what was backed up
            process = home.start("verify")
            until(lambda under_way=under_way: under_way in home.entries(), process)
            time.sleep(0.5)
            assert process.poll() is None, "the premise: it was under way"
            process.kill()
            process.wait()
        assert home.must("verify")["ok"]
        assert home.ask("SELECT count(*) FROM parties_person WHERE email = 'lin@chunhui.example'") == [(1,)]
        assert home.ask("SHOW server_version_num")[0][0].startswith("18")


def until(true: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    while not true():
        assert process.poll() is None, "it ended before that"
        time.sleep(0.02)


def test_the_programs_of_today_are_kept_beside_the_data_for_the_next_major_version(
    brought_over: tuple[Home, int],
) -> None:
    from staveworks.db.embedded.older import programs_of

    home, _ = brought_over
    kept = programs_of(18, (home.folder / "postgres").resolve())
    assert kept.is_relative_to(home.folder)
    assert (kept / "pg_dump").exists()
