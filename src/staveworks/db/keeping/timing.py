"""When a timed backup is due, and where it goes."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from staveworks.db.keeping.catalogue import read_catalogue, write_catalogue
from staveworks.kit.configuration.table import BACKUP_DAILY, BACKUP_HOUR, BACKUPS

CHINA = timezone(timedelta(hours=8))


def backup_folder(home: Path) -> Path:
    return BACKUPS.read() or home / "backups"


def is_due(home: Path, now: datetime) -> bool:
    """Whether the time for a backup has passed since the last timed one; a home without one begins to count at the first call."""
    if BACKUP_DAILY.read() == 0:
        return False
    catalogue = home / "backups.json"
    if not catalogue.exists():
        write_catalogue(home, [])
    begun = datetime.fromtimestamp(catalogue.stat().st_mtime, UTC)
    last = max((kept.moment for kept in read_catalogue(home) if kept.reason == "scheduled"), default=begun)
    return last < last_time(now, BACKUP_HOUR.read())


def last_time(now: datetime, hour: int) -> datetime:
    """The latest moment not after ``now`` at which China's clocks showed ``hour`` o'clock."""
    local = now.astimezone(CHINA)
    today = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return (today if today <= local else today - timedelta(days=1)).astimezone(UTC)
