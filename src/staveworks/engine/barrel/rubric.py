"""What a rubric is: leaves, groups, gates, levels and holes, frozen. ``loading`` makes it from its file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from staveworks.engine.barrel.formula import Formula
from staveworks.kit.planks import Kind, Register
from staveworks.kit.text import Text

Grade = Literal["self", "document", "platform", "inspector"]
GRADES: tuple[Grade, ...] = ("self", "document", "platform", "inspector")

LeafKind = Literal[
    "single", "multi", "scale", "number", "bands", "points", "formula", "peer", "measured", "ref"
]
AggregateName = Literal["mean", "minimum", "geometric", "at_least"]

NOT_APPLICABLE = "n/a"
NO_LEVEL = Text(zh="未达一级", en="Below level 1")
NOT_MET = Text(zh="未达标", en="Not met")
"""The names of level 0, where there are several levels and where there is one."""
FULL = 100.0
DECIMALS = 9
"""Heights and scores are rounded here, so that 60 points are 60 and not 59.99999999999999."""

TIE = 1e-6
"""Heights closer than this are equal: what binds must not hang on a rounded third."""

TOLERANCE = 1e-9
"""Two scores that differ by less are equal: sums of decimal weights are not exact in binary."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a leaf; ``points`` are of the leaf's full marks; an ``exclusive`` one stands alone."""

    text: Text
    points: float
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Bands:
    """A step function: ``points[i]`` between ``bounds[i-1]`` and ``bounds[i]`` (ascending).

    A bound belongs to the band above it, or to the one below where ``upper_included``.
    """

    bounds: tuple[float, ...]
    points: tuple[float, ...]
    upper_included: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A ``ref`` to another rubric's result: its ``level`` or its ``score``, turned into points by the leaf's bands."""

    rubric: "Rubric"
    of: Literal["level", "score"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One question. Its ``code`` is the key of its answer, shared by all rubrics that use the leaf.

    ``points`` are the full marks (score = 100 · points reached / points). ``least`` and ``most`` bound a number.
    ``names`` maps a formula's names to the answers they stand for. ``attest``: this grade or a higher one may attest it.
    ``measure`` names what the platform computes from its own events, ``measured_from`` says which ones in words; until
    it does, the firm may state the number.
    """

    code: str
    kind: LeafKind
    name: Text
    question: Text
    evidence: Text
    attest: Grade
    origin: str
    points: float = FULL
    help: Text | None = None
    plank: str | None = None
    options: tuple[Option, ...] = ()
    cap: float = FULL
    bands: Bands | None = None
    formula: Formula | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    link: Link | None = None
    unit: Text | None = None
    least: float | None = None
    most: float | None = None
    may_be_not_applicable: bool = False
    measure: str | None = None
    measured_from: Text | None = None
    quick: bool = False

    @property
    def by_option(self) -> bool:
        """The answer is one option's number, counted from 0."""
        return bool(self.options) and self.kind != "multi"


@dataclass(frozen=True, slots=True)
class Branch:
    weight: float
    node: "Leaf | Group"


@dataclass(frozen=True, slots=True)
class Group:
    """Children under one aggregate; ``count`` is the k of ``at_least``: the height that k children reach."""

    code: str
    name: Text
    aggregate: AggregateName
    children: tuple[Branch, ...]
    count: int = 1

    def leaves(self) -> Iterator[Leaf]:
        """All leaves below, in the order of the file."""
        for branch in self.children:
            if isinstance(branch.node, Leaf):
                yield branch.node
            else:
                yield from branch.node.leaves()


@dataclass(frozen=True, slots=True)
class Condition:
    """``answer`` (or the score, where None) is at least ``at_least``; or ``all``/``any`` of ``parts`` hold."""

    combine: Literal["all", "any", "one"]
    parts: tuple["Condition", ...] = ()
    answer: str | None = None
    at_least: float = 0.0

    def answers(self) -> set[str]:
        """The codes that it reads."""
        own = {self.answer} if self.answer else set()
        return own.union(*(part.answers() for part in self.parts))


@dataclass(frozen=True, slots=True)
class Gate:
    code: str
    name: Text
    condition: Condition


@dataclass(frozen=True, slots=True)
class Count:
    """k of n: at least ``count`` of ``codes`` are answered with ``at`` or more; ``name`` is what they are called together."""

    codes: tuple[str, ...]
    at: float
    count: int
    name: Text | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A level and all that must hold for it together."""

    level: int
    name: Text
    min_score: float | None = None
    counts: tuple[Count, ...] = ()
    all_gates: bool = False


@dataclass(frozen=True, slots=True)
class Hole:
    """A leaf that scores less than ``below`` lets the stave leak above ``height`` (of the relative 0–100)."""

    plank: str
    leaf: str
    below: float
    height: float
    text: Text


@dataclass(frozen=True, slots=True)
class PlankGroup:
    """The leaves of one plank; ``weight`` is v of a stave or w of a hoop, each kind summing to 1."""

    plank: str
    kind: Kind
    weight: float
    group: Group


@dataclass(frozen=True)
class Rubric:
    """A dated edition. It has a ``root`` with a score, or ``plank_groups`` with heights and a water level.

    ``about`` (what it is), ``gives`` (what the firm gets) and ``minutes`` (how long it takes) help to choose a rubric.
    """

    id: str
    edition: str
    name: Text
    source: Text
    sha256: str
    threshold: Grade
    root: Group | None
    plank_groups: tuple[PlankGroup, ...]
    inputs: tuple[Leaf, ...]
    gates: tuple[Gate, ...]
    levels: tuple[Level, ...]
    holes: tuple[Hole, ...]
    bearing: Literal["mean", "minimum"]
    about: Text | None = None
    gives: Text | None = None
    minutes: int | None = None
    inputs_name: Text | None = None

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every leaf once, in the order of asking."""
        groups = [self.root] if self.root else [each.group for each in self.plank_groups]
        found = {leaf.code: leaf for group in groups for leaf in group.leaves()}
        return (*found.values(), *self.inputs)

    @cached_property
    def index(self) -> Mapping[str, int]:
        return {leaf.code: row for row, leaf in enumerate(self.leaves)}

    @cached_property
    def answerable(self) -> Mapping[str, Leaf]:
        """Every code that an answer may bear: own leaves and, through ``ref``, those of the rubrics referred to."""
        known = {leaf.code: leaf for leaf in self.leaves}
        for leaf in self.leaves:
            if leaf.link:
                known = {**leaf.link.rubric.answerable, **known}
        return known

    @property
    def level_names(self) -> tuple[Text, ...]:
        """From level 0 up."""
        none = NO_LEVEL if len(self.levels) > 1 else NOT_MET
        return (none, *(level.name for level in self.levels))

    def leaf(self, code: str) -> Leaf:
        """Raises ``KeyError`` for a code that is not of this rubric."""
        return self.leaves[self.index[code]]

    def leaves_of(self, plank: str) -> tuple[Leaf, ...]:
        return tuple(leaf for leaf in self.leaves if leaf.plank == plank)

    @property
    def quick_start(self) -> tuple[Leaf, ...]:
        return tuple(leaf for leaf in self.leaves if leaf.quick)

    @property
    def planks(self) -> tuple[str, ...]:
        return tuple(each.plank for each in self.plank_groups)

    def maps_every_plank(self, register: Register) -> bool:
        return bool(self.plank_groups) and set(register) <= set(self.planks)
