"""Shapes of demand, runs, plans and shares."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from staveworks.api.reading import step
from staveworks.api.shapes import In, Out, Words
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.demand_columns import column_of
from staveworks.mechanisms.dispatch.types.runs import (
    FIRST_ROW,
    MOST_BUCKETS,
    MOST_CHANGES,
    MOST_LINES,
    MOST_SEED,
    NAME_LONG,
    TWIN,
    DemandCard,
    Fault,
    RunCard,
    RunKind,
    RunState,
    ShareCard,
    ShareEnd,
)

Cell = str | int | float | None
Row = dict[str, Cell]
Title = Annotated[str, Field(max_length=NAME_LONG)]


class DemandIn(In):
    """``lines``: rows by the columns of the reference. ``problem`` and the other ``tables`` of the format: work centres and capacity of
    its own; none: those of the registry."""

    name: Title
    lines: Annotated[list[Row], Field(min_length=1, max_length=MOST_LINES)]
    problem: dict[str, Any] | None = None
    tables: Annotated[dict[str, list[Row]], Field(max_length=9)] = {}


class DemandFault(Out):
    """``pointer`` (RFC 6901): into the body by which the demand is sent; ``index``: of the row in its ``table``, the first is 0."""

    pointer: str
    table: str
    index: int | None
    column: str | None
    text: Words

    @classmethod
    def of(cls, fault: Fault, sent: Sequence[Row] = ()) -> "DemandFault":
        """``sent``: lines as they were sent, whose columns may be called otherwise than by their codes."""
        column = fault.column
        if fault.table == "lines" and fault.entry is not None and fault.entry < len(sent):
            column = next((name for name in sent[fault.entry] if column_of(name) == column), column)
        parts = [part for part in (fault.entry, column) if part is not None]
        return cls(
            pointer=pointer_in(fault.table, *parts),
            table=fault.table,
            index=fault.entry,
            column=fault.column,
            text=Words.of(_told(fault)),
        )


def _told(fault: Fault) -> Text:
    if fault.twin is None:
        return fault.text
    twin = pointer_in(fault.table, fault.twin - FIRST_ROW)
    return Text(zh=TWIN.zh.format(place=f" {twin} "), en=TWIN.en.format(place=twin))


def pointer_in(table: str, *parts: str | int) -> str:
    """Into the body of a demand: lines and settings stand in it themselves, the other tables in ``tables``."""
    where = (table,) if table in ("lines", "problem") else ("tables", table)
    return "".join(f"/{step(part)}" for part in (*where, *parts))


class DemandOut(Out):
    """``faults``: at most a thousand; a demand with any can't be run."""

    id: UUID
    name: str
    lines: int
    with_capacity: bool
    made_at: datetime
    changed_at: datetime
    faults: list[DemandFault]

    @classmethod
    def of(cls, card: DemandCard, *, sent: Sequence[Row] = ()) -> "DemandOut":
        return cls(
            id=card.id,
            name=card.name,
            lines=card.lines,
            with_capacity=card.with_capacity,
            made_at=card.made_at,
            changed_at=card.changed_at,
            faults=[DemandFault.of(each, sent) for each in card.faults],
        )


class RunIn(In):
    """``first``: a Monday. ``own_capacity``: the demand's own work centres (the default where it has any), else what firms declared."""

    demand: UUID
    first: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 1, 1))]
    weeks: Annotated[int, Field(ge=1, le=MOST_BUCKETS, strict=True)] = 8
    seed: Annotated[int, Field(ge=0, le=MOST_SEED, strict=True)] = 1
    name: Title = ""
    own_capacity: bool | None = None


class RunDone(Out):
    run: UUID


class RunOut(Out):
    """``summary``: once there is a plan: status, objective, bound, gap, costs by kind, late and rejected lines. ``digest`` is that of the
    plan; ``objective`` and ``bound`` of a run under way are those of now."""

    id: UUID
    name: str
    kind: RunKind
    state: RunState
    base: UUID | None
    first_date: date
    buckets: int
    seed: int
    engine: str
    rules: list[str]
    lines: int
    firms: int
    cities: int
    made_at: datetime
    finished_at: datetime | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str
    objective: float | None
    bound: float | None
    digest: str
    summary: dict[str, Any] | None
    reason: Words | None

    @classmethod
    def of(cls, card: RunCard) -> "RunOut":
        mark = card.mark
        names = cls.model_fields.keys() - {"objective", "bound", "reason", "rules", "summary"}
        return cls(
            **{name: getattr(card, name) for name in names},
            rules=list(card.rules),
            objective=mark.objective if mark else None,
            bound=mark.bound if mark else None,
            summary=dict(card.summary) if card.summary else None,
            reason=Words.maybe(card.reason),
        )


class LateLine(Out):
    """``why``: the rule that binds; ``changes``: each by itself would help, those of ``hours`` together. Of the 200 costliest lines."""

    line: str
    family: str
    city: str
    quantity: float
    due: int
    late: int
    rejected: float
    why: str
    changes: list[dict[str, Any]] = []


class StaveOut(Out):
    """``price``: money per hour; ``saves``: by 1 % more hours. May be shown to others where ``firms`` are at least 5."""

    operation: str
    city: str
    bucket: int
    price: float
    saves: float
    hours: float
    firms: int


class PlanOut(Out):
    """``difference``: of a what-if or a re-dispatch to the plan that it is upon, without the price of moving; its lists of lines tie with
    its counts. ``apart``: what the plan may still be above the best, which a smaller difference in cost can't be told from; ``promised``: what
    changed hours are worth at the prices of the plan before, a saving at most or a cost at least."""

    late: list[LateLine]
    staves: list[StaveOut]
    load: list[dict[str, Any]]
    difference: dict[str, Any] | None


class AllocationOut(Out):
    line: str
    lot: int
    step: int
    work_centre: str
    firm: str
    bucket: int
    quantity: float
    hours: float
    weeks_late: int


class WhatIfIn(In):
    """``changes``: each with its ``kind``: ``pin`` (line, lot, step, work_centre, bucket), ``close`` (firm, from), ``hours`` (operation and
    city, or work_centre; bucket, hours) or ``due`` (line, due)."""

    changes: Annotated[list[Row], Field(min_length=1, max_length=MOST_CHANGES)]


class WithdrawIn(In):
    """``reason``: the firms read it."""

    reason: Annotated[str, Field(max_length=400)]


class PublishedOut(Out):
    """``firms``: how many are told."""

    firms: int


class ShareOut(Out):
    """Of one plan what concerns the firm: its ``work``, and the ``reasons`` why it is that and no more. ``ended_by``: a later plan
    ``replaced`` it, or it was ``withdrawn``, with ``ended_why``."""

    id: UUID
    run: UUID
    name: str
    first_date: date
    published_at: datetime
    ended_at: datetime | None
    ended_by: ShareEnd | None
    ended_why: str
    work: list[dict[str, Any]]
    reasons: list[dict[str, Any]]

    @classmethod
    def of(cls, card: ShareCard) -> "ShareOut":
        return cls.model_validate(card)
