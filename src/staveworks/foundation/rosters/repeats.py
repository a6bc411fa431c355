"""The same bytes again: every row counts as it did the first time, except that nothing is loaded twice."""

from collections.abc import Sequence

from staveworks.foundation.rosters import wording
from staveworks.foundation.rosters.domain import repeated
from staveworks.foundation.rosters.models import Roster, RosterRow
from staveworks.foundation.rosters.reading import Row
from staveworks.foundation.rosters.types import Outcome


def earlier_rows(roster: Roster, rows: Sequence[Row]) -> dict[tuple[int, int], RosterRow]:
    """(sheet, number) → the row of an earlier import of the same bytes by the same columns, under whatever name."""
    same = Roster.objects.filter(digest=roster.digest, mapping=roster.mapping, progress__gt=0)
    ids = list(same.exclude(id=roster.id).order_by("-id").values_list("id", flat=True))
    if not ids:
        return {}
    found = RosterRow.objects.filter(roster_id__in=ids, number__in={row.number for row in rows}).order_by(
        "-id"
    )
    return {(row.sheet, row.number): row for row in found}


def repeat(row: RosterRow, first: RosterRow) -> None:
    """Give ``row`` the outcome of ``first`` and the firm in which that stands now. No key and no question is added."""
    row.entry, row.issues, row.organisation_id = first.entry, first.issues, first.organisation_id
    row.outcome, row.matched_id = repeated(Outcome(first.outcome)), first.matched_id
    row.reason = wording.repeated_json() if first.outcome == Outcome.LOADED else first.reason


def same_rows(row: RosterRow) -> list[RosterRow]:
    """``row`` in all imports of the same bytes by the same columns, the first one first."""
    same = Roster.objects.filter(digest=row.roster.digest, mapping=row.roster.mapping, progress__gt=0)
    found = RosterRow.objects.filter(roster__in=same, sheet=row.sheet, number=row.number)
    return list(found.select_related("roster").order_by("id"))
