"""Days that no calendar has, and rules that can't be unrolled: refused where they are typed, and never looked for."""

import time
from datetime import UTC, datetime

import pytest

from staveworks.db.transaction import acting
from staveworks.kit.errors import Invalid
from staveworks.mechanisms.booking.alternatives import list_alternatives
from staveworks.mechanisms.booking.models import Bookable
from staveworks.mechanisms.booking.repeating import preview_series
from staveworks.mechanisms.booking.types import WindowInvalid
from staveworks.mechanisms.booking.usecases.keep_resource import register_bookable
from staveworks.mechanisms.booking.usecases.make_wish import make_wish
from staveworks.trade.orders.usecases.fill_order import add_line
from tests.booking import HOURLY, LOOM, TERMS, Lab, make_lab, monday
from tests.contract.caller import Caller, make_token
from tests.rooms.booking.test_calendar_pages import signed_in
from tests.trading import publish
from tests.world import World

pytestmark = pytest.mark.django_db
LONG = 3
"""Seconds. What is looked for day by day up to such a date takes far longer."""


@pytest.fixture
def lab(world: World) -> Lab:
    return make_lab(world, units=1)


@pytest.mark.parametrize("starts_at", ["9999-12-31T23:30", "0001-01-01T00:00", "0001-01-01T00:00+14:00"])
def test_a_time_that_no_calendar_has_is_refused_at_its_field(world: World, lab: Lab, starts_at: str) -> None:
    asked = {"starts_at": starts_at, "minutes": 60}
    with pytest.raises(Invalid) as refused:
        add_line(world.lin, version_id=lab.offer.id, request=asked)
    assert refused.value.field == "starts_at"
    with pytest.raises(Invalid) as refused:
        preview_series(world.lin, version_id=lab.offer.id, request=asked, rrule="FREQ=DAILY;COUNT=3")
    assert refused.value.field == "starts_at"


@pytest.mark.parametrize("year", [1, 9999])
def test_nobody_waits_for_a_time_that_no_calendar_has(world: World, lab: Lab, year: int) -> None:
    moment = datetime(year, 12, 31, 23, 59, tzinfo=UTC)
    window = {"earliest_at": moment, "latest_at": moment}
    with pytest.raises(WindowInvalid) as refused:
        make_wish(world.lin, offer_id=lab.offer.offer_id, request={"minutes": 60}, **window)
    assert refused.value.field == "earliest_at"


def test_the_dates_of_two_thousand_years_are_too_far_at_once(world: World, lab: Lab) -> None:
    began, asked = time.monotonic(), {"starts_at": f"{monday()}T09:00", "minutes": 60}
    rule = "FREQ=MONTHLY;INTERVAL=400;COUNT=60"
    seen = preview_series(world.lin, version_id=lab.offer.id, request=asked, rrule=rule)
    assert [each.free for each in seen] == [True] + [False] * 59
    assert seen[-1].why is not None
    assert "Too far ahead" in seen[-1].why.en
    assert time.monotonic() - began < LONG


def test_pages_and_the_api_answer_for_days_that_no_calendar_has(world: World, lab: Lab) -> None:
    began, buyer, provider = time.monotonic(), signed_in(world.lin), signed_in(lab.fang)
    offer, looms = f"/offers/{lab.offer.offer_id}/", f"/api/v1/bookables/{lab.looms}"
    for day in ("9999-12-31", "0001-01-01", "2190-01-04"):
        assert buyer.get(f"{offer}?day={day}").status_code == 200
        assert buyer.get(f"{offer}?starts_at={day}T09:00").status_code == 200
        assert buyer.get(f"{offer}wish/?starts_at={day}T00:00").status_code == 200
        series = {"starts_at": f"{day}T09:00", "minutes": 60, "rhythm": "daily", "times": 3}
        assert buyer.get(f"{offer}series/", series).status_code < 500
    caller = Caller(make_token(lab.fang))
    for day in ("9999-12-31", "0001-01-01"):
        assert provider.get(f"/desk/calendar/day.pdf?day={day}").status_code == 404
        assert provider.get(f"/desk/calendar/{lab.looms}/?from={day}").status_code == 404
        for address in (f"{looms}/free?minutes=60&day={day}", f"{looms}/days?days=7&first={day}"):
            refused = caller.get(address)
            assert refused.status_code == 422, refused.content
            assert refused["Content-Type"] == "application/problem+json"
    assert caller.get(f"{looms}/days?days=7&first=2190-01-04").status_code == 200
    assert time.monotonic() - began < LONG * 2


def test_hours_that_cant_be_unrolled_any_more_close_one_resource_and_nobody_elses(
    world: World, lab: Lab
) -> None:
    """Written before rules were checked as they are now."""
    old = register_bookable(lab.fang, details=LOOM, units=1)
    publish(lab.fang, mechanism="booking", price=HOURLY, terms={"resource": str(old)}, cancellation=TERMS)
    broken = LOOM.opening | {"rules": [{"rrule": "FREQ=MONTHLY;BYDAY=53MO", "from": "08:30", "to": "17:30"}]}
    with acting(org=lab.fang.org):
        assert Bookable.objects.filter(resource_id=old).update(opening=broken) == 1
    asked = {"starts_at": f"{monday()}T09:00", "minutes": 60}
    assert list_alternatives(world.lin, version_id=lab.offer.id, request=asked)
    assert signed_in(lab.fang).get(f"/desk/calendar/{old}/").status_code == 200
