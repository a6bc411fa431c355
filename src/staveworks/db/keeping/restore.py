"""Bring a backup back into an empty data folder. Everything is read and held against its digests before anything is loaded.

While it lasts the folder holds ``restoring``: a folder with that mark is nobody's home, and the next restore clears it.
"""

import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from pyrage import x25519

from staveworks.db.embedded.postmaster import end_postmaster
from staveworks.db.embedded.secrets import Urls
from staveworks.db.embedded.server import EmbeddedServer
from staveworks.db.home import make_home
from staveworks.db.keeping.archive import DATABASE, HOME, Unpacked, unpack
from staveworks.db.keeping.errors import (
    AlreadyRunning,
    Damaged,
    DatabaseNotEmpty,
    HalfRestored,
    HomeNotEmpty,
    no_space,
)
from staveworks.db.keeping.load import clear, load

MARK = "restoring"
NOBODYS = {"lost+found"}
IN_A_TRIAL = (DATABASE, f"{HOME}seals/", f"{HOME}secret_key")
"""What a trial writes; the rest is only read and held against its digest."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to bring back where. ``database``: (owner's, cross role's) addresses of an external one, else the embedded."""

    backup: Path
    home: Path
    identities: Sequence[x25519.Identity]
    between: Sequence[str]
    database: tuple[str, str] | None = None
    trial: bool = False
    """Into a folder that is thrown away: without waiting for the disk, and without writing the files."""


@contextmanager
def restoring(order: Order) -> Iterator[Unpacked]:
    """The backup, with database and files in place and the database running; when the block ends well, the restore is done.

    If anything goes wrong, the block included, all that was brought back is taken away again. Raises `KeepingTrouble`.
    """
    try:
        with _claimed(order.home) as stage:
            unpacked = unpack(order.backup, order.identities, stage, _wanted(order))
            _place_files(stage, order.home)
            with _database(order) as (owner, cross):
                load(owner, stage / DATABASE, between=order.between)
                (stage / DATABASE).unlink()
                count_rows(cross, unpacked.listed["rows"])
                yield unpacked
    except OSError as error:
        raise no_space(error, order.home) or error from error


def refuse_half_restored(home: Path) -> None:
    """Raise `HalfRestored` if a restore into this folder was cut short."""
    if (home / MARK).exists():
        raise HalfRestored(HalfRestored.text.format(home=home))


def _wanted(order: Order) -> Any:
    return (lambda name: name.startswith(IN_A_TRIAL)) if order.trial else (lambda name: True)


@contextmanager
def _claimed(home: Path) -> Iterator[Path]:
    """The folder, empty but for the mark; empty again if the block fails."""
    existed = home.exists()
    make_home(home)
    stage = home / MARK
    if not stage.exists() and _inside(home):
        raise HomeNotEmpty(HomeNotEmpty.text.format(home=home))
    stage.mkdir(mode=0o700, exist_ok=True)
    with (stage / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning from error
        _clear(home)
        try:
            yield stage
        except BaseException:
            _clear(home)
            shutil.rmtree(stage, ignore_errors=True)
            if not existed:
                home.rmdir()
            raise
        shutil.rmtree(stage)


def _inside(home: Path) -> list[Path]:
    return [entry for entry in home.iterdir() if entry.name not in NOBODYS]


def _clear(home: Path) -> None:
    """Take away what a restore has brought, but for its lock."""
    if (home / "postgres").exists():
        discard_database(home)
    for entry in _inside(home):
        for each in entry.iterdir() if entry.name == MARK else [entry]:
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            elif each.name != "lock":
                each.unlink()


def discard_database(home: Path) -> None:
    """End the server of a folder that is given up, and delete its data wherever they lie."""
    folder = (home / "postgres").resolve()
    for data in folder.glob("[0-9]*"):
        end_postmaster(data)
    shutil.rmtree(folder, ignore_errors=True)
    if (home / "postgres").is_symlink():
        (home / "postgres").unlink()


def _place_files(stage: Path, home: Path) -> None:
    if not (stage / HOME).exists():
        return
    for entry in (stage / HOME).iterdir():
        entry.rename(home / entry.name)


@contextmanager
def _database(order: Order) -> Iterator[tuple[str, str]]:
    """(owner's, cross role's) address of an empty database, which is empty again if the block fails."""
    if order.database is None:
        with EmbeddedServer(order.home, durable=not order.trial) as urls:
            yield _addresses(urls)
        return
    owner, cross = order.database
    _must_be_empty(owner)
    try:
        yield owner, cross
    except BaseException:
        clear(owner)
        raise


def _addresses(urls: Urls) -> tuple[str, str]:
    return urls.owner, urls.cross


def _must_be_empty(owner: str) -> None:
    with psycopg.connect(owner, connect_timeout=10) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LIMIT 1"
        ).fetchone()
    if found:
        raise DatabaseNotEmpty


def count_rows(cross: str, rows: dict[str, int]) -> None:
    """Raise `Damaged` unless each table holds as many rows as in the snapshot."""
    with psycopg.connect(cross) as connection:
        connection.execute("SET statement_timeout = 0")
        for table, wanted in rows.items():
            row = connection.execute(
                sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            ).fetchone()
            if row is None or row[0] != wanted:
                raise Damaged(Damaged.text.format(what=f"{table}: {row and row[0]} rows instead of {wanted}"))
