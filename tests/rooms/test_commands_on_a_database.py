"""Commands find, make or refuse their database; each runs as its own process in an empty home."""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from staveworks.db.embedded.postmaster import end_postmaster
from staveworks.db.embedded.secrets import Urls
from staveworks.db.embedded.server import EmbeddedServer
from staveworks.db.roles import set_passwords
from tests.places import quick_folder
from tests.rooms.keeping.homes import move_into

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.xdist_group("commands_on_a_database")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One home for this module, with database, schema and operator; nothing runs in it."""
    folder = Path(tempfile.mkdtemp(prefix="staveworks-commands-", dir=quick_folder()))
    folder.chmod(0o711)
    move_into(folder)
    yield folder
    if (folder / "postgres").exists():
        end_postmaster((folder / "postgres").resolve() / "18")
    shutil.rmtree(folder, ignore_errors=True)


def staveworks(*arguments: str, home: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_", "STAVEWORKS_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "staveworks.cli.main", *arguments],
        env={**kept, "STAVEWORKS_HOME": str(home), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_command_stops_the_server_it_started_and_names_a_mistyped_setting_once(home: Path) -> None:
    told = staveworks("migrate", home=home, STAVEWORKS_HTTP="1")
    assert told.returncode == 0
    assert told.stderr.count("STAVEWORKS_HTTP (STAVEWORKS_HTTPS?)") == 1
    assert not EmbeddedServer(home).running()


def test_a_command_leaves_a_running_server_running_and_loads_no_more_than_it_needs(home: Path) -> None:
    server = EmbeddedServer(home)
    server.start()
    told = staveworks("migrate", home=home, PYTHONPROFILEIMPORTTIME="1")
    assert told.returncode == 0
    assert server.running()
    server.stop()
    loaded = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "staveworks.foundation.parties.types" in loaded, "the control"
    assert not loaded & {"ninja", "numpy", "highspy", "requests", "staveworks.config.urls"}
    assert "staveworks.db.operations" not in loaded, "migrations import it; all are applied, so none is read"


def test_the_application_cannot_write_in_the_register_of_migrations(home: Path) -> None:
    with EmbeddedServer(home) as urls, psycopg.connect(urls.app) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM django_migrations")


def test_wrong_usage_ends_with_2(home: Path) -> None:
    assert staveworks("migrate", "--chekc", home=home).returncode == 2


def test_trouble_is_one_line_and_ends_with_1(home: Path) -> None:
    told = staveworks("migrate", home=home, DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("Error: ")
    assert "Traceback" not in told.stderr


def test_a_wrong_setting_ends_the_start_with_a_line_that_names_it(home: Path) -> None:
    for command in (["migrate"], ["run", "--no-demo"]):
        told = staveworks(*command, home=home, STAVEWORKS_HTTPS="perhaps")
        assert (told.returncode, told.stdout) == (1, "")
        assert "STAVEWORKS_HTTPS: It should be 1 or 0" in told.stderr
        assert "设置 STAVEWORKS_HTTPS" in told.stderr
        assert "Traceback" not in told.stderr


@pytest.fixture(scope="module")
def foreign() -> Iterator[Urls]:
    """An operator's own PostgreSQL, Debian's: made ready by createdb and psql as ``deploy/roles.sql`` says."""
    folders = sorted(Path("/usr/lib/postgresql").glob("1[5-9]/bin"))
    if not folders or not (folders[0] / "initdb").exists():
        pytest.skip("no PostgreSQL of Debian's here: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="staveworks-foreign-", dir=quick_folder()))
    folder.chmod(0o711)
    server = EmbeddedServer(folder, binaries=folders[0], durable=False)
    urls = server.start()
    at = urls.superuser.removesuffix("/staveworks") + "/"
    with psycopg.connect(at + "postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE staveworks WITH (FORCE)")
        for role in ("staveworks_app", "staveworks_cross", "staveworks_owner"):
            connection.execute(f"DROP ROLE {role}".encode())
    yield prepare_as_operator(folders[0], at, urls)
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def prepare_as_operator(binaries: Path, at: str, urls: Urls) -> Urls:
    roles = ROOT / "deploy" / "roles.sql"
    for _ in range(2):  # it may be repeated
        for command in (
            [binaries / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", at + "postgres", "-c", "SELECT 1"],
            [binaries / "createdb", "--maintenance-db", at + "postgres", "staveworks"],
            [binaries / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", at + "staveworks", "-f", roles],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0 or "already exists" in done.stderr, done.stderr
    passwords = {
        url.split("//")[1].split(":")[0]: url.split(":")[2].split("@")[0]
        for url in (urls.app, urls.owner, urls.cross)
    }
    set_passwords(at + "postgres", passwords)
    return urls


def test_an_empty_external_database_is_migrated_by_its_owner(foreign: Urls, tmp_path: Path) -> None:
    def migrate(*more: str) -> tuple[int, dict[str, list[str]]]:
        told = staveworks("migrate", "--json", *more, home=tmp_path, **foreign.environment())
        return told.returncode, json.loads(told.stdout)

    code, found = migrate("--check")
    assert (code, found["applied"]) == (1, [])
    assert "parties.0001_initial" in found["pending"]
    assert migrate() == (0, {"applied": found["pending"], "pending": []})
    assert migrate("--check") == (0, {"applied": [], "pending": []})
    assert not (tmp_path / "postgres").exists()
    with psycopg.connect(foreign.app) as connection:
        assert connection.execute("SELECT count(*) FROM parties_membership").fetchone() == (0,)
    with psycopg.connect(foreign.cross) as connection:
        assert connection.execute("SELECT count(*) FROM parties_membership").fetchone() == (1,)
        assert connection.execute("SELECT kinds FROM parties_organisation").fetchall() == [(["platform"],)]


def test_an_external_database_is_not_migrated_without_its_owner(foreign: Urls, tmp_path: Path) -> None:
    told = staveworks("migrate", home=tmp_path, DATABASE_URL=foreign.app)
    assert (told.returncode, "DATABASE_OWNER_URL" in told.stderr) == (1, True)


@pytest.mark.parametrize("role", ["owner", "cross", "superuser"])
def test_a_wrong_role_is_refused_at_start(foreign: Urls, tmp_path: Path, role: str) -> None:
    variables = foreign.environment() | {"DATABASE_URL": getattr(foreign, role)}
    told = staveworks("migrate", home=tmp_path, **variables)
    assert told.returncode == 1
    assert "DATABASE_URL" in told.stderr


def test_the_operators_link_is_printed_anew_with_the_address_of_the_settings(home: Path) -> None:
    settings = {"STAVEWORKS_HOSTS": "cluster.example, localhost", "STAVEWORKS_HTTPS": "1"}
    first = staveworks("operator-link", home=home, **settings).stdout.split()[-1]
    second = staveworks("operator-link", "--address", "http://hall.example:8080", home=home).stdout.split()[
        -1
    ]
    assert first.startswith("https://cluster.example/join/operator/")
    assert second.startswith("http://hall.example:8080/join/operator/")
    assert first.split("/")[-2] != second.split("/")[-2], "the one before no longer works"


def test_a_cell_left_empty_is_told_with_the_way_to_correct_it(home: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "list.csv", tmp_path / "out.csv"
    path.write_text(
        "企业名称,所在地,统一社会信用代码,电话,员工人数\n甲乙丙纺织厂,亚特兰蒂斯,XXX,abc,很多\n丁戊己印染厂,绍兴市,,13900000017,30\n",
        encoding="utf-8",
    )
    done = staveworks(
        "import-roster", str(path), "--json", "--out", str(out), home=home, LC_ALL="zh_CN.UTF-8"
    )
    assert json.loads(done.stdout) == {"rows": 2, "loaded": 2, "merged": 0, "queued": 0, "refused": 0}
    first, second = csv.DictReader(out.open(encoding="utf-8"))
    assert first["outcome"] == second["outcome"] == "loaded"
    for cell in ("所在地“亚特兰蒂斯”：", "统一社会信用代码“XXX”：", "电话“abc”：", "员工人数“很多”："):
        assert cell in first["reason"]
    assert second["reason"] == ""
    [line] = [line for line in done.stderr.splitlines() if "/corrections.xlsx" in line]
    assert "4 个单元格" in line
    assert "left empty: 4" in line


def test_a_missing_backup_is_told_in_both_languages(home: Path, tmp_path: Path) -> None:
    done = staveworks("restore", str(tmp_path / "none.tar"), home=home)
    assert done.returncode == 2
    assert "There is no such file" in done.stderr
    assert "没有这个文件" in done.stderr


@pytest.mark.parametrize("verb", ["export", "erase"])
def test_the_help_of_person_tells_exit_codes_in_both_languages(home: Path, verb: str) -> None:
    said = staveworks("person", verb, "--help", home=home).stdout
    assert "Exit code" in said
    assert "退出码" in said
