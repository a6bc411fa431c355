"""The rows of a list with their outcomes as a workbook: exactly what the page shows."""

from typing import IO
from uuid import UUID

import xlsxwriter

from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.columns import FIELDS
from staveworks.foundation.rosters.queries import list_rows
from staveworks.foundation.rosters.types import OUTCOME_TEXTS, Outcome
from staveworks.kit.text import Language, Text

PIECE = 2000
BEFORE = (Text(zh="行", en="Row"), Text(zh="结果", en="Outcome"))
AFTER = (Text(zh="企业", en="Firm"), Text(zh="原因", en="Reason"))


def export_rows(
    actor: Actor, /, *, roster: UUID, outcome: Outcome | None, file: IO[bytes], language: Language
) -> int:
    """Write the rows of one outcome, or all, to ``file``; how many. Raises ``RightMissing``, ``RosterNotFound``.

    Cells are written as text, never as formulas, whatever they begin with.
    """
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    heads = [*BEFORE, *FIELDS.values(), *AFTER]
    sheet.write_row(0, 0, [head.in_language(language) for head in heads], book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    line = 0
    while rows := list_rows(actor, roster=roster, outcome=outcome, limit=PIECE, offset=line):
        for row in rows:
            line += 1
            said = OUTCOME_TEXTS[row.outcome].in_language(language) if row.outcome else ""
            reason = row.reason.in_language(language) if row.reason else ""
            sheet.write_number(line, 0, row.number)
            values = [said, *(row.values.get(field, "") for field in FIELDS), row.firm_name, reason]
            for column, value in enumerate(values, start=1):
                sheet.write_string(line, column, value)
    book.close()
    return line
