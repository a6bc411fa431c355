"""How much memory a problem takes, and how much there is: looked at before anything is read."""

import os
import sys
from pathlib import Path

from staveworks.engine.dispatch.reading.faults import Faults
from staveworks.engine.dispatch.reading.source import Source
from staveworks.engine.dispatch.reading.words import MEMORY

PER_ROW = {"lines": 800, "commitments": 250, "capacity": 40, "capabilities": 150}
"""Bytes that reading and solving take for a row; the other tables are small."""
BASE = 250 * 2**20
"""The program itself with its libraries."""
GB = 1e9


def refuse_too_large(source: Source, faults: Faults, memory: int | None) -> bool:
    """Whether the problem is too large for ``memory`` bytes, or for what this process can still get."""
    free = memory if memory is not None else free_memory()
    if free is None or needed_memory(source) <= free:
        return False
    tell_too_large(source, faults, free)
    return True


def needed_memory(source: Source) -> int:
    return BASE + sum(size * source.size(table) for table, size in PER_ROW.items() if source.has(table))


def tell_too_large(source: Source, faults: Faults, free: int) -> None:
    rows, need = f"{source.size('lines'):,}", f"{needed_memory(source) / GB:.1f}"
    faults.add("lines", MEMORY.format(rows=rows, need=need, free=f"{free / GB:.1f}"))


def free_memory() -> int | None:
    """The least of what the machine has, what the container allows and what the process may take; ``None`` where nobody says."""
    found = [each for each in (_machine(), *_containers(), _limit()) if each is not None]
    return min(found) if found else None


def _machine() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        return None
    return None


def _containers() -> list[int]:
    """Of control groups, version 2 and 1: limit less use."""
    found = []
    for limit, use in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        try:
            found.append(int(Path(limit).read_text("ascii")) - int(Path(use).read_text("ascii")))
        except (OSError, ValueError):
            continue
    return found


def _limit() -> int | None:
    """Of the process's address space (``ulimit -v``)."""
    if sys.platform == "win32":
        return None
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return None
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        pages = 0
    return limit - pages * os.sysconf("SC_PAGE_SIZE")
