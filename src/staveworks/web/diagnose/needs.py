"""What a level asks for, what is there of it, and by how much it falls short: in words and figures."""

from dataclasses import dataclass
from typing import Literal

from staveworks.engine.barrel import LevelOutcome, Requirement
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text
from staveworks.web.figures import points

Verdict = Literal["met", "open", "short"]
"""There for sure; hangs on open questions; not there however these are answered."""

SCORE = Text(zh="得分", en="Score")
AT_STEP = Text(zh="达到 {at} 级的{name}", en="{name} at step {at} or above")
LISTED = Text(zh="所列的题", en="listed question|listed questions")
POINTS = Text(zh="{n} 分", en="{n} point|{n} points")
SOME = Text(zh="{n} 个{{name}}", en="{n} {{name}}")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a level asks for. ``share`` is what is there, in percent of what is wanted (100 at most)."""

    label: Text
    requirement: Requirement
    verdict: Verdict

    @property
    def have(self) -> Interval:
        return Interval(self.requirement.low, self.requirement.low, self.requirement.high)

    @property
    def share(self) -> Interval:
        low, high = (min(100.0, 100 * end / self.requirement.need) for end in (self.have.low, self.have.high))
        return Interval(low, low, high)

    @property
    def counts(self) -> bool:
        return self.requirement.kind == "count"

    @property
    def gap(self) -> Text:
        """By how much what is sure falls short, in words."""
        short = points(self.requirement.short)
        if self.requirement.kind == "score":
            return POINTS.format(n=short)
        name = self.requirement.name or LISTED
        return SOME.format(n=short).format_each(name.format(n=short)) if self.counts else name


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of the ladder: what it asks for, and whether it is reached."""

    level: int
    name: Text
    verdict: Verdict
    needs: tuple[Need, ...]


def verdict_of(*, sure: bool, possible: bool) -> Verdict:
    return "met" if sure else "open" if possible else "short"


def rung_of(level: LevelOutcome) -> Rung:
    ordered = sorted(level.requirements, key=lambda each: (each.met, -each.short / each.need))
    return Rung(
        level.level,
        level.name,
        verdict_of(sure=level.sure, possible=level.possible),
        tuple(_need(each) for each in ordered),
    )


def _need(requirement: Requirement) -> Need:
    verdict = verdict_of(sure=requirement.met, possible=requirement.possible)
    return Need(_label(requirement), requirement, verdict)


def _label(requirement: Requirement) -> Text:
    if requirement.kind == "score":
        return SCORE
    name = requirement.name or LISTED
    if requirement.kind == "gate":
        return name
    many = name.format(n=2)
    english = many.en[:1].upper() + many.en[1:]
    at = f"{requirement.at:g}"
    return Text(zh=AT_STEP.zh.format(at=at, name=many.zh), en=AT_STEP.en.format(at=at, name=english))
