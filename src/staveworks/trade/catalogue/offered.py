"""What a buyer could buy to raise her barrel: the published offers that state an effect, at her price. Read light, for hundreds of
rows at once: whoever needs all that an offer says asks ``queries``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import F

from staveworks.db.transaction import query
from staveworks.engine.prescription import Effect
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.kit.text import Text
from staveworks.trade.catalogue.documents import read_price
from staveworks.trade.catalogue.domain import group_of, price_of_effects
from staveworks.trade.catalogue.models import Version
from staveworks.trade.catalogue.types import OfferState

COLUMNS = ("id", "provider_org__name", "provider_org__name_en", "city_id")
SAID = ("title", "effects", "effects_from", "price", "groups", "lead_time_days", "programmes")


@dataclass(frozen=True, slots=True)
class Offered:
    """One published version. ``price_fen``: what it costs the buyer's price group until the effects hold: the order of ``quantity`` units, or so
    many orders where the price is one for the whole; the least that can be ordered where it says none."""

    version_id: UUID
    provider: Text
    title: Text
    city: str | None
    effects: tuple[Effect, ...]
    price_fen: int
    quantity: Decimal | None
    orders: int
    lead_time_days: int
    programmes: tuple[str, ...]


@query
def list_offered(actor: Actor, *, right: str = "offer.read") -> list[Offered]:
    """In the order in which they were first offered; what is priced on request, or not open to the buyer, is left out.

    Raises ``RightMissing``.
    """
    actor.require(right)
    claimed_at, home = Organisation.objects.filter(id=actor.org).values_list("claimed_at", "city_id").get()
    current = Version.objects.filter(offer__state=OfferState.PUBLISHED, number=F("offer__number"))
    rows = (
        current.exclude(content__effects=[])
        .exclude(provider_org_id=actor.org)
        .order_by("offer_id")
        .values(*COLUMNS, *(f"content__{key}" for key in SAID))
    )
    found = (_offered(row, member=claimed_at is not None, home=home) for row in rows)
    return [each for each in found if each is not None]


def _offered(row: Mapping[str, Any], *, member: bool, home: str | None) -> Offered | None:
    groups, said = row["content__groups"], row["content__effects_from"]
    group = group_of(row["city_id"], member=member, home=home)
    ratio = "1" if groups is None else groups.get(str(group))
    price = None if ratio is None else _least(json.dumps(row["content__price"]), ratio, said)
    if price is None:
        return None
    return Offered(
        version_id=row["id"],
        provider=title_of(row["provider_org__name"], row["provider_org__name_en"]),
        title=Text(**row["content__title"]),
        city=row["city_id"],
        effects=tuple(
            Effect(each["plank"], each["kind"], float(each["amount"])) for each in row["content__effects"]
        ),
        price_fen=price,
        **_counted(row["content__price"]["kind"], said),
        lead_time_days=row["content__lead_time_days"],
        programmes=tuple(row["content__programmes"]),
    )


def _counted(kind: str, said: str | None) -> dict[str, Any]:
    """How much is to be ordered: units, or how many orders."""
    if said is None or kind == "time":  # a time is chosen with its length
        return {"quantity": None, "orders": 1}
    return (
        {"quantity": None, "orders": int(said)}
        if kind == "fixed"
        else {"quantity": Decimal(said), "orders": 1}
    )


@lru_cache(maxsize=5000)
def _least(price: str, ratio: str, effects_from: str | None) -> int | None:
    """What it costs until effects hold; hundreds of prices, each read once a process."""
    least = None if effects_from is None else Decimal(effects_from)
    return price_of_effects(read_price(json.loads(price)), least, Decimal(ratio))
