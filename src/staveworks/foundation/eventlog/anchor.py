"""The last seal, kept in a file outside the database: a deleted tail can't hide."""

import json
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Anchor:
    """The last link that was sealed: its number and hash."""

    number: int
    hash: bytes


def write_anchor(path: Path, anchor: Anchor) -> None:
    """Replace the file at once, so that a crash leaves the old or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    with fresh.open("w", encoding="ascii") as file:
        json.dump({"number": anchor.number, "hash": anchor.hash.hex()}, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_anchor(path: Path) -> Anchor | None:
    """What the file says, or nothing if there is none yet. Raises ``ValueError`` if it can't be read."""
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding="ascii"))
    return Anchor(int(content["number"]), bytes.fromhex(content["hash"]))
