"""A demo that is weeks old looks like one of today: firms go on confirming and declaring, and the next season is dispatched.

Run by the worker at its start and every hour (``jobs/demo.py``); by use cases only, as whoever would do it. Some firms stay silent: what
they declared goes stale, as it does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zlib import crc32

from django.db.models import Max

from staveworks.db.clock import database_now, database_today
from staveworks.demo.capacity import WEEKS
from staveworks.demo.make import SEED, is_made
from staveworks.demo.season import dispatch_season
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.mechanisms.dispatch.models import Confirmation, WindowStatement
from staveworks.mechanisms.dispatch.types.windows import Source, WindowSaid
from staveworks.mechanisms.dispatch.usecases.confirm_windows import confirm_windows
from staveworks.mechanisms.dispatch.usecases.declare_windows import declare_windows

CONFIRMED, AHEAD = timedelta(days=6), timedelta(weeks=10)
"""So old a confirmation may become; so far ahead windows reach at least."""
SILENT = 15
"""One firm of so many never confirms."""


@dataclass(frozen=True, slots=True)
class _Pace:
    """What a work centre declared for the season, and until when."""

    firm: UUID
    centre: UUID
    last_date: date
    day_hours: Decimal


def keep_alive() -> int:
    """How many firms confirmed. Does nothing where no demo stands."""
    if not is_made():
        return 0
    confirmed = confirm_capacity()
    dispatch_season(SEED)
    return confirmed


def confirm_capacity() -> int:
    """Where it was last confirmed days ago; and what comes to its end is declared on at the same pace."""
    now, confirmed = database_now("cross"), 0
    for (firm, name), said_at in _last_said().items():
        if now - said_at < CONFIRMED or crc32(name.encode()) % SILENT == 0:
            continue
        actor = replace(operator_service_for(firm), via_org_id=None)
        ending = [_next(pace) for pace in _paces(firm) if pace.last_date < database_today() + AHEAD]
        if ending:
            declare_windows(actor, said=ending, source=Source.PAGE)
        confirm_windows(actor)
        confirmed += 1
    return confirmed


def _last_said() -> dict[tuple[UUID, str], datetime]:
    """Firm of the demo, with its name → when it last said that its windows are right: by a confirmation, else by declaring them."""
    mine = {"org__demo": True}
    windows = WindowStatement.objects.using("cross").filter(withdrawn_at=None, **mine)
    declared = windows.values_list("org_id", "org__name").annotate(Max("declared_at"))
    confirmed = Confirmation.objects.using("cross").filter(**mine)
    again = confirmed.values_list("org_id", "org__name").annotate(Max("at"))
    return {(firm, name): at for firm, name, at in (*declared, *again)}


def _paces(firm: UUID) -> Iterator[_Pace]:
    rows = WindowStatement.objects.using("cross").filter(
        org_id=firm, withdrawn_at=None, centre__closed_at=None, day_hours__isnull=False
    )
    last: dict[UUID, WindowStatement] = {}
    for row in rows.order_by("last_date", "number"):
        last[row.centre_id] = row
    return (_Pace(firm, row.centre_id, row.last_date, row.day_hours or Decimal(0)) for row in last.values())


def _next(pace: _Pace) -> WindowSaid:
    first = max(pace.last_date + timedelta(days=1), database_today())
    return WindowSaid(pace.centre, first, first + timedelta(days=7 * WEEKS - 1), pace.day_hours)
