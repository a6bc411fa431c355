"""An installation brought up to date: a backup first, then server and schema, and back to the backup if that fails."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from staveworks.cli.kept import BETWEEN, REFERENCES, facts, program_version
from staveworks.cli.siblings import sibling
from staveworks.db.embedded.cluster import majors
from staveworks.db.embedded.older import programs_of
from staveworks.db.embedded.secrets import load_access, save_access
from staveworks.db.embedded.server import EmbeddedServer
from staveworks.db.home import make_home
from staveworks.db.keeping.archive import DATABASE, unpack
from staveworks.db.keeping.catalogue import forget_surplus
from staveworks.db.keeping.load import load
from staveworks.db.keeping.make import Made, Source, Wish, make_backup, staging
from staveworks.db.keeping.restore import count_rows, discard_database
from staveworks.kit.configuration.table import (
    BACKUP_DAILY,
    BACKUP_WEEKLY,
    DATABASE_CROSS_URL,
    DATABASE_OWNER_URL,
)
from staveworks.kit.errors import Refused, StaveworksError
from staveworks.kit.text import Text

Say = Callable[[str], None]


class InUse(Refused):
    text = Text(
        zh="程序正在运行。请先停止它（staveworks run 的 Ctrl-C），再升级。",
        en="The program is running. Stop it first (Ctrl-C of `staveworks run`), then upgrade.",
    )


class UpgradeUndone(StaveworksError):
    text = Text(
        zh="升级失败，已退回升级前的状态，数据没有丢：{why}。请继续用原来的版本，备份在 {path}。",
        en="The upgrade failed and was undone, nothing is lost: {why}. Go on with the former version. The backup is {path}.",
    )


class UpgradeStuck(StaveworksError):
    text = Text(
        zh="升级失败，而且没能退回：{why}。升级前的一切都在备份 {path} 里，请用 staveworks restore 恢复。",
        en="The upgrade failed and could not be undone: {why}. Everything from before it is in the backup {path}: restore it.",
    )


@contextmanager
def nobody_runs(home: Path) -> Iterator[None]:
    """Keep `run` from starting meanwhile. Raises `InUse` where it is running."""
    with (home / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse from error
        yield


def upgrade_schema(home: Path, trial: Callable[[Path], None] | None, say: Say) -> tuple[list[str], Made]:
    """Back up, migrate, verify; the names of what was applied, and the backup. The database is connected.

    ``trial(backup)`` rehearses it all on a copy before anything is changed. Raises what keeps the backup from being made,
    `UpgradeUndone`, `UpgradeStuck`.
    """
    from staveworks.db import schema

    made = _backup_before(home, DATABASE_CROSS_URL.read() or "", trial, say)
    say("migrating 更新结构")
    try:
        with schema.alone():
            applied = schema.migrate()
            _found_operator()
        _verify()
    except Exception as error:
        _undo(home, made, error, say)
        raise UpgradeUndone(_told(UpgradeUndone.text, error, made)) from error
    return applied, made


def _found_operator() -> None:
    from staveworks.foundation.parties.usecases.found_operator import found_operator

    found_operator()


def _verify() -> None:
    found = sibling("jobs.verifying", "verify_node")()
    if not found.ok:
        raise Refused(found.fault.text)
    books = sibling("jobs.books", "verify_books")()
    if not books.ok:
        raise Refused(books.drifts[0].text)


def _backup_before(home: Path, cross: str, trial: Callable[[Path], None] | None, say: Say) -> Made:
    """In the data folder, beside the data that it holds: neither encrypted nor on another disk, so that it can be used at once."""
    folder = home / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = folder / f"before-{program_version()}-{moment}.tar"
    made = make_backup(Source(home, cross, facts(), REFERENCES), Wish(target, (), trial, "upgrade"), say)
    forget_surplus(home, daily=BACKUP_DAILY.read(), weekly=BACKUP_WEEKLY.read())
    return made


def _undo(home: Path, made: Made, why: Exception, say: Say) -> None:
    """Bring the database back as it was, unless somebody has written since. Raises `UpgradeStuck`."""
    say("undoing 退回")
    owner, cross = DATABASE_OWNER_URL.read(), DATABASE_CROSS_URL.read()
    assert owner
    assert cross
    try:
        if _events(cross) != made.events:
            raise Refused(Text(zh="期间有人写入", en="somebody has written meanwhile"))
        with staging(home) as stage:
            unpack(Path(made.kept.path), [], stage, lambda name: name == DATABASE)
            load(owner, stage / DATABASE, replace=True)
    except Exception as error:
        raise UpgradeStuck(_told(UpgradeStuck.text, error, made)) from why


def _events(cross: str) -> int:
    with psycopg.connect(cross) as connection:
        row = connection.execute("SELECT count(*) FROM eventlog_event").fetchone()
    assert row is not None
    return int(row[0])


def _told(text: Text, why: Exception, made: Made) -> Text:
    said = str(why).strip().splitlines() or [type(why).__name__]
    return text.format(why=said[0], path=made.kept.path)


def upgrade_server(home: Path, major: int, say: Say) -> Made:
    """Bring the data of an older PostgreSQL over to the programs of today, by way of a backup; the old data stay beside.

    The new data are made complete in a folder of their own and moved in last: killed at any moment, the next start finds the old
    or the new ones whole. Raises `DatabaseTrouble`, `KeepingTrouble`; then the old data are as they were.
    """
    say(f"PostgreSQL {major}: bringing the data over 转移数据")
    cluster = (home / "postgres").resolve()
    with EmbeddedServer(home, binaries=programs_of(major, cluster)) as urls:
        made = _backup_before(home, urls.cross, None, say)
    newer = home / "newer"
    _discard(newer)
    try:
        _load_anew(home, newer, made)
        fresh = (newer / "postgres").resolve()
        current = max(majors(fresh))
        (fresh / str(current)).rename(cluster / str(current))
        (cluster / str(major)).rename(cluster / f"{major}.old")
    finally:
        _discard(newer)
    return made


def _load_anew(home: Path, newer: Path, made: Made) -> None:
    """The backup in a new cluster with the passwords of the old one, complete and on the disk."""
    make_home(newer)
    access = load_access(home)
    assert access
    save_access(newer, access)
    with staging(home) as stage, EmbeddedServer(newer) as urls:
        unpacked = unpack(Path(made.kept.path), [], stage, lambda name: name == DATABASE)
        load(urls.owner, stage / DATABASE, between=BETWEEN)
        count_rows(urls.cross, unpacked.listed["rows"])


def _discard(newer: Path) -> None:
    if (newer / "postgres").exists():
        discard_database(newer)
    shutil.rmtree(newer, ignore_errors=True)
