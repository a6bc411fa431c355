"""How far the cells of a workbook reach, before the reader lays a sheet out as a full rectangle.

One stray cell in XFD1048576 would have it ask for half a terabyte, and being Rust it then ends the whole process. A sheet
may lie under any name in the archive, so every part that could be one is measured; cells and rows that do not say where
they are stand after the one before, as the reader counts them.
"""

import copy
import re
import zipfile
from typing import IO
from xml.parsers import expat

PIECE = 1 << 20
MARK = b"sheetData"  # the reader takes no cell before an element of this very name
_PLACE = re.compile(r"([A-Za-z]{1,4})([0-9]{1,10})")
_ROW = re.compile(r"[0-9]{1,10}")


class TooFar(Exception):
    """A sheet reaches further, or the archive unpacks to more, than is read."""


class Unsound(Exception):
    """A part is not what the archive says, or is a sheet that is no XML."""


def measure(archive: zipfile.ZipFile, *, most_bytes: int, most_cells: int) -> None:
    """Raises ``TooFar`` or ``Unsound``, and whatever ``zipfile`` raises on a damaged archive."""
    left = most_bytes
    for part in archive.infolist():
        is_sheet, size = _look(archive, part, left)
        left -= size
        if is_sheet:
            _measure_sheet(archive, part, most_cells)


def _look(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> tuple[bool, int]:
    """Whether a part can hold cells, and how much it unpacks to."""
    found, size, rest = False, 0, b""
    with _whole(archive, part) as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if size > left:
                raise TooFar
            found = found or MARK in rest + piece
            rest = piece[-len(MARK) :]
    return found, size


def _whole(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> IO[bytes]:
    """All that is packed, not only as much as the directory admits: the reader would go on, and so must the measure."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unsound
    honest = copy.copy(part)
    honest.file_size = 1 << 40
    return archive.open(honest)


def _measure_sheet(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most_cells: int) -> None:
    extent = _Extent(most_cells)
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.start
    parser.EndElementHandler = extent.end
    parser.StartDoctypeDeclHandler = _refuse
    with _whole(archive, part) as file:
        try:
            while piece := file.read(PIECE):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Unsound from error


def _refuse(*_: object) -> None:
    raise Unsound  # a sheet declares no entities


class _Extent:
    """Counts as the reader does: a cell without a place stands right of the last one, a row without a number below it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.row = self.column = 1  # where the next cell stands
        self.rows = self.columns = 0
        self.letters: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]  # the reader takes any prefix
        if kind == "c":
            self._cell(attributes.get("r"))
        elif kind == "row" and (number := attributes.get("r")) is not None:
            if not _ROW.fullmatch(number):
                raise Unsound
            self.row = int(number)

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "row":
            self.row += 1
            self.column = 1

    def _cell(self, place: str | None) -> None:
        row = self.row
        if place is not None:
            match = _PLACE.fullmatch(place)
            if match is None:
                raise Unsound
            letters, digits = match.groups()
            row = int(digits)
            self.column = self.letters.get(letters) or self.letters.setdefault(letters, _column(letters))
        if row > self.rows or self.column > self.columns:
            self.rows, self.columns = max(row, self.rows), max(self.column, self.columns)
            if self.rows * self.columns > self.most:
                raise TooFar
        self.column += 1


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
