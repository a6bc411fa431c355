"""What is booked is answered and approved before it begins, however long the cluster's rule leaves otherwise."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from staveworks.trade.orders.queries import access_line, access_order
from staveworks.trade.orders.terms import terms_in_force
from staveworks.trade.orders.types import LineState
from staveworks.trade.orders.usecases import place_order as placing
from staveworks.trade.orders.usecases.decide_approval import approve_order
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.booking import Lab, at, monday
from tests.world import World

LONG = timedelta(days=29)


@pytest.fixture
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    lengthened = partial(replace, answer=LONG, approval=LONG)
    monkeypatch.setattr(placing, "terms_in_force", lambda: lengthened(terms_in_force()))


@pytest.mark.usefixtures("_unhurried")
def test_the_provider_answers_before_the_booked_time_begins(world: World, lab: Lab) -> None:
    placed = lab.book(world.lin, monday(), "09:00", minutes=60, confirmed=False)
    assert placed.deadline_at == at(monday(), "09:00")


def test_an_answer_that_is_due_earlier_stays_so(world: World, lab: Lab) -> None:
    far = monday(weeks=4)
    placed = lab.book(world.lin, far, "09:00", minutes=60, confirmed=False)
    assert placed.deadline_at is not None
    assert placed.deadline_at < at(far, "00:00")


@pytest.mark.usefixtures("_unhurried")
def test_an_order_is_approved_before_the_first_of_its_booked_times_begins(world: World, lab: Lab) -> None:
    set_limit(world.lin, limit_fen=0)
    for clock in ("14:00", "09:00"):
        asked = {"starts_at": f"{monday()}T{clock}", "minutes": 60}
        order = add_line(world.zhou, version_id=lab.offer.id, request=asked).order_id
    hold_order(world.zhou, order_id=order)
    place_order(world.zhou, order_id=order)
    found = access_order(world.lin, order_id=order)
    first = at(monday(), "09:00")
    assert found.approval is not None
    assert found.approval.deadline_at == first
    assert {(line.state, line.deadline_at) for line in found.lines} == {(LineState.AWAITING_APPROVAL, first)}
    approve_order(world.lin, order_id=order)
    due = {access_line(world.lin, line_id=line.id).deadline_at for line in found.lines}
    assert due == {first, at(monday(), "14:00")}, "each line's own"
