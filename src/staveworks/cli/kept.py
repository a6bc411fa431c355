"""What the product keeps: composed here from what each room says of its files, for backup, restore and doctor."""

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, LiteralString

from staveworks.db.secret import secret_key
from staveworks.foundation.eventlog.restoring import RENUMBER
from staveworks.foundation.files.kept import KEPT as FILES
from staveworks.foundation.rosters.kept import KEPT as ROSTERS
from staveworks.kit.configuration.table import NODE, SECRET_KEY

REFERENCES: Mapping[str, LiteralString] = {**FILES, **ROSTERS}
"""Table → query giving (path in the data folder, sha256) of the files that its rows name."""
BETWEEN = (RENUMBER,)
"""SQL between the data and the indexes of a restored database."""


def program_version() -> str:
    return version("staveworks")


def facts() -> dict[str, Any]:
    """What a backup says of the installation it was made by."""
    return {
        "version": program_version(),
        "node": NODE.read(),
        "secret": {"given": SECRET_KEY.read() is not None, "fingerprint": fingerprint()},
    }


def fingerprint() -> str:
    """By which one tells whether two installations sign alike; says nothing of the key."""
    return hashlib.sha256(b"staveworks signing key " + secret_key().encode()).hexdigest()[:16]


def is_newer(other: str) -> bool:
    """Whether ``other`` is a later version of the program than this one."""
    return numbers(other) > numbers(program_version())


def numbers(version: str) -> tuple[int, ...]:
    """``0.2.0.dev0`` → (0, 2, 0): what versions are compared by."""
    return tuple(int(part) for part in version.split(".")[:3] if part.isdigit())


def unknown_migrations(names: list[str]) -> list[str]:
    """Those of our own rooms that this program lacks: the backup is of a later state of it."""
    known, rooms = set(), set()
    for folder in _migration_folders():
        rooms.add(folder.parent.name)
        known |= {f"{folder.parent.name}.{path.name.removesuffix('.py')}" for path in folder.iterdir()}
    return [name for name in names if name.partition(".")[0] in rooms and name not in known]


def _migration_folders() -> list[Path]:
    return [folder for folder in Path(str(files("staveworks"))).glob("*/*/migrations") if folder.is_dir()]
