"""Where tests put databases: in memory if there is room, else in the temporary folder.

A clone of the template is 1,300 files, made and removed for each test that really commits: on ext4 three quarters of its time go
into looking for inodes that weren't deleted a moment ago.
"""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3


def quick_folder() -> Path:
    """Kept until the machine restarts; programs can be run from it."""
    return MEMORY if _serves(MEMORY) else Path(tempfile.gettempdir())


def _serves(folder: Path) -> bool:
    if not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(folder).free > ROOM
