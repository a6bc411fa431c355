"""Where tests put databases: in memory if there is room, else in the temporary folder.

A clone of the template is 1,300 files, made and removed for each test that really commits: on ext4 three quarters of its time go
into looking for inodes that weren't deleted a moment ago.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3
OF_THIS_RUN = "STAVEWORKS_TESTS_SHARE"


def quick_folder() -> Path:
    """Kept until the machine restarts; programs can be run from it."""
    return MEMORY if _serves(MEMORY) else Path(tempfile.gettempdir())


def _serves(folder: Path) -> bool:
    if not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(folder).free > ROOM


def open_shared() -> None:
    """The folder that all workers of this run share; they find it in the environment."""
    folder = Path(tempfile.mkdtemp(prefix="staveworks-shared-", dir=quick_folder()))
    folder.chmod(0o711)
    os.environ[OF_THIS_RUN] = str(folder)


def close_shared() -> None:
    shutil.rmtree(os.environ.pop(OF_THIS_RUN), ignore_errors=True)


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder ``name`` of this run: made by the first worker that asks for it, while the others wait. To be copied, not used."""
    shared = Path(os.environ[OF_THIS_RUN])
    made, making = shared / name, shared / f"{name}.making"
    with (shared / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(making, ignore_errors=True)
            make(making)
            making.rename(made)
    return made
