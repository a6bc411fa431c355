"""A booking that repeats: what is taken, closed or a holiday is skipped and says so; the rest is held at once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staveworks.foundation.reservation.queries import list_reservations
from staveworks.kit.holidays import load_holidays
from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.domain.series import SeriesInvalid, repeated
from staveworks.mechanisms.booking.repeating import HOLIDAY, TAKEN, preview_series
from staveworks.mechanisms.booking.usecases.book_series import NoDateFree, book_series
from staveworks.mechanisms.booking.usecases.keep_resource import change_bookable
from staveworks.trade.orders.queries import access_order
from staveworks.trade.orders.usecases.place_order import place_order
from tests.booking import LOOM, Lab, at, make_lab, monday
from tests.contract.caller import Caller, make_token
from tests.rooms.booking.test_calendar_pages import signed_in
from tests.world import World

WEEKLY = "FREQ=WEEKLY;COUNT=4"


@pytest.fixture
def lab(world: World) -> Lab:
    return make_lab(world, units=1)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["2026-12-07", "2026-12-14", "2026-12-21"]),
        ("rrule:freq=weekly;interval=2;until=20270104", ["2026-12-07", "2026-12-21", "2027-01-04"]),
        ("FREQ=WEEKLY;BYDAY=MO,TH;COUNT=3", ["2026-12-07", "2026-12-10", "2026-12-14"]),
    ],
)
def test_a_rule_counts_from_its_first_day_and_its_last_is_included(rule: str, days: list[str]) -> None:
    day = date(2026, 12, 7)
    spans = repeated(Span(at(day, "09:00"), at(day, "10:00")), rule, zone="Asia/Shanghai")
    assert [each.starts_at for each in spans] == [at(date.fromisoformat(one), "09:00") for one in days]


def test_it_stays_at_nine_where_clocks_change() -> None:
    first = Span(at(date(2027, 3, 24), "15:00"), at(date(2027, 3, 24), "16:00"))
    spans = repeated(first, "FREQ=WEEKLY;COUNT=2", zone="Europe/Berlin")
    assert spans[1].starts_at - spans[0].starts_at == timedelta(days=7, hours=-1)


@pytest.mark.parametrize(
    "rule",
    ["", "weekly", "FREQ=WEEKLY", "FREQ=SECONDLY;COUNT=3", "FREQ=DAILY;COUNT=61", "FREQ=DAILY;COUNT=0",
     "FREQ=WEEKLY;COUNT=3;COUNT=4", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "FREQ=WEEKLY;UNTIL=soon",
     "FREQ=WEEKLY;UNTIL=20261230T000000Z", "FREQ=WEEKLY;UNTIL=20200101", "FREQ=DAILY;INTERVAL=0;COUNT=2",
     "FREQ=WEEKLY;BYDAY=XX;COUNT=2", "FREQ=MONTHLY;BYDAY=53MO;COUNT=2", "FREQ=MONTHLY;BYDAY=6MO;COUNT=2",
     "FREQ=WEEKLY;BYDAY=1MO;COUNT=2", "FREQ=DAILY;INTERVAL=7;BYDAY=TU;COUNT=3"],
)  # fmt: skip
def test_what_is_no_rule_or_never_ends_is_refused_at_its_field(rule: str) -> None:
    first = Span(at(date(2026, 12, 7), "09:00"), at(date(2026, 12, 7), "10:00"))
    with pytest.raises(SeriesInvalid) as refused:
        repeated(first, rule, zone="Asia/Shanghai")
    assert refused.value.field == "rrule"


@pytest.mark.django_db
def test_what_is_taken_or_closed_is_skipped_and_the_rest_held_in_one_call(world: World, lab: Lab) -> None:
    days = [monday(week) for week in range(1, 5)]
    lab.book(world.wu, days[1], "09:00", minutes=120)
    closed = {"rules": LOOM.opening["rules"], "holidays": False, "specials": [{"day": str(days[2])}]}
    change_bookable(lab.fang, resource_id=lab.looms, details=replace(LOOM, opening=closed), units=1)
    asked = {"starts_at": f"{days[0]}T10:00", "minutes": 60}
    seen = preview_series(world.lin, version_id=lab.offer.id, request=asked, rrule=WEEKLY)
    assert [each.during.starts_at for each in seen] == [at(day, "10:00") for day in days]
    assert [each.why.en if each.why else "" for each in seen] == ["", TAKEN.en, "It is not open then.", ""]
    with CaptureQueriesContext(
        connection,
    ) as sent:
        booked = book_series(world.lin, version_id=lab.offer.id, request=asked, rrule=WEEKLY)
    assert sum("reservation_hold(" in each["sql"] for each in sent) == 1, "one call however many dates"
    assert (len(booked.lines), len(booked.skipped)) == (2, 2)
    assert booked.held_until
    lines = access_order(world.lin, order_id=booked.order_id).lines
    assert [line.quote.starts_at for line in lines] == [at(days[0], "10:00"), at(days[3], "10:00")]
    held = list_reservations(world.lin, subject_ids=booked.lines)
    assert (len(held), {each.chain_id for each in held}) == (2, {held[0].chain_id})
    place_order(world.lin, order_id=booked.order_id)
    again = preview_series(world.wu, version_id=lab.offer.id, request=asked, rrule=WEEKLY)
    assert [each.free for each in again] == [False] * 4
    with pytest.raises(NoDateFree):
        book_series(world.wu, version_id=lab.offer.id, request=asked, rrule=WEEKLY)


@pytest.mark.django_db
def test_a_holiday_says_that_it_is_one(world: World, lab: Lab) -> None:
    off = min(day for day in load_holidays().off if day > monday() and day.weekday() < 5)
    observed = replace(LOOM, opening=LOOM.opening | {"holidays": True}, horizon_days=400)  # type: ignore[operator]
    change_bookable(lab.fang, resource_id=lab.looms, details=observed, units=1)
    asked = {"starts_at": f"{off}T10:00", "minutes": 60}
    (only,) = preview_series(world.lin, version_id=lab.offer.id, request=asked, rrule="FREQ=DAILY;COUNT=1")
    assert only.why == HOLIDAY


@pytest.mark.django_db
def test_the_page_shows_the_dates_and_puts_the_free_ones_into_the_order(world: World, lab: Lab) -> None:
    day = monday()
    lab.book(world.wu, monday(2), "10:00", minutes=60)
    page, address = signed_in(world.lin), f"/offers/{lab.offer.offer_id}/series/"
    assert page.get(f"{address}?starts_at={day}T10:00").context["form"].initial["starts_at"] == f"{day}T10:00"
    form = {"starts_at": f"{day}T10:00", "minutes": "60", "rhythm": "weekly", "times": "3"}
    text = page.get(address, form).content.decode()
    assert ("2 free, 1 skipped." in text, "Somebody has booked it." in text) == (True, True)
    both = page.get(address, form | {"until": str(monday(3))})
    assert (both.status_code, list(both.context["form"].errors)) == (422, ["times"])
    assert list(page.get(address, form | {"minutes": "45"}).context["form"].errors) == ["minutes"]
    done = page.post(address, form)
    assert done.status_code == 302
    told = page.get(done["Location"]).content.decode()
    assert "2 dates are in the order, 1 skipped, all held." in told


@pytest.mark.django_db
def test_by_the_api(world: World, lab: Lab) -> None:
    lab.book(world.wu, monday(2), "10:00", minutes=60)
    caller = Caller(make_token(world.lin))
    body = {
        "version": str(lab.offer.id),
        "request": {"starts_at": f"{monday()}T10:00", "minutes": 60},
        "rrule": "FREQ=WEEKLY;COUNT=3",
    }
    seen = caller.post("/api/v1/orders/series/preview", body, content_type="application/json").json()
    assert [each["why"] and each["why"]["en"] for each in seen["dates"]] == [None, TAKEN.en, None]
    done = caller.post("/api/v1/orders/series", body, content_type="application/json")
    assert (done.status_code, len(done.json()["lines"]), len(done.json()["skipped"])) == (201, 2, 1)
    wrong = caller.post("/api/v1/orders/series", body | {"rrule": "weekly"}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/rrule")
