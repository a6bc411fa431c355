"""Free hours from statements: the last one about a day counts, never more than is worked, holidays and borders of weeks included."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from staveworks.kit.holidays import NONE, Holidays
from staveworks.mechanisms.dispatch.domain.windows import (
    Said,
    days_left,
    days_of,
    free_in,
    free_on,
    in_force,
    said_on,
    shared_out,
)
from staveworks.mechanisms.dispatch.types.calendar import Calendar

MONDAY = date(2026, 12, 7)
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
TWENTY = Calendar((Decimal(20),) * 6 + (Decimal(0),), holidays=True)


def said(
    number: int, first: int, last: int, hours: int | None = 8, percent: int | None = None, at: datetime = NOON
) -> Said:
    """Days counted from Monday."""
    day_hours = None if percent is not None else Decimal(hours or 0)
    return Said(number, MONDAY + timedelta(days=first), MONDAY + timedelta(days=last), day_hours, percent, at)


def week(statements: list[Said], public: Holidays = NONE) -> Decimal:
    found = free_in(days_of(MONDAY, 7), statements, TWENTY, public, now=NOON, stale_days=10)
    assert found.stale == 0
    return found.fresh


def test_a_week_of_eight_hours_is_counted_by_day_and_sunday_is_closed() -> None:
    assert week([said(1, 0, 6)]) == 48
    assert week([said(1, 0, 6, hours=24)]) == 120, "never more than is worked"
    assert week([said(1, 0, 6, percent=25)]) == 30
    assert week([]) == 0


def test_the_last_statement_about_a_day_counts_also_where_it_says_none() -> None:
    season, holiday = said(1, 0, 30), said(2, 1, 2, hours=0)
    assert week([season, holiday]) == 32
    assert week([holiday, season]) == 32, "in whatever order they are read"
    assert week([season]) == 48, "withdrawn, what it lay over counts again"


def test_a_window_over_the_border_of_weeks_counts_in_each_by_its_days() -> None:
    across = said(1, 5, 8)
    assert week([across]) == 8
    assert (
        free_in(days_of(MONDAY + timedelta(days=7), 7), [across], TWENTY, NONE, now=NOON, stale_days=10).fresh
        == 16
    )


def test_public_holidays_are_closed_and_sundays_worked_in_exchange_are_open() -> None:
    public = Holidays(
        frozenset({MONDAY}), frozenset({MONDAY + timedelta(days=6)}), frozenset({2026}), frozenset({2026})
    )
    assert free_on(MONDAY, [said(1, 0, 6)], TWENTY, public) == 0
    assert free_on(MONDAY + timedelta(days=6), [said(1, 0, 6)], TWENTY, public) == 8
    through = Calendar(TWENTY.weekday_hours, holidays=False)
    assert free_on(MONDAY, [said(1, 0, 6)], through, public) == 8


def test_what_was_not_confirmed_for_more_than_ten_days_is_stale() -> None:
    old = said(1, 0, 6, at=NOON - timedelta(days=10, seconds=1))
    just = said(1, 0, 6, at=NOON - timedelta(days=10))
    for each, fresh, stale in ((old, 0, 48), (just, 48, 0)):
        found = free_in(days_of(MONDAY, 7), [each], TWENTY, NONE, now=NOON, stale_days=10)
        assert (float(found.fresh), float(found.stale)) == (fresh, stale)


statements = st.lists(
    st.builds(
        lambda first, length, hours, percent, age: (first, first + length, hours, percent, age),
        st.integers(-10, 30),
        st.integers(0, 20),
        st.integers(0, 24),
        st.none() | st.integers(0, 100),
        st.integers(0, 20),
    ),
    max_size=8,
).map(
    lambda drawn: [
        said(number, first, last, hours, percent, NOON - timedelta(days=age))
        for number, (first, last, hours, percent, age) in enumerate(drawn)
    ]
)
calendars = st.builds(
    Calendar, st.lists(st.integers(0, 24).map(Decimal), min_size=7, max_size=7).map(tuple), st.booleans()
)
publics = st.builds(
    lambda off, worked: Holidays(
        frozenset(MONDAY + timedelta(days=n) for n in off),
        frozenset(MONDAY + timedelta(days=n) for n in worked - off),
        frozenset(),
        frozenset(),
    ),
    st.frozensets(st.integers(0, 27), max_size=5),
    st.frozensets(st.integers(0, 27), max_size=5),
)


@given(statements, calendars, publics, st.integers(1, 12))
def test_hours_are_the_sum_of_their_days_however_the_days_are_cut(
    told: list[Said], calendar: Calendar, public: Holidays, cut: int
) -> None:
    """Whatever the borders of buckets: nothing is counted twice, nothing falls between."""

    def free(first: int, days: int) -> Decimal:
        found = free_in(
            days_of(MONDAY + timedelta(days=first), days), told, calendar, public, now=NOON, stale_days=10
        )
        return found.fresh + found.stale

    whole = free(0, 24)
    assert whole == sum((free(start, min(cut, 24 - start)) for start in range(0, 24, cut)), Decimal(0))
    each_day = [free_on(day, told, calendar, public) for day in days_of(MONDAY, 24)]
    assert whole == sum(each_day, Decimal(0))
    for day, hours in zip(days_of(MONDAY, 24), each_day, strict=True):
        assert 0 <= hours <= calendar.hours_on(day, public)


@given(statements)
def test_the_statement_that_counts_covers_the_day_and_none_later_does(told: list[Said]) -> None:
    for day in days_of(MONDAY, 24):
        counts = said_on(day, told)
        later = [
            each for each in told if each.covers(day) and (counts is None or each.number > counts.number)
        ]
        assert later == []
        assert counts is None or counts.covers(day)


@given(st.integers(0, 500), st.lists(st.integers(0, 16800).map(lambda n: Decimal(n) / 100), max_size=6))
def test_a_limit_shared_out_is_kept_and_nobody_gets_more_than_she_has(
    limit: int, hours: list[Decimal]
) -> None:
    found = shared_out(Decimal(limit), hours)
    assert sum(found, Decimal(0)) <= max(Decimal(limit), Decimal(0)) or sum(hours) <= limit
    assert all(0 <= now <= was for now, was in zip(found, hours, strict=True))
    if sum(hours) <= limit:
        assert found == hours
    elif hours:
        assert limit - sum(found, Decimal(0)) <= Decimal("0.01") * len(hours), "rounding only"


@given(st.lists(st.tuples(st.integers(-5, 15), st.integers(0, 9)), max_size=4))
def test_days_left_are_those_that_no_later_statement_covers(later: list[tuple[int, int]]) -> None:
    spans = [(MONDAY + timedelta(days=at), MONDAY + timedelta(days=at + more)) for at, more in later]
    last = MONDAY + timedelta(days=9)
    free = [day for day in days_of(MONDAY, 10) if not any(first <= day <= end for first, end in spans)]
    assert days_left(MONDAY, last, spans) == len(free)


@given(
    st.lists(
        st.tuples(st.integers(-5, 20), st.integers(0, 9), st.sampled_from([0, 5, 8])), min_size=1, max_size=8
    )
)
def test_what_is_in_force_says_of_each_day_what_counts_and_nothing_twice(
    drawn: list[tuple[int, int, int]],
) -> None:
    stands = [said(n, first, first + more, hours) for n, (first, more, hours) in enumerate(drawn)]
    stretches = in_force(stands, MONDAY)
    for number in range(40):
        day = MONDAY + timedelta(days=number)
        its = [each.day_hours for each in stretches if each.first_date <= day <= each.last_date]
        counts = said_on(day, stands)
        assert its == ([counts.day_hours] if counts else [])
    for one, other in pairwise(stretches):
        touching = one.last_date + timedelta(days=1) == other.first_date
        assert one.last_date < other.first_date
        assert not (touching and one.day_hours == other.day_hours), "as few as say it"
