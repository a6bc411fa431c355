"""The same thing first, then nearest in time, then in space."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.domain.alternatives import Candidate, apart, in_order, kilometres

NINE = datetime(2026, 12, 7, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def free(number: int, hours: int, km: float | None, offer: int = 0) -> Candidate:
    at = NINE + hours * HOUR
    return Candidate(UUID(int=offer or number), UUID(int=number), Span(at, at + HOUR), km)


def test_keqiao_to_wujiang_as_the_crow_flies() -> None:
    """Of one degree and three minutes north, eight and a half east: 118 km."""
    assert kilometres((30.0819, 120.4951), (31.1387, 120.6452)) == pytest.approx(118.4, abs=0.5)
    assert kilometres((90, 0), (-90, 0)) == pytest.approx(20_015, abs=1)
    assert kilometres((30, 120), (30, 120)) == 0


def test_the_same_thing_goes_first_then_time_before_space_and_the_later_before_the_earlier() -> None:
    far, near, unknown = free(1, 1, 300), free(2, 1, 20), free(3, 1, None)
    before, later, same = free(4, -1, 0), free(5, 2, 0), free(6, 5, 0)
    found = [later, before, same, unknown, far, near]
    assert in_order(found, NINE, UUID(int=6)) == [same, near, far, unknown, before, later]


def test_of_others_each_is_named_once_before_one_is_named_again() -> None:
    near, near_again, far = free(1, 1, 0), free(1, 2, 0), free(2, 3, 9)
    assert in_order([near_again, far, near], NINE, UUID(int=6)) == [near, far, near_again]


def test_one_free_time_is_named_once_though_two_offers_sell_it() -> None:
    one, other = free(1, 1, 0, offer=7), free(1, 1, 0, offer=8)
    assert in_order([one, other], NINE, UUID(int=1)) == [one]


def test_what_overlaps_is_hardly_another_time() -> None:
    first, half_past, next_one = (
        Span(NINE + shift * HOUR, NINE + (shift + 1) * HOUR) for shift in (0, 0.5, 1)
    )
    assert apart([first, half_past, next_one], most=2) == [first, next_one]
    assert apart([first, next_one], most=1) == [first]
