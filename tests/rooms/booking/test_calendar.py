"""The provider's side: the week, the day, who doesn't come, what has to close, and the feed that other programs read."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import vobject

from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import RightMissing
from staveworks.foundation.reservation.queries import list_reservations
from staveworks.foundation.reservation.types import ReservationNotFound
from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.arriving import give_back
from staveworks.mechanisms.booking.feed import read_feed
from staveworks.mechanisms.booking.models import Bookable
from staveworks.mechanisms.booking.queries import access_bookable, list_free, plan_day, plan_days
from staveworks.mechanisms.booking.types import FeedNotFound, ResourceNotFound, SpanInvalid
from staveworks.mechanisms.booking.usecases.close_for import close_for, reopen
from staveworks.mechanisms.booking.usecases.make_feed import end_feed, make_feed
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import BeforeItsTime, LineState, ReasonMissing
from staveworks.trade.orders.usecases.deliver_line import deliver_part, start_line
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from tests.booking import SHANGHAI, Lab, at, make_lab, monday
from tests.skew import its_clock_says
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab(world: World) -> Lab:
    return make_lab(world, before=15, after=15)


def clocks(spans: Any) -> list[str]:
    return [f"{each.starts_at.astimezone(SHANGHAI):%H:%M}" for each in spans]


def test_the_week_shows_open_hours_bookings_without_their_buffers_and_drafts_without_a_name(
    world: World, lab: Lab
) -> None:
    day = monday()
    line = lab.book(world.lin, day, "09:00", minutes=120, quantity=2)
    added = add_line(world.wu, version_id=lab.offer.id, request={"starts_at": f"{day}T13:00"})
    hold_order(world.wu, order_id=added.order_id)
    plans = plan_days(lab.fang, resource_id=lab.looms, first=day, days=7)
    assert [len(plan.opened) for plan in plans] == [1, 1, 1, 1, 1, 0, 0]
    first, held = plans[0].bookings
    assert (first.line_id, first.units, first.state) == (line.id, (1, 2), "confirmed")
    assert first.during == Span(at(day, "09:00"), at(day, "11:00"))
    assert first.buyer is not None
    assert (held.line_id, held.buyer, held.state) == (None, None, "held"), "a draft is its buyer's secret"
    assert held.during == Span(at(day, "13:00"), at(day, "14:00"))
    assert [plan.bookings for plan in plans[1:]] == [()] * 6
    with pytest.raises(ResourceNotFound):
        plan_days(world.lin, resource_id=lab.looms, first=day)
    ((resource, plan),) = plan_day(lab.fang, day=day)
    assert (resource.id, len(plan.bookings)) == (lab.looms, 2)


def test_what_is_free_is_everybodys_to_read(world: World, lab: Lab) -> None:
    day = monday()
    assert clocks(list_free(world.wu, resource_id=lab.looms, day=day, minutes=240))[:2] == ["08:30", "09:00"]
    lab.book(world.lin, day, "09:00", minutes=240, quantity=2)
    assert clocks(list_free(world.wu, resource_id=lab.looms, day=day, minutes=240)) == ["13:30"]
    assert list_free(world.wu, resource_id=lab.looms, day=day, minutes=30) == []


def test_whoever_is_in_the_way_of_a_repair_is_told_what_is_free_instead(world: World, lab: Lab) -> None:
    day = monday()
    confirmed = lab.book(world.lin, day, "09:00", minutes=60)
    placed = lab.book(world.wu, day, "09:00", minutes=60, confirmed=False)
    other = lab.book(world.wu, day, "15:00", minutes=60)
    closing = Span(at(day, "08:00"), at(day, "12:00"))
    done = close_for(lab.fang, resource_id=lab.looms, during=closing, reason="换轴承")
    assert {each.line_id for each in done.displaced} == {confirmed.id, placed.id}
    assert all(not each.overlaps(closing) for one in done.displaced for each in one.alternatives)
    told = access_line(world.lin, line_id=confirmed.id)
    assert (told.state, told.fee_fen) == (LineState.DISPLACED, 0)
    assert told.reason.startswith("换轴承 · 可改约 / free instead: ")
    assert f"{day:%m-%d} 12:30" in told.reason, (
        "the first after the repair, with a quarter of an hour to set up"
    )
    assert access_line(world.wu, line_id=placed.id).state is LineState.DECLINED
    assert access_line(world.wu, line_id=other.id).state is LineState.CONFIRMED
    (plan,) = plan_days(lab.fang, resource_id=lab.looms, first=day, days=1)
    assert [(each.units, each.reason) for each in plan.closings] == [((1, 2), "换轴承")]
    assert clocks(list_free(world.wu, resource_id=lab.looms, day=day, minutes=60))[0] == "12:30"
    (booked,) = list_reservations(lab.fang, subject_ids=[other.id])
    with pytest.raises(ReservationNotFound):  # a customer's isn't opened again
        reopen(lab.fang, resource_id=lab.looms, chain_id=booked.chain_id)
    reopen(lab.fang, resource_id=lab.looms, chain_id=done.chain_id)
    assert clocks(list_free(world.wu, resource_id=lab.looms, day=day, minutes=60))[0] == "08:30"


def test_closing_one_unit_leaves_the_other_and_what_a_draft_holds_is_let_go(world: World, lab: Lab) -> None:
    day = monday()
    added = add_line(world.lin, version_id=lab.offer.id, request={"starts_at": f"{day}T09:00"})
    hold_order(world.lin, order_id=added.order_id)
    during = Span(at(day, "08:00"), at(day, "18:00"))
    done = close_for(lab.fang, resource_id=lab.looms, during=during, reason="检修", unit=1)
    assert done.displaced == ()
    assert lab.book(world.wu, day, "09:00", minutes=60).state is LineState.CONFIRMED
    for wrong, error in (
        ({"reason": " "}, ReasonMissing),
        (
            {"during": Span(at(day, "08:00") - timedelta(days=30), at(day, "08:00") - timedelta(days=29))},
            SpanInvalid,
        ),
        ({"unit": 3}, ResourceNotFound),
    ):
        with pytest.raises(error):
            close_for(lab.fang, **({"resource_id": lab.looms, "during": during, "reason": "x"} | wrong))  # type: ignore[arg-type]
    with pytest.raises(ResourceNotFound):
        close_for(world.lin, resource_id=lab.looms, during=during, reason="x")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """As if it were then, for what Python decides by the database's clock."""
    return lambda moment: its_clock_says(monkeypatch, moment)


def test_the_grace_counts_from_her_own_time_whatever_the_buffer_is_now(
    world: World, lab: Lab, later: Callable[[datetime], None]
) -> None:
    """It was held with an hour to prepare, and the provider needs none any more."""
    day = monday()
    with acting(org=lab.fang.org):
        Bookable.objects.filter(resource_id=lab.looms).update(before=60)
    booked = lab.book(world.lin, day, "10:00", minutes=60)
    with acting(org=lab.fang.org):
        Bookable.objects.filter(resource_id=lab.looms).update(before=0)
    later(at(day, "10:29"))
    assert not give_back(lab.fang, line_id=booked.id)
    later(at(day, "10:31"))
    assert give_back(lab.fang, line_id=booked.id)


def test_nobody_came_and_after_the_grace_the_time_is_free_again(
    world: World, lab: Lab, later: Callable[[datetime], None]
) -> None:
    day = monday()
    missed, came = (lab.book(buyer, day, "09:00", minutes=120) for buyer in (world.lin, world.wu))
    with pytest.raises(BeforeItsTime):
        start_line(lab.fang, line_id=came.id)
    with pytest.raises(BeforeItsTime):
        deliver_part(lab.fang, line_id=came.id, text="用完", last=True)
    later(at(day, "08:31"))
    start_line(lab.fang, line_id=came.id)
    later(at(day, "09:29"))
    assert not give_back(lab.fang, line_id=missed.id)
    later(at(day, "09:31"))
    assert give_back(lab.fang, line_id=missed.id)
    assert not give_back(lab.fang, line_id=missed.id), "once"
    assert not give_back(lab.fang, line_id=came.id), "she is there"
    told = access_line(world.lin, line_id=missed.id)
    assert (told.state, told.fee_fen) == (LineState.NO_SHOW, told.price_fen)
    assert access_line(world.wu, line_id=came.id).state is LineState.IN_DELIVERY
    assert [each.state for each in list_reservations(lab.fang, subject_ids=[missed.id])] == ["released"]


def test_the_feed_is_read_by_another_program(world: World, lab: Lab) -> None:
    day = monday()
    line = lab.book(world.lin, day, "09:00", minutes=90)
    lab.book(world.wu, day, "14:00", minutes=60, confirmed=False)
    close_for(
        lab.fang,
        resource_id=lab.looms,
        during=Span(at(day, "16:00"), at(day, "18:00")),
        reason="保养；换油, 2 h",
    )
    token = make_feed(lab.fang, resource_id=lab.looms)
    calendar = vobject.readOne(read_feed(token, language="zh").decode())
    events = {event.summary.value: event for event in calendar.vevent_list}
    assert len(events) == 3
    booked = next(event for event in events.values() if event.uid.value == f"{line.id}@staveworks")
    assert (booked.dtstart.value, booked.dtend.value) == (at(day, "09:00"), at(day, "10:30"))
    assert "小样织机" in booked.summary.value
    assert booked.location.value == "实验楼 201"
    assert sorted(event.status.value for event in events.values()) == ["CONFIRMED", "CONFIRMED", "TENTATIVE"]
    assert "停用 · 保养；换油, 2 h · 小样织机" in events, "commas and semicolons come through"
    assert calendar.x_wr_calname.value == "小样织机"
    newer = make_feed(lab.fang, resource_id=lab.looms)
    with pytest.raises(FeedNotFound):
        read_feed(token, language="en")
    assert read_feed(newer, language="en")
    with pytest.raises(ResourceNotFound):
        make_feed(world.lin, resource_id=lab.looms)
    with pytest.raises(RightMissing):
        make_feed(world.zhou, resource_id=lab.looms)
    assert end_feed(lab.fang, resource_id=lab.looms)
    with pytest.raises(FeedNotFound):
        read_feed(newer, language="en")


def test_its_own_people_alone_see_a_resource_from_inside(world: World, lab: Lab) -> None:
    assert access_bookable(lab.fang, resource_id=lab.looms).units == 2
    with pytest.raises(ResourceNotFound):
        access_bookable(world.lin, resource_id=lab.looms)
