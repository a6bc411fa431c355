"""What the demo's offers name: one resource of what is lent by the hour, open as such things are; stock in lots."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.types import DAY
from staveworks.mechanisms.booking.usecases.keep_resource import Details, register_bookable
from staveworks.mechanisms.tasks.usecases.keep_stock import keep_stock, receive_lot
from staveworks.trade.catalogue.types import Document

OFFICE = {"rules": [{"rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "from": "08:30", "to": "17:30"}]}
ALWAYS = {"rules": [{"rrule": "FREQ=DAILY", "from": "00:00", "to": "24:00"}], "holidays": False}
LONGEST_OF_A_DAY = 8 * 60
LONG_THERE = timedelta(days=60)
"""Before anything of it is sold, dated back as that is."""


def make_resource(actor: Actor, entry: dict[str, Any]) -> Document:
    """The terms that name it. ``entry["lends"]``: kind, units, opening hours and lengths, where they differ."""
    said = entry.get("lends", {})
    resource = register_bookable(actor, details=_details(entry, said), units=said.get("units", 1))
    windows = {"windows": said["windows"]} if "windows" in said else {}
    return {"resource": str(resource), **windows}


def make_stock(actor: Actor, entry: dict[str, Any]) -> Document | None:
    """Its own terms; or those that name a stock, after receiving ``entry["stock"]``, lots by their numbers."""
    if "stock" not in entry:
        return entry.get("terms")
    unit = Text(**entry["price"]["unit"])
    stock = keep_stock(actor, name=Text(**entry["stock"]["name"]), unit=unit)
    came = timezone.localdate() - LONG_THERE
    for number, quantity in entry["stock"]["lots"].items():
        receive_lot(actor, stock_id=stock, number=number, quantity=quantity, received_date=came)
    return {"kind": "stock", "stock": str(stock)}


def _details(entry: dict[str, Any], said: dict[str, Any]) -> Details:
    """By time: steps of the price. Half days and days begin with the office; what lasts for days is open day and night."""
    price = entry["price"]
    by_time = price["kind"] == "time"
    step = price["step_minutes"] if by_time else 60
    shortest = max(step, price["minimum_minutes"]) if by_time else 120
    days = shortest >= DAY
    grid = said.get("grid", DAY if days else 30 if shortest % 30 == 0 else 15)
    return Details(
        name=Text(**entry["title"]),
        kind=said.get("kind", "machine"),
        opening=said.get("opening") or (ALWAYS if days else OFFICE),
        grid=grid,
        shortest=said.get("shortest", shortest),
        longest=said.get("longest", shortest * 12 if days else max(shortest, LONGEST_OF_A_DAY)),
        before=said.get("before", 0),
        after=said.get("after", 0),
        notice_minutes=entry["lead"] * DAY,
        horizon_days=said.get("horizon_days", 90),
        place=said.get("place", ""),
    )
