"""Which rows of a sheet say something new. A sheet counts as a whole: of several rows about a day the last one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from staveworks.mechanisms.dispatch.domain.windows import Said, days_of
from staveworks.mechanisms.dispatch.types.windows import WindowSaid

Days = Mapping[date, Said]
"""The statement that counts on each day."""
Value = tuple[Decimal | None, int | None]


def without_repeated(
    rows: Sequence[WindowSaid], standing: Mapping[UUID, Days], today: date, is_stale: Callable[[Said], bool]
) -> list[WindowSaid]:
    """The rows that have to be declared, in their order, so that what the sheet says counts. What went stale is said anew."""
    counts: dict[tuple[UUID, date], Value] = {
        (centre, day): (said.day_hours, said.percent)
        for centre in {row.centre_id for row in rows}
        for day, said in standing.get(centre, {}).items()
        if not is_stale(said)
    }
    last = {key: place for place, row in enumerate(rows) for key in _keys(row, today)}
    fresh = []
    for place, row in enumerate(rows):
        its, keys = (row.day_hours, row.percent), _keys(row, today)
        if any(last[key] == place and counts.get(key) != its for key in keys):
            fresh.append(row)
            # It lies over rows before it, and over those after it until they are said again.
            counts |= dict.fromkeys(keys, its)
    return fresh


def _keys(row: WindowSaid, today: date) -> list[tuple[UUID, date]]:
    first = max(row.first_date, today)
    return [(row.centre_id, day) for day in days_of(first, (row.last_date - first).days + 1)]
