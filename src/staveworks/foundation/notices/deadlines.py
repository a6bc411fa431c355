"""Deadlines: when one falls if only days are said, and how it is said. Pure: the clock is given."""

from datetime import datetime, time, timedelta, tzinfo

from staveworks.kit.text import Text

END_OF_WORK = time(18, 0)
REMIND = timedelta(days=1)
WARN_LEADERS = timedelta(hours=4)
SOON = 7
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def deadline(since: datetime, days: int, zone: tzinfo) -> datetime:
    """The end of work on the day ``days`` after ``since``, in the place's own time."""
    day = since.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, END_OF_WORK, zone)


def deadline_words(due: datetime | None, now: datetime, zone: tzinfo) -> Text:
    """``今天 18:00 前``, ``明天``, ``还有 5 天``, ``12月23日前``, ``已过 2 天``."""
    if due is None:
        return Text(zh="不急", en="no deadline")
    there, here = due.astimezone(zone), now.astimezone(zone)
    days, clock = (there.date() - here.date()).days, f"{there:%H:%M}"
    if due <= now:
        return _past(-days, clock)
    if days == 0:
        return Text(zh=f"今天 {clock} 前", en=f"by {clock} today")
    if days == 1:
        return Text(zh="明天", en="tomorrow")
    if days < SOON:
        return Text(zh=f"还有 {days} 天", en=f"{days} days left")
    return Text(zh=f"{there.month}月{there.day}日前", en=f"by {there.day} {MONTHS[there.month - 1]}")


def _past(days: int, clock: str) -> Text:
    if days == 0:
        return Text(zh=f"今天 {clock} 已过", en=f"was due {clock} today")
    return Text(zh="已过 {n} 天", en="{n} day late|{n} days late").format(n=days)
