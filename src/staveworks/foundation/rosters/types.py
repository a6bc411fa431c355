"""Public words of the room: states, outcomes, what queries return and what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from staveworks.kit.errors import NotFound, Refused
from staveworks.kit.text import Text

Mappings = Mapping[str, Mapping[str, int]]
"""Sheet index (as text, it is kept as JSON) → field → column index. A sheet that is absent is not imported."""

Side = Literal["left", "right"]
Verdict = Literal["merge", "apart"]


class RosterState(StrEnum):
    """*mapped*: columns are known, the preview can be seen; *done* is final."""

    MAPPED = "mapped"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    DONE = "done"
    DISCARDED = "discarded"


STATE_TEXTS = {
    RosterState.MAPPED: Text(zh="待导入", en="to import"),
    RosterState.RUNNING: Text(zh="导入中", en="importing"),
    RosterState.STOPPED: Text(zh="已停下", en="stopped"),
    RosterState.FAILED: Text(zh="中断", en="interrupted"),
    RosterState.DONE: Text(zh="已导入", en="imported"),
    RosterState.DISCARDED: Text(zh="已移除", en="discarded"),
}


class Outcome(StrEnum):
    """What became of a row."""

    LOADED = "loaded"
    MERGED = "merged"
    QUEUED = "queued"
    REFUSED = "refused"


OUTCOME_TEXTS = {
    Outcome.LOADED: Text(zh="新企业", en="loaded"),
    Outcome.MERGED: Text(zh="自动合并", en="merged"),
    Outcome.QUEUED: Text(zh="待判重", en="to decide"),
    Outcome.REFUSED: Text(zh="未导入", en="refused"),
}


class PairState(StrEnum):
    """*settled*: both sides became one firm by another decision."""

    OPEN = "open"
    MERGED = "merged"
    APART = "apart"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by outcome; ``rows`` is their sum."""

    loaded: int = 0
    merged: int = 0
    queued: int = 0
    refused: int = 0

    @property
    def rows(self) -> int:
        return self.loaded + self.merged + self.queued + self.refused

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.loaded + other.loaded,
            self.merged + other.merged,
            self.queued + other.queued,
            self.refused + other.refused,
        )


@dataclass(frozen=True, slots=True)
class SheetCard:
    """A table of the file: its headers as they stand and the column guessed or chosen for each field."""

    index: int
    title: str
    headers: tuple[str, ...]
    columns: Mapping[str, int]
    confidence: Mapping[str, float]
    used: bool = True


@dataclass(frozen=True, slots=True)
class RosterCard:
    """A list as it stands. ``total``: data rows of the file; ``progress``: rows done; ``open_pairs``: pairs of it to decide;
    ``decided``: of its queued rows those of which every question is answered."""

    id: UUID
    name: str
    state: RosterState
    size: int
    total: int
    progress: int
    counts: Counts
    cells_to_correct: int
    open_pairs: int
    is_correction: bool
    reason: Text | None
    uploaded_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    sheets: tuple[SheetCard, ...]
    seconds_left: int | None = None
    touched_at: datetime | None = None
    decided: int = 0


@dataclass(frozen=True, slots=True)
class IssueCard:
    """A cell that loaded empty (or a remark): its column, what stood there and why."""

    field: str
    column: int
    text: str
    reason: Text


@dataclass(frozen=True, slots=True)
class RowCard:
    """A row as it came and what became of it; ``firm_id`` is the firm in which it stands now, ``place`` its city on register.

    ``automatic``: the matcher merged it, which a person can look at and take back; ``apart``: she has. ``decided``: it was queued,
    and all that was asked about it is answered.
    """

    id: UUID | None
    roster_name: str
    sheet: int
    number: int
    cells: tuple[str, ...]
    values: Mapping[str, str]
    issues: tuple[IssueCard, ...]
    outcome: Outcome | None
    firm_id: UUID | None
    firm_name: str
    reason: Text | None
    place: Text | None = None
    automatic: bool = False
    apart: bool = False
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows as they would load; counts hold for the first ``looked_at`` rows only."""

    rows: tuple[RowCard, ...]
    looked_at: int
    readable: int
    refused: int
    cells_to_correct: int


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of two records side by side. ``suggested``: the side whose value a merge keeps unless told otherwise."""

    field: str
    label: Text
    left: Text
    right: Text
    state: str
    reason: Text | None
    suggested: Side
    choosable: bool


@dataclass(frozen=True, slots=True)
class PairCard:
    """A pair of the queue in a list."""

    id: UUID
    state: PairState
    score: int
    left_name: str
    right_name: str


@dataclass(frozen=True, slots=True)
class PairDetail:
    """Both records of a pair, the list and row each came from, and whether the operator holds it (unclaimed)."""

    id: UUID
    state: PairState
    score: int
    left_firm: UUID
    right_firm: UUID
    left_name: str
    right_name: str
    left_source: str
    left_row: int
    right_source: str
    right_row: int
    left_held: bool
    right_held: bool
    fields: tuple[FieldPair, ...]


@dataclass(frozen=True, slots=True)
class MergeDetail:
    """An automatic merge: at the left the row as it came, at the right the firm it was merged into (or was parted from).

    ``rows``: how many rows go along. ``right_row`` is 0 where only the register has the firm. ``right_held``: the operator
    holds that firm, so what the row told of it is taken back too. ``decision``: the one that keeps them apart, while it stands.
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
    fields: tuple[FieldPair, ...]


@dataclass(frozen=True, slots=True)
class DecisionCard:
    """One decision of the history; ``undone_at`` is None while it stands. ``kept_id``: the firm that went on.

    ``split``: an automatic merge, that of ``row_id``, was kept apart.
    """

    id: UUID
    pair_id: UUID
    decision: Verdict
    left_name: str
    right_name: str
    score: int
    kept_id: UUID
    by: str
    at: datetime
    undone_by: str
    undone_at: datetime | None
    row_id: UUID
    split: bool


class RosterNotFound(NotFound):
    text = Text(zh="没有这份名册，或您看不到它。", en="No such list, or none you can see.")


class PairNotFound(NotFound):
    text = Text(zh="没有这一对，或您看不到它。", en="No such pair, or none you can see.")


class DecisionNotFound(NotFound):
    text = Text(zh="没有这条处理记录，或您看不到它。", en="No such decision, or none you can see.")


class NoNameColumn(Refused):
    text = Text(
        zh="还没有指定企业名称在哪一列。请选择后再导入。",
        en="No column is chosen for the firm's name. Choose one, then import.",
    )


class ColumnTwice(Refused):
    text = Text(zh="同一列不能用于两项。", en="One column can't serve two fields.")


class NotInThisState(Refused):
    text = Text(
        zh="这份名册现在不能这样做：{state}。", en="This can't be done with the list now: it is {state}."
    )

    def __init__(self, state: RosterState) -> None:
        super().__init__(
            Text(
                zh=self.text.zh.format(state=STATE_TEXTS[state].zh),
                en=self.text.en.format(state=STATE_TEXTS[state].en),
            )
        )


class AlreadyDecided(Refused):
    text = Text(
        zh="这一对刚刚已经处理过了。您可以在处理记录里撤销。",
        en="This pair has just been decided. You can undo it in the history.",
    )


class RowNotFound(NotFound):
    text = Text(zh="没有这一行，或您看不到它。", en="No such row, or none you can see.")


class NotMerged(Refused):
    text = Text(
        zh="这一行不是自动合并的，没有可以分开的。",
        en="This row wasn't merged automatically; there is nothing to keep apart.",
    )


class AlreadyUndone(Refused):
    text = Text(zh="这次处理已经撤销了。", en="This decision has already been undone.")


class BothClaimed(Refused):
    text = Text(
        zh="两家都已由企业认领，平台不能替它们合并。请联系双方。",
        en="Both firms have been claimed: the platform can't merge them. Please talk to both.",
    )


class BuiltUpon(Refused):
    text = Text(
        zh="后来的合并或登记用到了这次处理。请先撤销较晚的那一次。",
        en="A later merge or registration builds on this decision. Undo the later one first.",
    )
