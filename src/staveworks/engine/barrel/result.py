"""What one firm gets back: plain frozen values, no arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from staveworks.engine.barrel.rubric import TOLERANCE
from staveworks.kit.intervals import Interval
from staveworks.kit.planks import Kind
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class LeafScore:
    """One question: its score 0–100 and its ``weight`` in its plank (or in the whole score, where there are no planks).

    ``score`` is None for a number that only gates read. ``weight`` is the nominal one, before "not applicable" moves it.
    ``verified``: answered, and attested at or above the rubric's threshold and the leaf's own grade.
    """

    code: str
    score: Interval | None
    weight: float
    answered: bool
    applicable: bool
    verified: bool


@dataclass(frozen=True, slots=True)
class HoleFound:
    """A hole of stave ``plank`` at ``height``; ``sure`` is false while its question is open or may be answered either way."""

    plank: str
    leaf: str
    height: float
    sure: bool
    text: Text


@dataclass(frozen=True, slots=True)
class PlankHeight:
    """``own`` and ``verified`` are absolute and before holes; ``height`` is relative to ``target`` and after holes.

    ``verified`` rests only on verified answers; its low end is what is proved. ``answered`` of ``asked`` questions.
    ``weight``: v of a stave, w of a hoop. ``needed`` is false where the target is 0 or nothing applies.
    """

    code: str
    kind: Kind
    own: Interval
    verified: Interval
    height: Interval
    target: float
    weight: float
    needed: bool
    answered: int
    asked: int
    hole: float | None


@dataclass(frozen=True, slots=True)
class Barrel:
    """W, M, U and the bearing; ``binding`` (None where no plank is needed) and the next that would bind, two at most."""

    planks: Mapping[str, PlankHeight]
    bearing: Interval
    water_level: Interval
    mean_level: Interval
    unevenness: Interval
    verified_water_level: Interval
    binding: str | None
    next_to_bind: tuple[str, ...]
    holes: tuple[HoleFound, ...]


@dataclass(frozen=True, slots=True)
class LevelSpan:
    """The level reached for sure and the highest still possible; 0 is none."""

    low: int
    high: int
    low_name: Text
    high_name: Text


@dataclass(frozen=True, slots=True)
class ConditionOutcome:
    """One condition of a gate, or ``all``/``any`` of its ``parts``. ``answer`` (the score, where None) should reach
    ``need``; what is there lies between ``low`` and ``high``, None where the question is open."""

    combine: Literal["all", "any", "one"]
    parts: tuple["ConditionOutcome", ...]
    answer: str | None
    need: float
    low: float | None
    high: float | None

    @property
    def sure(self) -> bool:
        if self.combine == "one":
            return self.low is not None and self.low >= self.need - TOLERANCE
        held = [part.sure for part in self.parts]
        return all(held) if self.combine == "all" else any(held)

    @property
    def possible(self) -> bool:
        if self.combine == "one":
            return self.high is None or self.high >= self.need - TOLERANCE
        held = [part.possible for part in self.parts]
        return all(held) if self.combine == "all" else any(held)


@dataclass(frozen=True, slots=True)
class GateOutcome:
    """``sure``: passed whatever is still answered; ``possible``: may still pass."""

    code: str
    name: Text
    sure: bool
    possible: bool
    condition: ConditionOutcome


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a level asks for: a score, a number of questions answered with ``at`` or more, or gate ``code``.

    What is there lies between ``low`` and ``high`` (of a gate: 0 or 1); ``need`` is wanted.
    """

    kind: Literal["score", "count", "gate"]
    name: Text | None
    need: float
    low: float
    high: float
    at: float = 0.0
    codes: tuple[str, ...] = ()
    code: str | None = None

    @property
    def met(self) -> bool:
        return self.low >= self.need - TOLERANCE

    @property
    def possible(self) -> bool:
        return self.high >= self.need - TOLERANCE

    @property
    def short(self) -> float:
        """By how much what is there for sure falls short."""
        return 0.0 if self.met else self.need - self.low

    @property
    def surely_short(self) -> float:
        """By how much it falls short even if every open question is answered at its best."""
        return 0.0 if self.possible else self.need - self.high


@dataclass(frozen=True, slots=True)
class LevelOutcome:
    """A level and what it asks for, all of it together."""

    level: int
    name: Text
    requirements: tuple[Requirement, ...]

    @property
    def sure(self) -> bool:
        return all(each.met for each in self.requirements)

    @property
    def possible(self) -> bool:
        return all(each.possible for each in self.requirements)

    @property
    def missing(self) -> tuple[Requirement, ...]:
        """What is not there for sure, what falls furthest short (as a share of what is wanted) first."""
        missing = [each for each in self.requirements if not each.met]
        return tuple(sorted(missing, key=lambda each: -each.short / each.need))


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A branch of the root: the ``points`` that it gives to the whole, of ``cap`` at most."""

    code: str
    name: Text
    points: Interval
    cap: float


@dataclass(frozen=True, slots=True)
class Result:
    """One firm against one edition of a rubric. ``score`` is the mean level where the rubric has planks.

    ``verified_score`` and ``verified_level`` rest on verified answers only; their low ends are what is proved.
    """

    rubric_id: str
    edition: str
    sha256: str
    score: Interval
    level: LevelSpan | None
    barrel: Barrel | None
    gates: tuple[GateOutcome, ...]
    leaves: Mapping[str, LeafScore]
    verified_score: Interval
    verified_level: LevelSpan | None
    levels: tuple[LevelOutcome, ...]
    groups: tuple[GroupScore, ...]

    @property
    def next_level(self) -> LevelOutcome | None:
        """The lowest level above the one that is sure; None at the top or where there are no levels."""
        reached = self.level.low if self.level else 0
        return next((each for each in self.levels if each.level > reached), None)

    @property
    def asked(self) -> int:
        """Questions that apply."""
        return sum(leaf.applicable for leaf in self.leaves.values())

    @property
    def answered(self) -> int:
        """Of these, the answered ones."""
        return sum(leaf.applicable and leaf.answered for leaf in self.leaves.values())
