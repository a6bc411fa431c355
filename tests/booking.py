"""Bookings for tests: a laboratory with two looms, open on weekdays 08:30–17:30, and a buyer who books them.

>>> lab = make_lab(world)                               # `settings.MECHANISMS` as it ships
>>> lab.book(world.lin, monday(2), "09:00")             # placed and confirmed
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.usecases.keep_resource import Details, register_bookable
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.queries import access_line, access_order
from staveworks.trade.orders.types import Line
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from tests.trading import publish
from tests.world import World, join, make_firm, make_person

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = {"rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "from": "08:30", "to": "17:30"}
LOOM = Details(
    name=Text(zh="小样织机", en="Sample loom"),
    kind="machine",
    opening={"rules": [WEEKDAYS], "holidays": False},
    place="实验楼 201",
)
HOURLY = {"kind": "time", "step_minutes": 60, "step_price_fen": 18_000, "minimum_minutes": 60}
TERMS = {"steps": [{"hours": 24, "ratio": "0"}], "late": "0.5", "no_show": "1"}


@dataclass(frozen=True, slots=True)
class Lab:
    """方敏's laboratory rents two looms at ¥180 an hour, mornings at half as much again."""

    fang: Actor
    looms: UUID
    offer: OfferVersion

    def book(self, buyer: Actor, day: date, clock: str, *, confirmed: bool = True, **more: Any) -> Line:
        """Placed, and confirmed by the laboratory."""
        request = {"starts_at": f"{day}T{clock}", **more}
        added = add_line(buyer, version_id=self.offer.id, request=request)
        hold_order(buyer, order_id=added.order_id)
        place_order(buyer, order_id=added.order_id)
        (line,) = access_order(buyer, order_id=added.order_id).lines
        if confirmed:
            confirm_line(self.fang, line_id=line.id)
        return access_line(buyer, line_id=line.id)


def make_lab(world: World, *, units: int = 2, **details: Any) -> Lab:
    fang = join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER), Role.OWNER)
    looms = register_bookable(fang, details=replace(LOOM, **details), units=units)
    window = {"days": "MO,TU,WE,TH,FR", "from": "08:00", "to": "12:00", "ratio": "1.5"}
    terms = {"resource": str(looms), "windows": [window]}
    return Lab(
        fang,
        looms,
        publish(fang, mechanism="booking", price=HOURLY, terms=terms, cancellation=TERMS),
    )


def monday(weeks: int = 1) -> date:
    """A Monday to come; the first is at least three days away."""
    soon = timezone.localdate() + timedelta(days=3)
    return soon + timedelta(days=-soon.weekday() % 7 + 7 * (weeks - 1))


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=SHANGHAI)
