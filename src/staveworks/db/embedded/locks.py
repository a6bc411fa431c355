"""Locks between commands, as `flock` on files: the kernel drops them when a process dies, however it dies.

``database.starting`` is held alone by whoever starts or stops the server. ``database.users`` is held *shared* by
every command that uses it; the one who can get it alone knows that nobody else is there (last one out, lights off).
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock file exclusively; waits for as long as another command holds it."""
    handle = open_lock(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def share(path: Path) -> int:
    """Hold the lock file together with other users; close the handle to let go."""
    handle = open_lock(path)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def try_alone(handle: int) -> bool:
    """Whether nobody else holds the lock; if so it is ours alone from now on."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
