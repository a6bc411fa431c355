"""What this installation has kept: ``backups.json`` in the data folder, and which of the timed ones may go."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

BEFORE_UPGRADES = 3
"""Backups before upgrades that are kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One backup that counts as good, with the moment of its snapshot."""

    path: str
    taken_at: str
    bytes: int
    version: str
    encrypted: bool
    verified: bool
    reason: str
    """``asked``, ``scheduled`` or ``upgrade``."""

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)

    @property
    def is_there(self) -> bool:
        return Path(self.path).is_file()


def read_catalogue(home: Path) -> list[Kept]:
    """All that was noted, oldest first, whether the file is still there or not."""
    try:
        content = json.loads((home / "backups.json").read_text("utf-8"))
    except FileNotFoundError:
        return []
    known = {field.name for field in fields(Kept)}  # a later version may note more
    entries = [Kept(**{name: value for name, value in entry.items() if name in known}) for entry in content]
    return sorted(entries, key=lambda kept: kept.moment)


def write_catalogue(home: Path, entries: Iterable[Kept]) -> None:
    """Replace the file whole."""
    new = home / "backups.json.new"
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(entry) for entry in entries], file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(home / "backups.json")


def note(home: Path, kept: Kept) -> None:
    """Add one; an older entry for the same path goes."""
    write_catalogue(home, [*(entry for entry in read_catalogue(home) if entry.path != kept.path), kept])


def forget_surplus(home: Path, *, daily: int, weekly: int) -> list[Path]:
    """Delete the timed backups that neither rule keeps, and of those before upgrades all but the last; what was deleted.

    What somebody asked for is never deleted.
    """
    entries = read_catalogue(home)
    timed = [entry for entry in entries if entry.reason == "scheduled"]
    keeping = worth_keeping([entry.moment for entry in timed], daily=daily, weekly=weekly)
    surplus = [entry for entry in timed if entry.moment not in keeping]
    surplus += [entry for entry in entries if entry.reason == "upgrade"][:-BEFORE_UPGRADES]
    for entry in surplus:
        Path(entry.path).unlink(missing_ok=True)
    write_catalogue(home, [entry for entry in entries if entry not in surplus])
    return [Path(entry.path) for entry in surplus]


def worth_keeping(moments: Iterable[datetime], *, daily: int, weekly: int) -> set[datetime]:
    """The last of each of the newest ``daily`` days and of each of the newest ``weekly`` weeks that have one; the newest always."""
    newest_first = sorted(moments, reverse=True)
    days: dict[object, datetime] = {}
    weeks: dict[object, datetime] = {}
    for moment in newest_first:
        days.setdefault(moment.date(), moment)
        weeks.setdefault(moment.isocalendar()[:2], moment)
    return {*newest_first[:1], *list(days.values())[:daily], *list(weeks.values())[:weekly]}
