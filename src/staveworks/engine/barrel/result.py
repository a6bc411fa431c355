"""What one firm gets back: plain frozen values, no arrays."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    """The level reached for sure and the highest still possible; 0 is none, and has no name."""

    low: int
    high: int
    low_name: Text | None
    high_name: Text | None


@dataclass(frozen=True, slots=True)
class GateOutcome:
    """``sure``: passed whatever is still answered; ``possible``: may still pass."""

    code: str
    name: Text
    sure: bool
    possible: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One firm against one edition of a rubric. ``score`` is the mean level where the rubric has planks."""

    rubric_id: str
    edition: str
    sha256: str
    score: Interval
    level: LevelSpan | None
    barrel: Barrel | None
    gates: tuple[GateOutcome, ...]
    leaves: Mapping[str, LeafScore]

    @property
    def asked(self) -> int:
        """Questions that apply."""
        return sum(leaf.applicable for leaf in self.leaves.values())

    @property
    def answered(self) -> int:
        """Of these, the answered ones."""
        return sum(leaf.applicable and leaf.answered for leaf in self.leaves.values())
