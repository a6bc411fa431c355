"""Take in a list: read it, keep its bytes, guess its columns. Nothing is loaded yet."""

from collections import Counter
from pathlib import Path
from typing import Any

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters import reading
from staveworks.foundation.rosters.columns import guess_columns
from staveworks.foundation.rosters.domain import read_reference, rows_of
from staveworks.foundation.rosters.models import Roster
from staveworks.foundation.rosters.queries import card_of
from staveworks.foundation.rosters.storage import lock_list, store
from staveworks.foundation.rosters.types import RosterCard, RosterState


def upload_roster(actor: Actor, /, *, path: Path, name: str) -> RosterCard:
    """Keep the list at ``path`` under its base ``name``, with columns guessed (or as they were for the same bytes before).

    Raises ``RightMissing``, ``Unreadable``.
    """
    actor.require("roster.import")
    opened = reading.open_roster(path, name=Path(name).name[:200])
    rows = Counter(row.sheet for row in opened.rows())
    sheets = [_sheet(sheet, rows[sheet.index]) for sheet in opened.sheets]
    return _record(actor, opened=opened, sheets=sheets, path=path)


def _sheet(sheet: reading.Sheet, rows: int) -> dict[str, Any]:
    guess = guess_columns(sheet.headers, sheet.sample)
    return {
        "index": sheet.index,
        "title": sheet.title,
        "headers": list(sheet.headers),
        "columns": guess.columns,
        "confidence": guess.confidence,
        "rows": rows,
    }


@use_case
def _record(
    actor: Actor, /, *, opened: reading.Roster, sheets: list[dict[str, Any]], path: Path
) -> RosterCard:
    lock_list(actor.org, opened.digest)
    store(actor.org, opened.digest, path)
    origin = _origin(opened)
    mapping = _mapping_before(opened.digest) or _mapping_of_origin(opened, origin) or _guessed(sheets)
    total = rows_of(sheets, mapping)
    roster = Roster(
        org_id=actor.org,
        name=opened.name,
        digest=opened.digest,
        size=path.stat().st_size,
        is_correction=opened.is_correction,
        corrects=origin,
        sheets=sheets,
        mapping=mapping,
        total=total,
        uploaded_by_id=actor.person_id,
    )
    roster.save(force_insert=True)
    roster.refresh_from_db()
    append_event(actor, "roster.uploaded", subject=roster.id, digest=opened.digest, rows=total)
    return card_of(roster, open_pairs=0)


def _mapping_before(digest: str) -> dict[str, dict[str, int]] | None:
    """The same bytes mean the same: what a person corrected once holds again."""
    earlier = Roster.objects.filter(digest=digest).exclude(state__in=[RosterState.DISCARDED])
    mapping: dict[str, dict[str, int]] | None = (
        earlier.order_by("-progress", "id").values_list("mapping", flat=True).first()
    )
    return mapping


def _origin(opened: reading.Roster) -> Roster | None:
    """The list that a corrections workbook came from: the first row that names one of the operator's says which."""
    for sheet in opened.sheets:
        reference = next((found for row in sheet.sample if (found := read_reference(row.reference))), None)
        origin = Roster.objects.filter(id=reference[0]).first() if reference else None
        if origin:
            return origin
    return None


def _mapping_of_origin(opened: reading.Roster, origin: Roster | None) -> dict[str, dict[str, int]] | None:
    """A corrections workbook has the columns of the list it came from: so has its mapping."""
    if origin is None:
        return None
    headers = {known["index"]: tuple(known["headers"]) for known in origin.sheets}
    for sheet in opened.sheets:
        reference = next((found for row in sheet.sample if (found := read_reference(row.reference))), None)
        if reference is None or reference[0] != origin.id:
            continue
        if headers.get(reference[1]) == sheet.headers and str(reference[1]) in origin.mapping:
            return {str(sheet.index): origin.mapping[str(reference[1])]}
    return None


def _guessed(sheets: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Every sheet with a column of names; all of them if none has one (their rows are then refused, each with its reason)."""
    named = [sheet for sheet in sheets if "name" in sheet["columns"]]
    return {str(sheet["index"]): sheet["columns"] for sheet in named or sheets}
