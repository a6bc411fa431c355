"""What reading a list gives."""

from dataclasses import dataclass

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text


class Unreadable(Invalid):
    """The file holds no list that can be read; ``text`` says why and what to do."""

    text = Text(zh="这个文件里没有可以读取的名单。", en="This file holds no list that can be read.")


@dataclass(frozen=True, slots=True)
class Row:
    """One data line. ``number``: 1 is the first line of the file or sheet. Cells are stripped text, "" if empty.

    ``reference`` is filled in a correction workbook only: the row of the first import that this line corrects.
    """

    sheet: int
    number: int
    cells: tuple[str, ...]
    reference: str = ""

    def cell(self, column: int | None) -> str:
        """The text of a column, "" where the line is shorter or the column is not mapped."""
        return self.cells[column] if column is not None and 0 <= column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: ``headers`` is empty and ``header_row`` None where the list has none. ``sample``: the first rows."""

    index: int
    title: str
    headers: tuple[str, ...]
    header_row: int | None
    sample: tuple[Row, ...]
