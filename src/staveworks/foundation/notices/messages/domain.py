"""When something is sent: quiet hours, the digest, bundling, the waits between attempts."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM, QUIET_TO = time(21), time(7)
DIGEST_AT = time(8, 30)
ATTEMPTS = 6
WAITS_S = (30, 120, 600, 3600, 4 * 3600)
"""Between the attempts of one delivery: after the fifth wait the sixth attempt is the last."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A person's zone, her quiet hours (none if both are the same) and when she reads her digest."""

    zone: str = "Asia/Shanghai"
    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO
    digest_at: time = DIGEST_AT

    def at(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))


def is_quiet(moment: datetime, hours: Hours) -> bool:
    """Whether ``moment`` lies in the quiet hours, which may go over midnight."""
    clock = hours.at(moment).time()
    if hours.quiet_from <= hours.quiet_to:
        return hours.quiet_from <= clock < hours.quiet_to
    return clock >= hours.quiet_from or clock < hours.quiet_to


def end_of_quiet(moment: datetime, hours: Hours) -> datetime:
    """The first moment after ``moment`` at which the quiet hours are over."""
    return _next(moment, hours.quiet_to, hours)


def next_digest(moment: datetime, hours: Hours) -> datetime:
    """The next digest after ``moment``."""
    return _next(moment, hours.digest_at, hours)


def due_at(
    now: datetime, hours: Hours, *, urgent: bool = False, deadline: datetime | None = None, wait_s: float = 0
) -> datetime:
    """When it may leave: after ``wait_s`` (bundling), not in quiet hours, unless urgent or due on the same day."""
    wanted = now if urgent else now + timedelta(seconds=wait_s)
    if urgent or not is_quiet(wanted, hours) or _same_day(now, deadline, hours):
        return wanted
    return end_of_quiet(wanted, hours)


def wait_after(attempt: int) -> timedelta | None:
    """How long to wait after attempt number ``attempt`` (from 1) failed for now; None: it was the last."""
    return timedelta(seconds=WAITS_S[attempt - 1]) if attempt <= len(WAITS_S) else None


def _next(moment: datetime, clock: time, hours: Hours) -> datetime:
    local = hours.at(moment)
    there = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    if there <= local:
        there = (local + timedelta(days=1)).replace(
            hour=clock.hour, minute=clock.minute, second=0, microsecond=0
        )
    return there


def _same_day(now: datetime, deadline: datetime | None, hours: Hours) -> bool:
    """A deadline that ends before the person's next morning is over can't wait for it."""
    return deadline is not None and hours.at(deadline).date() <= hours.at(now).date()
