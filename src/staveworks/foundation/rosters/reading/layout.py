"""Where the table stands in a file: titles above it, the header, totals and remarks below it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from staveworks.foundation.rosters.headers import (
    REFERENCE_HEADER,
    field_of_header,
    header_score,
    is_numbering,
)

type Line = tuple[int, list[str]]

LOOK_AHEAD = 60
_TOTAL = re.compile(
    r"(合计|总计|小计|共计|总数|汇总|grand total|sub-?total|total|sum|summe)[:：]?(\d[\d,.]*(家|户|个|人|名|企业|rows|firms)*)?"
    r"|共\d+(家|户|个|名)(企业|单位|公司|会员)?[。.]?"
)  # fmt: skip
_REMARK = re.compile(
    r"(备注|注|说明|制表|填表|审核|打印|统计|日期|截至|数据来源|联系人|note|remark|source|prepared by|printed)[^:：]{0,12}[:：]"
)
_FIRM = re.compile(
    r"(公司|厂|集团|合作社|经营部|商行|工作室)([（(].{1,10}[)）])?$|\b(ltd|limited|inc|corp|co|llc|gmbh|srl|pvt|factory|mills?)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """``header`` as it stands, empty if none; ``first`` is the row after which data begins (0 = from the start)."""

    header: tuple[str, ...]
    header_row: int | None
    first: int
    name_column: int | None


def clean(cells: Iterable[str]) -> list[str]:
    """Cells without surrounding blanks (full-width and no-break ones too), line breaks as blanks, no control characters."""
    return [re.sub(r"[\x00-\x1f\x7f\u200b\ufeff]+", " ", cell).strip()[:4000] for cell in cells]


def find_layout(head: Sequence[Line]) -> Layout | None:
    """Judge by the first lines (cleaned). None if this is no table of firms at all."""
    filled = [(number, cells) for number, cells in head if any(cells)]
    if not filled:
        return None
    scores = [
        (header_score(cells) + 9 * (REFERENCE_HEADER in cells), -number, cells) for number, cells in filled
    ]
    best, negative, cells = max(scores, key=lambda entry: entry[:2])
    if best >= 1.7 or (best >= 1 and _names_only(cells, filled)):
        return Layout(tuple(cells), -negative, -negative, _name_column(cells))
    return _without_header(filled)


def _names_only(header: Sequence[str], filled: Sequence[Line]) -> bool:
    """One word is known: believe it if it heads the table's width, or a list of names alone."""
    width = sum(1 for cell in header if cell)
    usual = max(sum(1 for cell in cells if cell) for _, cells in filled)
    return width * 2 >= usual and all(len(cell) <= 40 for cell in header)


def _without_header(filled: Sequence[Line]) -> Layout | None:
    widths = [sum(1 for cell in cells if cell) for _, cells in filled]
    if max(widths) == 1:
        firms = sum(1 for _, cells in filled if any(_FIRM.search(cell) for cell in cells))
        return Layout((), None, 0, None) if firms * 2 >= len(filled) else None
    for number, cells in filled:
        if sum(1 for cell in cells if cell) > 1:
            return Layout((), None, number - 1, None)
    return None


def _name_column(header: Sequence[str]) -> int | None:
    found = [
        (meant[1], -column)
        for column, cell in enumerate(header)
        if (meant := field_of_header(cell)) and meant[0] == "name"
    ]
    return -max(found)[1] if found else None


def data_lines(lines: Iterable[Line], layout: Layout) -> Iterator[Line]:
    """The lines that are rows: not titles, headers (a printed list repeats them), blank, total or remark lines."""
    header = [cell for cell in layout.header if cell]
    counting = {column for column, cell in enumerate(layout.header) if is_numbering(cell)}
    for number, raw in lines:
        if number <= layout.first:
            continue
        cells = clean(raw)
        filled = [cell for column, cell in enumerate(cells) if cell and column not in counting]
        if not filled and not any(_is_total(cell) for cell in cells if cell):
            continue
        if [cell for cell in cells if cell] == header or is_closing(cells, layout.name_column):
            continue
        yield number, cells


def is_closing(cells: Sequence[str], name_column: int | None) -> bool:
    """A total (合计, Total: 219) or a remark below the table (备注：…)."""
    filled = [cell for cell in cells if cell]
    if filled and _is_total(filled[0]):
        name = cells[name_column] if name_column is not None and name_column < len(cells) else ""
        return not _FIRM.search(name)
    return len(filled) == 1 and _REMARK.match(filled[0].lower()) is not None


def _is_total(cell: str) -> bool:
    return _TOTAL.fullmatch(re.sub(r"\s+", "", cell.lower()).replace("grandtotal", "grand total")) is not None
