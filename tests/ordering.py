"""Orders for tests: a laboratory, a mill and a buyer with a clerk; offers that hold real resources.

>>> market = make_market(world)                       # needs `settings.MECHANISMS = PLAIN`
>>> order = market.fill(world.zhou, market.test, market.yarn)
>>> market.order(world.lin, market.test)              # placed; the lines by offer
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.foundation.reservation.types import Kind as Scarce
from staveworks.foundation.reservation.usecases.register_resource import register_resource
from staveworks.kit.ids import new_id
from staveworks.kit.spans import Span
from staveworks.mechanisms.booking.codes import code_of
from staveworks.mechanisms.booking.models import TrainingCertificate, Wish
from staveworks.mechanisms.booking.usecases.close_for import close_for
from staveworks.mechanisms.booking.usecases.keep_resource import register_bookable
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.queries import access_line, access_order
from staveworks.trade.orders.types import Added, Line, Order
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part
from staveworks.trade.orders.usecases.dispute_line import answer_dispute, open_dispute
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.booking import LOOM, at, monday
from tests.trading import publish
from tests.world import World, join, make_firm, make_person

PER_KILOGRAM = {
    "kind": "per_unit",
    "unit": {"zh": "公斤", "en": "kg"},
    "unit_price_fen": 2_000,
    "minimum": "1",
    "step": "1",
}
STEPS = {"steps": [{"hours": 48, "ratio": "0.1"}], "late": "0.5", "no_show": "1"}


@dataclass(frozen=True, slots=True)
class Market:
    """方敏's laboratory sells a test for ¥680, of which it makes 20 a week; 陆纱's mill sells yarn at ¥20 a kilogram, of 500."""

    fang: Actor
    lu: Actor
    test: OfferVersion
    yarn: OfferVersion
    yarn_stock: UUID

    def fill(self, buyer: Actor, *offers: OfferVersion, quantity: int = 10) -> UUID:
        """A draft with a line of each offer; the order's id."""
        added = [add_line(buyer, version_id=each.id, request=self.asked(each, quantity)) for each in offers]
        return added[0].order_id

    def place(self, buyer: Actor, *offers: OfferVersion, quantity: int = 10) -> Order:
        """Filled, held and placed."""
        order = self.fill(buyer, *offers, quantity=quantity)
        hold_order(buyer, order_id=order)
        place_order(buyer, order_id=order)
        return access_order(buyer, order_id=order)

    def deliver(self, buyer: Actor, offer: OfferVersion, *, quantity: int = 10) -> Line:
        """Placed, confirmed and delivered."""
        (line,) = self.place(buyer, offer, quantity=quantity).lines
        provider = self.fang if offer is self.test else self.lu
        confirm_line(provider, line_id=line.id)
        deliver_part(provider, line_id=line.id, text="报告 2611-07", last=True)
        return access_line(buyer, line_id=line.id)

    def asked(self, offer: OfferVersion, quantity: int) -> dict[str, Any]:
        return {"quantity": quantity} if offer.id == self.yarn.id else {"quantity": 1}


def make_market(world: World) -> Market:
    fang = join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER), Role.OWNER)
    lu = join(make_person("陆纱"), make_firm("盛泽纱厂"), Role.OWNER)
    tests = register_resource(fang, kind=Scarce.COUNTED, capacity=20)
    yarn = register_resource(lu, kind=Scarce.COUNTED, capacity=500)
    return Market(
        fang,
        lu,
        publish(fang, terms={"resource": str(tests)}, cancellation=STEPS),
        publish(
            lu,
            title={"zh": "精梳棉纱 40 支", "en": "Combed cotton yarn, 40s"},
            planks=["procurement"],
            price=PER_KILOGRAM,
            terms={"resource": str(yarn)},
        ),
        yarn,
    )


def trade_things(owner: Actor, partner: Actor) -> dict[str, str]:
    """What stands between an organisation and one that sells to it and buys of it, by the parameters of addresses."""
    sells, buys = publish(partner), publish(owner)
    mine = delivered(owner, sells, partner)
    served = placed(partner, buys)
    set_limit(owner, limit_fen=0)
    asked = placed(owner, sells)
    draft = add_line(owner, version_id=sells.id, request={})
    bookable, closing, arrival = lent(owner, partner)
    certificate = certified(owner, partner, bookable)
    return {
        "wish": wished(owner, partner, sells),
        "bookable": bookable,
        "closing": closing,
        "certificate": certificate,
        "version": str(sells.id),
        "offer": str(sells.offer_id),
        "own_offer": str(buys.offer_id),
        "order": str(draft.order_id),
        "draft_line": str(draft.line_id),
        "asked_order": str(asked.order_id),
        "line": str(mine.line_id),
        "served_line": str(served.line_id),
        "arrival": arrival,
    }


def lent(owner: Actor, partner: Actor) -> tuple[str, str, str]:
    """Something to book, closed for an hour, and the check-in code of who booked the next."""
    bookable, day = register_bookable(owner, details=LOOM), monday()
    during = Span(at(day, "09:00"), at(day, "10:00"))
    closing = close_for(owner, resource_id=bookable, during=during, reason="检修").chain_id
    offer = publish(owner, mechanism="booking", terms={"resource": str(bookable)})
    request = {"starts_at": f"{day}T10:00"}
    booked = placed(partner, offer, request)
    return str(bookable), str(closing), code_of(booked.line_id)


def certified(provider: Actor, buyer: Actor, bookable: str) -> str:
    """A training certificate of somebody of the buyer's."""
    today = timezone.localdate()
    row = TrainingCertificate(
        id=new_id(), resource_id=UUID(bookable), provider_org_id=provider.org, buyer_org_id=buyer.org,
        name="王芳", contact="wang@example.com", valid_from=today, valid_until=today + timedelta(days=365),
    )  # fmt: skip
    with acting(org=provider.org):
        row.save(force_insert=True)
    return str(row.id)


def wished(buyer: Actor, provider: Actor, offer: OfferVersion) -> str:
    """A place in the waiting list of something that the provider lends."""
    resource = register_bookable(provider, details=LOOM)
    wish = Wish(
        id=new_id(), resource_id=resource, provider_org_id=provider.org, buyer_org_id=buyer.org,
        offer_id=offer.offer_id, request={}, units=1, minutes=60,
        earliest_at=at(monday(), "09:00"), latest_at=at(monday(), "17:00"),
    )  # fmt: skip
    with acting(org=buyer.org):
        wish.save(force_insert=True)
    return str(wish.id)


def disputed(buyer: Actor, provider: Actor) -> dict[str, str]:
    """A line that the buyer's operator has to decide on."""
    line = delivered(buyer, publish(provider), provider).line_id
    open_dispute(buyer, line_id=line, reason="少一项", stands_fen=0)
    answer_dispute(provider, line_id=line, text="样品不够", agree=False)
    return {"disputed_line": str(line)}


def placed(buyer: Actor, offer: OfferVersion, request: dict[str, Any] | None = None) -> Added:
    added = add_line(buyer, version_id=offer.id, request=request or {})
    hold_order(buyer, order_id=added.order_id)
    place_order(buyer, order_id=added.order_id)
    return added


def delivered(buyer: Actor, offer: OfferVersion, provider: Actor) -> Added:
    added = placed(buyer, offer)
    confirm_line(provider, line_id=added.line_id)
    deliver_part(provider, line_id=added.line_id, text="报告", last=True)
    return added
