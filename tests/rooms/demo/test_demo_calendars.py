"""Where the demo's bookings lie: what is dated back meets nothing of what was there."""

import pytest
from django.utils import timezone

from staveworks.demo.calendars import first_time
from tests.booking import SHANGHAI, make_lab, monday
from tests.world import make_world

pytestmark = pytest.mark.django_db
A_WEEK = 7


def test_a_booking_takes_another_time_where_its_own_is_taken_in_the_end() -> None:
    world = make_world()
    lab = make_lab(world, units=1)
    lab.book(world.lin, monday(1), "09:00")
    next_monday = (monday(2) - timezone.localdate()).days

    def begins(days_back: int) -> str:
        span = first_time(
            lab.fang, lab.offer, day=next_monday, at="09:00", minutes=60, days_back=lambda _: days_back
        )
        assert span.starts_at.astimezone(SHANGHAI).date() >= monday(2)
        return f"{span.starts_at.astimezone(SHANGHAI):%a %H:%M}"

    assert begins(0) == begins(2 * A_WEEK) == "Mon 09:00"
    assert begins(A_WEEK) == "Tue 09:00"
