"""Reads about lists and their rows; those about pairs and decisions are in ``duplicates.py``."""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any
from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone

from staveworks.db.transaction import query
from staveworks.foundation.parties.firm_queries import city_names
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.columns import FIELDS
from staveworks.foundation.rosters.domain import reference_of, seconds_left
from staveworks.foundation.rosters.models import DuplicatePair, Roster, RosterRow
from staveworks.foundation.rosters.normalising import Issue
from staveworks.foundation.rosters.types import (
    Counts,
    IssueCard,
    Outcome,
    PairState,
    RosterCard,
    RosterNotFound,
    RosterState,
    RowCard,
    SheetCard,
)
from staveworks.foundation.rosters.workbook import Correction, write_corrections
from staveworks.kit.text import Text

NOWHERE: Mapping[str, Text] = {}


@query
def list_rosters(actor: Actor, /, *, limit: int = 100, offset: int = 0) -> list[RosterCard]:
    """The operator's lists, newest first, without discarded ones. Raises ``RightMissing``."""
    actor.require("roster.read")
    found = _with_open_pairs().exclude(state=RosterState.DISCARDED).order_by("-uploaded_at", "-id")
    return [
        card_of(roster, open_pairs=roster.open_pairs, undecided=roster.undecided)
        for roster in found[offset : offset + limit]
    ]


@query
def count_rosters(actor: Actor, /) -> int:
    """How many lists ``list_rosters`` has. Raises ``RightMissing``."""
    actor.require("roster.read")
    return Roster.objects.exclude(state=RosterState.DISCARDED).count()


@query
def access_roster(actor: Actor, roster: UUID, /, right: str = "roster.read") -> RosterCard:
    """One list. Raises ``RightMissing``, ``RosterNotFound``."""
    actor.require(right)
    found = _with_open_pairs().filter(id=roster).first()
    if found is None:
        raise RosterNotFound
    return card_of(found, open_pairs=found.open_pairs, undecided=found.undecided)


@query
def find_unfinished(actor: Actor, /, *, digest: str) -> RosterCard | None:
    """The import of these bytes that was started and neither finished nor stopped by a person, if there is one."""
    actor.require("roster.read")
    found = Roster.objects.filter(digest=digest, state=RosterState.RUNNING).order_by("id").first()
    return card_of(found, open_pairs=0) if found else None


@query
def list_rows(
    actor: Actor, /, *, roster: UUID, outcome: Outcome | None = None, limit: int = 100, offset: int = 0
) -> list[RowCard]:
    """Rows of a list in file order, or only those of one outcome. Raises ``RightMissing``, ``RosterNotFound``."""
    actor.require("roster.read")
    name = get_roster(roster).name
    rows = RosterRow.objects.filter(roster_id=roster).select_related("organisation").order_by("position")
    if outcome is not None:
        rows = rows.filter(outcome=outcome)
    found = list(rows[offset : offset + limit])
    places = city_names((row.entry or {}).get("city") for row in found)
    apart, decided = _kept_apart(found), _decided(found)
    return [
        row_card(row, name, places=places, apart=row.id in apart, decided=row.id in decided) for row in found
    ]


def _decided(rows: Iterable[RosterRow]) -> set[UUID]:
    """Those of ``rows`` that were queued and of which nothing is asked any more."""
    queued = {row.id for row in rows if row.outcome == Outcome.QUEUED}
    asked = DuplicatePair.objects.filter(left_row__in=queued, state=PairState.OPEN)
    return queued - set(asked.values_list("left_row_id", flat=True))


def _kept_apart(rows: Iterable[RosterRow]) -> set[UUID]:
    """Those of ``rows`` whose automatic merge a person has taken back."""
    automatic = [row.id for row in rows if row.matched_id]
    pairs = DuplicatePair.objects.filter(left_row__in=automatic, state=PairState.APART)
    return set(pairs.values_list("left_row_id", flat=True))


def iterate_outcomes(actor: Actor, /, *, roster: UUID, size: int = 2000) -> Iterator[RowCard]:
    """All rows of a list in file order, read in pieces of ``size``. Raises ``RightMissing``, ``RosterNotFound``."""
    offset = 0
    while rows := list_rows_after(actor, roster=roster, position=offset, limit=size):
        yield from rows
        offset += len(rows)


@query
def list_rows_after(actor: Actor, /, *, roster: UUID, position: int, limit: int) -> list[RowCard]:
    """Rows from ``position`` on, by the index instead of an offset. Raises ``RightMissing``, ``RosterNotFound``."""
    actor.require("roster.read")
    name = get_roster(roster).name
    rows = RosterRow.objects.filter(roster_id=roster, position__gte=position).defer("entry", "cells")
    return [row_card(row, name, values=False) for row in rows.order_by("position")[:limit]]


@query
def count_cells_left_empty(actor: Actor, /, *, roster: UUID) -> int:
    """Cells of rows with a firm that could not be read. Raises ``RightMissing``, ``RosterNotFound``."""
    actor.require("roster.read")
    get_roster(roster)
    rows = RosterRow.objects.filter(roster_id=roster).exclude(outcome=Outcome.REFUSED)
    length = Func(F("issues"), function="jsonb_array_length", output_field=IntegerField())
    found: int | None = rows.aggregate(cells=Sum(length))["cells"]
    return found or 0


@query
def export_corrections(actor: Actor, /, *, roster: UUID, file: IO[bytes]) -> int:
    """Write the workbook of refused rows and of cells that loaded empty to ``file``; how many rows it has.

    Its columns are the list's own; a file with several tables gets the names of our fields instead.
    Raises ``RightMissing``, ``RosterNotFound``.
    """
    actor.require("roster.read")
    found = get_roster(roster)
    rows = list(
        RosterRow.objects.filter(roster_id=roster)
        .exclude(outcome__in=[Outcome.LOADED, Outcome.MERGED, Outcome.QUEUED], issues=[])
        .order_by("position")
    )
    headers = _headers_of_workbook(found, {row.sheet for row in rows})
    write_corrections(file, headers, [_correction(found, row, headers) for row in rows])
    return len(rows)


def _headers_of_workbook(roster: Roster, sheets: set[int]) -> list[str]:
    for sheet in roster.sheets:
        if sheets <= {sheet["index"]} and sheet["headers"]:
            return list(sheet["headers"])
    return [label.zh for label in FIELDS.values()]


def _correction(roster: Roster, row: RosterRow, headers: list[str]) -> Correction:
    columns: dict[str, int] = roster.mapping.get(str(row.sheet), {})
    own = any(sheet["index"] == row.sheet and list(sheet["headers"]) == headers for sheet in roster.sheets)
    cells, issues = list(row.cells), [_issue(issue) for issue in row.issues]
    if not own:
        place = {field: at for at, field in enumerate(FIELDS)}
        cells = [_cell(row.cells, columns.get(field)) for field in FIELDS]
        issues = [Issue(issue.field, place.get(issue.field, 0), issue.text, issue.reason) for issue in issues]
    refusal = text_of(row.reason) if row.outcome == Outcome.REFUSED else None
    return Correction(reference_of(row.roster_id, row.sheet, row.number), cells, issues, refusal)


def _cell(cells: list[str], column: int | None) -> str:
    return cells[column] if column is not None and column < len(cells) else ""


def get_roster(id: UUID, *, lock: bool = False) -> Roster:
    """The model row, inside a transaction. Raises ``RosterNotFound``."""
    rows = Roster.objects.select_for_update(of=("self",)) if lock else Roster.objects.all()
    found = rows.filter(id=id).first()
    if found is None:
        raise RosterNotFound
    return found


def _with_open_pairs() -> "QuerySet[Any]":
    pairs = DuplicatePair.objects.filter(left_row__roster_id=OuterRef("id"), state=PairState.OPEN)
    counted = pairs.order_by().values("left_row__roster_id").annotate(n=Count("id")).values("n")
    queued = pairs.filter(left_row__outcome=Outcome.QUEUED)
    undecided = (
        queued.order_by()
        .values("left_row__roster_id")
        .annotate(n=Count("left_row_id", distinct=True))
        .values("n")
    )
    return Roster.objects.annotate(open_pairs=Subquery(counted), undecided=Subquery(undecided))


def card_of(roster: Roster, *, open_pairs: int | None, undecided: int | None = None) -> RosterCard:
    """The list as its readers get it. Of a list that isn't done rows may be queued whose pairs aren't there yet."""
    done = roster.progress - roster.started_from
    running = roster.state == RosterState.RUNNING
    return RosterCard(
        id=roster.id,
        name=roster.name,
        state=RosterState(roster.state),
        size=roster.size,
        total=roster.total,
        progress=roster.progress,
        counts=Counts(roster.loaded, roster.merged, roster.queued, roster.refused),
        cells_to_correct=roster.cells_to_correct,
        open_pairs=open_pairs or 0,
        is_correction=roster.is_correction,
        reason=text_of(roster.reason),
        uploaded_at=roster.uploaded_at,
        started_at=roster.started_at,
        finished_at=roster.finished_at,
        sheets=tuple(_sheet_card(sheet, roster.mapping) for sheet in roster.sheets),
        seconds_left=seconds_left(
            roster.started_at, timezone.now(), done=done, left=roster.total - roster.progress
        )
        if running
        else None,
        touched_at=roster.touched_at,
        decided=roster.queued - (undecided or 0) if roster.state == RosterState.DONE else 0,
    )


def _sheet_card(sheet: dict[str, Any], mapping: dict[str, dict[str, int]]) -> SheetCard:
    return SheetCard(
        index=sheet["index"],
        title=sheet["title"],
        headers=tuple(sheet["headers"]),
        columns=mapping.get(str(sheet["index"]), {}),
        confidence=sheet["confidence"],
        used=str(sheet["index"]) in mapping,
    )


def row_card(
    row: RosterRow,
    roster_name: str,
    *,
    values: bool = True,
    places: Mapping[str, Text] = NOWHERE,
    apart: bool = False,
    decided: bool = False,
) -> RowCard:
    """A stored row; ``values`` are the plain forms by field, ``places`` the names of cities by code."""
    return RowCard(
        id=row.id,
        roster_name=roster_name,
        sheet=row.sheet,
        number=row.number,
        cells=tuple(row.cells) if values else (),
        values=plain_values(row.entry or {}) if values else {},
        issues=tuple(IssueCard(i["field"], i["column"], i["text"], Text(**i["reason"])) for i in row.issues),
        outcome=Outcome(row.outcome),
        firm_id=row.organisation_id,
        firm_name=row.organisation.name if values and row.organisation else "",
        reason=text_of(row.reason),
        place=places.get((row.entry or {}).get("city") or "") if places else None,
        automatic=row.matched_id is not None,
        apart=apart,
        decided=decided,
    )


def plain_values(entry: dict[str, Any]) -> dict[str, str]:
    """Field of ``FIELDS`` → what the row says, as text for people."""
    staff = entry.get("staff")
    return {
        **{field: str(entry.get(field) or "") for field in FIELDS},
        "phone": " ".join(entry.get("phones") or ()),
        "city": str(entry.get("city_text") or ""),
        "staff": "" if staff is None else f"{'≈' if entry.get('staff_approx') else ''}{staff}",
    }


def _issue(issue: dict[str, Any]) -> Issue:
    return Issue(issue["field"], issue["column"], issue["text"], Text(**issue["reason"]))


def text_of(stored: dict[str, str] | None) -> Text | None:
    return Text(zh=stored["zh"], en=stored["en"]) if stored else None
