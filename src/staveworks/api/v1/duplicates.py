"""Duplicates: pairs of records that may be one firm, decided by a person, with undo."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Out, Words
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field as Shown
from staveworks.foundation.facts.types import Purpose
from staveworks.foundation.rosters.duplicates import access_pair, list_decisions, list_pairs
from staveworks.foundation.rosters.merges import access_merge
from staveworks.foundation.rosters.types import DecisionCard, FieldPair, PairState, Side, Verdict
from staveworks.foundation.rosters.usecases.decide_duplicate import decide_duplicate
from staveworks.foundation.rosters.usecases.keep_apart import keep_apart
from staveworks.foundation.rosters.usecases.undo_decision import undo_decision
from staveworks.kit.text import Text

router = Resource("duplicates")
READ, DECIDE = right("roster.read"), right("duplicate.decide")
MANY = 100_000


class PairOut(Out):
    """``score``: 0–100; the likeliest come first."""

    id: UUID
    state: PairState
    score: int
    left_name: str
    right_name: str


class FieldOut(Out):
    """One field of both records. ``suggested``: the side whose value a merge keeps unless told otherwise."""

    field: str
    label: Words
    left: Words
    right: Words
    state: str
    reason: Words | None
    suggested: str
    choosable: bool


class PairDetailOut(PairOut):
    """``*_held``: the operator holds this firm, so it may be merged away."""

    left_firm: UUID
    right_firm: UUID
    left_source: str
    left_row: int
    right_source: str
    right_row: int
    left_held: bool
    right_held: bool
    fields: list[FieldOut]


class MergeOut(Out):
    """An automatic merge: at the left the row as it came, at the right the firm. ``rows``: how many go along.

    ``right_row``: 0 where only the register has the firm. ``decision``: the one that keeps them apart, while it stands.
    """

    id: UUID
    score: int
    left_name: str
    right_name: str
    left_firm: UUID
    right_firm: UUID
    left_source: str
    left_row: int
    right_source: str
    right_row: int
    right_held: bool
    rows: int
    decision: UUID | None
    fields: list[FieldOut]


class DecisionOut(Out):
    """``split``: an automatic merge was kept apart."""

    id: UUID
    pair_id: UUID
    decision: Verdict
    split: bool
    left_name: str
    right_name: str
    score: int
    by: str
    at: datetime
    undone_by: str
    undone_at: datetime | None


class PairFilter(In):
    roster: UUID | None = None
    state: PairState = PairState.OPEN


class DecidePair(In):
    """``fields``: field → the side whose value is kept. ``keep``: which firm goes on."""

    verdict: Verdict
    fields: Annotated[dict[str, Side], Field(max_length=40)] = {}
    keep: Side | None = None


def show(made: DecisionCard) -> DecisionOut:
    """A decision."""
    return DecisionOut.model_validate(made)


@router.read("", says=Text(zh="待判的重复", en="List duplicates"), door=READ, answer=Page[PairOut])
def list_duplicates(request: Call, filter: Query[PairFilter], paging: Query[Paging]) -> Page[PairOut]:
    """Open pairs by default, the likeliest first."""
    return page_of_all(
        list_pairs(request.auth, roster=filter.roster, state=filter.state, limit=MANY),
        paging=paging,
        listing=f"duplicates:{filter.state}",
        key=lambda pair: (-pair.score, str(pair.id)),
        show=PairOut.model_validate,
    )


@router.read("/decisions", says=Text(zh="处理记录", en="List decisions"), door=READ, answer=Page[DecisionOut])
def list_made_decisions(request: Call, paging: Query[Paging]) -> Page[DecisionOut]:
    """The newest first."""
    return page_of_all(
        list_decisions(request.auth, limit=MANY),
        paging=paging,
        listing="decisions",
        key=lambda made: (made.at.isoformat(), str(made.id)),
        show=show,
        newest_first=True,
    )


@router.effect(
    "POST",
    "/decisions/{uuid:decision}/undo",
    says=Text(zh="撤销处理", en="Undo a decision"),
    door=DECIDE,
    answer=DecisionOut,
    takes=None,
)
def undo_one_decision(request: Call, decision: UUID) -> DecisionOut:
    """The pair is open again; after a merge both firms stand as before."""
    return show(undo_decision(request.auth, decision=decision))


@router.read(
    "/merges/{uuid:row}",
    says=Text(zh="查看自动合并", en="Get an automatic merge"),
    door=READ,
    answer=MergeOut,
)
def get_automatic_merge(request: Call, row: UUID) -> MergeOut:
    """Of a roster's row with ``automatic``: both sides, and whether they are kept apart."""
    with reading(request.auth, purpose=Purpose.OPERATION, fields=[Shown.PROFILE]) as log:
        found = access_merge(request.auth, row)
        log.of([found.right_firm])
    values = {name: getattr(found, name) for name in MergeOut.model_fields if name != "fields"}
    return MergeOut.model_validate(values | {"fields": [_field(each) for each in found.fields]})


@router.effect(
    "POST",
    "/merges/{uuid:row}/apart",
    says=Text(zh="分开自动合并", en="Keep an automatic merge apart"),
    door=DECIDE,
    answer=DecisionOut,
    status=201,
    takes=None,
)
def keep_merge_apart(request: Call, row: UUID) -> DecisionOut:
    """The row becomes a firm of its own; undo it as any decision."""
    return show(keep_apart(request.auth, row=row))


@router.read(
    "/{uuid:duplicate}", says=Text(zh="查看一对", en="Get a duplicate"), door=READ, answer=PairDetailOut
)
def get_duplicate(request: Call, duplicate: UUID) -> PairDetailOut:
    """Both records side by side as they stand now."""
    with reading(request.auth, purpose=Purpose.OPERATION, fields=[Shown.PROFILE]) as log:
        found = access_pair(request.auth, duplicate)
        log.of([found.left_firm, found.right_firm])
    return PairDetailOut(
        id=found.id,
        state=found.state,
        score=found.score,
        left_name=found.left_name,
        right_name=found.right_name,
        left_firm=found.left_firm,
        right_firm=found.right_firm,
        left_source=found.left_source,
        left_row=found.left_row,
        right_source=found.right_source,
        right_row=found.right_row,
        left_held=found.left_held,
        right_held=found.right_held,
        fields=[_field(each) for each in found.fields],
    )


def _field(pair: FieldPair) -> FieldOut:
    return FieldOut(
        field=pair.field,
        label=Words.of(pair.label),
        left=Words.of(pair.left),
        right=Words.of(pair.right),
        state=pair.state,
        reason=Words.maybe(pair.reason),
        suggested=pair.suggested,
        choosable=pair.choosable,
    )


@router.effect(
    "POST",
    "/{uuid:duplicate}/decision",
    says=Text(zh="判定一对", en="Decide a duplicate"),
    door=DECIDE,
    answer=DecisionOut,
    status=201,
)
def decide_one_duplicate(request: Call, duplicate: UUID, body: DecidePair) -> DecisionOut:
    """One firm, or two for good."""
    return show(
        decide_duplicate(
            request.auth, pair=duplicate, verdict=body.verdict, fields=body.fields, keep=body.keep
        )
    )
