"""For tests of trade: the simplest mechanism there can be, and offers made with it.

>>> settings.MECHANISMS = PLAIN                     # pytest-django's `settings`
>>> version = publish(seller, price={"kind": "fixed", "amount_fen": 10_000})
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from staveworks.db.transaction import acting
from staveworks.demo.offers import publish_services, services
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, Kind
from staveworks.foundation.reservation.types import Ask
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.trade.catalogue.mechanisms import Buyer, Quote
from staveworks.trade.catalogue.quoting import price_parts, quantity_asked
from staveworks.trade.catalogue.requests import check_request
from staveworks.trade.catalogue.types import OfferVersion, Price
from staveworks.trade.catalogue.usecases.draft_offer import draft_offer
from staveworks.trade.catalogue.usecases.publish_offer import publish_offer
from tests.world import make_firm

PLAIN = {"plain": "tests.trading:MECHANISM"}
TERMS = ["resource", "windows", "kind", "tests", "retention_days", "rush", "stock", "period", "notice_days"]
EVERY_WAY = dict.fromkeys(("booking", "task", "project"), PLAIN["plain"])
"""Of the demo's offers, for what asks nothing of the ways of delivery themselves."""
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {"quantity": {"type": "integer", "minimum": 1}},
    "additionalProperties": False,
}


class Plain:
    """Sells by quantity, holds the resource that its terms name. ``terms``: ``{"resource": id}``, or nothing."""

    code = "plain"
    name = Text(zh="试验", en="Trial")
    has_calendar = True
    its_fields = ()

    def terms_form(self, *, provider: UUID) -> Mapping[str, Any]:
        return {"type": "object", "properties": {"resource": {"type": "string"}}}

    def check_terms(self, terms: Mapping[str, Any], *, provider: UUID, price: Price) -> None:
        for key in terms:
            if key not in TERMS:
                raise Invalid(Text(zh="没有这一项。", en="No such entry."), field=key)

    def form(self, version: OfferVersion) -> Mapping[str, Any]:
        return version.content.form or FORM

    def asks(self, version: OfferVersion) -> bool:
        return bool(self.form(version).get("required"))

    def quote(
        self, version: OfferVersion, request: Mapping[str, Any], *, buyer: Buyer, at: datetime
    ) -> Quote:
        check_request(self.form(version), request)
        content = version.content
        quantity = quantity_asked(content.price, request)
        parts = price_parts(version, quantity, buyer)
        resource = (content.terms or {}).get("resource")
        return Quote(
            parts=parts,
            price_fen=sum(part.amount_fen for part in parts),
            asks=(Ask(UUID(resource), int(quantity)),) if resource else (),
            cancellation=content.cancellation,
            lead_time_days=content.lead_time_days,
        )

    def next_free(self, versions: Sequence[OfferVersion]) -> Mapping[UUID, datetime | None]:
        return {}


MECHANISM = Plain()


def document(**content: Any) -> dict[str, Any]:
    """A complete offer; ``content`` says what differs."""
    return {
        "title": {"zh": "面料耐磨检测", "en": "Fabric abrasion test"},
        "mechanism": "plain",
        "planks": ["inspection"],
        "price": {"kind": "fixed", "amount_fen": 68_000},
        **content,
    }


def publish(seller: Actor, **content: Any) -> OfferVersion:
    """An offer of ``seller``'s organisation, published."""
    return publish_offer(seller, offer_id=draft_offer(seller, content=document(**content)))


PLACES = {"lab": "330603", "park": "320509", "group": "330603", "bank": "330603", "assoc": "320509"}
"""Where the providers stand that the demo has besides those of its offers."""


def make_market() -> list[OfferVersion]:
    """The demo's sixty offers and their providers. ``settings.MECHANISMS`` must hold ``EVERY_WAY``, or what they are."""
    said = services()
    for entry in said["providers"]:
        firm = make_firm(entry["name"], Kind.PROVIDER, city=entry.get("city") or PLACES[entry["key"]])
        with acting(org=firm.id):
            name_en = entry.get("name_en", "")
            Organisation.objects.filter(id=firm.id).update(demo=True, name_en=name_en)
    return publish_services()
