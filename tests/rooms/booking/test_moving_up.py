"""Moved to an earlier time: the old booking or the new one, never both, never none."""

from datetime import datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from staveworks.db.clock import database_now
from staveworks.db.transaction import acting
from staveworks.foundation.reservation.queries import list_reservations
from staveworks.foundation.reservation.types import State
from staveworks.kit.ids import new_id
from staveworks.mechanisms.booking.domain.quota import QuotaExceeded
from staveworks.mechanisms.booking.models import Wish as Row
from staveworks.mechanisms.booking.queries import access_wish, price_wish
from staveworks.mechanisms.booking.types import CannotMove, WishState
from staveworks.mechanisms.booking.usecases.answer_wish import take_time
from staveworks.mechanisms.booking.usecases.ask_to_move import ask_to_move
from staveworks.mechanisms.booking.usecases.serve_list import serve_list
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import DearerThanApproved, LineState, PriceChanged
from staveworks.trade.orders.usecases.end_line import cancel_line
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.booking import SHANGHAI, Lab, at, make_lab, monday
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab(world: World) -> Lab:
    return make_lab(world, units=1)


def check_now() -> None:
    """What the database looks at when a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS booking_wish_moved IMMEDIATE")
        cursor.execute("SET CONSTRAINTS booking_wish_moved DEFERRED")


def take_alone(wish: UUID) -> None:
    """As if nothing were to be moved with it."""
    Row.objects.filter(id=wish).update(state=WishState.TAKEN)
    check_now()


def states(world: World, line: UUID) -> list[State]:
    return [each.state for each in list_reservations(world.lin, subject_ids=[line])]


def test_the_new_time_is_firm_and_confirmed_and_the_old_one_is_free(world: World, lab: Lab) -> None:
    day = monday()
    first = lab.book(world.wu, day, "09:00", minutes=120)
    mine = lab.book(world.lin, day, "14:00", minutes=120)
    wish = ask_to_move(world.lin, line_id=mine.id, earliest_at=at(day, "08:30"))
    lab.book(world.wu, day, "11:00", minutes=180)
    assert serve_list(lab.fang, resource_id=lab.looms) == 0
    cancel_line(world.wu, line_id=first.id)
    assert serve_list(lab.fang, resource_id=lab.looms) == 1
    price = price_wish(world.lin, wish_id=wish)
    set_limit(world.lin, limit_fen=0)
    with pytest.raises(PriceChanged):
        take_time(world.lin, wish_id=wish, expected_fen=1)
    with pytest.raises(DearerThanApproved):
        take_time(world.lin, wish_id=wish, expected_fen=price)
    set_limit(world.lin, limit_fen=None)
    assert access_line(world.lin, line_id=mine.id).state is LineState.CONFIRMED
    assert states(world, mine.id) == [State.COMMITTED]
    with acting(org=world.lin.org), pytest.raises(IntegrityError), transaction.atomic():
        take_alone(wish)
    with acting(org=world.lin.org, person=world.lin.person_id):
        new = take_time(world.lin, wish_id=wish, expected_fen=price).line_id
        check_now()
    old, moved = (access_line(world.lin, line_id=each) for each in (mine.id, new))
    assert (old.state, old.fee_fen, states(world, old.id)) == (LineState.CANCELLED, 0, [State.RELEASED])
    assert (moved.state, moved.quote.starts_at) == (LineState.CONFIRMED, at(day, "08:30"))
    assert states(world, new) == [State.COMMITTED]


def test_whose_quota_is_full_is_moved_up_too_for_the_old_booking_falls_away(world: World) -> None:
    lab, day = make_lab(world, units=1, quota_period="week", firm_minutes=60), monday()
    first = lab.book(world.gao, day, "09:00", minutes=60)
    mine = lab.book(world.lin, day, "14:00", minutes=60)
    wish = ask_to_move(world.lin, line_id=mine.id, earliest_at=at(day, "09:00"))
    cancel_line(world.gao, line_id=first.id)
    assert serve_list(lab.fang, resource_id=lab.looms) == 1
    assert price_wish(world.lin, wish_id=wish) == 27_000
    with acting(org=world.lin.org, person=world.lin.person_id):
        new = take_time(world.lin, wish_id=wish, expected_fen=27_000).line_id
        check_now()
    assert states(world, mine.id) == [State.RELEASED]
    with pytest.raises(QuotaExceeded):
        lab.book(world.lin, day, "15:00", minutes=60)
    assert access_line(world.lin, line_id=new).state is LineState.CONFIRMED


def test_what_its_provider_had_not_confirmed_it_still_confirms(world: World, lab: Lab) -> None:
    day = monday()
    first = lab.book(world.wu, day, "09:00", minutes=60)
    mine = lab.book(world.lin, day, "14:00", minutes=60, confirmed=False)
    wish = ask_to_move(world.lin, line_id=mine.id, earliest_at=at(day, "09:00"))
    lab.book(world.wu, day, "10:00", minutes=240)
    cancel_line(world.wu, line_id=first.id)
    assert serve_list(lab.fang, resource_id=lab.looms) == 1
    with acting(org=world.lin.org, person=world.lin.person_id):
        new = take_time(world.lin, wish_id=wish).line_id
        check_now()
    assert access_line(world.lin, line_id=new).state is LineState.PLACED


def test_from_when_on_is_never_before_now(world: World, lab: Lab) -> None:
    """The year 1 in Shanghai is a moment before our era in UTC, which Python can't read back."""
    mine = lab.book(world.lin, monday(), "14:00", minutes=60)
    before = database_now()
    wish = ask_to_move(world.lin, line_id=mine.id, earliest_at=datetime(1, 1, 1, tzinfo=SHANGHAI))
    assert access_wish(world.lin, wish_id=wish).earliest_at >= before
    with acting(org=world.lin.org):
        row = Row.objects.get(id=wish)
    row.id, row.state, row.earliest_at = new_id(), WishState.LEFT, datetime(1999, 1, 1, tzinfo=SHANGHAI)
    with acting(org=world.lin.org), pytest.raises(IntegrityError, match="booking_wish_on_calendar"):
        row.save(force_insert=True)


def test_who_cancels_meanwhile_waits_no_longer_and_what_is_over_cant_be_moved(world: World, lab: Lab) -> None:
    day = monday()
    other = lab.book(world.wu, day, "08:30", minutes=240)
    mine = lab.book(world.lin, day, "14:00", minutes=60)
    wish = ask_to_move(world.lin, line_id=mine.id, earliest_at=at(day, "08:30"))
    cancel_line(world.lin, line_id=mine.id)
    cancel_line(world.wu, line_id=other.id)
    assert serve_list(lab.fang, resource_id=lab.looms) == 1
    assert access_wish(world.lin, wish_id=wish).state is WishState.OVER
    with pytest.raises(CannotMove):
        ask_to_move(world.lin, line_id=mine.id, earliest_at=at(day, "08:30"))
