"""When a resource is open: recurrence rules (RFC 5545), public holidays, single days; from local days to spans of moments."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from staveworks.kit.holidays import Holidays
from staveworks.kit.spans import Span, on_calendar
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.recurrence import can_unroll, ever_holds
from staveworks.mechanisms.booking.types import (
    Hours,
    Opening,
    OpeningInvalid,
    OpeningRule,
    SpecialDay,
)

A_DAY, A_YEAR = timedelta(days=1), timedelta(days=366)
SATURDAY, SUNDAY = 5, 6
PARTS = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "COUNT", "UNTIL", "WKST"}
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
MOST_RULES, MOST_SPECIALS = 20, 400
CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")

NO_RULE = Text(zh="不是 RFC 5545 的重复规则。", en="Not a recurrence rule of RFC 5545.")
ONLY_DAYS = Text(
    zh="规则只说哪些天：FREQ 用 DAILY、WEEKLY、MONTHLY 或 YEARLY，时间另填。",
    en="A rule says which days: FREQ is DAILY, WEEKLY, MONTHLY or YEARLY; the hours stand beside it.",
)
NO_HOURS = Text(zh="开始早于结束，写成 08:30、24:00。", en="From before to, written 08:30 or 24:00.")
NO_DAY = Text(zh="日期写成 2026-12-31。", en="A day is written 2026-12-31.")
NO_ZONE = Text(zh="没有这个时区。", en="No such time zone.")
TOO_MANY = Text(zh="太多了。", en="Too many.")


def open_spans(opening: Opening, holidays: Holidays, first: date, last: date) -> tuple[Span, ...]:
    """The spans in which it is open on the local days ``first``–``last`` (inclusive), in order; those that touch are one."""
    zone = ZoneInfo(opening.zone)
    spans: list[Span] = []
    for day in _days(first, last):
        for hours in hours_on(opening, holidays, day):
            starts_at, ends_at = _moment(day, hours.opens, zone), _moment(day, hours.closes, zone)
            if spans and spans[-1].ends_at >= starts_at:
                spans[-1] = Span(spans[-1].starts_at, max(spans[-1].ends_at, ends_at))
            elif starts_at < ends_at:
                spans.append(Span(starts_at, ends_at))
    return tuple(spans)


def hours_on(opening: Opening, holidays: Holidays, day: date) -> tuple[Hours, ...]:
    """Of one local day, in order, without overlaps. A special day goes before holidays, holidays before rules."""
    for special in opening.specials:
        if special.day == day:
            return _merged(special.hours)
    if not opening.holidays:
        return _by_rules(opening, day)
    if day in holidays.off:
        return ()
    if day in holidays.worked:
        return _merged((*_by_rules(opening, _weekday_beside(day)), *_by_rules(opening, day)))
    return _by_rules(opening, day)


def _weekday_beside(day: date) -> date:
    """The weekday as which a weekend day is worked: Saturday as the Friday before it, Sunday as the Monday after."""
    return day - A_DAY if day.weekday() == SATURDAY else day + A_DAY if day.weekday() == SUNDAY else day


def _by_rules(opening: Opening, day: date) -> tuple[Hours, ...]:
    return _merged(rule.hours for rule in opening.rules if _holds(rule, day))


def _holds(rule: OpeningRule, day: date) -> bool:
    return day in _days_of(rule.rrule, rule.since, day.year)


@lru_cache(maxsize=2000)
def _days_of(text: str, since: date, year: int) -> frozenset[date]:
    """The days of a rule in one year: to look at each day by itself walks from the rule's beginning every time."""
    first, last = (datetime.combine(day, time()) for day in (date(year, 1, 1), date(year, 12, 31)))
    return frozenset(each.date() for each in _recurrence(text, since).between(first, last, inc=True))


@lru_cache(maxsize=500)
def _recurrence(text: str, since: date) -> rrule:
    """Cached, with its own cache of days. Local days without a zone: a day is a day also where clocks change.

    Its first year is unrolled at once: a rule that can't be fails here."""
    begins = datetime.combine(since, time())
    found: rrule = rrulestr(text, dtstart=begins, cache=True)  # type: ignore[assignment]
    found.between(begins, begins + A_YEAR, inc=True)
    return found


def _merged(hours: Iterable[Hours]) -> tuple[Hours, ...]:
    found: list[Hours] = []
    for each in sorted(hours):
        if found and found[-1].closes >= each.opens:
            found[-1] = Hours(found[-1].opens, max(found[-1].closes, each.closes))
        else:
            found.append(each)
    return tuple(found)


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += A_DAY


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """A local time as a moment; one that clocks skip is the moment after the gap."""
    local = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return local.replace(tzinfo=zone).astimezone(ZoneInfo("UTC"))


def opening_of(document: Mapping[str, Any], *, zone: str, field: str = "opening") -> Opening:
    """``{"rules": [{"rrule", "from", "to", "since"?}], "specials": [{"day", "hours": [["08:00", "12:00"]]}], "holidays": bool}``.

    Raises ``OpeningInvalid`` with the path of what is wrong (``opening.rules.0.from``).
    """
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise OpeningInvalid(NO_ZONE, field="zone") from None
    rules, specials = document.get("rules", []), document.get("specials", [])
    if len(rules) > MOST_RULES or len(specials) > MOST_SPECIALS:
        raise OpeningInvalid(TOO_MANY, field=field)
    return Opening(
        zone=zone,
        rules=tuple(_rule(each, f"{field}.rules.{n}") for n, each in enumerate(rules)),
        specials=tuple(_special(each, f"{field}.specials.{n}") for n, each in enumerate(specials)),
        holidays=bool(document.get("holidays", True)),
    )


def document_of(opening: Opening) -> dict[str, Any]:
    """The same as it is stored; ``opening_of`` reads it back."""
    return {
        "rules": [
            {
                "rrule": rule.rrule,
                "from": clock(rule.hours.opens),
                "to": clock(rule.hours.closes),
                "since": rule.since.isoformat(),
            }
            for rule in opening.rules
        ],
        "specials": [
            {"day": each.day.isoformat(), "hours": [[clock(h.opens), clock(h.closes)] for h in each.hours]}
            for each in opening.specials
        ],
        "holidays": opening.holidays,
    }


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


EPOCH = date(2020, 1, 6)
"""A Monday: where a rule that names no day counts its weeks from."""


def _rule(said: Mapping[str, Any], field: str) -> OpeningRule:
    since = _day(said["since"], f"{field}.since") if said.get("since") else EPOCH
    text = str(said.get("rrule", "")).strip().upper()
    _check_rrule(text, since, f"{field}.rrule")
    return OpeningRule(text, hours_said(said.get("from"), said.get("to"), f"{field}.from"), since)


def _check_rrule(text: str, since: date, field: str) -> None:
    """Only what says days, and nothing that takes long to unroll."""
    parts = dict(part.partition("=")[::2] for part in text.split(";"))
    if not text or set(parts) - PARTS or "FREQ" not in parts or len(parts) != text.count(";") + 1:
        raise OpeningInvalid(NO_RULE, field=field)
    if parts["FREQ"] not in FREQUENCIES:
        raise OpeningInvalid(ONLY_DAYS, field=field)
    if not can_unroll(parts):
        raise OpeningInvalid(NO_RULE, field=field)
    try:
        if not ever_holds(text, since):
            raise OpeningInvalid(NO_RULE, field=field)
        _recurrence(text, since)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
        raise OpeningInvalid(NO_RULE, field=field) from None


def _special(said: Mapping[str, Any], field: str) -> SpecialDay:
    pairs = [(*each, None, None)[:2] for each in said.get("hours", [])]
    hours = tuple(hours_said(opens, closes, f"{field}.hours.{n}") for n, (opens, closes) in enumerate(pairs))
    return SpecialDay(_day(said.get("day"), f"{field}.day"), hours)


def _day(said: object, field: str) -> date:
    try:
        day = date.fromisoformat(str(said))
    except ValueError:
        raise OpeningInvalid(NO_DAY, field=field) from None
    if not on_calendar(day):
        raise OpeningInvalid(NO_DAY, field=field)
    return day


def hours_said(opens: object, closes: object, field: str) -> Hours:
    said = [str(each) for each in (opens, closes)]
    if not all(CLOCK.fullmatch(each) for each in said):
        raise OpeningInvalid(NO_HOURS, field=field)
    minutes = [int(each[:2]) * 60 + int(each[3:]) for each in said]
    if minutes[0] >= minutes[1]:
        raise OpeningInvalid(NO_HOURS, field=field)
    return Hours(*minutes)
