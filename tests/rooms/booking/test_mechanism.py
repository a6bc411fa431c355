"""Booking behind the catalogue's port: what may be published, what a buyer is asked, what a time costs, what is held."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor, RightMissing
from staveworks.foundation.reservation.queries import list_reservations
from staveworks.foundation.reservation.types import CapacityInUse
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.mechanism import MECHANISM
from staveworks.mechanisms.booking.models import Bookable
from staveworks.mechanisms.booking.types import ResourceNotFound
from staveworks.mechanisms.booking.usecases.keep_resource import change_bookable, register_bookable
from staveworks.trade.catalogue.mechanisms import Buyer, Quote
from staveworks.trade.catalogue.types import Group, OfferVersion
from staveworks.trade.orders.types import LinesNotFree
from tests.booking import LOOM, Lab, at, make_lab, monday
from tests.trading import publish
from tests.world import World

pytestmark = pytest.mark.django_db


def quote(buyer: Actor, version: OfferVersion, **request: Any) -> Quote:
    with acting(org=buyer.org, person=buyer.person_id):
        who = Buyer(buyer, buyer.org, Group.MEMBER)
        return MECHANISM.quote(version, request, buyer=who, at=timezone.now())


def test_an_hour_of_the_morning_and_two_of_the_afternoon(world: World, lab: Lab) -> None:
    """11:00–14:00: one step at one and a half (¥270), two at ¥180; both looms are twice as much."""
    day = monday()
    one = quote(world.lin, lab.offer, starts_at=f"{day}T11:00", minutes=180)
    assert [(p.quantity, p.unit_price_fen, p.amount_fen) for p in one.parts] == [
        (Decimal(1), 27_000, 27_000),
        (Decimal(2), 18_000, 36_000),
    ]
    both = quote(world.lin, lab.offer, starts_at=f"{day}T11:00", minutes=180, quantity=2)
    assert both.price_fen == 2 * one.price_fen == 126_000
    assert (one.starts_at, one.due_at) == (at(day, "11:00"), at(day, "14:00"))
    (ask,) = both.asks
    assert (ask.resource_id, ask.quantity) == (lab.looms, 2)


def test_what_is_held_has_room_to_set_up_and_to_clean(world: World) -> None:
    lab, day = make_lab(world, before=15, after=30), monday()
    line = lab.book(world.lin, day, "09:00", minutes=60)
    (held,) = list_reservations(lab.fang, subject_ids=[line.id])
    assert held.during is not None
    assert (held.during.starts_at, held.during.ends_at) == (at(day, "08:45"), at(day, "10:30"))


def test_the_third_to_want_one_of_two_looms_is_told_what_is_nearest(world: World, lab: Lab) -> None:
    day = monday()
    for buyer in (world.lin, world.wu):
        lab.book(buyer, day, "09:00", minutes=120)
    assert lab.book(world.wu, day, "11:00", minutes=60).price_fen == 27_000
    with pytest.raises(LinesNotFree):
        lab.book(world.lin, day, "10:00", minutes=60)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({}, "starts_at"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"starts_at": "{day}T08:00"}, "starts_at"),
        ({"starts_at": "{day}T09:10"}, "starts_at"),
        ({"starts_at": "{sunday}T09:00"}, "starts_at"),
        ({"starts_at": "2020-01-06T09:00"}, "starts_at"),
        ({"starts_at": "2099-01-05T09:00"}, "starts_at"),
        ({"starts_at": "{day}T09:00", "minutes": 45}, "minutes"),
        ({"starts_at": "{day}T09:00", "minutes": 300}, "minutes"),
        ({"starts_at": "{day}T16:30", "minutes": 120}, "starts_at"),
        ({"starts_at": "{day}T09:00", "quantity": 3}, "quantity"),
    ],
)
def test_what_cant_be_booked_is_refused_at_its_field(
    world: World, lab: Lab, request_: dict[str, Any], field: str
) -> None:
    days = {"day": monday(), "sunday": monday() - timedelta(days=1)}
    said = {k: v.format(**days) if isinstance(v, str) else v for k, v in request_.items()}
    with pytest.raises(Invalid) as refused:
        quote(world.lin, lab.offer, **said)
    assert refused.value.field == field
    assert quote(world.lin, lab.offer, starts_at=f"{monday()}T16:30", minutes=60).price_fen == 18_000


def test_the_form_asks_for_what_there_is_to_choose(world: World) -> None:
    lab = make_lab(world)
    asked = MECHANISM.form(lab.offer)["properties"]
    assert list(asked) == ["starts_at", "minutes", "quantity", "note"]
    assert (asked["minutes"]["minimum"], asked["minutes"]["maximum"]) == (60, 240)
    assert asked["quantity"]["maximum"] == 2
    seat = register_bookable(lab.fang, details=replace(LOOM, shortest=120, longest=120))
    one = publish(lab.fang, mechanism="booking", terms={"resource": str(seat)})
    assert list(MECHANISM.form(one)["properties"]) == ["starts_at", "note"]
    assert quote(world.lin, one, starts_at=f"{monday()}T09:00").due_at == at(monday(), "11:00")


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({}, "terms.resource"),
        ({"resource": "loom"}, "terms.resource"),
        ({"resource": "{other}"}, "terms.resource"),
        ({"resource": "{looms}", "seats": 3}, "terms.seats"),
        ({"resource": "{looms}", "windows": [{"days": "XX"}]}, "terms.windows.0.days"),
        ({"resource": "{looms}", "windows": [{"days": "MO", "from": "9"}]}, "terms.windows.0.from"),
        (
            {
                "resource": "{looms}",
                "windows": [{"days": "MO", "from": "09:00", "to": "12:00", "ratio": "0"}],
            },
            "terms.windows.0.ratio",
        ),
    ],
)
def test_terms_that_nobody_could_book_are_not_published(
    world: World, lab: Lab, terms: dict[str, Any], field: str
) -> None:
    other = register_bookable(world.lin, details=LOOM)
    ids = {"looms": lab.looms, "other": other}
    said = {k: v.format(**ids) if isinstance(v, str) else v for k, v in terms.items()}
    with pytest.raises(Invalid) as refused:
        publish(lab.fang, mechanism="booking", terms=said)
    assert refused.value.field == field


def test_search_knows_when_the_next_one_can_begin(world: World, lab: Lab) -> None:
    (first,) = MECHANISM.next_free([lab.offer]).values()
    assert first is not None
    assert first > timezone.now()
    day = first.astimezone(at(monday(), "00:00").tzinfo).date()
    for quantity, clock in ((2, f"{first.astimezone(at(day, '00:00').tzinfo):%H:%M}"),):
        lab.book(world.lin, day, clock, minutes=60, quantity=quantity)
    (then,) = MECHANISM.next_free([lab.offer]).values()
    assert then is not None
    assert then >= first + timedelta(hours=1)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"name": Text(zh="织机", en=" ")}, "name_en"),
        ({"kind": "boat"}, "kind"),
        ({"city": "999999"}, "city"),
        ({"grid": 7}, "grid"),
        ({"shortest": 45}, "shortest"),
        ({"shortest": 240, "longest": 120}, "longest"),
        ({"after": -1}, "after"),
        ({"horizon_days": 0}, "horizon_days"),
        ({"notice_minutes": 60 * 24 * 60}, "notice_minutes"),
        ({"opening": {"rules": [{"rrule": "FREQ=NEVER"}]}}, "opening.rules.0.rrule"),
    ],
)
def test_a_resource_that_contradicts_itself_is_not_kept(
    world: World, details: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        register_bookable(world.lin, details=replace(LOOM, **details))
    assert refused.value.field == field


def test_a_resource_is_changed_by_its_organisation_only_and_what_is_booked_stays(
    world: World, lab: Lab
) -> None:
    line = lab.book(world.lin, monday(), "09:00", minutes=60, quantity=2)
    with pytest.raises(ResourceNotFound):
        change_bookable(world.lin, resource_id=lab.looms, details=LOOM, units=2)
    with pytest.raises(RightMissing):
        register_bookable(world.zhou, details=LOOM)
    with pytest.raises(CapacityInUse):
        change_bookable(lab.fang, resource_id=lab.looms, details=LOOM, units=1)
    tuesdays = {"rules": [{"rrule": "FREQ=WEEKLY;BYDAY=TU", "from": "13:00", "to": "17:00"}]}
    change_bookable(lab.fang, resource_id=lab.looms, details=replace(LOOM, opening=tuesdays), units=3)
    assert [each.state for each in list_reservations(lab.fang, subject_ids=[line.id])] == ["committed"] * 2
    with pytest.raises(Invalid):
        quote(world.lin, lab.offer, starts_at=f"{monday()}T13:00")


def test_the_database_lets_everybody_read_and_nobody_else_write(world: World, lab: Lab) -> None:
    with acting(org=world.chunhui.id):
        row = Bookable.objects.get(resource_id=lab.looms)
        assert not Bookable.objects.filter(resource_id=lab.looms).update(place="elsewhere")
        row.pk = None
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Bookable.objects.bulk_create(
                [Bookable(resource_id=lab.looms, org_id=lab.fang.org, **_columns(row))]
            )


def _columns(row: Bookable) -> dict[str, Any]:
    names = ("kind", "name_zh", "name_en", "opening", "grid", "shortest", "longest")
    return {name: getattr(row, name) for name in names}
