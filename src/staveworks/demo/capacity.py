"""Capacity of many firms, drawn from their trade: the same firms and seed give the same work centres and free hours.

>>> declare_capacity(traded((firm, drawn.business_type) for firm, drawn in members.items()), SEED)
"""

import random
from collections.abc import Container, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from staveworks.db.clock import database_today
from staveworks.demo.people import who_answers
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.domain.windows import monday_of
from staveworks.mechanisms.dispatch.types.centres import CapabilitySaid, CentreSaid, CertificateSaid
from staveworks.mechanisms.dispatch.types.windows import Source, WindowSaid
from staveworks.mechanisms.dispatch.usecases.declare_windows import declare_windows
from staveworks.mechanisms.dispatch.usecases.keep_centre import keep_centre
from staveworks.mechanisms.dispatch.usecases.lift_limit import lift_limit

WEEKS, EXCEPTION, EXPIRED, NEW = 26, 0.4, 0.08, 0.12
"""Weeks declared; the shares of centres with a week apart, of certificates run out, and of firms still on trial."""
KEEN = 0.15
KNOWN = "2025 年外发合作 6 批，均验收合格"
Traded = tuple[UUID, str, str]
"""A firm, its trade and its city."""


@cache
def trades() -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load(
        (Path(__file__).parent / "capacity.yaml").read_text("utf-8")
    )
    return found


def traded(firms: Iterable[tuple[UUID, str]]) -> list[Traded]:
    """With the city of each, as the register has it; those without one, or without machines, are left out."""
    asked = {firm: trade for firm, trade in firms if trade in trades()}
    cities = dict(Organisation.objects.filter(id__in=asked).values_list("id", "city_id"))
    return [(firm, trade, city) for firm, trade in asked.items() if (city := cities.get(firm))]


def declare_capacity(firms: Iterable[Traded], seed: int, *, keen: Container[UUID] = ()) -> int:
    """How many work centres were made. Each firm's draw hangs on its place in the list alone; most have worked with the cluster before.

    ``keen``: whose prices are low, so that they get work; they keep one pace, and most of their hours for whoever plays them.
    """
    made, service = 0, operator_service()
    for place, (firm, trade, city) in enumerate(firms):
        chance = random.Random(f"{seed}:{place}")  # noqa: S311 - a demo, not a secret
        made += _declare(who_answers(firm), trades()[trade], city, chance, keen=firm in keen)
        if chance.random() >= NEW or firm in keen:
            lift_limit(service, firm_id=firm, lifted=True, reason=KNOWN)
    return made


def _declare(
    actor: Actor, kinds: list[dict[str, Any]], city: str, chance: random.Random, *, keen: bool
) -> int:
    windows: list[WindowSaid] = []
    there = [kind for kind in kinds if chance.random() < kind["share"]] or kinds[:1]
    for kind in there:
        hours = Decimal(chance.randint(*kind["hours"]))
        centre = keep_centre(actor, said=_centre(kind, city, hours, chance, KEEN if keen else 1.0))
        windows += _windows(centre, hours, chance, steady=keen)
    declare_windows(actor, said=windows, source=Source.PAGE)
    return len(there)


def _centre(
    kind: Mapping[str, Any], city: str, hours: Decimal, chance: random.Random, dear: float
) -> CentreSaid:
    sunday = hours if chance.random() < 0.3 else Decimal(0)
    return CentreSaid(
        name=f"{chance.randint(1, 6)} 号{kind['name']}",
        operation=kind["operation"],
        grade=chance.choice(kind["grades"]),
        weekday_hours=(*[hours] * 6, sunday),
        capabilities=tuple(_capabilities(kind["families"], chance, dear)),
        setup_hours=Decimal(str(kind["setup"])),
        certificates=tuple(_certificates(kind["certificates"], chance)),
        city=city,
    )


def _capabilities(
    families: Mapping[str, Any], chance: random.Random, dear: float
) -> Iterable[CapabilitySaid]:
    """``dear``: how far up prices are drawn between the lowest and the highest of the trade."""
    for code, drawn in families.items():
        low, high = drawn["price"]
        price = Decimal(str(chance.uniform(low, low + dear * (high - low)))).quantize(Decimal("0.01"))
        speed = round(chance.uniform(*drawn["speed"]), -1)
        yield CapabilitySaid(code, str(price), f"{speed:,.0f}")


def _certificates(shares: Mapping[str, float], chance: random.Random) -> Iterable[CertificateSaid]:
    today = database_today()
    for code, share in shares.items():
        if chance.random() < share:
            days = -chance.randint(5, 90) if chance.random() < EXPIRED else chance.randint(40, 900)
            yield CertificateSaid(code, f"{chance.randint(10**7, 10**8 - 1)}", today + timedelta(days=days))


def _windows(centre: UUID, hours: Decimal, chance: random.Random, *, steady: bool) -> list[WindowSaid]:
    """Half a year at one pace from this week on; some, unless ``steady``, have a week that is fuller or quite free."""
    first: date = monday_of(database_today())
    pace = (hours * Decimal(str(round(chance.uniform(0.15, 0.48), 2)))).quantize(Decimal("0.5"))
    found = [WindowSaid(centre, first, first + timedelta(days=7 * WEEKS - 1), pace)]
    if chance.random() < EXCEPTION and not steady:
        monday = first + timedelta(days=7 * chance.randint(1, 7))
        other = chance.choice((Decimal(0), hours))
        found.append(WindowSaid(centre, monday, monday + timedelta(days=6), other))
    return found
