"""A booking that repeats: the days of an RFC 5545 rule, counted from the first, at the same time of the local day."""

from datetime import date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from staveworks.kit.errors import Invalid
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.recurrence import can_unroll, ever_holds

PARTS = {"FREQ", "INTERVAL", "BYDAY", "COUNT", "UNTIL", "WKST"}
"""Of these every rule finds its next day soon: nothing to unroll for long."""
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY"}
MOST = 60

NO_RULE = Text(
    zh="写成 RFC 5545 的重复规则：FREQ=WEEKLY;COUNT=8 或 FREQ=WEEKLY;UNTIL=20261231。",
    en="A recurrence rule of RFC 5545: FREQ=WEEKLY;COUNT=8 or FREQ=WEEKLY;UNTIL=20261231.",
)
ENDLESS = Text(zh="写明几次或到哪天为止。", en="Say how many times, or until which day.")
TOO_MANY = Text(zh="一次最多约 {most} 次，请缩短。", en="At most {most} times at once. Make it shorter.")
NO_DAY = Text(zh="按这条规则一次也没有。", en="By this rule there is not a single day.")


class SeriesInvalid(Invalid):
    """``field``: ``rrule``."""

    text = NO_RULE


def repeated(first: Span, rule: str, *, zone: str) -> tuple[Span, ...]:
    """``first`` and what follows by ``rule``, as long each. Raises ``SeriesInvalid``."""
    local = first.starts_at.astimezone(ZoneInfo(zone))
    clock = local.timetz().replace(tzinfo=None)
    found = []
    for day in _days(local, _checked(rule)):
        starts_at = datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
        found.append(Span(starts_at, starts_at + first.length))
    if not found:
        raise SeriesInvalid(NO_DAY, field="rrule")
    if len(found) > MOST:
        raise SeriesInvalid(TOO_MANY.format(most=MOST), field="rrule")
    return tuple(found)


def _days(local: datetime, rule: str) -> list[datetime]:
    """Local days without a zone: a day is a day also where clocks change. One more than may be, if there are."""
    midnight = datetime.combine(local.date(), time())
    try:
        if not ever_holds(rule, local.date()):
            raise SeriesInvalid(NO_DAY, field="rrule")
        return list(islice(rrulestr(rule, dtstart=midnight), MOST + 1))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
        raise SeriesInvalid(field="rrule") from None


def _checked(rule: str) -> str:
    text = rule.strip().upper().removeprefix("RRULE:")
    parts = dict(part.partition("=")[::2] for part in text.split(";"))
    if set(parts) - PARTS or parts.get("FREQ") not in FREQUENCIES or len(parts) != text.count(";") + 1:
        raise SeriesInvalid(field="rrule")
    if not {"COUNT", "UNTIL"} & set(parts):
        raise SeriesInvalid(ENDLESS, field="rrule")
    for name, least in (("COUNT", 1), ("INTERVAL", 1)):
        value = parts.get(name, "1")
        if not (value.isascii() and value.isdigit() and least <= int(value) <= 400 and len(value) < 4):
            raise SeriesInvalid(field="rrule")
    if not can_unroll(parts):
        raise SeriesInvalid(field="rrule")
    return text


def rule_for(frequency: str, interval: int, *, times: int | None, until: date | None) -> str:
    """As the form says it."""
    end = f"COUNT={times}" if times else f"UNTIL={until:%Y%m%d}" if until else ""
    return f"FREQ={frequency};INTERVAL={interval};{end}".rstrip(";")
