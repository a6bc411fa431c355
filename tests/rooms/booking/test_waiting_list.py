"""The waiting list: first come, first served; a time is kept for one at a time, and given on if she doesn't take it."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor, Role
from staveworks.foundation.reservation.models import Reservation
from staveworks.foundation.reservation.queries import list_reservations
from staveworks.foundation.reservation.rows import lock
from staveworks.foundation.reservation.types import State
from staveworks.kit.errors import StaveworksError
from staveworks.kit.ids import new_id
from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.models import Bookable
from staveworks.mechanisms.booking.models import Wish as Row
from staveworks.mechanisms.booking.queries import access_wish, list_waiting, price_wish
from staveworks.mechanisms.booking.types import (
    NothingKept,
    SlotRefused,
    TimeFree,
    WaitsAlready,
    WindowInvalid,
    Wish,
    WishState,
)
from staveworks.mechanisms.booking.usecases.answer_wish import decline_time, take_time
from staveworks.mechanisms.booking.usecases.close_for import close_for
from staveworks.mechanisms.booking.usecases.keep_resource import register_bookable
from staveworks.mechanisms.booking.usecases.make_wish import leave_list, make_wish
from staveworks.mechanisms.booking.usecases.serve_list import serve_list
from staveworks.trade.catalogue.queries import access_offer
from staveworks.trade.catalogue.requests import RequestInvalid
from staveworks.trade.catalogue.usecases.draft_offer import edit_draft
from staveworks.trade.catalogue.usecases.publish_offer import publish_offer
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import Line, LinesNotFree, LineState, OrderState, OwnOffer, PriceChanged
from staveworks.trade.orders.usecases.end_line import cancel_line
from tests.booking import HOURLY, LOOM, TERMS, Lab, at, make_lab, monday
from tests.trading import document, publish
from tests.world import World, join, make_firm, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab(world: World) -> Lab:
    """One loom, whose times are kept for an hour."""
    return make_lab(world, units=1, keep_minutes=60)


@pytest.fixture
def hai(world: World) -> Actor:
    """Another firm that wants the loom."""
    return join(make_person("赵海潮"), make_firm("海潮印染"), Role.OWNER)


def wish(lab: Lab, who: Actor, day: date, first: str = "09:00", last: str = "13:00", **more: Any) -> UUID:
    return make_wish(
        who, offer_id=lab.offer.offer_id, request=more, earliest_at=at(day, first), latest_at=at(day, last)
    )


def fill(lab: Lab, who: Actor, day: date) -> list[Line]:
    """09:00–13:00 and 13:00–17:00 are booked."""
    return [lab.book(who, day, clock, minutes=240) for clock in ("09:00", "13:00")]


def seen(who: Actor, wish_id: UUID) -> Wish:
    return access_wish(who, wish_id=wish_id)


def serve(lab: Lab) -> int:
    return serve_list(lab.fang, resource_id=lab.looms)


def test_what_is_cancelled_is_kept_for_the_first_in_line_and_taken_as_a_line(world: World, lab: Lab) -> None:
    day = monday()
    booked, _ = fill(lab, world.wu, day)
    first = wish(lab, world.lin, day, minutes=120)
    assert serve(lab) == 0
    assert seen(world.lin, first).state is WishState.WAITING
    cancel_line(world.wu, line_id=booked.id)
    assert serve(lab) == 1
    assert serve(lab) == 0
    kept = seen(world.lin, first)
    assert (kept.state, kept.starts_at) == (WishState.KEPT, at(day, "09:00"))
    price = price_wish(world.lin, wish_id=first)
    assert price == 54_000
    with pytest.raises(PriceChanged):
        take_time(world.lin, wish_id=first, expected_fen=1)
    taken = take_time(world.lin, wish_id=first, expected_fen=price)
    line = access_line(world.lin, line_id=taken.line_id)
    assert (taken.state, line.state, line.quote.starts_at) == (
        OrderState.RUNNING, LineState.PLACED, at(day, "09:00"),
    )  # fmt: skip
    (held,) = list_reservations(world.lin, subject_ids=[line.id])
    assert held.state is State.COMMITTED
    with pytest.raises(NothingKept):
        take_time(world.lin, wish_id=first)


def test_who_joined_first_is_served_first_and_the_next_one_gets_what_she_declines(
    world: World, lab: Lab, hai: Actor
) -> None:
    """Who came first can only from ten on, which is booked from one; two want what is free, and the second gets it when it is passed on."""
    day = monday()
    booked, _ = fill(lab, world.wu, day)
    too_long = wish(lab, hai, day, first="10:00", last="14:00", minutes=240)
    first = wish(lab, world.lin, day, minutes=240)
    assert [each.id for each in list_waiting(lab.fang, resource_id=lab.looms)] == [too_long, first]
    cancel_line(world.wu, line_id=booked.id)
    assert serve(lab) == 1
    assert (seen(hai, too_long).state, seen(world.lin, first).state) == (WishState.WAITING, WishState.KEPT)
    leave_list(hai, wish_id=too_long)
    second = wish(lab, hai, day, minutes=240)
    assert serve(lab) == 0, "one time is kept for one"
    with pytest.raises(LinesNotFree):
        lab.book(world.wu, day, "09:00")
    decline_time(world.lin, wish_id=first)
    assert serve(lab) == 1
    assert (seen(hai, second).state, seen(world.lin, first).state) == (WishState.KEPT, WishState.DECLINED)
    with pytest.raises(NothingKept):
        decline_time(world.lin, wish_id=first)


def test_nobody_waits_for_what_is_free(world: World, lab: Lab) -> None:
    """Joining would hold it at no cost; she is told which time she can book, and waits only beside it."""
    day = monday()
    lab.book(world.wu, day, "09:00", minutes=240)
    with pytest.raises(TimeFree, match=f"{day} 13:00") as refused:
        wish(lab, world.lin, day, last="17:00", minutes=120)
    assert (refused.value.field, refused.value.request["minutes"]) == ("earliest_at", 120)
    assert not list_waiting(lab.fang, resource_id=lab.looms)
    assert wish(lab, world.lin, day, last="14:00", minutes=120)


def test_what_isnt_taken_in_time_goes_to_the_next_in_line(world: World, lab: Lab, hai: Actor) -> None:
    day = monday()
    booked, _ = fill(lab, world.wu, day)
    late, next_one = wish(lab, world.lin, day, minutes=240), wish(lab, hai, day, minutes=240)
    cancel_line(world.wu, line_id=booked.id)
    assert serve(lab) == 1
    with acting(org=world.lin.org), pytest.raises(IntegrityError), transaction.atomic():
        Row.objects.filter(id=late).update(state=WishState.LAPSED)
    with acting(org=world.lin.org):
        Reservation.objects.filter(state=State.HELD).update(expires_at=DatabaseClock())
    with pytest.raises(NothingKept):
        take_time(world.lin, wish_id=late)
    with acting(org=lab.fang.org):
        lock([lab.looms])
    assert serve(lab) == 2
    assert (seen(world.lin, late).state, seen(hai, next_one).state) == (WishState.LAPSED, WishState.KEPT)


def test_a_closing_takes_what_was_kept_and_she_waits_on_where_she_was(
    world: World, lab: Lab, hai: Actor
) -> None:
    day = monday()
    booked = fill(lab, world.wu, day)
    first = wish(lab, world.lin, day, last="17:00", minutes=240)
    for line in booked:
        cancel_line(world.wu, line_id=line.id)
    assert serve(lab) == 1
    assert seen(world.lin, first).starts_at == at(day, "09:00")
    wish(lab, hai, day, last="11:00", minutes=120)
    close_for(lab.fang, resource_id=lab.looms, during=Span(at(day, "09:00"), at(day, "12:00")), reason="检修")
    assert serve(lab) == 2, "back in line, and served from where she was"
    kept = seen(world.lin, first)
    assert (kept.state, kept.starts_at) == (WishState.KEPT, at(day, "12:00"))
    assert list_waiting(lab.fang, resource_id=lab.looms)[0].id == first


def test_of_two_units_one_closed_gives_back_both_and_she_waits_on(world: World, hai: Actor) -> None:
    lab, day = make_lab(world, units=2), monday()
    both = lab.book(world.gao, day, "09:00", minutes=240, quantity=2)
    lin = wish(lab, world.lin, day, minutes=240, quantity=2)
    behind = wish(lab, hai, day, minutes=240)
    cancel_line(world.gao, line_id=both.id)
    assert (serve(lab), seen(world.lin, lin).state) == (1, WishState.KEPT)
    close_for(
        lab.fang, resource_id=lab.looms, during=Span(at(day, "09:00"), at(day, "10:00")), reason="x", unit=1
    )
    assert serve(lab) == 2
    assert seen(world.lin, lin).state is WishState.WAITING
    assert seen(hai, behind).state is WishState.KEPT, "the other unit is free for who comes next"


def test_whose_offer_lends_another_loom_by_now_holds_up_nobody(world: World, lab: Lab, hai: Actor) -> None:
    """The offer lends another loom by now; what she wished for it doesn't lend any more."""
    day = monday()
    first, _ = fill(lab, world.gao, day)
    lin = wish(lab, world.lin, day, minutes=240)
    other = register_bookable(lab.fang, details=LOOM, units=1)
    now = document(mechanism="booking", price=HOURLY, terms={"resource": str(other)}, cancellation=TERMS)
    edit_draft(lab.fang, content=now, offer_id=lab.offer.offer_id)
    publish_offer(lab.fang, offer_id=lab.offer.offer_id)
    same = publish(
        lab.fang, mechanism="booking", price=HOURLY, terms={"resource": str(lab.looms)}, cancellation=TERMS
    )
    behind = wish(replace(lab, offer=same), hai, day, minutes=240)
    cancel_line(world.gao, line_id=first.id)
    assert serve(lab) == 1
    assert (seen(world.lin, lin).state, seen(hai, behind).state) == (WishState.WAITING, WishState.KEPT)


def test_one_that_the_database_refuses_is_logged_and_the_next_is_served(
    world: World, lab: Lab, hai: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    day = monday()
    first, _ = fill(lab, world.gao, day)
    lin, behind = (wish(lab, who, day, minutes=240) for who in (world.lin, hai))
    cancel_line(world.gao, line_id=first.id)

    def refused(buyer: Actor, *, offer_id: UUID) -> Any:
        if buyer.org == world.lin.org:
            Row.objects.filter(id=lin).update(units=0)
        return access_offer(buyer, offer_id=offer_id)

    monkeypatch.setattr("staveworks.mechanisms.booking.usecases.serve_list.access_offer", refused)
    assert serve(lab) == 1
    assert (seen(world.lin, lin).state, seen(hai, behind).state) == (WishState.WAITING, WishState.KEPT)
    assert f"wish {lin} can't be served" in caplog.text


def test_nothing_is_kept_without_a_hold_nor_a_second_time(world: World, lab: Lab) -> None:
    """The database refuses what `serve_list` never does."""
    day = monday()
    fill(lab, world.wu, day)
    one = wish(lab, world.lin, day)
    keep = {
        "state": WishState.KEPT, "chain_id": new_id(), "line_id": new_id(),
        "starts_at": at(day, "09:00"), "kept_until": at(day, "08:00"),
    }  # fmt: skip
    for change in (keep, {"minutes": 60 * 3}, {"state": WishState.TAKEN}, {"made_at": at(day, "08:00")}):
        with acting(org=world.lin.org), pytest.raises(IntegrityError), transaction.atomic():
            Row.objects.filter(id=one).update(**change)
    for stranger in (world.wu, lab.fang):
        with acting(org=stranger.org):
            assert Row.objects.filter(id=one).update(state=WishState.LEFT) == 0
    with acting(org=world.wu.org):
        assert not Row.objects.filter(id=one).exists()
    leave_list(world.lin, wish_id=one)


@pytest.mark.parametrize(
    ("more", "wrong", "field"),
    [
        ({"last": "09:30"}, WindowInvalid, "latest_at"),
        ({"minutes": 75}, SlotRefused, "minutes"),
        ({"minutes": 600}, RequestInvalid, "minutes"),
        ({"quantity": 2}, RequestInvalid, None),
        ({"day": date(2020, 1, 6)}, WindowInvalid, "latest_at"),
        ({"day": date(2099, 1, 5)}, WindowInvalid, "earliest_at"),
    ],
)
def test_what_can_never_be_met_is_refused_at_its_field(
    world: World, lab: Lab, more: dict[str, Any], wrong: type[StaveworksError], field: str | None
) -> None:
    said = {"day": monday(), **more}
    with pytest.raises(wrong) as refused:
        wish(lab, world.lin, **said)
    assert refused.value.field == field


def test_a_firm_stands_once_in_a_list_and_never_in_its_own(world: World, lab: Lab) -> None:
    for day in (monday(), monday(2)):
        fill(lab, world.wu, day)
    one = wish(lab, world.lin, monday())
    with pytest.raises(WaitsAlready):
        wish(lab, world.zhou, monday(2))
    with pytest.raises(OwnOffer):
        wish(lab, lab.fang, monday())
    leave_list(world.zhou, wish_id=one)
    assert wish(lab, world.zhou, monday(2))


def test_what_goes_by_without_a_free_time_is_over(world: World, lab: Lab) -> None:
    """By the resource's notice: what is too near can't be booked any more."""
    fill(lab, world.wu, monday())
    one = wish(lab, world.lin, monday())
    with acting(org=lab.fang.org):
        Bookable.objects.filter(resource_id=lab.looms).update(notice_minutes=60 * 24 * 50)
    assert serve(lab) == 1
    assert seen(world.lin, one).state is WishState.OVER
