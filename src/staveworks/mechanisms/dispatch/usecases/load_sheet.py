"""A firm loads a spreadsheet of free windows: good rows count at once, the others are kept with what is wrong."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from staveworks.db.clock import database_now, database_today
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.reading.types import Unreadable
from staveworks.foundation.rosters.tables import read_table
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.mechanisms.dispatch.domain.windows import by_day
from staveworks.mechanisms.dispatch.models import WindowSheet, WorkCentre
from staveworks.mechanisms.dispatch.repeating import without_repeated
from staveworks.mechanisms.dispatch.rows import confirmations_at, said_at
from staveworks.mechanisms.dispatch.sheet import ReadRow, cells_title, columns_of, read_rows
from staveworks.mechanisms.dispatch.types.windows import (
    RowFault,
    SheetUnreadable,
    Source,
    WindowInvalid,
    WindowSaid,
)
from staveworks.mechanisms.dispatch.usecases.declare_windows import check_window, declare_windows

MOST_ROWS, LONGEST, MOST_CELLS = 2000, 200, 30


@use_case
def load_sheet(actor: Actor, *, name: str, content: bytes) -> UUID:
    """The record of what became of it. Loaded again it doubles nothing. Raises ``RightMissing``, ``SheetUnreadable`` at ``file``."""
    actor.require("capacity.declare")
    try:
        lines = read_table(content, most=MOST_ROWS)
    except Unreadable as error:
        raise SheetUnreadable(error.text, field="file") from None
    centres = dict(WorkCentre.objects.filter(org_id=actor.org, closed_at=None).values_list("name", "id"))
    headers, rows, faults = read_rows(lines, {name.lower(): centre for name, centre in centres.items()})
    good, more = _checked(rows, headers)
    fresh = _fresh(actor, good)
    if fresh:
        declare_windows(actor, said=fresh, source=Source.SHEET)
    sheet = WindowSheet(
        org_id=actor.org,
        name=name[:LONGEST],
        taken=len(fresh),
        repeated=len(good) - len(fresh),
        headers=list(headers)[:MOST_CELLS],
        faults=[_kept(each) for each in sorted([*faults, *more], key=lambda each: each.row)],
        by_id=actor.person_id,
    )
    sheet.save(force_insert=True)
    wrong = len({each.row for each in [*faults, *more]})
    append_event(actor, "windows.loaded", subject=sheet.id, taken=len(fresh), faults=wrong)
    return sheet.id


def _checked(rows: Iterable[ReadRow], headers: tuple[str, ...]) -> tuple[list[WindowSaid], list[RowFault]]:
    """What may be declared, and what is readable but can't be meant."""
    today, columns = database_today(), columns_of(headers)
    good, faults = [], []
    for row in rows:
        try:
            check_window(row.said, today)
        except WindowInvalid as wrong:
            title = cells_title(headers, columns, wrong.field or "centre")
            faults.append(RowFault(row.line, row.cells, title, wrong.text))
        else:
            good.append(row.said)
    return good, faults


def _fresh(actor: Actor, said: list[WindowSaid]) -> list[WindowSaid]:
    """What says something new: a row whose days stand as it says, confirmed, would only double them."""
    now, today = database_now(), database_today()
    stale_days = rule_in_force("dispatch.freshness", now).value["stale_days"]
    confirmed = confirmations_at(now, [actor.org])
    standing = said_at(now, since=today, confirmed=confirmed, centres={each.centre_id for each in said})
    days = {centre: by_day(its, today) for centre, its in standing.items()}
    return without_repeated(said, days, today, lambda each: each.is_stale(now, stale_days))


def _kept(fault: RowFault) -> dict[str, Any]:
    return {
        "row": fault.row,
        "cells": [cell[:LONGEST] for cell in fault.cells][:MOST_CELLS],
        "column": fault.column,
        "zh": fault.text.zh,
        "en": fault.text.en,
    }
