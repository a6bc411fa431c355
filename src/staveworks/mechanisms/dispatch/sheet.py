"""Rows of a spreadsheet of windows: which column is which, and what each row says or why it says nothing. Pure but for the packs."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.domain.terms import half_width, number_in
from staveworks.mechanisms.dispatch.types.windows import RowFault, SheetUnreadable, WindowSaid

LOOK_AHEAD = 10
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]00:00(?::00)?)?")
HOURS = re.compile(r"\s*(小时|时|h|hrs?|hours?)$", re.IGNORECASE)
NEGATIVE = re.compile(r"[-−–]\s*[\d.,]+%?")
HEADERS: Mapping[str, tuple[str, ...]] = {
    "centre": ("工作中心", "设备组", "work centre", "work center"),
    "first_date": ("从", "开始", "开始日期", "from", "first day"),
    "last_date": ("到", "结束", "结束日期", "to", "last day"),
    "day_hours": ("每天小时", "每天空闲小时", "小时", "hours a day", "hours per day", "hours"),
    "percent": ("空闲比例", "比例", "share free", "share", "percent"),
}
TITLES: Mapping[str, Text] = {
    "centre": Text(zh="工作中心", en="Work centre"),
    "first_date": Text(zh="从", en="From"),
    "last_date": Text(zh="到", en="To"),
    "day_hours": Text(zh="每天小时", en="Hours a day"),
    "percent": Text(zh="空闲比例", en="Share free"),
}
NEEDED = ("centre", "first_date", "last_date")
NO_HEADERS = Text(
    zh="没有找到表头。要有“工作中心”“从”“到”，以及“每天小时”或“空闲比例”这几列；可以下载模板来填。",
    en="No headers were found. Wanted are Work centre, From, To, and Hours a day or Share free; there is a template to fill in.",
)
NO_CENTRE = Text(zh="没有叫“{said}”的工作中心。", en="There is no work centre called “{said}”.")
NO_DAY = Text(zh="读不懂这个日期：{said}。", en="Can't read this day: “{said}”.")
NO_NUMBER = Text(zh="读不懂这个数：{said}。", en="Can't read this number: “{said}”.")
BELOW = Text(zh="不能小于 0。", en="Not below 0.")
EMPTY = Text(zh="空着。", en="Empty.")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row that could be read, and the line on which it stands."""

    line: int
    cells: tuple[str, ...]
    said: WindowSaid


class _Unread(Exception):
    """A cell that can't be read."""

    def __init__(self, column: str, text: Text) -> None:
        super().__init__()
        self.column, self.text = column, text


def columns_of(cells: Sequence[str]) -> dict[str, int]:
    """Which column is which, if this line is one of headers."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        said = " ".join(re.sub(r"[（(].*[)）]", "", cell).lower().split())
        for column, names in HEADERS.items():
            if said in names:
                found.setdefault(column, place)
    return found


def read_rows(
    lines: Sequence[tuple[int, list[str]]], centres: Mapping[str, UUID]
) -> tuple[tuple[str, ...], list[ReadRow], list[RowFault]]:
    """Headers as they stand, rows that could be read, and faults. Raises ``SheetUnreadable`` without headers."""
    place = next((n for n, (_, cells) in enumerate(lines[:LOOK_AHEAD]) if _are_headers(cells)), None)
    if place is None:
        raise SheetUnreadable(NO_HEADERS, field="file")
    columns = columns_of(lines[place][1])
    rows, faults = [], []
    for line, cells in lines[place + 1 :]:
        if _says_nothing(cells, columns):
            continue
        said, unread = _said(cells, columns, centres)
        if said:
            rows.append(ReadRow(line, tuple(cells), said))
        for each in unread:
            title = cells_title(lines[place][1], columns, each.column)
            faults.append(RowFault(line, tuple(cells), title, each.text))
    return tuple(lines[place][1]), rows, faults


def _are_headers(cells: Sequence[str]) -> bool:
    found = columns_of(cells)
    return all(needed in found for needed in NEEDED) and bool({"day_hours", "percent"} & set(found))


def _says_nothing(cells: Sequence[str], columns: Mapping[str, int]) -> bool:
    """A work centre's name alone, as the template has it for one without free time."""
    return not any(
        cells[place] for column, place in columns.items() if column != "centre" and place < len(cells)
    )


def cells_title(headers: Sequence[str], columns: Mapping[str, int], column: str) -> str:
    """The column as its sender calls it."""
    return headers[columns[column]] if column in columns else str(TITLES[column].zh)


def _said(
    cells: Sequence[str], columns: Mapping[str, int], centres: Mapping[str, UUID]
) -> tuple[WindowSaid | None, list[_Unread]]:
    """What the row says; nothing where a cell can't be read, and then each such cell."""
    readers: dict[str, Callable[[str], Any]] = {
        "centre": lambda said: _centre(said, centres),
        "first_date": lambda said: _day(said, "first_date"),
        "last_date": lambda said: _day(said, "last_date"),
        "day_hours": lambda said: _number(said, "day_hours"),
        "percent": _percent,
    }
    found, unread = {}, []
    for column, read in readers.items():
        place = columns.get(column, -1)
        try:
            found[column] = read(cells[place] if 0 <= place < len(cells) else "")
        except _Unread as one:
            unread.append(one)
    return (None if unread else WindowSaid(found.pop("centre"), **found)), unread


def _centre(said: str, centres: Mapping[str, UUID]) -> UUID:
    name = " ".join(said.split())
    if name.lower() not in centres:
        raise _Unread("centre", NO_CENTRE.format(said=name[:60]) if name else EMPTY)
    return centres[name.lower()]


def _day(said: str, column: str) -> date:
    found = DAY.fullmatch(half_width(said).strip())
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat("")
    except ValueError:
        raise _Unread(column, NO_DAY.format(said=said[:60]) if said else EMPTY) from None


def _number(said: str, column: str) -> Decimal | None:
    bare = HOURS.sub("", half_width(said).strip())
    if not bare:
        return None
    if NEGATIVE.fullmatch(bare):
        raise _Unread(column, BELOW)
    found = number_in(bare, places=2, most=Decimal(1000))
    if found is None:
        raise _Unread(column, NO_NUMBER.format(said=said[:60]))
    return found


def _percent(said: str) -> int | None:
    """``25%`` or ``25``; a cell formatted as a percentage arrives as ``0.25``."""
    bare = half_width(said).strip()
    number = _number(bare.rstrip("%"), "percent")
    if number is None:
        return None
    if not bare.endswith("%") and 0 < number < 1:
        number *= 100
    if number != int(number):
        raise _Unread("percent", NO_NUMBER.format(said=said[:60]))
    return int(number)
