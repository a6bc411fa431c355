"""Lists of firms: upload, say which column is which, import, watch, and get the workbook of what to correct."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page, page_of_all, position
from staveworks.api.problems import Problem
from staveworks.api.reading import FORM
from staveworks.api.shapes import In, Nothing, Out, Words
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.queries import access_roster, export_corrections, list_rosters, list_rows
from staveworks.foundation.rosters.types import (
    IssueCard,
    Outcome,
    RosterCard,
    RosterState,
    RowCard,
    SheetCard,
)
from staveworks.foundation.rosters.usecases.discard_roster import discard_roster
from staveworks.foundation.rosters.usecases.map_columns import map_columns
from staveworks.foundation.rosters.usecases.start_import import start_import
from staveworks.foundation.rosters.usecases.stop_import import stop_import
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster
from staveworks.kit.text import Text

router = Resource("rosters")
READ, IMPORT = right("roster.read"), right("roster.import")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 50 * 1024 * 1024
MANY = 10_000
Column = Annotated[int, Field(ge=0, lt=500)]


class SheetOut(Out):
    """A table of the file; ``columns``: field → column from 0, ``confidence`` of the guess from 0 to 1."""

    index: int
    title: str
    headers: list[str]
    columns: dict[str, int]
    confidence: dict[str, float]


class RosterOut(Out):
    """``progress`` of ``total`` rows are done; the four outcomes sum to it."""

    id: UUID
    name: str
    state: RosterState
    size: int
    total: int
    progress: int
    loaded: int
    merged: int
    queued: int
    refused: int
    cells_to_correct: int
    open_pairs: int
    is_correction: bool
    reason: Words | None
    uploaded_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    seconds_left: int | None
    sheets: list[SheetOut]


class IssueOut(Out):
    """A cell that loaded empty: what stood there and why."""

    field: str
    column: int
    text: str
    reason: Words


class RowOut(Out):
    """``number``: 1 is the first line of the file (or sheet). ``firm``: where it stands now.

    ``automatic``: the matcher merged it (look at it under ``/duplicates/merges``); ``apart``: a person has taken that back.
    """

    id: UUID | None
    sheet: int
    number: int
    cells: list[str]
    values: dict[str, str]
    outcome: Outcome | None
    firm: UUID | None
    firm_name: str
    reason: Words | None
    automatic: bool
    apart: bool
    issues: list[IssueOut]


class ColumnsIn(In):
    """Sheet index → field → column from 0. A sheet that is left out is not imported."""

    sheets: Annotated[
        dict[
            Annotated[str, Field(pattern=r"^[0-9]{1,4}$")], Annotated[dict[str, Column], Field(max_length=40)]
        ],
        Field(min_length=1, max_length=100),
    ]


class RowFilter(In):
    outcome: Outcome | None = None


def show(card: RosterCard) -> RosterOut:
    """A list as it stands."""
    return RosterOut(
        id=card.id,
        name=card.name,
        state=card.state,
        size=card.size,
        total=card.total,
        progress=card.progress,
        loaded=card.counts.loaded,
        merged=card.counts.merged,
        queued=card.counts.queued,
        refused=card.counts.refused,
        cells_to_correct=card.cells_to_correct,
        open_pairs=card.open_pairs,
        is_correction=card.is_correction,
        reason=Words.maybe(card.reason),
        uploaded_at=card.uploaded_at,
        started_at=card.started_at,
        finished_at=card.finished_at,
        seconds_left=card.seconds_left,
        sheets=[_sheet(sheet) for sheet in card.sheets],
    )


def _sheet(sheet: SheetCard) -> SheetOut:
    return SheetOut(
        index=sheet.index,
        title=sheet.title,
        headers=list(sheet.headers),
        columns=dict(sheet.columns),
        confidence=dict(sheet.confidence),
    )


@router.read("", says=Text(zh="列出名册", en="List rosters"), door=READ, answer=Page[RosterOut])
def list_all_rosters(request: Call, paging: Query[Paging]) -> Page[RosterOut]:
    """The newest first."""
    return page_of_all(
        list_rosters(request.auth, limit=MANY),
        paging=paging,
        listing="rosters",
        key=lambda roster: (roster.uploaded_at.isoformat(), str(roster.id)),
        show=show,
        newest_first=True,
    )


@router.effect(
    "POST",
    "",
    says=Text(zh="上传名册", en="Upload a roster"),
    door=IMPORT,
    answer=RosterOut,
    status=201,
    takes=FORM,
)
def upload_one_roster(request: Call, file: File[UploadedFile]) -> RosterOut:
    """XLSX or CSV, up to 50 MB, with columns guessed. Nothing is imported before ``start``."""
    return show(_upload(request.auth, file))


def _upload(actor: Actor, file: UploadedFile) -> RosterCard:
    if (file.size or 0) > LARGEST:
        raise Problem(413)
    with tempfile.NamedTemporaryFile(prefix="roster-") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        return upload_roster(actor, path=Path(copy.name), name=file.name or "roster")


@router.read("/{uuid:roster}", says=Text(zh="查看名册", en="Get a roster"), door=READ, answer=RosterOut)
def get_roster(request: Call, roster: UUID) -> RosterOut:
    """Also how far its import is."""
    return show(access_roster(request.auth, roster))


@router.effect(
    "PUT",
    "/{uuid:roster}/columns",
    says=Text(zh="指定各列", en="Say what the columns are"),
    door=IMPORT,
    answer=RosterOut,
)
def set_columns(request: Call, roster: UUID, body: ColumnsIn) -> RosterOut:
    """Before the import begins."""
    return show(map_columns(request.auth, roster=roster, mapping=body.sheets))


@router.effect(
    "POST",
    "/{uuid:roster}/start",
    says=Text(zh="开始导入", en="Start the import"),
    door=IMPORT,
    answer=RosterOut,
    takes=None,
)
def start_one_import(request: Call, roster: UUID) -> RosterOut:
    """Or go on with one that was stopped. It runs by itself; watch it by its progress."""
    return show(start_import(request.auth, roster=roster))


@router.effect(
    "POST",
    "/{uuid:roster}/stop",
    says=Text(zh="停下导入", en="Stop the import"),
    door=IMPORT,
    answer=RosterOut,
    takes=None,
)
def stop_one_import(request: Call, roster: UUID) -> RosterOut:
    """What is in stays in; it can go on later."""
    return show(stop_import(request.auth, roster=roster))


@router.effect(
    "DELETE",
    "/{uuid:roster}",
    says=Text(zh="移除名册", en="Discard a roster"),
    door=IMPORT,
    answer=Nothing,
    takes=None,
)
def discard_one_roster(request: Call, roster: UUID) -> Nothing:
    """Only one that was not imported."""
    discard_roster(request.auth, roster=roster)
    return Nothing()


@router.read(
    "/{uuid:roster}/rows", says=Text(zh="列出各行", en="List a roster's rows"), door=READ, answer=Page[RowOut]
)
def list_roster_rows(
    request: Call, roster: UUID, filter: Query[RowFilter], paging: Query[Paging]
) -> Page[RowOut]:
    """In the file's order. Rows are only ever added at the end, so their number is a stable place to go on from."""
    listing = f"rows:{roster}:{filter.outcome or ''}"
    after = position(paging, listing)
    start = int(after[0]) if after else 0
    rows = list_rows(
        request.auth, roster=roster, outcome=filter.outcome, limit=paging.limit + 1, offset=start
    )
    return page(rows, paging=paging, listing=listing, key=lambda _: (start + paging.limit,), show=_row)


def _row(row: RowCard) -> RowOut:
    return RowOut(
        id=row.id,
        sheet=row.sheet,
        number=row.number,
        cells=list(row.cells),
        values=dict(row.values),
        outcome=row.outcome,
        firm=row.firm_id,
        firm_name=row.firm_name,
        reason=Words.maybe(row.reason),
        automatic=row.automatic,
        apart=row.apart,
        issues=[_issue(issue) for issue in row.issues],
    )


def _issue(issue: IssueCard) -> IssueOut:
    return IssueOut(field=issue.field, column=issue.column, text=issue.text, reason=Words.of(issue.reason))


@router.read(
    "/{uuid:roster}/corrections.xlsx",
    says=Text(zh="下载更正表", en="Get the corrections workbook"),
    door=READ,
    answer=None,
    gives=XLSX,
)
def get_corrections(request: Call, roster: UUID) -> HttpResponse:
    """Refused rows and cells that loaded empty, with the reasons; correct it and upload it again."""
    response = HttpResponse(content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="corrections-{roster}.xlsx"'
    with tempfile.TemporaryFile() as file:
        export_corrections(request.auth, roster=roster, file=file)
        file.seek(0)
        response.content = file.read()
    return response
