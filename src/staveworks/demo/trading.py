"""What the demo's firms ordered: the orders and calendars of `orders.yaml`, over several buyers, providers and cities."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from math import ceil, floor
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.utils import timezone

from staveworks.demo.calendars import first_time, keep_calendars
from staveworks.demo.dealing import Deal, fill, go_their_way, place, renew
from staveworks.demo.laboratory import accredit, test_samples
from staveworks.demo.passing import number_orders, open_long_ago
from staveworks.demo.people import owner_of
from staveworks.demo.projects import ask_for_proposals
from staveworks.foundation.parties.models import Organisation, Person
from staveworks.foundation.parties.queries import actor_for
from staveworks.foundation.parties.types import Actor
from staveworks.kit.spans import Span
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from staveworks.trade.orders.usecases.set_limit import set_limit

A_DAY = timedelta(days=1)


@cache
def said() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "orders.yaml").read_text("utf-8"))
    return content


class Market:
    """Who buys and what is offered. ``claimed``: firms whose owners have come, in an order that stays."""

    def __init__(self, offers: Iterable[OfferVersion], claimed: Iterable[UUID]) -> None:
        self.offers: Mapping[str, OfferVersion] = {each.content.title.zh: each for each in offers}
        names = said()["buyers"]
        found = dict(
            Organisation.objects.filter(demo=True, name__in=names.values()).values_list("name", "id")
        )
        self.buyers = {key: owner_of(found[name]) for key, name in names.items() if name in found}
        self.others = [owner_of(each) for each in claimed]

    def buyer(self, who: str | int) -> Actor | None:
        if isinstance(who, str):
            return self.buyers.get(who)
        return self.others[who % len(self.others)] if self.others else None

    def orders(self) -> Iterator[tuple[dict[str, Any], Actor, list[dict[str, Any]]]]:
        """Each order whose buyer is there, with who orders and the lines that are offered."""
        for entry in said()["orders"]:
            owner = self.buyers.get(entry["by"])
            lines = [line for line in entry["lines"] if line["offer"] in self.offers]
            if owner is None or not lines:
                continue
            person = Person.objects.get(email=entry["as"]) if "as" in entry else None
            yield entry, actor_for(person.id, owner.org) if person else owner, lines


def trade(market: Market) -> None:
    """Calendars first, since what they take is taken; then the orders in every state."""
    open_long_ago()
    for key, limit_fen in said()["limits"].items():
        if key in market.buyers:
            set_limit(market.buyers[key], limit_fen=limit_fen)
    keep_calendars(said()["calendars"], market.offers, market.buyer)
    if said()["accredited"] in market.offers:
        accredit(market.offers[said()["accredited"]])
    ask_for_proposals(said()["requests"], market.offers, market.buyers)
    test_samples(said()["tests"], market.offers, market.buyers)
    deals = [deal for entry, buyer, lines in market.orders() for deal in _order(market, entry, buyer, lines)]
    go_their_way(deals)
    renew({buyer.org for buyer in market.buyers.values()})
    number_orders()


def _order(market: Market, entry: Mapping[str, Any], buyer: Actor, lines: list[dict[str, Any]]) -> list[Deal]:
    spans = [_time(market, line) for line in lines]
    wanted = [
        (
            market.offers[line["offer"]],
            line["ask"] | ({"starts_at": span.starts_at.isoformat()} if span else {}),
        )
        for line, span in zip(lines, spans, strict=True)
    ]
    order, ids = fill(buyer, wanted, note=entry.get("note", ""))
    if entry.get("becomes") == "draft":
        return []
    if entry.get("becomes") == "awaiting_approval":
        hold_order(buyer, order_id=order)
        place_order(buyer, order_id=order)
        return []
    place(buyer, order)
    return [
        Deal(
            line["becomes"],
            _days(line, span),
            id_,
            buyer,
            owner_of(version.provider_org),
            line.get("said", {}),
        )
        for line, span, id_, (version, _) in zip(lines, spans, ids, wanted, strict=True)
    ]


def _time(market: Market, line: Mapping[str, Any]) -> Span | None:
    if "at" not in line:
        return None
    version = market.offers[line["offer"]]
    at, minutes = line["at"], line["ask"]["minutes"]
    return first_time(owner_of(version.provider_org), version, day=at["day"], at=at["from"], minutes=minutes)


def _days(line: Mapping[str, Any], span: Span | None) -> tuple[int, int, int]:
    """Nobody fails to come before it is time, nor calls off late while it is early."""
    until, judged, since = line["days"]
    if span and line["becomes"] == "no_show":
        until += ceil((span.ends_at - timezone.now()) / A_DAY)
    if span and line["becomes"] == "called_off":
        until += floor((span.starts_at - timezone.now()) / A_DAY)
    return until, judged, since
