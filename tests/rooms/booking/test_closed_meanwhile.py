"""Its provider closes a time that a buyer holds: she can't place it any more, in whichever way, and so it isn't sold twice."""

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError

from staveworks.foundation.parties.types import Role
from staveworks.foundation.reservation.queries import list_held, list_reservations
from staveworks.foundation.reservation.types import Chain, HoldExpired, State
from staveworks.jobs.periodic import lapse_lines
from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.queries import access_wish
from staveworks.mechanisms.booking.types import NothingKept
from staveworks.mechanisms.booking.usecases.answer_wish import take_time
from staveworks.mechanisms.booking.usecases.close_for import close_for
from staveworks.mechanisms.booking.usecases.make_wish import make_wish
from staveworks.mechanisms.booking.usecases.serve_list import serve_list
from staveworks.trade.orders.queries import access_line, access_order
from staveworks.trade.orders.types import LineState, OrderState
from staveworks.trade.orders.usecases import place_order as placing
from staveworks.trade.orders.usecases.decide_approval import approve_order
from staveworks.trade.orders.usecases.end_line import cancel_line
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from staveworks.trade.orders.usecases.set_limit import set_limit
from staveworks.trade.orders.waiting import approvals_to_give
from tests.booking import Lab, at, make_lab, monday
from tests.database import Clone
from tests.world import World, join, make_person, make_world

NO_GUARD = "DROP TRIGGER orders_line_reserved ON orders_line"


def held(world: World, lab: Lab) -> tuple[UUID, UUID]:
    """A draft of two times of one machine, held; the order and its first line."""
    first, _ = (
        add_line(
            world.zhou, version_id=lab.offer.id, request={"starts_at": f"{monday()}T{clock}", "minutes": 60}
        )
        for clock in ("09:00", "11:00")
    )
    hold_order(world.zhou, order_id=first.order_id)
    return first.order_id, first.line_id


def close(lab: Lab, *, unit: int | None = None) -> None:
    hour = Span(at(monday(), "09:00"), at(monday(), "10:00"))
    close_for(lab.fang, resource_id=lab.looms, during=hour, reason="维修", unit=unit)


@pytest.mark.parametrize("limit_fen", [1_000_000, 0], ids=["placed", "asked to approve"])
def test_the_draft_stays_one_and_is_placed_once_held_anew(db: None, limit_fen: int) -> None:
    world = make_world()
    lab = make_lab(world, units=2)
    set_limit(world.lin, limit_fen=limit_fen)
    order, line = held(world, lab)
    close(lab)
    with pytest.raises(HoldExpired):
        place_order(world.zhou, order_id=order)
    assert access_line(world.zhou, line_id=line).state is LineState.DRAFT


def test_what_waits_for_approval_is_not_approved(db: None) -> None:
    world = make_world()
    lab = make_lab(world, units=1)
    manager = join(make_person("经理"), world.chunhui, Role.MANAGER)
    set_limit(world.lin, limit_fen=0)
    order, line = held(world, lab)
    assert place_order(world.zhou, order_id=order) is OrderState.AWAITING_APPROVAL
    close(lab)
    with pytest.raises(HoldExpired):
        approve_order(manager, order_id=order)
    assert access_line(world.zhou, line_id=line).state is LineState.AWAITING_APPROVAL


def test_an_approval_that_cannot_be_given_any_more_ends_by_itself_and_says_why(committed: Clone) -> None:
    world = make_world()
    lab = make_lab(world, units=1)
    set_limit(world.lin, limit_fen=0)
    order, line = held(world, lab)
    hold_order(world.zhou, order_id=order)  # held anew: what was given back for that counts for nothing
    place_order(world.zhou, order_id=order)
    assert lapse_lines() == 0
    close(lab)
    assert [each.subject for each in approvals_to_give(org=None)] == [order]
    assert lapse_lines() == 1
    assert approvals_to_give(org=None) == []
    seen = access_order(world.zhou, order_id=order)
    assert seen.approval
    assert (seen.approval.verdict, "关闭" in seen.approval.reason) == ("lapsed", True)
    assert access_line(world.zhou, line_id=line).state is LineState.DRAFT
    assert list_held(world.zhou, subject_id=line) == []


def test_two_looms_are_not_taken_from_the_waiting_list_with_one(db: None) -> None:
    world = make_world()
    lab = make_lab(world, units=2)
    booked = lab.book(world.gao, monday(), "09:00", minutes=60, quantity=2)
    wish = make_wish(
        world.lin,
        offer_id=lab.offer.offer_id,
        request={"minutes": 60, "quantity": 2},
        earliest_at=at(monday(), "09:00"),
        latest_at=at(monday(), "10:00"),
    )
    cancel_line(world.gao, line_id=booked.id)
    serve_list(lab.fang, resource_id=lab.looms)
    line = access_wish(world.lin, wish_id=wish).line_id
    close(lab, unit=1)
    with pytest.raises(NothingKept):
        take_time(world.lin, wish_id=wish)
    assert line
    assert State.COMMITTED not in {each.state for each in list_reservations(world.lin, subject_ids=[line])}


def test_past_the_check_the_database_refuses_and_without_it_the_time_is_sold_twice(
    committed: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the former version placed it; with the guard away (control) it is placed without its time."""
    world = make_world()
    lab = make_lab(world, units=1)
    order, line = held(world, lab)
    close(lab)

    def unchecked(rows: object, state: State, move: Callable[[], Chain]) -> None:
        move()

    monkeypatch.setattr(placing, "_all_of_it", unchecked)
    with pytest.raises(IntegrityError, match="reserved"):
        place_order(world.zhou, order_id=order)
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute(NO_GUARD)
    place_order(world.zhou, order_id=order)
    assert access_line(world.zhou, line_id=line).state is LineState.PLACED
    assert [each.state for each in list_reservations(world.lin, subject_ids=[line])] == [State.RELEASED]
