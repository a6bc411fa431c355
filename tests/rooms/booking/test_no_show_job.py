"""The job that gives back the time of those who don't come, over all organisations."""

import pytest

from staveworks.jobs.periodic import give_back_unused
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import LineState
from tests.booking import at, make_lab, monday
from tests.database import Clone
from tests.skew import its_clock_says
from tests.world import make_world


def test_it_finds_whoever_is_overdue_and_nobody_else(
    committed: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, day = make_world(), monday()
    lab = make_lab(world)
    missed, later = (lab.book(world.lin, day, clock) for clock in ("09:00", "11:00"))
    unconfirmed = lab.book(world.wu, day, "09:00", confirmed=False)
    assert give_back_unused() == 0
    its_clock_says(monkeypatch, at(day, "09:45"))
    assert give_back_unused() == 1
    assert give_back_unused() == 0
    states = [access_line(lab.fang, line_id=each.id).state for each in (missed, later, unconfirmed)]
    assert states == [LineState.NO_SHOW, LineState.CONFIRMED, LineState.PLACED]
