"""The correction workbook: rows with something wrong, in the columns of the list, to be mended and loaded again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from staveworks.foundation.rosters.columns import FIELDS
from staveworks.foundation.rosters.headers import PROBLEM_HEADER, REFERENCE_HEADER
from staveworks.foundation.rosters.normalising.types import Issue
from staveworks.kit.text import Text

TITLE = Text(
    zh="请改正标黄的单元格，然后上传本文件；已载入的企业会被补全，不会重复。",
    en="Mend the yellow cells and load this file again; the firms loaded before are completed, not doubled.",
)
SHEET = "更正 Corrections"


@dataclass(frozen=True, slots=True)
class Correction:
    """One row: ``reference`` is the importer's own name for it and comes back as ``Row.reference``."""

    reference: str
    cells: Sequence[str]
    issues: Sequence[Issue]
    refusal: Text | None = None


def write_corrections(
    target: Path | IO[bytes], headers: Sequence[str], corrections: Iterable[Correction]
) -> None:
    """Write the workbook: problem and reference first, then the list's own columns in their order.

    Every cell is written as text, so that leading zeros stay and a cell that begins with = + - or @ is no formula.
    """
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
    text, bold, faulty, note = _formats(book)
    sheet = book.add_worksheet(SHEET)
    sheet.write_string(0, 0, f"{TITLE.zh} {TITLE.en}", note)
    headers = _named(headers)
    for column, header in enumerate([PROBLEM_HEADER, REFERENCE_HEADER, *headers]):
        sheet.write_string(1, column, header, bold)
    row = 2
    for correction in corrections:
        _write_row(sheet, row, correction, text, faulty)
        row += 1
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, len(headers) + 1, 22)
    sheet.freeze_panes(2, 1)
    book.close()


def _formats(book: Any) -> tuple[Any, Any, Any, Any]:
    plain = {"num_format": "@", "valign": "top"}
    return (
        book.add_format(plain),
        book.add_format({"bold": True, "bottom": 1}),
        book.add_format({**plain, "bg_color": "#FFF2B3"}),
        book.add_format({"italic": True}),
    )


def _named(headers: Sequence[str]) -> list[str]:
    """A list without headers gets names for its columns, so that the header row is found again."""
    return [header or f"列 {column} / Column {column}" for column, header in enumerate(headers, start=1)]


def _write_row(sheet: Any, row: int, correction: Correction, text: Any, faulty: Any) -> None:
    sheet.write_string(row, 0, problem(correction), text)
    sheet.write_string(row, 1, correction.reference, text)
    wrong = {issue.column for issue in correction.issues}
    for column, cell in enumerate(correction.cells):
        sheet.write_string(row, column + 2, cell[:32_000], faulty if column in wrong else text)


def problem(correction: Correction) -> str:
    """What is wrong with the row, in both languages."""
    texts = [cell_problem(issue.field, issue.text, issue.reason) for issue in correction.issues]
    if correction.refusal:
        texts.insert(
            0, Text(zh=f"未载入：{correction.refusal.zh}", en=f"Not loaded: {correction.refusal.en}")
        )
    return f"{''.join(text.zh for text in texts)} / {' '.join(text.en for text in texts)}"


def cell_problem(field: str, cell: str, reason: Text) -> Text:
    """Which cell was left empty, what stood there and why."""
    label = FIELDS[field]
    return Text(zh=f"{label.zh}“{cell}”：{reason.zh}", en=f"{label.en} “{cell}”: {reason.en}")
