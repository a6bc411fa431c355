"""When a resource is open: cases small enough to check with a wall calendar, and a published calendar as the oracle."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staveworks.kit.holidays import NONE, holidays_of, load_holidays
from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.domain.opening import document_of, hours_on, open_spans, opening_of
from staveworks.mechanisms.booking.types import Hours, OpeningInvalid

WEEKDAYS = {"rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "from": "08:30", "to": "17:30"}
SHANGHAI = "Asia/Shanghai"
OFFICE = opening_of({"rules": [WEEKDAYS]}, zone=SHANGHAI)
CN = load_holidays()
A_DAY = timedelta(days=1)


def is_open(day: date, document: dict[str, Any] | None = None) -> bool:
    opening = opening_of(document, zone=SHANGHAI) if document else OFFICE
    return bool(hours_on(opening, CN, day))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("year", sorted(CN.announced))
def test_each_day_of_the_announced_years_is_as_the_published_calendar_says(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        assert is_open(day) == chinese_calendar.is_workday(day), day
        day += A_DAY


def test_the_calendar_is_kept_up_to_date_and_says_where_it_isnt_announced_yet() -> None:
    assert CN.years == {2025, 2026, 2027}
    assert CN.announced == {2025, 2026}
    assert CN.is_provisional(date(2027, 2, 6))
    assert not CN.is_provisional(date(2026, 12, 31))
    assert len({day for day in CN.off if day.year == 2027}) == 13, "the law fixes thirteen days"


def test_the_weeks_around_the_national_day_of_2026() -> None:
    """From Sunday 20 September (worked) to Saturday 10 October (worked)."""
    opened = [day for n in range(21) if is_open(day := date(2026, 9, 20) + n * A_DAY)]
    assert [f"{day:%m-%d}" for day in opened] == [
        "09-20", "09-21", "09-22", "09-23", "09-24", "09-28", "09-29", "09-30", "10-08", "10-09", "10-10",
    ]  # fmt: skip


def test_a_weekend_day_that_is_worked_is_as_the_weekday_beside_it() -> None:
    monday_long = {"rrule": "FREQ=WEEKLY;BYDAY=MO", "from": "08:00", "to": "20:00"}
    friday_short = {"rrule": "FREQ=WEEKLY;BYDAY=FR", "from": "09:00", "to": "12:00"}
    opening = opening_of({"rules": [monday_long, friday_short]}, zone=SHANGHAI)
    assert hours_on(opening, CN, date(2026, 9, 20)) == (Hours(480, 1200),), "Sunday as the Monday after"
    assert hours_on(opening, CN, date(2026, 10, 10)) == (Hours(540, 720),), "Saturday as the Friday before"
    assert hours_on(opening, CN, date(2026, 10, 11)) == ()


def test_a_special_day_goes_before_holidays_and_rules_and_who_takes_no_holidays_is_open() -> None:
    new_year = {"day": "2026-01-01", "hours": [["10:00", "12:00"], ["14:00", "16:00"]]}
    closed = {"day": "2026-01-05", "hours": []}
    document = {"rules": [WEEKDAYS], "specials": [new_year, closed]}
    opening = opening_of(document, zone=SHANGHAI)
    assert hours_on(opening, CN, date(2026, 1, 1)) == (Hours(600, 720), Hours(840, 960))
    assert hours_on(opening, CN, date(2026, 1, 5)) == ()
    assert hours_on(opening, CN, date(2026, 1, 6)) == (Hours(510, 1050),)
    assert is_open(date(2026, 1, 2)) is False
    assert is_open(date(2026, 1, 2), {"rules": [WEEKDAYS], "holidays": False})


@pytest.mark.parametrize(
    ("rrule", "days"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", ["12-08", "12-22"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["12-25"]),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", ["12-01", "12-15"]),
        ("FREQ=DAILY;COUNT=3", ["12-01", "12-02", "12-03"]),
        ("FREQ=WEEKLY;BYDAY=SA;UNTIL=20261212", ["12-05", "12-12"]),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", ["12-24"]),
    ],
)
def test_recurrence_rules_mean_what_the_standard_says(rrule: str, days: list[str]) -> None:
    """December 2026; Tuesday 24 November 2026 begins the fortnights."""
    since = {"FREQ=DAILY;COUNT=3": "2026-12-01"}.get(rrule, "2026-11-24")
    rule = {"rrule": rrule, "from": "09:00", "to": "10:00", "since": since}
    opening = opening_of({"rules": [rule], "holidays": False}, zone=SHANGHAI)
    held = [day for n in range(31) if hours_on(opening, NONE, day := date(2026, 12, 1) + n * A_DAY)]
    assert [f"{day:%m-%d}" for day in held] == days


def test_days_and_nights_that_touch_are_one_span() -> None:
    always = {"rrule": "FREQ=DAILY", "from": "00:00", "to": "24:00"}
    opening = opening_of({"rules": [always], "holidays": False}, zone=SHANGHAI)
    assert open_spans(opening, NONE, date(2026, 12, 1), date(2026, 12, 3)) == (
        Span(utc("2026-11-30T16:00"), utc("2026-12-03T16:00")),
    )
    lunch = [{"rrule": "FREQ=DAILY", "from": a, "to": b} for a, b in (("13:00", "17:00"), ("08:00", "12:00"))]
    opening = opening_of({"rules": lunch, "holidays": False}, zone=SHANGHAI)
    assert open_spans(opening, NONE, date(2026, 12, 1), date(2026, 12, 1)) == (
        Span(utc("2026-12-01T00:00"), utc("2026-12-01T04:00")),
        Span(utc("2026-12-01T05:00"), utc("2026-12-01T09:00")),
    )


def test_a_night_in_which_clocks_change_is_as_long_as_it_is() -> None:
    night = {"rrule": "FREQ=DAILY", "from": "00:00", "to": "06:00"}
    opening = opening_of({"rules": [night]}, zone="Europe/Berlin")
    (spring,) = open_spans(opening, NONE, date(2026, 3, 29), date(2026, 3, 29))
    (autumn,) = open_spans(opening, NONE, date(2026, 10, 25), date(2026, 10, 25))
    assert (spring.length, autumn.length) == (timedelta(hours=5), timedelta(hours=7))


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"rules": [{**WEEKDAYS, "rrule": ""}]}, "opening.rules.0.rrule"),
        ({"rules": [{**WEEKDAYS, "rrule": "FREQ=HOURLY"}]}, "opening.rules.0.rrule"),
        ({"rules": [{**WEEKDAYS, "rrule": "FREQ=WEEKLY;BYDAY=XX"}]}, "opening.rules.0.rrule"),
        ({"rules": [{**WEEKDAYS, "rrule": "FREQ=WEEKLY;FREQ=DAILY"}]}, "opening.rules.0.rrule"),
        ({"rules": [{**WEEKDAYS, "rrule": "FREQ=DAILY;BYHOUR=1,2"}]}, "opening.rules.0.rrule"),
        ({"rules": [{**WEEKDAYS, "rrule": "FREQ=MONTHLY;BYDAY=53MO"}]}, "opening.rules.0.rrule"),
        ({"rules": [{**WEEKDAYS, "rrule": "FREQ=YEARLY;BYMONTH=12;BYDAY=53MO"}]}, "opening.rules.0.rrule"),
        ({"rules": [{**WEEKDAYS, "rrule": "FREQ=WEEKLY;BYDAY=1MO"}]}, "opening.rules.0.rrule"),
        ({"rules": [{**WEEKDAYS, "rrule": "FREQ=DAILY;INTERVAL=0"}]}, "opening.rules.0.rrule"),
        ({"rules": [{**WEEKDAYS, "rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}]}, "opening.rules.0.rrule"),
        ({"rules": [{**WEEKDAYS, "since": "0001-01-01"}]}, "opening.rules.0.since"),
        ({"rules": [WEEKDAYS, {**WEEKDAYS, "from": "8:30"}]}, "opening.rules.1.from"),
        ({"rules": [{**WEEKDAYS, "to": "08:30"}]}, "opening.rules.0.from"),
        ({"rules": [{**WEEKDAYS, "since": "2026-02-30"}]}, "opening.rules.0.since"),
        ({"specials": [{"day": "yesterday"}]}, "opening.specials.0.day"),
        ({"specials": [{"day": "2026-12-01", "hours": [["9", "10"]]}]}, "opening.specials.0.hours.0"),
        ({"rules": [WEEKDAYS] * 21}, "opening"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(document: dict[str, Any], field: str) -> None:
    with pytest.raises(OpeningInvalid) as refused:
        opening_of(document, zone=SHANGHAI)
    assert refused.value.field == field
    assert opening_of({"rules": [WEEKDAYS]}, zone=SHANGHAI) == OFFICE


def test_the_last_friday_of_a_month_and_the_53rd_thursday_of_a_year_are_days() -> None:
    last_friday = {**WEEKDAYS, "rrule": "FREQ=MONTHLY;BYDAY=-1FR"}
    assert is_open(date(2026, 12, 25), {"rules": [last_friday]})
    assert not is_open(date(2026, 12, 18), {"rules": [last_friday]})
    assert is_open(date(2026, 12, 31), {"rules": [{**WEEKDAYS, "rrule": "FREQ=YEARLY;BYDAY=53TH"}]})


def test_no_such_zone_and_no_such_holidays() -> None:
    with pytest.raises(OpeningInvalid) as refused:
        opening_of({}, zone="Asia/Shengze")
    assert refused.value.field == "zone"
    for off, worked in (
        ("2026-10-01", "2026-10-01"),
        ("2025-10-01", "2026-10-10"),
        ("2026-10-01", "2026-10-09"),
    ):
        with pytest.raises(ValueError, match="holidays of 2026"):
            holidays_of([{"year": 2026, "announced": None, "days_off": [off], "days_worked": [worked]}])


clocks = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
rules = st.builds(
    lambda days, opens, hours: {
        "rrule": f"FREQ=WEEKLY;BYDAY={','.join(sorted(days))}",
        "from": opens,
        "to": f"{min(24, int(opens[:2]) + hours):02}:00",
        "since": "2026-01-01",
    },
    st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1),
    clocks,
    st.integers(1, 24),
).filter(lambda rule: rule["from"] < rule["to"])
openings = st.builds(
    lambda some, holidays: opening_of({"rules": some, "holidays": holidays}, zone=SHANGHAI),
    st.lists(rules, max_size=4),
    st.booleans(),
)


@given(openings, st.dates(date(2025, 1, 1), date(2027, 12, 1)), st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_spans_are_in_order_apart_and_cover_exactly_the_hours_of_their_days(
    opening: Any, first: date, days: int
) -> None:
    spans = open_spans(opening, CN, first, first + days * A_DAY)
    assert all(a.ends_at < b.starts_at for a, b in pairwise(spans))
    minutes = sum(
        hours.closes - hours.opens
        for n in range(days + 1)
        for hours in hours_on(opening, CN, first + n * A_DAY)
    )
    assert sum((span.length for span in spans), timedelta(0)) == timedelta(minutes=minutes)


@given(openings)
@settings(max_examples=40, deadline=None)
def test_what_is_stored_reads_back_the_same(opening: Any) -> None:
    assert opening_of(document_of(opening), zone=SHANGHAI) == opening
