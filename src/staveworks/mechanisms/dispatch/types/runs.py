"""Demand, runs, plans and shares as pages and programs see them; what can be the case with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text

MOST_LINES = 100_000
"""Of one demand; larger problems go by the command."""
MOST_BUCKETS = 104
MOST_CHANGES = 20
MOST_WHAT_IFS = 4
"""Open at once upon one plan."""
MOST_SEED = 2**31 - 1
NAME_LONG = 120


class RunKind(StrEnum):
    RUN = "run"
    WHAT_IF = "what_if"
    REDISPATCH = "redispatch"


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ShareEnd(StrEnum):
    """How what a firm was told ceased to hold."""

    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({RunState.QUEUED, RunState.RUNNING})
ANSWERED = frozenset({RunState.FINISHED, RunState.CANCELLED})
"""They may have a plan: a run that was cancelled has the best one so far, if there was any."""


FIRST_ROW = 2
"""As a spreadsheet counts: the header is row 1."""
TWIN = Text(zh="和{place}重复。", en="The same as {place}.")
ROW = Text(zh="第 {row} 行", en="row {row}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can't be read; ``row`` as a spreadsheet counts, whoever sent it. ``twin``: the row that it repeats, which a door names as
    its callers count; ``text`` doesn't."""

    table: str
    row: int | None
    column: str | None
    text: Text
    value: str = ""
    twin: int | None = None

    @property
    def entry(self) -> int | None:
        """As a program counts: the first row of a table is 0."""
        return None if self.row is None else self.row - FIRST_ROW

    @property
    def in_sheet(self) -> Text:
        """What is wrong, for somebody with the sheet in hand."""
        if self.twin is None:
            return self.text
        row = ROW.format(row=self.twin)
        return Text(zh=TWIN.zh.format(place=row.zh), en=TWIN.en.format(place=row.en))


@dataclass(frozen=True, slots=True)
class DemandCard:
    id: UUID
    name: str
    lines: int
    faults: Sequence[Fault]
    with_capacity: bool
    made_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class DemandView:
    """With its rows as they came."""

    card: DemandCard
    rows: Sequence[Mapping[str, Any]]
    columns: Sequence[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a run stood after ``seconds``; no plan yet: no objective."""

    seconds: float
    objective: float | None
    bound: float | None

    @property
    def gap(self) -> float | None:
        if self.objective is None or not self.bound or self.bound <= 0:
            return None
        return max(0.0, self.objective / self.bound - 1)


@dataclass(frozen=True, slots=True)
class RunCard:
    """``summary``: costs, late lines and so on of ``domain/report.py``, once there is a plan."""

    id: UUID
    name: str
    kind: RunKind
    base: UUID | None
    state: RunState
    first_date: date
    buckets: int
    seed: int
    engine: str
    rules: Sequence[str]
    lines: int
    firms: int
    cities: int
    made_at: datetime
    started_at: datetime | None
    touched_at: datetime | None
    finished_at: datetime | None
    stop_asked_at: datetime | None
    accepted_at: datetime | None
    discarded_at: datetime | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str
    changes: Sequence[Mapping[str, Any]]
    trail: Sequence[Mark]
    reason: Text | None
    replay: Mapping[str, Any] | None
    digest: str
    summary: Mapping[str, Any] | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def has_plan(self) -> bool:
        return self.summary is not None

    @property
    def is_draft(self) -> bool:
        """A what-if that waits for its fate."""
        return self.kind is RunKind.WHAT_IF and not self.accepted_at and not self.discarded_at

    @property
    def mark(self) -> Mark | None:
        return self.trail[-1] if self.trail else None


@dataclass(frozen=True, slots=True)
class ShareCard:
    """What a firm reads."""

    id: UUID
    run: UUID
    firm: UUID
    name: str
    first_date: date
    work: Sequence[Mapping[str, Any]]
    reasons: Sequence[Mapping[str, Any]]
    published_at: datetime
    ended_at: datetime | None
    ended_by: ShareEnd | None
    ended_why: str


class DemandNotFound(NotFound):
    text = Text(zh="没有这批待排订单。", en="No such demand.")


class RunNotFound(NotFound):
    text = Text(zh="没有这次排产。", en="No such run.")


class LineNotInRun(NotFound):
    text = Text(zh="这次排产里没有这一行订单。", en="No such line in this run.")


class ShareNotFound(NotFound):
    text = Text(zh="没有这份派工方案。", en="No such share of a plan.")


class NoPlan(Refused):
    text = Text(zh="这次排产还没有方案。", en="This run has no plan yet.")


class RunIsOver(Refused):
    text = Text(zh="这次排产已经结束。", en="This run is over already.")


class NotAWhatIf(Refused):
    text = Text(zh="这个假设已经采用或放弃了。", en="This what-if was accepted or discarded already.")


class TooManyWhatIfs(Refused):
    text = Text(
        zh=f"最多同时比较 {MOST_WHAT_IFS} 个假设：先放弃一个。",
        en=f"At most {MOST_WHAT_IFS} what-ifs side by side: discard one first.",
    )


class AlreadyPublished(Refused):
    text = Text(zh="这个方案已经公布。", en="This plan is published already.")


class NotPublished(Refused):
    text = Text(zh="这个方案没有公布过。", en="This plan isn’t published.")


class PlanWithdrawn(Refused):
    text = Text(zh="这个方案已经撤回，请重新排产。", en="This plan was withdrawn: start a new run.")


class PlanReplaced(Refused):
    text = Text(
        zh="后来公布的方案已经取代了它，它不再占用工时：要撤回，请撤回后来的那个。",
        en="A plan published later replaced this one, which holds nothing any more: withdraw the later one.",
    )


class WorkHasBegun(Refused):
    """``week``: the first with work."""

    def __init__(self, week: str) -> None:
        super().__init__(
            Text(
                zh="{week} 的活已经开工，整个方案不能再撤回：在“如果……”里把剩下的重排。",
                en="Work of {week} has begun, so the whole plan can’t be withdrawn: dispatch the rest anew under What if….",
            ).format(week=week)
        )


class WhyMissing(Invalid):
    text = Text(zh="请写明理由，企业会看到。", en="Say why: the firms read it.")


class HoursTaken(Refused):
    """Plans published since this one was asked have hours that are in it too; ``places`` say how many, where and when."""

    SAID = 3

    def __init__(self, places: Sequence[Text]) -> None:
        more = len(places) - self.SAID
        rest = (
            Text(zh="；另有 {n} 处", en="; and {n} more").format(n=more) if more > 0 else Text(zh="", en="")
        )
        said = {
            "zh": "；".join(each.zh for each in places[: self.SAID]) + rest.zh,
            "en": "; ".join(each.en for each in places[: self.SAID]) + rest.en,
        }
        super().__init__(
            Text(
                zh=f"没有公布：其间公布的方案已经占用了这些工时。{said['zh']}。请按剩余工时重新排产。",
                en=f"Not published: a plan published meanwhile has these hours. {said['en']}. Start a run anew over what is left.",
            )
        )


class CantReplay(Refused):
    text = Text(
        zh="中途停止的排产取决于停的那一刻，没法复算出同样的方案。",
        en="A run that was stopped depends on the moment it was stopped; it can’t be replayed.",
    )


class DemandFaulty(Refused):
    text = Text(zh="这批订单还有读不懂的地方，改好再排。", en="This demand has faults: mend them first.")


class ProblemFaulty(Invalid):
    """Every fault of a demand, by table, row and column; nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = faults
        super().__init__(faults[0].in_sheet if faults else None, field="demand")


def place_of(fault: Fault) -> str:
    """``lines.12.quantity``."""
    return ".".join(str(part) for part in (fault.table, fault.row, fault.column) if part is not None)
