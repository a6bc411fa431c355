"""Times come free at once and two wait: each gets one and no more, whoever serves the list, however often at once."""

import threading
from datetime import datetime
from uuid import UUID

import psycopg
import pytest

from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.models import Reservation
from staveworks.foundation.reservation.types import State
from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.models import Wish as Row
from staveworks.mechanisms.booking.queries import access_wish
from staveworks.mechanisms.booking.types import Resource, WishState
from staveworks.mechanisms.booking.usecases import serve_list as serving
from staveworks.mechanisms.booking.usecases.answer_wish import decline_time, take_time
from staveworks.mechanisms.booking.usecases.make_wish import make_wish
from staveworks.trade.orders.usecases.end_line import cancel_line
from tests.booking import Lab, at, make_lab, monday
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import World, make_world


def scene(units: int = 3) -> tuple[World, Lab, list[tuple[Actor, UUID]], list[UUID]]:
    """All looms are taken on Monday at nine; 春晖 and 远达 wait for one of them each."""
    world = make_world()
    lab, day = make_lab(world, units=units), monday()
    lines = [lab.book(world.gao, day, "09:00", minutes=60).id for _ in range(units)]
    waiting = [
        (who, make_wish(
            who, offer_id=lab.offer.offer_id, request={"minutes": 60},
            earliest_at=at(day, "09:00"), latest_at=at(day, "10:00"),
        ))
        for who in (world.lin, world.wu)
    ]  # fmt: skip
    return world, lab, waiting, lines


def held_for(who: Actor) -> int:
    with acting(org=who.org):
        return Reservation.objects.filter(holder_id=who.org, state=State.HELD).count()


def test_three_come_free_at_once_and_two_who_wait_get_one_each(committed: Clone) -> None:
    world, lab, waiting, lines = scene()

    def free(line: UUID) -> None:
        cancel_line(world.gao, line_id=line)
        serving.serve_list(lab.fang, resource_id=lab.looms)

    done = at_once(*(lambda line=line: free(line) for line in lines))
    assert done == [None, None, None]
    assert [access_wish(who, wish_id=wish).state for who, wish in waiting] == ["kept", "kept"]
    assert [held_for(who) for who, _ in waiting] == [1, 1]


def test_one_free_is_taken_or_passed_on_never_both(committed: Clone) -> None:
    """The first takes and declines at once, from two windows, while the list is served: one of them holds, nobody has it twice."""
    world, lab, ((lin, first), (wu, second)), (line,) = scene(units=1)
    cancel_line(world.gao, line_id=line)
    serving.serve_list(lab.fang, resource_id=lab.looms)
    at_once(
        lambda: take_time(lin, wish_id=first),
        lambda: decline_time(lin, wish_id=first),
        lambda: serving.serve_list(lab.fang, resource_id=lab.looms),
    )
    serving.serve_list(lab.fang, resource_id=lab.looms)
    states = tuple(str(access_wish(who, wish_id=wish).state) for who, wish in ((lin, first), (wu, second)))
    assert states in {("taken", "waiting"), ("declined", "kept")}
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute("SET ROLE NONE")
        assert owner.execute("SELECT count(*) FROM reservation_faults()").fetchone() == (0,)


def test_without_lock_and_guard_the_first_in_line_gets_two(
    committed: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both who serve look before either has kept, and nothing says that one is kept already."""
    world, lab, waiting, lines = scene()
    for line in lines:
        cancel_line(world.gao, line_id=line)
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute("DROP TRIGGER booking_wish_kept ON booking_wish")
    both_have_looked, mine = threading.Barrier(2, timeout=20), threading.local()
    look = serving.times_for

    def looked(row: Row, resource: Resource, *, now: datetime) -> list[Span]:
        found = list(look(row, resource, now=now))
        if not getattr(mine, "waited", False):
            mine.waited = True
            both_have_looked.wait()
        return found

    def move(row: Row, was: WishState, becomes: WishState, event: str, **values: object) -> int:
        with acting(org=row.buyer_org_id):
            return Row.objects.filter(id=row.id).update(state=becomes, **values)

    monkeypatch.setattr(serving, "lock_list", lambda _: None)
    monkeypatch.setattr(serving, "times_for", looked)
    monkeypatch.setattr(serving, "_move", move)
    at_once(*(lambda: serving.serve_list(lab.fang, resource_id=lab.looms) for _ in range(2)))
    assert [held_for(who) for who, _ in waiting] == [2, 1]
