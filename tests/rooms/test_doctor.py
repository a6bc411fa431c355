"""`staveworks doctor` finds what was broken on purpose, says how to mend it, and is silent when all is well."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from staveworks.cli.doctor.configuration import look_at_settings
from staveworks.cli.doctor.finding import Finding, span
from staveworks.cli.doctor.machine import look_at_machine
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from tests.environment import without_settings
from tests.rooms.keeping.homes import Home, a_furnished_home, a_home

pytestmark = [pytest.mark.xdist_group("keeping")]


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    with a_furnished_home() as furnished:
        yield furnished


def findings(home: Home, **settings: str) -> dict[str, list[tuple[str, str]]]:
    """check → [(state, English)]. The exit code tells whether anything is broken."""
    done = home.run("doctor", "--json", **settings)
    content = json.loads(done.stdout)
    states = {each["state"] for each in content["findings"]}
    assert done.returncode == (1 if "broken" in states else 0)
    assert content["ok"] == ("broken" not in states)
    for each in content["findings"]:
        assert each["zh"]
        assert bool(each["repair_en"]) == bool(each["repair_zh"]) == (each["state"] != "ok")
    found: dict[str, list[tuple[str, str]]] = {}
    for each in content["findings"]:
        found.setdefault(each["check"], []).append((each["state"], each["en"]))
    return found


def broken(found: dict[str, list[tuple[str, str]]]) -> set[str]:
    return {check for check, states in found.items() if any(state == "broken" for state, _ in states)}


def test_a_whole_installation_has_nothing_to_mend(home: Home) -> None:
    found = findings(home)
    # The test's server runs without fsync, and the doctor is right to say so.
    assert broken(found) == {"durability"}
    assert set(found) >= {
        *(
            "settings",
            "python",
            "disk",
            "data folder",
            "database",
            "roles",
            "extensions",
            "clock",
            "policies",
        ),
        *("programs", "schema", "worker", "queue", "event chain", "anchor", "files", "channels", "backup"),
    }
    assert found["backup"][0][0] == "advice", "there is none yet"


def test_it_speaks_the_language_of_the_terminal(home: Home) -> None:
    for language, words in (("zh_CN.UTF-8", "数据文件夹"), ("en_GB.UTF-8", "roles")):
        told = subprocess.run(
            [sys.executable, "-m", "staveworks.cli.main", "doctor"],
            env=home.environment(LC_ALL=language),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ("行级安全" in told.stdout) == (language == "zh_CN.UTF-8")
        assert words in told.stdout or language == "zh_CN.UTF-8"


def test_an_empty_home_is_told_to_start(tmp_path: Path) -> None:
    with a_home() as empty:
        found = findings(empty)
        assert found["database"] == [("advice", "Nothing is installed here yet.")]
        assert not empty.folder.exists(), "looking makes nothing"


def test_a_lost_file_and_a_lost_anchor_are_named(home: Home) -> None:
    [(sha256,)] = home.ask("SELECT sha256 FROM files_stored_file LIMIT 1")
    stored, anchor = (
        home.folder / f"files/{sha256[:2]}/{sha256[2:4]}/{sha256}",
        home.folder / "seals" / "cloud.json",
    )
    content, seal = stored.read_bytes(), anchor.read_text()
    try:
        stored.write_bytes(content[:-1] + b"x")
        anchor.unlink()
        found = findings(home)
        assert broken(found) == {"durability", "files", "anchor"}
        assert sha256 in found["files"][0][1]
        anchor.write_text(json.dumps({"number": 1, "hash": "00" * 32}))
        assert "fit" in findings(home)["anchor"][0][1]
    finally:
        stored.write_bytes(content)
        anchor.write_text(seal)
    assert broken(findings(home)) == {"durability"}


def test_a_table_without_its_guard_and_a_second_role_that_sees_all_are_named(home: Home) -> None:
    with psycopg.connect(home.urls().superuser, autocommit=True) as superuser:
        superuser.execute("ALTER TABLE parties_profile DISABLE ROW LEVEL SECURITY")
        superuser.execute("CREATE ROLE watcher LOGIN BYPASSRLS")
        superuser.execute("GRANT CONNECT ON DATABASE staveworks TO watcher")
        try:
            found = findings(home)
            assert "policies" in broken(found)
            assert "parties_profile" in found["policies"][0][1]
            assert ("advice", "watcher can bypass row security, too.") in found["roles"]
        finally:
            superuser.execute("ALTER TABLE parties_profile ENABLE ROW LEVEL SECURITY")
            superuser.execute("DROP OWNED BY watcher")
            superuser.execute("DROP ROLE watcher")


def test_a_planted_event_is_named(home: Home) -> None:
    planted = new_id()
    with psycopg.connect(home.urls().superuser, autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(
            "INSERT INTO eventlog_event (id, org_id, type, subject_id, data, xid) VALUES (%s, %s, 'thing.done', %s, '{}', '1000000000000')",
            [planted, new_id(), new_id()],
        )
        try:
            found = findings(home)
            assert "event chain" in broken(found)
            assert str(planted) in found["event chain"][0][1]
        finally:
            superuser.execute("DELETE FROM eventlog_event WHERE id = %s", [planted])


def test_jobs_that_wait_for_hours_are_named(home: Home) -> None:
    with psycopg.connect(home.urls().superuser, autocommit=True) as superuser:
        superuser.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status, scheduled_at) "
            "VALUES ('default', 'react', 0, '{}', 'todo', now() - interval '2 hours')"
        )
        try:
            assert "2 hours" in findings(home)["queue"][0][1]
        finally:
            superuser.execute("DELETE FROM procrastinate_jobs")


def test_a_database_that_cannot_be_reached_is_one_finding_among_others(home: Home) -> None:
    found = findings(
        home,
        DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none",
        DATABASE_CROSS_URL="postgresql://nobody:x@127.0.0.1:1/none",
    )
    assert broken(found) == {"database"}
    assert "disk" in found


def test_a_role_that_sees_too_much_is_named(home: Home) -> None:
    urls = home.urls()
    found = findings(home, DATABASE_URL=urls.cross, DATABASE_CROSS_URL=urls.cross)
    assert "BYPASSRLS" in found["roles"][0][1]
    found = findings(home, DATABASE_URL=urls.app, DATABASE_CROSS_URL=urls.app)
    assert "roles" in broken(found)


def settings_found(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[Finding]:
    without_settings(monkeypatch)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return [finding for finding in look_at_settings() if finding.state != "ok"]


@pytest.mark.parametrize(
    ("variables", "state", "words"),
    [
        ({"STAVEWORKS_DEBUG": "1"}, "advice", "Debugging"),
        ({"STAVEWORKS_DEBUG": "1", "STAVEWORKS_HTTPS": "1"}, "broken", "Debugging"),
        ({"STAVEWORKS_HOSTS": "*", "STAVEWORKS_HTTPS": "1"}, "broken", "host name"),
        ({"STAVEWORKS_HOSTS": "cluster.example.cn"}, "broken", "HTTPS"),
        ({"STAVEWORKS_BACKUP_HOUR": "25"}, "broken", "STAVEWORKS_BACKUP_HOUR"),
        ({"STAVEWORKS_BACKUP_HUOR": "3"}, "advice", "STAVEWORKS_BACKUP_HUOR"),
    ],
)
def test_settings_that_are_wrong_or_unsafe_are_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], state: str, words: str
) -> None:
    [finding] = settings_found(monkeypatch, **variables)
    assert (finding.state, words in finding.text.en) == (state, True)


def test_settings_fit_for_the_public_are_well(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_found(monkeypatch, STAVEWORKS_HOSTS="cluster.example.cn", STAVEWORKS_HTTPS="1") == []


def test_a_folder_open_to_others_is_named_with_the_command_that_shuts_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    (tmp_path / "secret_key").write_text("secret")
    (tmp_path / "secret_key").chmod(0o644)
    found = [finding for finding in look_at_machine(tmp_path) if finding.check == "data folder"]
    assert {finding.state for finding in found} == {"broken"}
    assert {finding.repair.en.split()[0] for finding in found if finding.repair} == {"chmod"}
    tmp_path.chmod(0o711)
    (tmp_path / "secret_key").chmod(0o600)
    assert [f.state for f in look_at_machine(tmp_path) if f.check == "data folder"] == ["ok"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (59, "59 seconds"), (61, "1 minute"), (7300, "2 hours"), (200_000, "2 days")],
)
def test_spans_of_time_are_said_as_people_do(seconds: float, words: str) -> None:
    assert span(seconds).en == words
    assert isinstance(span(seconds), Text)
