"""Which backups are kept and when the next is due; what travels; what an archive refuses. No database."""

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from staveworks.db.keeping.archive import packing, read_header, unpack
from staveworks.db.keeping.catalogue import Kept, forget_surplus, note, read_catalogue, worth_keeping
from staveworks.db.keeping.contents import early_files, later_files
from staveworks.db.keeping.errors import BadKeyFile, Damaged, KeepingTrouble, KeyNeeded, WrongKey
from staveworks.db.keeping.keys import has_secret, new_key, read_identities, read_recipients
from staveworks.db.keeping.timing import is_due, last_time

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def days_before(*numbers: float) -> list[datetime]:
    return [NOON - timedelta(days=number) for number in numbers]


def test_the_last_of_each_day_and_of_each_week_are_kept() -> None:
    """25 November 2026 is a Wednesday: its week began on the 23rd."""
    moments = days_before(*range(30))
    assert worth_keeping(moments, daily=3, weekly=3) == {*days_before(0, 1, 2), *days_before(3, 10)}


def test_of_several_on_one_day_the_last_is_kept() -> None:
    assert worth_keeping(days_before(0, 0.1, 0.2), daily=7, weekly=0) == set(days_before(0))


def test_the_newest_is_kept_whatever_the_rule() -> None:
    assert worth_keeping(days_before(400, 500), daily=0, weekly=0) == set(days_before(400))
    assert worth_keeping([], daily=7, weekly=5) == set()


@pytest.mark.parametrize("seed", range(5))
def test_making_one_each_day_and_forgetting_each_day_ends_as_forgetting_once_would(seed: int) -> None:
    """A rule that forgets each day must not forget what it will want next week."""
    chance = random.Random(seed)
    held: set[datetime] = set()
    everything = [NOON + timedelta(days=day, hours=chance.uniform(0, 5)) for day in range(120)]
    for moment in everything:
        held = worth_keeping([*held, moment], daily=7, weekly=5)
    assert held == worth_keeping(everything, daily=7, weekly=5)
    assert len({moment.date() for moment in held}) >= 7
    assert len({moment.isocalendar()[:2] for moment in held}) >= 5


def kept(folder: Path, name: str, moment: datetime, reason: str = "scheduled") -> Kept:
    (folder / name).write_text("backup")
    return Kept(str(folder / name), moment.isoformat(), 6, "0.1.0", False, True, reason)


def test_only_timed_backups_are_forgotten(tmp_path: Path) -> None:
    for number in range(4):
        note(tmp_path, kept(tmp_path, f"timed-{number}", NOON - timedelta(days=number)))
    note(tmp_path, kept(tmp_path, "asked", NOON - timedelta(days=300), reason="asked"))
    gone = forget_surplus(tmp_path, daily=2, weekly=0)
    assert {path.name for path in gone} == {"timed-2", "timed-3"}
    assert {Path(entry.path).name for entry in read_catalogue(tmp_path)} == {"asked", "timed-0", "timed-1"}
    assert sorted(path.name for path in tmp_path.glob("*-*")) == ["timed-0", "timed-1"]
    assert (tmp_path / "asked").exists()


def test_of_backups_before_upgrades_three_are_kept(tmp_path: Path) -> None:
    for number in range(5):
        note(tmp_path, kept(tmp_path, f"before-{number}", NOON - timedelta(days=number), reason="upgrade"))
    forget_surplus(tmp_path, daily=0, weekly=0)
    assert {Path(entry.path).name for entry in read_catalogue(tmp_path)} == {
        "before-0",
        "before-1",
        "before-2",
    }


def test_the_time_for_a_backup_is_told_by_chinas_clocks() -> None:
    assert last_time(datetime(2026, 11, 25, 17, 59, tzinfo=UTC), 2) == datetime(2026, 11, 24, 18, tzinfo=UTC)
    assert last_time(datetime(2026, 11, 25, 18, 0, tzinfo=UTC), 2) == datetime(2026, 11, 25, 18, tzinfo=UTC)


def test_a_backup_is_due_once_its_hour_has_passed_and_not_again(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    assert not is_due(tmp_path, now), "a new home waits for its first night"
    assert is_due(tmp_path, now + timedelta(days=1))
    note(tmp_path, kept(tmp_path, "timed", now + timedelta(days=1)))
    assert not is_due(tmp_path, now + timedelta(days=1, seconds=1))
    assert is_due(tmp_path, now + timedelta(days=2))


def test_with_no_days_to_keep_none_is_due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAVEWORKS_BACKUP_DAILY", "0")
    is_due(tmp_path, NOON)
    assert not is_due(tmp_path, datetime.now(UTC) + timedelta(days=9))


def test_everything_in_the_data_folder_travels_but_what_is_made_anew(tmp_path: Path) -> None:
    for name in (
        *("secret_key", "messages.jsonl", "first-start-done", "files/ab/cd/abcd", "something/new.json"),
        *(
            "postgres/18/PG_VERSION",
            "database.json",
            "database.log.1",
            "run.json",
            "static/a.css",
            "backups/x.tar",
        ),
        *("backup.lock", "keeping/database.dump", "files/incoming-x", "files/ab/.fresh", "seals/cloud.json"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "files" / "link").symlink_to("/etc/passwd")
    assert [name for name, _ in later_files(tmp_path)] == [
        "files/ab/cd/abcd",
        "first-start-done",
        "messages.jsonl",
        "secret_key",
        "something/new.json",
    ]
    assert [name for name, _ in early_files(tmp_path)] == ["seals/cloud.json"]


def test_a_folder_of_files_on_another_disk_travels_as_well(tmp_path: Path) -> None:
    home, disk = tmp_path / "home", tmp_path / "disk"
    home.mkdir()
    disk.mkdir()
    (disk / "paper").write_text("paper")
    (home / "files").symlink_to(disk)
    assert [name for name, _ in later_files(home)] == ["files/paper"]


def packed(folder: Path, key: Path | None = None) -> Path:
    path = folder / "backup.tar"
    with packing(path, read_recipients(key) if key else []) as packer:
        packer.add_json("backup.json", {"product": "staveworks", "format": 1})
        packer.add_bytes("database.dump", os.urandom(200_000))
        packer.add_bytes("home/secret_key", b"secret")
        packer.finish(rows={}, missing=[])
    return path


@pytest.mark.parametrize("encrypted", [False, True])
def test_every_cut_is_noticed(tmp_path: Path, encrypted: bool) -> None:
    key = tmp_path / "key"
    new_key(key)
    content = packed(tmp_path, key if encrypted else None).read_bytes()
    identities = read_identities(key) if encrypted else []
    whole = unpack(tmp_path / "backup.tar", identities, tmp_path / "whole")
    assert set(whole.entries) >= {"backup.json", "database.dump", "home/secret_key"}
    end = content.rindex(b"manifest.json.sha256") if not encrypted else len(content)
    for number, cut in enumerate([0, 10, 511, 512, 1000, 50_000, 150_000, end - 1]):
        (tmp_path / "cut.tar").write_bytes(content[:cut])
        with pytest.raises(KeepingTrouble):
            unpack(tmp_path / "cut.tar", identities, tmp_path / f"cut-{number}")


@pytest.mark.parametrize("encrypted", [False, True])
def test_every_flipped_byte_that_matters_is_noticed(tmp_path: Path, encrypted: bool) -> None:
    """A byte of the padding between entries may change: then all entries are still what they were."""
    key, chance = tmp_path / "key", random.Random(24)
    new_key(key)
    content = packed(tmp_path, key if encrypted else None).read_bytes()
    identities = read_identities(key) if encrypted else []
    whole = unpack(tmp_path / "backup.tar", identities, tmp_path / "whole")
    noticed = 0
    for number in range(60):
        altered = bytearray(content)
        altered[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        (tmp_path / "altered.tar").write_bytes(altered)
        try:
            found = unpack(tmp_path / "altered.tar", identities, tmp_path / str(number))
        except KeepingTrouble:
            noticed += 1
        else:
            assert found.entries == whole.entries
            assert not encrypted
    assert noticed > 40


def test_an_encrypted_header_is_closed_without_the_key(tmp_path: Path) -> None:
    key, other = tmp_path / "key", tmp_path / "other"
    new_key(key)
    new_key(other)
    path = packed(tmp_path, key)
    assert read_header(path, read_identities(key))["product"] == "staveworks"
    with pytest.raises(KeyNeeded):
        read_header(path)
    with pytest.raises(WrongKey):
        read_header(path, read_identities(other))


def test_a_name_that_leads_outside_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "evil.tar"
    with packing(path, []) as packer:
        packer.add_json("backup.json", {"product": "staveworks", "format": 1})
        packer.add_bytes("home/../../escaped", b"x")
        packer.finish(rows={}, missing=[])
    with pytest.raises(KeepingTrouble):
        unpack(path, [], tmp_path / "inside")
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("content", ["", "# only a remark\n", "not a key\n", "AGE-SECRET-KEY-1WRONG\n"])
def test_a_key_file_without_a_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key"
    path.write_text(content)
    for read in (read_recipients, has_secret, read_identities):
        with pytest.raises(BadKeyFile):
            read(path)  # type: ignore[operator]


def test_a_missing_entry_is_named(tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    with packing(path, []) as packer:
        packer.add_json("backup.json", {"product": "staveworks", "format": 1})
        packer.entries["home/files/lost"] = packer.entries["backup.json"]
        packer.finish(rows={}, missing=[])
    with pytest.raises(Damaged, match="home/files/lost"):
        unpack(path, [], tmp_path / "out")
