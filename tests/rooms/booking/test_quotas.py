"""A quota: so many hours a firm and a person, refused where the length is typed, guarded where it is held, given back."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest

from staveworks.foundation.reservation.types import Obstacle
from staveworks.mechanisms.booking.domain.quota import QuotaExceeded, period_from
from staveworks.mechanisms.booking.queries import list_wishes
from staveworks.mechanisms.booking.repeating import preview_series
from staveworks.mechanisms.booking.types import Quota, QuotaPeriod, RulesInvalid
from staveworks.mechanisms.booking.usecases.answer_wish import decline_time
from staveworks.mechanisms.booking.usecases.keep_resource import change_bookable, register_bookable
from staveworks.mechanisms.booking.usecases.make_wish import make_wish
from staveworks.mechanisms.booking.usecases.serve_list import serve_list
from staveworks.trade.orders.types import LinesNotFree
from staveworks.trade.orders.usecases.end_line import cancel_line
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from tests.booking import LOOM, Lab, at, make_lab, monday
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.rooms.booking.test_calendar_pages import FORM, signed_in
from tests.world import World, make_world

WEEKLY = {"quota_period": "week", "firm_minutes": 240, "person_minutes": 180}
NO_GUARD = "DROP TRIGGER booking_quota_kept ON reservation_reservation"


def make(world: World, **more: Any) -> Lab:
    return make_lab(world, **(WEEKLY | more))


def asked(lab: Lab, buyer: Any, clock: str, minutes: int = 120) -> Any:
    request = {"starts_at": f"{monday()}T{clock}", "minutes": minutes}
    return add_line(buyer, version_id=lab.offer.id, request=request)


def test_a_week_begins_on_monday_and_a_month_on_its_first_where_the_resource_stands() -> None:
    sunday_night, month = at(monday(), "00:00"), Quota(QuotaPeriod.MONTH, 60, None)
    week = replace(month, period=QuotaPeriod.WEEK)
    assert period_from(week, sunday_night, "Asia/Shanghai") == monday()
    assert period_from(week, sunday_night, "UTC") < monday()
    assert period_from(month, sunday_night, "Asia/Shanghai") == monday().replace(day=1)


@pytest.mark.django_db
def test_it_is_refused_at_its_field_with_what_is_left_and_comes_back_with_a_cancelled_booking(
    world: World,
) -> None:
    lab, day = make(world), monday()
    first = lab.book(world.lin, day, "08:30", minutes=60, quantity=2)
    with pytest.raises(QuotaExceeded, match="还剩 1 小时") as refused:
        asked(lab, world.lin, "13:00")
    assert refused.value.field == "minutes"
    assert "you have 1 h left" in refused.value.text.en
    asked(lab, world.zhou, "13:00")  # her colleague has her own three hours, the firm two
    lab.book(world.wu, day, "13:00", minutes=180)
    later = preview_series(
        world.lin,
        version_id=lab.offer.id,
        request={"starts_at": f"{day}T10:00", "minutes": 60},
        rrule="FREQ=DAILY;COUNT=8",
    )
    why = ["" if each.free else each.why.en[:9] for each in later if each.why is None or each.why]
    assert why == ["", "A person ", "A person ", "A person ", "A person ", "It is not", "It is not", ""]
    cancel_line(world.lin, line_id=first.id, reason="改期", agreed_fee_fen=None)
    assert asked(lab, world.lin, "13:00", 180)


@pytest.mark.django_db
def test_lines_that_are_each_allowed_are_not_held_together_above_it(world: World) -> None:
    lab = make(world)
    for clock in ("08:30", "13:00"):
        order = asked(lab, world.lin, clock).order_id
    with pytest.raises(LinesNotFree) as refused:
        hold_order(world.lin, order_id=order)
    assert {each.obstacle for each in refused.value.missing} == {Obstacle.QUOTA}


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control: without the trigger both"])
def test_two_people_of_a_firm_hold_at_the_same_moment(committed: Clone, guarded: bool) -> None:
    world = make_world()
    lab = make(world, firm_minutes=180)
    if not guarded:
        with psycopg.connect(committed.urls.owner) as owner:
            owner.execute(NO_GUARD)
    orders = [
        (who, asked(lab, who, clock).order_id) for who, clock in ((world.lin, "08:30"), (world.zhou, "13:00"))
    ]
    results = at_once(
        *(lambda who=who, order=order: hold_order(who, order_id=order) for who, order in orders)
    )
    assert sum(isinstance(each, LinesNotFree) for each in results) == int(guarded), results


NOTHING_KEPT_COUNTS = (
    NO_GUARD,
    "DROP TRIGGER booking_quota_of_kept ON booking_wish",
)


def waiting(world: World, lab: Lab, who: Any, clock: tuple[str, str], minutes: int = 120) -> UUID:
    """In line on Monday, where 远达 has everything: its line."""
    day = monday()
    taken = lab.book(world.wu, day, clock[0], minutes=minutes, quantity=2)
    make_wish(
        who, offer_id=lab.offer.offer_id, request={"minutes": minutes},
        earliest_at=at(day, clock[0]), latest_at=at(day, clock[1]),
    )  # fmt: skip
    return taken.id


@pytest.mark.django_db
def test_what_is_kept_from_a_waiting_list_counts_until_it_is_given_up(world: World) -> None:
    lab = make(world, person_minutes=None, firm_minutes=240)
    taken = waiting(world, lab, world.lin, ("08:30", "10:30"))
    cancel_line(world.wu, line_id=taken)
    assert serve_list(lab.fang, resource_id=lab.looms) == 1
    (wish,) = list_wishes(world.lin)
    assert wish.state == "kept"
    order = asked(lab, world.zhou, "13:00", 180).order_id
    with pytest.raises(LinesNotFree) as refused:
        hold_order(world.zhou, order_id=order)
    assert {each.obstacle for each in refused.value.missing} == {Obstacle.QUOTA}
    decline_time(world.lin, wish_id=wish.id)
    hold_order(world.zhou, order_id=order)


@pytest.mark.django_db
def test_nothing_is_kept_beside_a_draft_that_fills_the_quota(world: World) -> None:
    lab = make(world, person_minutes=None, firm_minutes=240)
    taken = waiting(world, lab, world.lin, ("08:30", "10:30"))
    order = asked(lab, world.zhou, "13:00", 180).order_id
    hold_order(world.zhou, order_id=order)
    cancel_line(world.wu, line_id=taken)
    assert serve_list(lab.fang, resource_id=lab.looms) == 0
    assert [each.state for each in list_wishes(world.lin)] == ["waiting"]


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control: without the triggers both"])
def test_one_is_kept_and_one_held_at_the_same_moment(committed: Clone, guarded: bool) -> None:
    world = make_world()
    lab = make(world, person_minutes=None, firm_minutes=240)
    cancel_line(world.wu, line_id=waiting(world, lab, world.lin, ("08:30", "10:30")))
    order = asked(lab, world.zhou, "13:00", 180).order_id
    if not guarded:
        with psycopg.connect(committed.urls.owner) as owner:
            for each in NOTHING_KEPT_COUNTS:
                owner.execute(each)
    kept, held = at_once(
        lambda: serve_list(lab.fang, resource_id=lab.looms), lambda: hold_order(world.zhou, order_id=order)
    )
    both = [kept == 1, not isinstance(held, Exception)]
    assert sum(both) == (1 if guarded else 2), (kept, held)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("quota", "field"),
    [
        ({"quota_period": "year", "firm_minutes": 60}, "quota_period"),
        ({"quota_period": "week"}, "firm_minutes"),
        ({"firm_minutes": 60}, "quota_period"),
        ({"quota_period": "week", "firm_minutes": 30}, "firm_minutes"),
        ({"quota_period": "week", "person_minutes": 0}, "person_minutes"),
    ],
)
def test_a_quota_that_says_nothing_or_allows_nothing_is_not_kept(
    world: World, quota: dict[str, Any], field: str
) -> None:
    with pytest.raises(RulesInvalid) as refused:
        register_bookable(world.lin, details=replace(LOOM, **quota))
    assert refused.value.field == field


@pytest.mark.django_db
def test_it_is_typed_in_hours_and_lowering_it_leaves_what_is_booked(world: World) -> None:
    lab, day = make(world), monday()
    page, address = signed_in(lab.fang), f"/desk/calendar/{lab.looms}/edit/"
    form = page.get(address).context["form"]
    assert [form.initial[name] for name in ("quota_period", "firm_hours", "person_hours")] == [
        "week",
        "4",
        "3",
    ]
    sent = FORM | {"opening": "MO-FR 08:30-17:30", "quota_period": "", "firm_hours": "2", "person_hours": ""}
    wrong = page.post(address, sent)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["quota_period"])
    lab.book(world.lin, day, "13:00", minutes=180)
    change_bookable(
        lab.fang, resource_id=lab.looms, details=replace(LOOM, **WEEKLY | {"firm_minutes": 60}), units=2
    )
    with pytest.raises(QuotaExceeded, match="还剩 0 小时"):
        asked(lab, world.zhou, "08:30", 60)
