"""A backup that counts is whole; what isn't whole never counts, and nothing that was there before is lost."""

import json
import os
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.rooms.keeping.homes import Home, a_furnished_home, a_home, move_into
from tests.rooms.keeping.life import pdf

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("keeping")]


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    with a_furnished_home() as furnished:
        yield furnished


@pytest.fixture(scope="module")
def key(home: Home) -> Path:
    path = home.folder.parent / "key"
    home.must("backup", "--new-key", str(path))
    return path


@pytest.fixture(scope="module")
def plain(home: Home) -> Path:
    path = home.folder.parent / "plain.tar"
    home.must("backup", str(path))
    return path


@pytest.fixture(scope="module")
def encrypted(home: Home, key: Path) -> Path:
    """Not tried: a trial restore takes three times as long as a backup, and the tests restore it themselves."""
    path = home.folder.parent / "encrypted.tar.age"
    home.must("backup", str(path), "--key-file", str(key), "--no-verify")
    return path


@pytest.fixture(scope="module")
def restored(plain: Path) -> Iterator[tuple[Home, dict[str, Any]]]:
    """A home, empty at first, into which ``plain`` was restored, and what the command told; only looked at."""
    with a_home() as other:
        other.folder.mkdir()
        yield other, other.must("restore", str(plain))


@pytest.fixture
def empty() -> Iterator[Home]:
    with a_home() as other:
        yield other


def assert_refused(done: "subprocess.CompletedProcess[str]", *words: str) -> None:
    assert (done.returncode, done.stdout) == (1, ""), done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_a_backup_is_verified_listed_and_logged(home: Home, plain: Path) -> None:
    listed = home.must("backup", "--list")
    entry = next(each for each in listed if each["path"] == str(plain))
    assert (entry["verified"], entry["encrypted"], entry["present"]) == (True, False, True)
    assert entry["bytes"] == plain.stat().st_size
    assert stat.S_IMODE(plain.stat().st_mode) == 0o600
    [(data,)] = home.ask(
        "SELECT data FROM eventlog_event WHERE type = 'backup.made' AND data->>'encrypted' = 'false' LIMIT 1"
    )
    assert data["verified"] is True
    assert not {"keeping", "trial"} & home.entries(), "neither the plain dump nor the trial stays"


def test_any_tar_opens_a_plain_backup_and_finds_its_list_at_the_end(plain: Path) -> None:
    with tarfile.open(plain) as tar:
        names = tar.getnames()
        assert names[:2] == ["backup.json", "database.dump"]
        assert names[-2:] == ["manifest.json", "manifest.json.sha256"]
        assert {"home/seals/cloud.json", "home/secret_key"} <= set(names)
        assert not [name for name in names if "database.json" in name or "postgres" in name]


def test_restored_everything_is_as_it_was(home: Home, restored: tuple[Home, dict[str, Any]]) -> None:
    other, found = restored
    assert found["missing"] == []
    assert found["same_secret"] is True
    assert (other.folder / "secret_key").read_bytes() == (home.folder / "secret_key").read_bytes()
    for table in ("parties_person", "parties_profile", "files_stored_file", "rosters_roster"):
        query = f"SELECT to_jsonb(t) FROM {table} t ORDER BY t::text"
        assert other.ask(query) == home.ask(query)
    [(sha256,)] = other.ask("SELECT sha256 FROM files_stored_file LIMIT 1")
    stored = other.folder / "files" / sha256[:2] / sha256[2:4] / sha256
    assert stored.read_bytes() == pdf(0)
    assert "restoring" not in other.entries()


def test_restored_rights_and_policies_hold_as_before(
    home: Home, restored: tuple[Home, dict[str, Any]]
) -> None:
    other, _ = restored
    guards = (
        "SELECT relname, relrowsecurity, relforcerowsecurity, relowner::regrole::text, relacl::text FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') ORDER BY relname",
        "SELECT * FROM pg_policies ORDER BY tablename, policyname",
        "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
        r"SELECT conrelid::regclass::text, conname, regexp_replace(pg_get_constraintdef(oid), '::[a-z ]+(\[\])?|[()]', '', 'g') FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2",
        r"SELECT indexname, regexp_replace(indexdef, '::[a-z ]+(\[\])?|[()]', '', 'g') FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        "SELECT proname, pg_get_functiondef(oid), proacl::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
        "AND proowner = 'staveworks_owner'::regrole ORDER BY 1, 2",
        "SELECT defaclrole::regrole::text, defaclobjtype, defaclacl::text FROM pg_default_acl ORDER BY 1, 2, 3",
    )
    for query in guards:
        assert other.ask(query) == home.ask(query)
    with psycopg.connect(other.urls().app) as connection:
        assert connection.execute("SELECT count(*) FROM parties_profile").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE eventlog_event SET type = 'x'")


def test_an_encrypted_backup_opens_with_its_key_only(
    home: Home, key: Path, encrypted: Path, empty: Home
) -> None:
    content = encrypted.read_bytes()
    assert content.startswith(b"age-encryption.org/")
    assert "春晖织造".encode() not in content
    assert (home.folder / "secret_key").read_bytes() not in content
    assert_refused(empty.run("restore", str(encrypted)), "--key-file")
    other = key.with_name("other-key")
    home.must("backup", "--new-key", str(other))
    assert_refused(empty.run("restore", str(encrypted), "--key-file", str(other)), "key is not the one")
    assert empty.entries() == set()
    assert empty.must("restore", str(encrypted), "--key-file", str(key))["missing"] == []


def test_a_key_is_for_its_owner_only_and_never_written_over(home: Home, key: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    assert_refused(home.run("backup", "--new-key", str(key)), "exists already")
    assert key.read_bytes() == before


def test_without_the_secret_key_a_backup_can_be_made_but_not_tried(home: Home, key: Path) -> None:
    public = key.with_name("public")
    public.write_text(key.read_text().splitlines()[1].removeprefix("# public key: ") + "\n")
    target = home.folder.parent / "public.tar.age"
    assert_refused(home.run("backup", str(target), "--key-file", str(public)), "--no-verify")
    assert not target.exists()
    assert home.must("backup", str(target), "--key-file", str(public), "--no-verify")["verified"] is False
    assert home.must("restore", str(target), "--rehearse", "--key-file", str(key))["missing"] == []


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_truncated_file_is_refused_and_the_home_stays_empty(
    plain: Path, encrypted: Path, key: Path, empty: Home, share: float
) -> None:
    for whole, more in ((plain, []), (encrypted, ["--key-file", str(key)])):
        cut = empty.folder.parent / whole.name
        cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
        assert_refused(empty.run("restore", str(cut), *more), "damaged")
        assert empty.entries() == set()


@pytest.mark.parametrize(
    "place", ["database.dump", "home/secret_key", "manifest.json", "manifest.json.sha256"]
)
def test_a_flipped_byte_is_found_and_named(plain: Path, empty: Home, place: str) -> None:
    with tarfile.open(plain) as tar:
        member = tar.getmember(place)
    content = bytearray(plain.read_bytes())
    content[member.offset_data + member.size // 2] ^= 0x01
    altered = empty.folder.parent / "altered.tar"
    altered.write_bytes(content)
    assert_refused(empty.run("restore", str(altered)), "damaged")
    assert empty.entries() == set()


def test_a_flipped_byte_of_an_encrypted_backup_is_found(encrypted: Path, key: Path, empty: Home) -> None:
    content = bytearray(encrypted.read_bytes())
    content[len(content) // 2] ^= 0x01
    altered = empty.folder.parent / "altered.tar.age"
    altered.write_bytes(content)
    assert_refused(empty.run("restore", str(altered), "--key-file", str(key)), "damaged")
    assert empty.entries() == set()


def test_another_file_is_no_backup(empty: Home) -> None:
    picture = empty.folder.parent / "picture.png"
    picture.write_bytes(os.urandom(5000))
    archive = empty.folder.parent / "some.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(picture, "../../escaped.png")
    for path in (picture, archive):
        assert_refused(empty.run("restore", str(path)), "not a backup")
        assert empty.entries() == set()


def test_a_backup_of_a_later_program_is_refused(plain: Path, empty: Home) -> None:
    later = empty.folder.parent / "later.tar"
    rewrite_header(plain, later, version="99.0.0")
    assert_refused(empty.run("restore", str(later)), "99.0.0", "Update the program")
    unknown = empty.folder.parent / "unknown.tar"
    rewrite_header(plain, unknown, migrations=["parties.0099_from_the_future"])
    assert_refused(empty.run("restore", str(unknown)), "Update the program")


def rewrite_header(source: Path, target: Path, **changes: object) -> None:
    with tarfile.open(source) as old, tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as new:
        for member in old:
            file = old.extractfile(member)
            assert file is not None
            content = file.read()
            if member.name == "backup.json":
                content = json.dumps(json.loads(content) | changes).encode()
                member.size = len(content)
            copy = target.with_name("member")
            copy.write_bytes(content)
            with copy.open("rb") as reader:
                new.addfile(member, reader)


def test_a_home_with_anything_in_it_is_left_as_it_is(
    plain: Path, empty: Home, restored: tuple[Home, dict[str, Any]]
) -> None:
    empty.folder.mkdir()
    (empty.folder / "notes.txt").write_text("mine")
    assert_refused(empty.run("restore", str(plain)), "not empty")
    assert empty.entries() == {"notes.txt"}
    lived_in, _ = restored
    before = lived_in.entries()
    assert_refused(lived_in.run("restore", str(plain)), "not empty")
    assert lived_in.entries() == before


def test_a_backup_overwrites_nothing_and_needs_a_folder(home: Home, plain: Path) -> None:
    before = plain.read_bytes()
    assert_refused(home.run("backup", str(plain)), "exists already")
    assert plain.read_bytes() == before
    assert_refused(home.run("backup", str(plain.parent / "nowhere" / "a.tar")), "no such folder")
    assert home.run("backup").returncode == 2


def test_a_backup_that_fails_its_trial_is_not_kept(home: Home) -> None:
    """A chain that doesn't verify: what would be restored isn't what was."""
    anchor = home.folder / "seals" / "cloud.json"
    before = anchor.read_bytes()
    anchor.write_text(json.dumps({"number": 10_000, "hash": "00" * 32}))
    target = home.folder.parent / "bad.tar"
    try:
        assert_refused(home.run("backup", str(target)), "trial restore", "tail was deleted")
    finally:
        anchor.write_bytes(before)
    assert not list(target.parent.glob("bad.tar*"))


def test_a_file_that_was_lost_before_is_named_and_the_rest_is_kept(home: Home, empty: Home) -> None:
    [(sha256,)] = home.ask("SELECT sha256 FROM files_stored_file LIMIT 1")
    name = f"files/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    path, away = home.folder / name, home.folder.parent / "away"
    shutil.move(path, away)
    try:
        made = home.must("backup", str(home.folder.parent / "incomplete.tar"), "--no-verify")
    finally:
        shutil.move(away, path)
    assert made["missing"] == [name]
    assert empty.must("restore", made["path"])["missing"] == [name]


def test_whoever_was_erased_after_the_backup_is_erased_again_when_it_is_restored() -> None:
    """By the list beside the backup, although the machine with its own list is lost."""
    with a_home() as home:
        move_into(home.folder)
        who = "0192f000-0000-7000-8000-00000000abcd"
        home.ask(
            "INSERT INTO parties_person (password, id, name, phone, phone_verified, service, is_active, demo) "
            "VALUES ('!', %s, '苏婉清', '+8613805758888', true, false, true, false) RETURNING id",
            who,
        )
        made = home.must("backup", str(home.folder.parent / "early.tar"), "--no-verify")
        assert home.must("person", "erase", "13805758888", "--yes")["person"] == who
        assert home.ask("SELECT phone FROM parties_person WHERE id = %s", who) == [(None,)]
        home.remove()
        assert home.must("restore", made["path"])["erased_again"] == 1, "and verified by that"
        [(name, phone)] = home.ask("SELECT name, phone FROM parties_person WHERE id = %s", who)
        assert (name.startswith("已注销"), phone) == (True, None)
