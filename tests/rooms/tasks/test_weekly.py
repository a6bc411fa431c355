"""So many units a week: the first week with room, a named one, a full one refused with the next; never more than the week has."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.types.weekly import MoreThanAWeek, WeekFull, WeekInvalid, WeeklyInUse
from staveworks.mechanisms.tasks.usecases.keep_weekly import change_weekly, keep_weekly
from staveworks.mechanisms.tasks.weekly_queries import list_weekly
from staveworks.mechanisms.tasks.weeks import Week, earliest, first_with_room
from staveworks.trade.catalogue.types import OfferInvalid, OfferVersion
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.usecases.end_line import cancel_line
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from tests.trading import publish
from tests.world import World

ZONE = "Asia/Shanghai"
PER_PIECE = {"kind": "per_unit", "unit": {"zh": "件", "en": "piece"}, "unit_price_fen": 500}


class TestWeek:
    def test_is_written_as_iso_says_also_where_the_year_turns(self) -> None:
        last = Week.of(date(2027, 1, 3))
        assert (str(last), last.monday, str(last.later(1))) == ("2026-W53", date(2026, 12, 28), "2027-W01")
        assert Week.read("2026-w53") == last
        assert [Week.read(said) for said in ("2025-W53", "2026-W00", "week 3", "")] == [None] * 4

    def test_begins_on_monday_in_the_clusters_time_zone(self) -> None:
        """Sunday evening in UTC is Monday in 上海."""
        assert str(earliest(datetime(2026, 12, 6, 16, 30, tzinfo=UTC), 0, ZONE)) == "2026-W50"
        assert str(earliest(datetime(2026, 12, 6, 15, 30, tzinfo=UTC), 0, ZONE)) == "2026-W49"
        assert str(earliest(datetime(2026, 12, 6, 15, 30, tzinfo=UTC), 8, ZONE)) == "2026-W51"
        assert Week.of(date(2026, 12, 9)).span(ZONE).starts_at == datetime(2026, 12, 6, 16, tzinfo=UTC)

    def test_the_first_with_room_is_found_behind_full_ones(self) -> None:
        start = Week.of(date(2026, 12, 7))
        free = {start: 0, start.later(1): 2, start.later(2): 9}
        assert first_with_room(free, 3, start, capacity=9) == start.later(2)
        assert first_with_room(free, 2, start, capacity=9) == start.later(1)
        assert first_with_room(free, 10, start, capacity=9) is None


@pytest.fixture
def weekly(world: World) -> UUID:
    return keep_weekly(world.wu, name=Text(zh="打样组", en="Sampling"), units=10)


@pytest.fixture
def offer(world: World, weekly: UUID) -> OfferVersion:
    return publish(world.wu, mechanism="task", terms={"weekly": str(weekly)}, price=PER_PIECE)


def place(buyer: Actor, offer: OfferVersion, quantity: int, **request: Any) -> UUID:
    added = add_line(buyer, version_id=offer.id, request={"quantity": quantity, **request})
    hold_order(buyer, order_id=added.order_id)
    place_order(buyer, order_id=added.order_id)
    return added.line_id


def load(world: World) -> list[int]:
    """How much is taken of this week and the next ones."""
    return [each.taken for each in list_weekly(world.wu)[0].weeks][:4]


def next_weeks(world: World) -> list[str]:
    return [each.name for each in list_weekly(world.wu)[0].weeks]


def test_an_order_gets_the_first_week_with_room_and_is_due_by_its_end(
    world: World, offer: OfferVersion
) -> None:
    line = place(world.lin, offer, 7)
    place(world.lin, offer, 3)
    place(world.lin, offer, 6)
    assert load(world) == [10, 6, 0, 0]
    this = Week.read(next_weeks(world)[0])
    assert this is not None
    assert access_line(world.lin, line_id=line).quote.due_at == this.span(ZONE).ends_at
    cancel_line(world.lin, line_id=line)
    assert load(world) == [3, 6, 0, 0]


def test_a_full_week_is_refused_with_the_next_that_has_room(world: World, offer: OfferVersion) -> None:
    _, second, third, *_ = next_weeks(world)
    place(world.lin, offer, 8, week=second)
    place(world.lin, offer, 10, week=third)
    with pytest.raises(WeekFull) as refused:
        place(world.lin, offer, 3, week=second.lower())
    assert (refused.value.field, str(refused.value.next_free)) == ("week", next_weeks(world)[3])
    place(world.lin, offer, 2, week=second)
    assert load(world) == [0, 10, 10, 0]
    with pytest.raises(MoreThanAWeek):
        place(world.lin, offer, 11)
    for said in ("2020-W01", "soon"):
        with pytest.raises(WeekInvalid) as wrong:
            place(world.lin, offer, 1, week=said)
        assert wrong.value.field == "week"


def test_what_a_draft_holds_stays_its_own_and_who_comes_later_gets_the_next_week(
    world: World, offer: OfferVersion
) -> None:
    mine = add_line(world.lin, version_id=offer.id, request={"quantity": 8})
    hers = add_line(world.gao, version_id=offer.id, request={"quantity": 8})
    for _ in range(2):
        hold_order(world.lin, order_id=mine.order_id)
    assert load(world) == [8, 0, 0, 0]
    hold_order(world.gao, order_id=hers.order_id)
    assert load(world) == [8, 8, 0, 0]
    place_order(world.lin, order_id=mine.order_id)
    place_order(world.gao, order_id=hers.order_id)
    both = [
        access_line(actor, line_id=added.line_id).quote
        for actor, added in ((world.lin, mine), (world.gao, hers))
    ]
    assert both[1].due_at is not None
    assert both[0].due_at == both[1].due_at - timedelta(weeks=1)


def test_capacity_changes_but_not_below_what_is_sold(world: World, weekly: UUID, offer: OfferVersion) -> None:
    place(world.lin, offer, 9)
    with pytest.raises(WeeklyInUse):
        change_weekly(world.wu, weekly_id=weekly, units=8)
    change_weekly(world.wu, weekly_id=weekly, units=9)
    place(world.lin, offer, 9)
    assert load(world) == [9, 9, 0, 0]


def test_an_offer_names_its_providers_own(world: World, weekly: UUID) -> None:
    with pytest.raises(OfferInvalid) as refused:
        publish(world.lin, mechanism="task", terms={"weekly": str(weekly)})
    assert refused.value.field == "terms.weekly"


def test_the_page_shows_the_weeks_and_takes_a_new_number(
    world: World, weekly: UUID, offer: OfferVersion
) -> None:
    place(world.lin, offer, 10)
    client = Client()
    client.force_login(Person.objects.get(id=world.wu.person_id))
    client.cookies["django_language"] = "zh-hans"
    page = client.get("/desk/weekly/").content.decode()
    assert "10 / 10" in page
    assert "1 项本周已排满。" in page
    week = Week.read(next_weeks(world)[1])
    assert week is not None
    client.force_login(Person.objects.get(id=world.lin.person_id))
    offered = client.get(f"/offers/{offer.offer_id}/", {"quantity": "2", "ask": "1"}).content.decode()
    assert f"排到有空的一周，{week.later(1).monday} 00:00 前完成。" in offered
    client.force_login(Person.objects.get(id=world.wu.person_id))
    refused = client.post(f"/desk/weekly/{weekly}/", {"units": "5"})
    assert (refused.status_code, "有一周已订出的比这个数多" in refused.content.decode()) == (409, True)
    assert client.post(f"/desk/weekly/{weekly}/", {"units": "12"}).status_code == 302
    assert client.post("/desk/weekly/", {"name": "打样组", "units": "5"}).status_code == 422
    assert client.post("/desk/weekly/", {"name": "二组", "units": "5"}).status_code == 302
    assert [each.units for each in list_weekly(world.wu)] == [5, 12]
