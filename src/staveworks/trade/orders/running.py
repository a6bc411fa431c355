"""Which of a buyer's contracts run, as far as they act on her barrel: what a service lends stands in while it is delivered."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q

from staveworks.db.transaction import query
from staveworks.engine.prescription import Effect
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.kit.text import Text
from staveworks.trade.catalogue.documents import read_price
from staveworks.trade.catalogue.domain import least_quantity
from staveworks.trade.catalogue.types import FixedPrice, Price, TimePrice
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.types import FELL_AWAY, LineState

NOT_YET = (LineState.DRAFT, LineState.AWAITING_APPROVAL)
LENDS = [{"kind": "floor"}]


@dataclass(frozen=True, slots=True)
class RunningLine:
    """``floors``: what the version that was ordered states to lend, where so much of it was ordered that this holds."""

    line_id: UUID
    title: Text
    provider: Text
    floors: tuple[Effect, ...]


@query
def list_lending(
    actor: Actor, *, also: Collection[UUID] = (), right: str = "order.read"
) -> list[RunningLine]:
    """Lines that lend, in delivery now, or ``also`` (their period runs) unless they fell away. Raises ``RightMissing``."""
    actor.require(right)
    agreed = Q(id__in=list(also)) & ~Q(state__in=[*FELL_AWAY, *NOT_YET])
    rows = Row.objects.filter(buyer_org_id=actor.org, version__content__effects__contains=LENDS)
    found = rows.filter(Q(state=LineState.IN_DELIVERY) | agreed).order_by("placed_at", "id")
    return [
        RunningLine(id_, Text(**title), title_of(name, name_en), tuple(_floors(effects)))
        for id_, title, effects, name, name_en, least, price, request in found.values_list(
            "id",
            "version__content__title",
            "version__content__effects",
            "provider_org__name",
            "provider_org__name_en",
            "version__content__effects_from",
            "version__content__price",
            "request",
        )
        if least is None or _holds(Decimal(least), read_price(price), request)
    ]


def _holds(least: Decimal, price: Price, request: Mapping[str, Any]) -> bool:
    """Whether so much was ordered that the effects hold. Of one price for the whole, a subscription's period among them, it is there while it
    runs: what counts in orders is what one has to reckon with beforehand."""
    if isinstance(price, FixedPrice):
        return True
    asked = request.get("minutes" if isinstance(price, TimePrice) else "quantity")
    return Decimal(str(asked or least_quantity(price))) >= least


def _floors(effects: Iterable[Mapping[str, Any]]) -> Iterator[Effect]:
    return (
        Effect(each["plank"], "floor", float(each["amount"])) for each in effects if each["kind"] == "floor"
    )
