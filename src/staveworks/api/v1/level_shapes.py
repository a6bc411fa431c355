"""What a level, its requirements, gates and the points of branches look like from outside."""

from staveworks.api.shapes import Out, Span, Words
from staveworks.engine.barrel import GateOutcome, GroupScore, LevelOutcome, LevelSpan, Requirement


class LevelOut(Out):
    """The level reached for sure and the highest still possible; 0 is none."""

    low: int
    high: int
    low_name: Words
    high_name: Words


class RequirementOut(Out):
    """What a level asks for: a ``score``, a ``count`` of ``leaves`` answered with ``at`` or more, or a ``gate``, of which
    ``need`` is wanted; what is there lies between ``low`` and ``high``."""

    kind: str
    gate: str | None
    leaves: list[str]
    at: float
    need: float
    low: float
    high: float


class NextLevelOut(Out):
    """The lowest level that is not sure yet, with everything that it asks for."""

    level: int
    name: Words
    requirements: list[RequirementOut]


class GateOut(Out):
    """``sure``: passed whatever is still answered; ``possible``: may still pass."""

    gate: str
    name: Words
    sure: bool
    possible: bool


class GroupOut(Out):
    """A branch of the rubric: the points it gives, of ``cap`` at most."""

    group: str
    name: Words
    points: Span
    cap: float


def show_level(span: LevelSpan) -> LevelOut:
    """A level, or the two between which it lies."""
    return LevelOut(
        low=span.low,
        high=span.high,
        low_name=Words.of(span.low_name),
        high_name=Words.of(span.high_name),
    )


def show_next_level(level: LevelOutcome) -> NextLevelOut:
    """A level with all that it asks for."""
    return NextLevelOut(
        level=level.level,
        name=Words.of(level.name),
        requirements=[_need(each) for each in level.requirements],
    )


def _need(each: Requirement) -> RequirementOut:
    return RequirementOut(
        kind=each.kind,
        gate=each.code,
        leaves=list(each.codes),
        at=each.at,
        need=each.need,
        low=each.low,
        high=each.high,
    )


def show_gate(gate: GateOutcome) -> GateOut:
    """A gate."""
    return GateOut(gate=gate.code, name=Words.of(gate.name), sure=gate.sure, possible=gate.possible)


def show_group(group: GroupScore) -> GroupOut:
    """A branch with its points."""
    return GroupOut(group=group.code, name=Words.of(group.name), points=Span.of(group.points), cap=group.cap)
