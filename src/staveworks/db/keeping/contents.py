"""What of the data folder travels: all but what every installation makes for itself.

Not a list of what travels: a room that begins to keep a file there is not forgotten.
"""

import os
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

STAYS = (
    *("postgres", "database.*", "run.*", "static", "static.stamp", "*.lock", "*.new", "version.json"),
    *("backups", "backups.json", "keeping", "trial", "restoring", "newer"),
)
"""Names in the data folder that stay: the server, its passwords and port, what runs, what is made anew, other backups."""
FIRST = "seals"
"""Read *before* the snapshot of the database: an anchor may be older than the chain beside it, but never newer."""


def early_files(home: Path) -> Iterator[tuple[str, Path]]:
    """The anchors of the event chain: (name in the data folder, path)."""
    yield from _below(home, home / FIRST)


def later_files(home: Path) -> Iterator[tuple[str, Path]]:
    """Everything else that travels, to be read *after* the snapshot: bytes are on the disk before a row names them."""
    for entry in sorted(home.iterdir()):
        if entry.name == FIRST or any(fnmatch(entry.name, pattern) for pattern in STAYS):
            continue
        yield from _below(home, entry)


def _below(home: Path, entry: Path) -> Iterator[tuple[str, Path]]:
    """Regular files; a folder that an operator moved to another disk by a link is followed, links inside it are not."""
    if entry.is_dir():
        for folder, inner, names in os.walk(entry):
            inner.sort()
            for name in sorted(names):
                path = Path(folder) / name
                if path.is_file() and not path.is_symlink() and not is_unfinished(name):
                    yield str(path.relative_to(home)), path
    elif entry.is_file() and not entry.is_symlink():
        yield entry.name, entry


def is_unfinished(name: str) -> bool:
    """An upload or a copy that is under way."""
    return name.startswith((".", "incoming-"))
