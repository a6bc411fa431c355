"""Free windows: what is said, how it stands, and what is refused."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text


class Source(StrEnum):
    """By which door a window came."""

    PAGE = "page"
    SHEET = "sheet"
    API = "api"


@dataclass(frozen=True, slots=True)
class WindowSaid:
    """From ``first_date`` to ``last_date``, both inside: ``day_hours`` a day or ``percent`` of the working hours are free."""

    centre_id: UUID
    first_date: date
    last_date: date
    day_hours: Decimal | None = None
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """One statement that stands. ``confirmed_at``: when its firm last said that it is right; ``stale``: too long ago."""

    id: UUID
    centre_id: UUID
    number: int
    first_date: date
    last_date: date
    day_hours: Decimal | None
    percent: int | None
    declared_at: datetime
    confirmed_at: datetime
    stale: bool


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row of a sheet could not be taken over: its cells as they stood, the column and what is wrong there; one for each such cell."""

    row: int
    cells: tuple[str, ...]
    column: str
    text: Text


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """What became of a loaded sheet: ``taken`` rows are windows now, ``repeated`` changed nothing (what they say counts already, or a
    later row says otherwise), ``faults`` wait."""

    id: UUID
    name: str
    at: datetime
    taken: int
    repeated: int
    headers: tuple[str, ...]
    faults: tuple[RowFault, ...]

    @property
    def wrong(self) -> int:
        """Rows that wait."""
        return len({fault.row for fault in self.faults})


@dataclass(frozen=True, slots=True)
class Confirmed:
    """``windows``: how many are said to be right."""

    windows: int
    at: datetime


class WindowNotFound(NotFound):
    text = Text(zh="没有这段空闲时间。", en="No such free window.")


class WindowInvalid(Invalid):
    text = Text(zh="请填写。", en="Fill this in.")


class NothingToConfirm(Refused):
    text = Text(
        zh="还没有申报今天以后的空闲时间，没有要确认的。",
        en="No free time from today on: nothing to confirm.",
    )


class SheetNotFound(NotFound):
    text = Text(zh="没有这张表。", en="No such sheet.")


class SheetUnreadable(Invalid):
    text = Text(zh="读不懂这个文件。", en="This file can't be read.")
