"""The bytes of a backup file on their way: plain, or through age in a thread of its own."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import pyrage
from pyrage import x25519

from staveworks.db.keeping.errors import Damaged, KeyNeeded, WrongKey

AGE = b"age-encryption.org/"


def is_encrypted(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(AGE)) == AGE


@contextmanager
def writing(path: Path, recipients: Sequence[x25519.Recipient]) -> Iterator[BinaryIO]:
    """A stream into the new file ``path``, readable by its owner only; on the disk when this ends."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        if recipients:
            with _encrypting(file, recipients) as stream:
                yield stream
        else:
            yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def reading(path: Path, identities: Sequence[x25519.Identity]) -> Iterator[BinaryIO]:
    """A stream out of the file ``path``, opened by one of ``identities`` where it is encrypted.

    Raises `KeyNeeded`, `WrongKey`, `Damaged`.
    """
    with path.open("rb") as file:
        if not is_encrypted(path):
            yield file
        elif not identities:
            raise KeyNeeded
        else:
            with _decrypting(file, identities) as stream:
                yield stream


class _Sink:
    """What age writes into; remembers its own error, of which age passes on the words but not the number."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        self._file.flush()


class _Aside(threading.Thread):
    """Work in a thread; its error is kept for whoever joins it."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self._work()
        except Exception as error:
            self.error = error


@contextmanager
def _encrypting(file: BinaryIO, recipients: Sequence[x25519.Recipient]) -> Iterator[BinaryIO]:
    outlet, inlet = os.pipe()
    sink = _Sink(file)

    def work() -> None:
        with os.fdopen(outlet, "rb") as source:
            pyrage.encrypt_io(source, sink, recipients)

    aside = _Aside(work)
    try:
        with suppress(BrokenPipeError), os.fdopen(inlet, "wb") as stream:
            yield stream
    finally:
        aside.join()
    if sink.error or aside.error:
        raise sink.error or aside.error  # type: ignore[misc]


@contextmanager
def _decrypting(file: BinaryIO, identities: Sequence[x25519.Identity]) -> Iterator[BinaryIO]:
    outlet, inlet = os.pipe()
    sinks: list[_Sink] = []

    def work() -> None:
        with suppress(BrokenPipeError), os.fdopen(inlet, "wb") as target:
            sinks.append(_Sink(target))
            pyrage.decrypt_io(file, sinks[0], identities)

    aside = _Aside(work)
    try:
        with os.fdopen(outlet, "rb") as stream:
            yield stream
    finally:  # age's error is the cause of whatever went wrong on this side
        aside.join()
        if aside.error and not (sinks and sinks[0].error):
            raise _translated(aside.error) from aside.error


def _translated(error: Exception) -> Exception:
    if isinstance(error, pyrage.DecryptError):
        return (
            WrongKey() if "No matching keys" in str(error) else Damaged(Damaged.text.format(what=str(error)))
        )
    return Damaged(Damaged.text.format(what=str(error)))
