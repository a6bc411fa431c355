"""Capacity for tests: a weaver's work centre, said in few words."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from staveworks.db.clock import database_today
from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.domain.windows import monday_of
from staveworks.mechanisms.dispatch.types.centres import CapabilitySaid, CentreSaid, Per
from staveworks.mechanisms.dispatch.types.windows import Source, WindowSaid
from staveworks.mechanisms.dispatch.usecases.declare_windows import declare_windows
from staveworks.mechanisms.dispatch.usecases.keep_centre import keep_centre
from staveworks.mechanisms.dispatch.usecases.load_sheet import load_sheet

KEQIAO, WUJIANG = "330603", "320509"
TWENTY = (Decimal(20),) * 6 + (Decimal(0),)
"""Monday to Saturday, 20 hours."""


def looms(**other: Any) -> CentreSaid:
    said: dict[str, Any] = {
        "name": "喷水织机",
        "operation": "weaving",
        "grade": 2,
        "weekday_hours": TWENTY,
        "capabilities": (CapabilitySaid("polyester-filament", "0.385", "4,000", Per.DAY),),
        "holidays": False,
        "setup_hours": Decimal("1.5"),
        "city": KEQIAO,
    }
    return CentreSaid(**(said | other))


def settle_in(actor: Actor, city: str) -> None:
    """The actor's organisation says where it is."""
    with acting(org=actor.org):
        Organisation.objects.filter(id=actor.org).update(city_id=city)


def next_monday() -> date:
    return monday_of(database_today()) + timedelta(days=7)


def free(
    actor: Actor, centre: UUID, hours: int | None = 8, *, weeks: int = 4, percent: int | None = None
) -> UUID:
    """From next Monday on, every day."""
    first = next_monday()
    said = WindowSaid(
        centre,
        first,
        first + timedelta(days=7 * weeks - 1),
        Decimal(hours) if hours is not None and percent is None else None,
        percent,
    )
    return declare_windows(actor, said=[said], source=Source.PAGE)[0]


def declare(actor: Actor, hours: int = 8, **said: Any) -> UUID:
    """A work centre with free hours from next Monday on."""
    centre = keep_centre(actor, said=looms(**said))
    free(actor, centre, hours)
    return centre


def capacity_things(owner: Actor) -> dict[str, str]:
    """A work centre with a window and a loaded sheet, of a firm; ids of nothing for who declares no capacity."""
    if not owner.may("capacity.declare"):
        return dict.fromkeys(("centre", "window", "sheet"), str(UUID(int=3)))
    centre = keep_centre(owner, said=looms())
    content = f"Work centre,From,To,Hours a day\n喷水织机,{next_monday()},{next_monday()},3\n".encode()
    return {
        "centre": str(centre),
        "window": str(free(owner, centre)),
        "sheet": str(load_sheet(owner, name="w.csv", content=content)),
    }
