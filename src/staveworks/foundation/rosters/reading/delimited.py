"""CSV text to numbered lines of cells."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence

from staveworks.foundation.rosters.reading.types import Unreadable
from staveworks.kit.text import Text

DELIMITERS = (",", ";", "\t", "|")
MAX_BREAKS_IN_CELL = 20
TOO_WIDE = Text(
    zh="第 {line} 行有 {columns} 列，太多了，这不像一份名单。",
    en="Line {line} has {columns} columns: this is no list of firms.",
)
MAX_COLUMNS = 500


def lines_of(text: str) -> list[str]:
    """Physical lines with their ends, broken at LF, CR and CRLF only (as an editor counts them)."""
    return list(io.StringIO(text, newline=""))


def delimiter_of(lines: Sequence[str]) -> str:
    """The delimiter that gives most lines the same number of cells, at least two; comma if none does."""
    sample = [line for line in lines[:200] if line.strip()]
    return max(DELIMITERS, key=lambda delimiter: _regularity(sample, delimiter))


def _regularity(sample: list[str], delimiter: str) -> float:
    try:
        widths = Counter(len(cells) for cells in csv.reader(sample, delimiter=delimiter))
    except csv.Error:
        return 0.0
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    return count / len(sample) + min(width, 20) / 1000


def records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(physical line on which the record starts, its cells). Raises ``Unreadable`` for absurd width.

    A quotation mark that is never closed would swallow the rest of the file; such a line is read on its own with
    its marks dropped.
    """
    at = 0
    while at < len(lines):
        count = _record_length(lines, at)
        if count:
            found = _parse(lines[at : at + count], delimiter)
        else:
            count, found = 1, [(1, lines[at].rstrip("\r\n").replace('"', "").split(delimiter))]
        for line, cells in found:
            if len(cells) > MAX_COLUMNS:
                raise Unreadable(TOO_WIDE.format(line=at + line, columns=len(cells)))
            yield at + line, cells
        at += count


def _record_length(lines: Sequence[str], at: int) -> int:
    """How many lines until every quotation mark is closed; 0 if that is too far away."""
    open_marks = 0
    for count, line in enumerate(lines[at : at + MAX_BREAKS_IN_CELL], start=1):
        open_marks += line.count('"')
        if open_marks % 2 == 0:
            return count
    return 0


def _parse(block: Sequence[str], delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(iter(block), delimiter=delimiter)
    found, start = [], 1
    try:
        for cells in reader:
            found.append((start, cells))
            start = reader.line_num + 1
    except csv.Error:  # a cell beyond the csv module's limit of 131,072 characters
        found.append((start, []))
    return found
