"""Make a backup: stage the dump, pack everything into one file beside the final name, try it, and only then name it."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from pyrage import x25519

from staveworks.db.keeping.archive import DATABASE, FORMAT, HEADER, HOME, Packer, packing
from staveworks.db.keeping.catalogue import Kept, note
from staveworks.db.keeping.contents import early_files, later_files
from staveworks.db.keeping.errors import AlreadyRunning, NoFolder, TargetExists, no_space
from staveworks.db.keeping.snapshot import Snapshot, files_named_by_rows, snapshot

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be kept. ``references``: table → query giving (path in the data folder, sha256) of the files that rows name."""

    home: Path
    url: str
    """As the role that sees all rows."""
    facts: Mapping[str, Any]
    """More for the header: version, node, fingerprint of the secret."""
    references: Mapping[str, LiteralString]


@dataclass(frozen=True, slots=True)
class Wish:
    """Where to, for whom to encrypt, and how to try it: ``trial(path)`` raises what is wrong with the file."""

    target: Path
    recipients: Sequence[x25519.Recipient] = ()
    trial: Callable[[Path], None] | None = None
    reason: str = "asked"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup under its final name."""

    kept: Kept
    events: int
    files: int
    seconds: float
    missing: Sequence[str] = field(default=())
    """Files that rows name and that were not there, or not what their digest says, before the backup began."""


def make_backup(source: Source, wish: Wish, say: Say = lambda line: None) -> Made:
    """Keep database and files as they are at one moment. Others go on writing meanwhile.

    A half-made file never gets the final name, whenever this is killed. Raises `KeepingTrouble`.
    """
    began = time.monotonic()
    target = wish.target.absolute()
    if not target.parent.is_dir():
        raise NoFolder(NoFolder.text.format(path=target.parent))
    if target.exists():
        raise TargetExists(TargetExists.text.format(path=target))
    partial = target.with_name(f"{target.name}.partial")
    with only_backup(source.home), staging(source.home) as stage:
        try:
            packed = _pack(source, wish, partial, stage, say)
            size = partial.stat().st_size
            if wish.trial:
                say("trial restore 试恢复")
                wish.trial(partial)
            _give_name(partial, target)
        except OSError as error:
            raise no_space(error, error.filename or target) or error from error
        finally:
            partial.unlink(missing_ok=True)
        kept = Kept(
            path=str(target),
            taken_at=packed.taken_at,
            bytes=size,
            version=str(source.facts["version"]),
            encrypted=bool(wish.recipients),
            verified=wish.trial is not None,
            reason=wish.reason,
        )
        note(source.home, kept)
    return Made(kept, packed.events, packed.files, time.monotonic() - began, packed.missing)


@dataclass(frozen=True, slots=True)
class _Packed:
    taken_at: str
    events: int
    files: int
    missing: Sequence[str]


def _pack(source: Source, wish: Wish, partial: Path, stage: Path, say: Say) -> _Packed:
    anchors = {name: path.read_bytes() for name, path in early_files(source.home)}
    with snapshot(source.url) as view:
        taken_at = view.taken_at.astimezone(UTC).isoformat()
        say(f"snapshot 快照 {taken_at}")
        view.dump(stage / DATABASE)
        rows, named = view.count_rows(), view.files(source.references)
        with packing(partial, wish.recipients) as packer:
            packer.add_json(HEADER, _header(source, view, taken_at, trial=wish.trial is not None))
            packer.add_file(DATABASE, stage / DATABASE)
            (stage / DATABASE).unlink()
            for name, content in anchors.items():
                packer.add_bytes(HOME + name, content)
            _add_files(packer, source.home)
            missing = _missing(packer, named, source)
            packer.finish(rows=rows, missing=missing)
    files = sum(name.startswith(HOME) for name in packer.entries)
    return _Packed(taken_at, rows.get("eventlog_event", 0), files, missing)


def _header(source: Source, view: Snapshot, taken_at: str, *, trial: bool) -> dict[str, Any]:
    return {
        "product": "staveworks",
        "format": FORMAT,
        **source.facts,
        "taken_at": taken_at,
        "server_version": view.server_version,
        "database_bytes": view.database_bytes(),
        "migrations": view.migrations(),
        "verified": trial,
    }


def _add_files(packer: Packer, home: Path) -> None:
    for name, path in later_files(home):
        try:
            packer.add_file(HOME + name, path)
        except FileNotFoundError:
            continue  # erased since it was listed; if a row still names it, `_missing` tells


def _missing(packer: Packer, named: Mapping[str, str], source: Source) -> list[str]:
    """Files of the snapshot that aren't in the archive as they should be, but for those that were erased meanwhile."""
    wrong = [
        path
        for path, sha256 in named.items()
        if (entry := packer.entries.get(HOME + path)) is None or entry.sha256 != sha256
    ]
    if not wrong:
        return []
    with psycopg.connect(source.url) as connection:
        now = files_named_by_rows(connection, source.references)
    return [path for path in wrong if path in now]


def _give_name(partial: Path, target: Path) -> None:
    """The final name, unless somebody took it meanwhile; on the disk when this returns."""
    try:
        os.link(partial, target)
    except FileExistsError as error:
        raise TargetExists(TargetExists.text.format(path=target)) from error
    except OSError:  # a file system without hard links
        os.rename(partial, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def only_backup(home: Path) -> Iterator[None]:
    """One backup at a time in a data folder. Raises `AlreadyRunning`."""
    with (home / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning from error
        yield


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """A private folder in the data folder, where the plain dump may lie for a while; what a killed one left goes first."""
    folder = home / "keeping"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
