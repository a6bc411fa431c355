"""Capacity of many firms, drawn from their trade: the same firms and seed give the same work centres and free hours.

>>> declare_capacity(traded((firm, drawn.business_type) for firm, drawn in members.items()), SEED)
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from staveworks.db.clock import database_today
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.domain.windows import monday_of
from staveworks.mechanisms.dispatch.types.centres import CapabilitySaid, CentreSaid, CertificateSaid
from staveworks.mechanisms.dispatch.types.windows import Source, WindowSaid
from staveworks.mechanisms.dispatch.usecases.declare_windows import declare_windows
from staveworks.mechanisms.dispatch.usecases.keep_centre import keep_centre

WEEKS, SECOND, EXCEPTION, EXPIRED = 12, 0.55, 0.4, 0.08
"""Weeks declared; the shares of firms with a second kind of machines, of centres with a week apart, and of certificates run out."""
Traded = tuple[UUID, str, str]
"""A firm, its trade and its city."""


def trades() -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load(
        (Path(__file__).parent / "capacity.yaml").read_text("utf-8")
    )
    return found


def traded(firms: Iterable[tuple[UUID, str]]) -> list[Traded]:
    """With the city of each, as the register has it; those without one are left out."""
    asked = dict(firms)
    cities = dict(Organisation.objects.filter(id__in=asked).values_list("id", "city_id"))
    return [(firm, trade, city) for firm, trade in asked.items() if (city := cities.get(firm))]


def declare_capacity(firms: Iterable[Traded], seed: int) -> int:
    """How many work centres were made. Each firm's draw hangs on its place in the list alone."""
    kinds, made = trades(), 0
    for place, (firm, trade, city) in enumerate(firms):
        chance = random.Random(f"{seed}:{place}")  # noqa: S311 - a demo, not a secret
        actor = replace(operator_service_for(firm), via_org_id=None)
        offered = kinds.get(trade, [])
        for kind in offered[: 2 if chance.random() < SECOND else 1]:
            _declare(actor, kind, city, chance)
            made += 1
    return made


def _declare(actor: Actor, kind: Mapping[str, Any], city: str, chance: random.Random) -> None:
    hours = Decimal(chance.randint(*kind["hours"]))
    sunday = hours if chance.random() < 0.3 else Decimal(0)
    said = CentreSaid(
        name=f"{chance.randint(1, 6)} 号{kind['name']}",
        operation=kind["operation"],
        grade=chance.choice(kind["grades"]),
        weekday_hours=(*[hours] * 6, sunday),
        capabilities=tuple(_capabilities(kind["families"], chance)),
        setup_hours=Decimal(str(kind["setup"])),
        certificates=tuple(_certificates(kind["certificates"], chance)),
        city=city,
    )
    centre = keep_centre(actor, said=said)
    declare_windows(actor, said=_windows(centre, hours, chance), source=Source.PAGE)


def _capabilities(families: Mapping[str, Any], chance: random.Random) -> Iterable[CapabilitySaid]:
    for code, drawn in families.items():
        price = Decimal(str(chance.uniform(*drawn["price"]))).quantize(Decimal("0.01"))
        speed = round(chance.uniform(*drawn["speed"]), -1)
        yield CapabilitySaid(code, str(price), str(int(speed)))


def _certificates(shares: Mapping[str, float], chance: random.Random) -> Iterable[CertificateSaid]:
    today = database_today()
    for code, share in shares.items():
        if chance.random() < share:
            days = -chance.randint(5, 90) if chance.random() < EXPIRED else chance.randint(40, 900)
            yield CertificateSaid(code, f"{chance.randint(10**7, 10**8 - 1)}", today + timedelta(days=days))


def _windows(centre: UUID, hours: Decimal, chance: random.Random) -> list[WindowSaid]:
    """A season at one pace from this week on; some have a week that is fuller or quite free."""
    first: date = monday_of(database_today())
    pace = (hours * Decimal(str(round(chance.uniform(0.25, 0.8), 2)))).quantize(Decimal("0.5"))
    found = [WindowSaid(centre, first, first + timedelta(days=7 * WEEKS - 1), pace)]
    if chance.random() < EXCEPTION:
        monday = first + timedelta(days=7 * chance.randint(1, WEEKS - 1))
        other = chance.choice((Decimal(0), hours))
        found.append(WindowSaid(centre, monday, monday + timedelta(days=6), other))
    return found
