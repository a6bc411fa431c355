"""What the owner's report says, in plain values: all of it computed, none of it laid out yet."""

from dataclasses import dataclass
from datetime import datetime

from staveworks.cluster.barrel.types import DiagnosisCard, Kind, PeerBand, PlankChange
from staveworks.engine.barrel import GateOutcome, HoleFound, Leaf, LevelGap, LevelSpan, Part, Step
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Firm:
    """Whose report it is."""

    name: Text
    uscc: str | None
    place: Text | None
    trade: Text | None


@dataclass(frozen=True, slots=True)
class Method:
    """By what it was measured: the rubric's edition with its digest, the target profile, how much was asked."""

    rubric: Text
    edition: str
    sha256: str
    source: Text
    profile: Text | None
    reason: str
    """Why the firm's own targets differ from the profile's, if they do."""
    kind: Kind
    answered: int
    asked: int


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question worth answering, and by how many points that narrows the water level (or the score)."""

    leaf: Leaf
    narrowing: float


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the next better answer to a question would raise."""

    leaf: Leaf
    now: Text
    step: Step


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do first. Left out for readers who may see heights but no answers."""

    questions: tuple[OpenQuestion, ...]
    steps: tuple[NextStep, ...]
    holes: tuple[HoleFound, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Since the firm's last assessment by the same rubric. ``editions_differ``: heights moved with the rubric, too."""

    earlier: datetime
    editions_differ: bool
    level: PlankChange
    planks: tuple[PlankChange, ...]


@dataclass(frozen=True, slots=True)
class Standard:
    """The result by a rubric without planks: score, level, gates, and what the next level still asks."""

    score: Interval
    level: LevelSpan | None
    levels: tuple[tuple[Text, float | None], ...]
    """Each level's name and the score at which it begins."""
    gates: tuple[GateOutcome, ...]
    next_level: Text | None
    gaps: tuple[LevelGap, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A grant of the firm that opens its barrel or more: to whom, what for, what, and until which day, if it ends."""

    name: Text
    purpose: Text
    fields: tuple[Text, ...]
    until: str


@dataclass(frozen=True, slots=True)
class Sight:
    """Who else sees this: the steward of a firm that nobody has claimed, agents with their last day, whom the firm grants it.
    ``reader``: the organisation that got the report by a grant or as steward, and is told so instead."""

    steward: Text | None
    agents: tuple[tuple[Text, str], ...]
    grants: tuple[Shown, ...]
    reader: Text | None


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report. Exactly one of ``barrel`` and ``standard`` is there."""

    firm: Firm
    at: datetime
    finished: bool
    method: Method
    barrel: DiagnosisCard | None
    standard: Standard | None
    peers: PeerBand | None
    advice: Advice | None
    change: Change | None
    sight: Sight
