"""Which times can be booked and what they cost: golden cases done by hand, properties, and a plain search as the oracle."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.domain.pricing import Steps, ratio_at, steps_by_window
from staveworks.mechanisms.booking.domain.slots import (
    bookable,
    by_unit,
    check_slot,
    count_free,
    free_slots,
    held_for,
    nearest,
)
from staveworks.mechanisms.booking.types import BookingRules, Hours, SlotRefused, Window
from staveworks.trade.catalogue.domain import steps_begun
from staveworks.trade.catalogue.types import TimePrice

SHANGHAI = "Asia/Shanghai"
MINUTE = timedelta(minutes=1)
LAB = BookingRules(grid=30, shortest=60, longest=240, before=15, after=30, notice=timedelta(hours=2))


def at(clock: str, day: int = 1) -> datetime:
    """A moment of December 2026 in Shanghai; the 1st is a Tuesday."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 12, day, tzinfo=UTC) + timedelta(hours=hour - 8, minutes=minute)


def span(starts: str, ends: str, day: int = 1) -> Span:
    return Span(at(starts, day), at(ends, day))


MORNING = (span("08:30", "12:00"),)
NOW = at("06:00")


def starts(slots: Any) -> list[str]:
    return [f"{each.starts_at + timedelta(hours=8):%H:%M}" for each in slots]


def test_the_slots_of_a_morning() -> None:
    assert starts(bookable(LAB, MORNING, minutes=60, zone=SHANGHAI, now=NOW)) == [
        "08:30", "09:00", "09:30", "10:00", "10:30", "11:00",
    ]  # fmt: skip
    assert starts(bookable(LAB, MORNING, minutes=180, zone=SHANGHAI, now=NOW)) == ["08:30", "09:00"]
    assert starts(bookable(LAB, MORNING, minutes=60, zone=SHANGHAI, now=at("07:40"))) == [
        "10:00", "10:30", "11:00",
    ], "two hours ahead is 09:40, the grid says 10:00"  # fmt: skip
    assert starts(bookable(LAB, MORNING, minutes=240, zone=SHANGHAI, now=NOW)) == []


def test_setting_up_and_cleaning_keep_bookings_apart() -> None:
    """Taken 10:00–11:00 with its buffers is 09:45–11:30: an hour before must end by 09:15, one after begins at 11:45 earliest."""
    taken = by_unit([(1, held_for(LAB, span("10:00", "11:00")))], units=1)
    assert starts(free_slots(LAB, MORNING, taken, minutes=60, zone=SHANGHAI, now=NOW)) == []
    bare = replace(LAB, before=0, after=0)
    taken = by_unit([(1, span("10:00", "11:00"))], units=1)
    assert starts(free_slots(bare, MORNING, taken, minutes=60, zone=SHANGHAI, now=NOW)) == [
        "08:30", "09:00", "11:00",
    ]  # fmt: skip


def test_of_two_units_one_taken_leaves_one() -> None:
    taken = by_unit([(1, span("09:00", "12:00")), (3, span("08:00", "12:00"))], units=2)
    assert len(taken) == 2, "a unit that is gone since counts for nothing"
    assert count_free(taken, span("10:00", "11:00")) == 1
    bare = replace(LAB, before=0, after=0)
    one = starts(free_slots(bare, MORNING, taken, minutes=60, zone=SHANGHAI, now=NOW))
    both = starts(free_slots(bare, MORNING, taken, minutes=60, zone=SHANGHAI, now=NOW, wanted=2))
    assert (len(one), both) == (6, [])


@pytest.mark.parametrize(
    ("wanted", "now", "field"),
    [
        (span("09:00", "09:30"), NOW, "minutes"),
        (span("08:30", "13:00"), NOW, "minutes"),
        (span("09:00", "10:15"), NOW, "minutes"),
        (span("09:10", "10:10"), NOW, "starts_at"),
        (span("09:00", "10:00"), at("07:01"), "starts_at"),
        (span("09:00", "10:00"), at("09:00") - timedelta(days=61), "starts_at"),
        (span("11:30", "12:30"), NOW, "starts_at"),
        (span("08:00", "09:00"), NOW, "starts_at"),
    ],
)
def test_what_cant_be_booked_is_refused_at_the_field_to_change(
    wanted: Span, now: datetime, field: str
) -> None:
    with pytest.raises(SlotRefused) as refused:
        check_slot(LAB, wanted, MORNING, zone=SHANGHAI, now=now)
    assert refused.value.field == field
    check_slot(LAB, span("09:00", "10:00"), MORNING, zone=SHANGHAI, now=at("07:00"))
    check_slot(LAB, span("09:00", "10:00"), MORNING, zone=SHANGHAI, now=at("09:00") - timedelta(days=60))


def test_the_nearest_come_first_and_of_two_as_near_the_later() -> None:
    slots = [span("08:30", "09:30"), span("09:30", "10:30"), span("10:30", "11:30"), span("13:00", "14:00")]
    assert starts(nearest(slots, at("09:30"))) == ["09:30", "10:30", "08:30"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"grid": 0}, {"grid": 7}, {"shortest": 45}, {"longest": 30}, {"shortest": 0}, {"before": -1},
        {"notice": timedelta(days=60)},
    ],
)  # fmt: skip
def test_rules_that_contradict_themselves_are_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"grid|lengths|buffers"):
        replace(LAB, **wrong)


minutes = st.integers(0, 7 * 24 * 60)
spans = st.builds(
    lambda start, length: Span(at("00:00") + start * MINUTE, at("00:00") + (start + length) * MINUTE),
    minutes,
    st.integers(1, 600),
)
rules = st.builds(
    lambda grid, short, more, before, after, notice: BookingRules(
        grid=grid,
        shortest=grid * short,
        longest=grid * (short + more),
        before=before,
        after=after,
        notice=timedelta(minutes=notice),
    ),
    st.sampled_from([5, 15, 20, 30, 60, 120]),
    st.integers(1, 4),
    st.integers(0, 4),
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(0, 300),
)


def apart(some: Sequence[Span]) -> list[Span]:
    """Those that don't overlap an earlier one."""
    found: list[Span] = []
    for each in sorted(some):
        if not found or found[-1].ends_at < each.starts_at:
            found.append(each)
    return found


@given(rules, st.lists(spans, max_size=4), st.integers(0, 3), minutes)
@settings(max_examples=80, deadline=None)
def test_what_is_listed_is_exactly_what_passes_the_check(
    asked: BookingRules, opened: list[Span], more: int, now_minutes: int
) -> None:
    """Every minute of the week is tried: no slot is missing, none is listed that would be refused."""
    now, length = at("00:00") + now_minutes * MINUTE, min(asked.longest, asked.shortest + more * asked.grid)
    open_then = apart(opened)
    listed = {s.starts_at for s in bookable(asked, open_then, minutes=length, zone=SHANGHAI, now=now)}
    for each in open_then:
        start = each.starts_at
        while start < each.ends_at:
            wanted = Span(start, start + length * MINUTE)
            try:
                check_slot(asked, wanted, open_then, zone=SHANGHAI, now=now)
            except SlotRefused:
                assert start not in listed
            else:
                assert start in listed
            start += MINUTE


@given(rules, st.lists(spans, max_size=3), st.lists(st.tuples(st.integers(1, 3), spans), max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_free_slot_overlaps_nothing_on_some_unit_and_no_free_one_is_left_out(
    asked: BookingRules, opened: list[Span], some: list[tuple[int, Span]]
) -> None:
    taken = [(unit, each) for unit in (1, 2, 3) for each in apart([s for u, s in some if u == unit])]
    open_then, now = apart(opened), at("00:00") - timedelta(hours=6)
    kwargs: dict[str, Any] = {"minutes": asked.shortest, "zone": SHANGHAI, "now": now}
    free = set(free_slots(asked, open_then, by_unit(taken, 3), **kwargs))
    for slot in bookable(asked, open_then, **kwargs):
        held = held_for(asked, slot)
        blocked = {unit for unit, other in taken if other.overlaps(held)}
        assert (slot in free) == (len(blocked) < 3)


PEAK = Window(frozenset({0, 1, 2, 3, 4}), Hours(9 * 60, 12 * 60), Decimal("1.5"))
NIGHT = Window(frozenset(range(7)), Hours(20 * 60, 24 * 60), Decimal("0.6"))


def test_three_hours_into_the_peak() -> None:
    """08:00–11:00 by the half hour: two steps before nine, four at one and a half."""
    found = steps_by_window(
        span("08:00", "11:00"), step_minutes=30, minimum_minutes=30, windows=[PEAK, NIGHT], zone=SHANGHAI
    )
    assert found == (Steps(2, Decimal(1)), Steps(4, Decimal("1.5")))


def test_a_step_begun_counts_whole_and_the_minimum_costs_what_the_last_step_costs() -> None:
    """08:45–09:10 by the half hour is one step, begun before nine; an hour at least: two."""
    windows = [PEAK]
    one = steps_by_window(span("08:45", "09:10"), step_minutes=30, minimum_minutes=0, windows=windows, zone=SHANGHAI)  # fmt: skip
    assert one == (Steps(1, Decimal(1)),)
    least = steps_by_window(span("08:45", "09:10"), step_minutes=30, minimum_minutes=60, windows=windows, zone=SHANGHAI)  # fmt: skip
    assert least == (Steps(2, Decimal(1)),)
    assert [ratio_at(at(clock), [PEAK, NIGHT], SHANGHAI) for clock in ("08:59", "09:00", "12:00", "23:59")] == [
        Decimal(1), Decimal("1.5"), Decimal(1), Decimal("0.6"),
    ]  # fmt: skip
    assert ratio_at(at("10:00", day=5), [PEAK], SHANGHAI) == 1, "a Saturday"


@given(spans, st.sampled_from([15, 30, 60, 480]), st.integers(1, 600))
@settings(max_examples=120, deadline=None)
def test_windows_change_what_steps_cost_never_how_many_there_are(taken: Span, step: int, least: int) -> None:
    found = steps_by_window(
        taken, step_minutes=step, minimum_minutes=least, windows=[PEAK, NIGHT], zone=SHANGHAI
    )
    price = TimePrice(step_minutes=step, step_price_fen=100, minimum_minutes=least)
    assert sum(each.count for each in found) == steps_begun(price, Decimal(taken.length // MINUTE))
    assert len({each.ratio for each in found}) == len(found)
    longer = Span(taken.starts_at, taken.ends_at + 30 * MINUTE)
    more = steps_by_window(longer, step_minutes=step, minimum_minutes=least, windows=[], zone=SHANGHAI)
    assert more[0].count >= sum(each.count for each in found)
