"""A plank isn't lifted by a small order: an offer says from what quantity its effects hold, and that much is reckoned with."""

from typing import Any

import pytest

from staveworks.cluster.prescription.lending import list_lent
from staveworks.cluster.prescription.own import find_own_problem
from staveworks.cluster.prescription.queries import access_prescription
from staveworks.cluster.prescription.types import PrescriptionView
from staveworks.cluster.prescription.usecases.accept_prescription import accept_prescription
from staveworks.cluster.prescription.usecases.prescribe import make_prescription
from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor
from staveworks.trade.catalogue.models import Listing
from staveworks.trade.catalogue.search import Order, Wanted, search_offers
from staveworks.trade.orders.queries import access_order
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part
from tests.ordering import placed
from tests.rooms.dispatch.browsing import browse
from tests.rooms.prescription.conftest import assess
from tests.trading import publish
from tests.world import World

MONTHS: dict[str, Any] = {"kind": "per_unit", "unit": {"zh": "月", "en": "month"}, "unit_price_fen": 30_000}
FLOOR = [{"plank": "logistics", "kind": "floor", "amount": 60}]


def prescribed(actor: Actor, budget_fen: int) -> PrescriptionView:
    made = make_prescription(actor, budget_fen=budget_fen)
    return access_prescription(actor, prescription_id=made)


def test_a_prescription_reckons_with_the_quantity_from_which_effects_hold_and_orders_it(
    world: World, lab: Actor
) -> None:
    assess(world.lin)
    offer = publish(lab, planks=["logistics"], effects=FLOOR, effects_from="12", price=MONTHS)
    assert prescribed(world.lin, 359_999).chosen == ()
    view = prescribed(world.lin, 360_000)
    assert [each.price_fen for each in view.answer.chosen] == [360_000]
    assert [view.services[each.offer.id].quantity for each in view.chosen] == [12]
    accepted = accept_prescription(world.lin, prescription_id=view.id)
    assert accepted.order_id
    (line,) = access_order(world.lin, order_id=accepted.order_id).lines
    assert (line.version_id, line.price_fen) == (offer.id, 360_000)


def test_one_price_is_reckoned_with_as_many_times_as_it_takes_and_ordered_once(
    world: World, lab: Actor
) -> None:
    """As of a subscription, each of whose periods is an order of its own."""
    assess(world.lin)
    price = {"kind": "fixed", "amount_fen": 30_000}
    publish(lab, planks=["logistics"], effects=FLOOR, effects_from="12", price=price)
    view = prescribed(world.lin, 360_000)
    assert [each.price_fen for each in view.answer.chosen] == [360_000]
    accepted = accept_prescription(world.lin, prescription_id=view.id)
    assert accepted.order_id
    (line,) = access_order(world.lin, order_id=accepted.order_id).lines
    assert line.price_fen == 30_000


def test_the_order_by_fit_divides_a_lift_by_what_it_takes(world: World, lab: Actor) -> None:
    assess(world.lin)
    small = {**MONTHS, "unit_price_fen": 29_000}
    publish(lab, title={"zh": "按年"}, planks=["logistics"], effects=FLOOR, effects_from="12", price=small)
    publish(lab, title={"zh": "按月"}, planks=["logistics"], effects=FLOOR, price=MONTHS)
    found = search_offers(world.lin, Wanted(order=Order.FIT), barrel=find_own_problem(world.lin))
    assert [card.title.zh for card in found.cards] == ["按月", "按年"]
    assert [card.effects_fen for card in found.cards] == [30_000, 348_000]
    assert [card.from_fen for card in found.cards] == [30_000, 29_000]
    with acting(org=lab.org, person=lab.person_id):
        Listing.objects.filter(provider_org_id=lab.org).update(effects_fen=None)
    again = search_offers(world.lin, Wanted(order=Order.FIT), barrel=find_own_problem(world.lin))
    assert [card.title.zh for card in again.cards] == ["按年", "按月"], (
        "listed by a version that didn’t know it"
    )


def test_what_is_lent_is_there_where_so_much_was_ordered(world: World, lab: Actor) -> None:
    offer = publish(lab, planks=["logistics"], effects=FLOOR, effects_from="12", price=MONTHS)
    for months in (11, 12):
        line = placed(world.lin, offer, {"quantity": months}).line_id
        confirm_line(lab, line_id=line)
        deliver_part(lab, line_id=line, text="第一月", last=False)
    (lent,) = list_lent(world.lin)
    assert lent.line_id == line


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "买满 12 月，¥3,600.00"), ("en", "from 12 (month) on, ¥3,600.00")],
)
def test_the_catalogue_and_an_offers_page_say_from_what_quantity_and_for_how_much(
    world: World, lab: Actor, language: str, words: str
) -> None:
    offer = publish(lab, planks=["logistics"], effects=FLOOR, effects_from="12", price=MONTHS)
    reader = browse(world.lin, language)
    assert words in reader.get("/offers/").content.decode()
    assert words in reader.get(f"/offers/{offer.offer_id}/").content.decode()
    publish(lab, planks=["logistics"], effects=FLOOR, price=MONTHS)
    assert reader.get("/offers/").content.decode().count(words) == 1
