"""One tar file: a header, the database, the files of the data folder, and at its end a list of all with their digests.

Any ``tar`` unpacks it (after ``age --decrypt``, where it is encrypted). A file that was cut short lacks the list, an altered
one differs from it.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from pyrage import x25519

from staveworks.db.keeping import stream
from staveworks.db.keeping.errors import Damaged, NotABackup

FORMAT = 1
HEADER, DATABASE, HOME = "backup.json", "database.dump", "home/"
LIST, SEAL = "manifest.json", "manifest.json.sha256"
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in the archive."""

    size: int
    sha256: str


@dataclass
class Packer:
    """Adds entries and keeps the list of them."""

    tar: tarfile.TarFile
    entries: dict[str, Entry] = field(default_factory=dict)

    def add_bytes(self, name: str, content: bytes) -> Entry:
        return self._add(name, len(content), io.BytesIO(content))

    def add_json(self, name: str, content: object) -> Entry:
        return self.add_bytes(name, json.dumps(content, ensure_ascii=False, indent=1).encode())

    def add_file(self, name: str, path: Path) -> Entry:
        """The first so many bytes of the file as it has now: one that grows meanwhile (a log) is cut there."""
        with path.open("rb") as file:
            return self._add(name, os.fstat(file.fileno()).st_size, file)

    def finish(self, **more: object) -> None:
        """Add the list of all, and of whatever else is to be known of them."""
        listed = {name: [entry.size, entry.sha256] for name, entry in self.entries.items()}
        entry = self.add_json(LIST, {"entries": listed, **more})
        self.add_bytes(SEAL, f"{entry.sha256}  {LIST}\n".encode())

    def _add(self, name: str, size: int, file: BinaryIO | io.BytesIO) -> Entry:
        digesting = _Digesting(file)
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self.tar.addfile(info, digesting)
        self.entries[name] = Entry(size, digesting.digest.hexdigest())
        return self.entries[name]


class _Digesting:
    """Reads a file and digests what it reads."""

    def __init__(self, file: BinaryIO | io.BytesIO | Any) -> None:
        self._file = file
        self.size, self.digest = 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._file.read(size)
        self.size += len(data)
        self.digest.update(data)
        return data


@contextmanager
def packing(path: Path, recipients: Sequence[x25519.Recipient]) -> Iterator[Packer]:
    """Write a new archive; on the disk when this ends."""
    with (
        stream.writing(path, recipients) as sink,
        tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT, bufsize=CHUNK) as tar,
    ):
        yield Packer(tar)


def read_header(path: Path, identities: Sequence[x25519.Identity] = ()) -> dict[str, Any]:
    """What the archive says of itself. Raises `NotABackup`, `KeyNeeded`, `WrongKey`, `Damaged`."""
    with stream.reading(path, identities) as source, _trouble_means_damage():
        for name, file in _members(source):
            if name != HEADER:
                break
            return _header(file.read())
    raise NotABackup


def unpack(
    path: Path,
    identities: Sequence[x25519.Identity],
    folder: Path,
    wanted: Callable[[str], bool] = lambda name: True,
) -> "Unpacked":
    """Read all of it and hold it against its list: the database to ``folder/database.dump``, files to ``folder/home/``.

    What isn't ``wanted`` is read but not written. Raises `NotABackup`, `KeyNeeded`, `WrongKey`, `Damaged`.
    """
    seen: dict[str, Entry] = {}
    read: dict[str, bytes] = {}
    with stream.reading(path, identities) as source, _trouble_means_damage():
        for name, file in _members(source):
            reader = _Digesting(file)
            if name in (HEADER, LIST, SEAL):
                read[name] = reader.read()
            elif HEADER not in read:
                raise NotABackup
            else:
                _copy(reader, folder / name if wanted(name) else None)
            seen[name] = Entry(reader.size, reader.digest.hexdigest())
        header = _header(read.get(HEADER, b"{}"))
        listed = _list(seen, read)
    return Unpacked(header, listed, seen)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An archive that is whole: what it says of itself, its list, and the entries as they were read."""

    header: dict[str, Any]
    listed: dict[str, Any]
    entries: dict[str, Entry]


def _members(source: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    try:
        tar = tarfile.open(fileobj=source, mode="r|", bufsize=CHUNK)  # noqa: SIM115
    except tarfile.ReadError as error:
        raise NotABackup from error
    with tar:
        for member in tar:
            file = tar.extractfile(member)
            if file is None or not _is_ours(member.name):
                raise NotABackup
            yield member.name, file  # type: ignore[misc]


def _is_ours(name: str) -> bool:
    """Only names that we write: nothing may be unpacked outside of the folder."""
    path = PurePosixPath(name)
    return name in (HEADER, DATABASE, LIST, SEAL) or (
        name.startswith(HOME) and not path.is_absolute() and ".." not in path.parts
    )


@contextmanager
def _trouble_means_damage() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise Damaged(Damaged.text.format(what=str(error) or type(error).__name__)) from error


def _header(content: bytes) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(content)
    if header.get("product") != "staveworks" or header.get("format") != FORMAT:
        raise NotABackup
    return header


def _copy(reader: _Digesting, target: Path | None) -> None:
    if target is None:
        while reader.read(CHUNK):
            pass
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while data := reader.read(CHUNK):
            file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _list(seen: dict[str, Entry], read: dict[str, bytes]) -> dict[str, Any]:
    """The list, true to its digest and to all that was read. Raises `Damaged`, naming what isn't."""
    if LIST not in read or SEAL not in read:
        raise Damaged(Damaged.text.format(what=f"{LIST}: not there, the file was cut short"))
    if read[SEAL].split()[:1] != [seen[LIST].sha256.encode()]:
        raise Damaged(Damaged.text.format(what=LIST))
    listed: dict[str, Any] = json.loads(read[LIST])
    wanted = {name: Entry(size, sha256) for name, (size, sha256) in listed["entries"].items()}
    for name in sorted(wanted.keys() | seen.keys() - {LIST, SEAL}):
        if wanted.get(name) != seen.get(name):
            raise Damaged(Damaged.text.format(what=name))
    return listed
