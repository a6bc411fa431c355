"""The result of a rubric without planks: what is missing to the next level, the gates, the points by branch, every question."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from staveworks.cluster.barrel.queries import AssessmentView
from staveworks.engine.barrel import (
    ConditionOutcome,
    Count,
    GateOutcome,
    GroupScore,
    Leaf,
    LeafScore,
    LevelOutcome,
)
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text
from staveworks.web.diagnose.groups import Group, groups
from staveworks.web.diagnose.needs import LISTED, Need, Rung, Verdict, rung_of, verdict_of
from staveworks.web.diagnose.questions import QuestionCard, question_of
from staveworks.web.diagnose.registers import register_in_force

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Clause:
    """What a gate reads: ``have`` is None where the question is open; ``leaf`` None is the score."""

    leaf: Leaf | None
    have: Interval | None
    need: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class GateRow:
    place: int
    gate: GateOutcome
    verdict: Verdict
    clauses: tuple[Clause, ...]
    any_is_enough: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of the rubric: its page of questions, its points where it has any, and each question."""

    group: Group
    points: GroupScore | None
    items: tuple["Item", ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A question that levels count by its step: ``reached`` of ``most`` (None: open); ``tags`` name narrower sets it is in.

    ``next`` is the least step that the next level counts, None at the top.
    """

    question: QuestionCard
    reached: int | None
    most: int
    next: int | None
    tags: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A question with what it gives: ``points`` of ``cap``, None where only rules read it."""

    question: QuestionCard
    score: LeafScore
    points: Interval | None
    cap: float

    @property
    def lost(self) -> float:
        """Points that its answer leaves out for sure."""
        return self.cap - self.points.high if self.points else 0.0


@dataclass(frozen=True, slots=True)
class ScoredPage:
    """All that the page shows beside its best question."""

    rungs: tuple[Rung, ...]
    next: Rung | None
    gates: tuple[GateRow, ...]
    branches: tuple[Branch, ...]
    steps: tuple[Step, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for branch in self.branches for item in branch.items)

    @property
    def missing(self) -> tuple[Need, ...]:
        """What keeps the firm from the next level, the farthest first."""
        return tuple(need for need in self.next.needs if need.verdict != "met") if self.next else ()

    @property
    def binds(self) -> Literal["score", "count", "both", ""]:
        """Which kind of condition keeps the firm from the next level, where a level asks for both."""
        kinds = {need.requirement.kind for need in self.missing}
        asked = {need.requirement.kind for need in self.next.needs} if self.next else set()
        if not {"score", "count"} <= asked or not kinds:
            return ""
        return "both" if len(kinds) > 1 else "score" if "score" in kinds else "count"

    @property
    def gap(self) -> Text:
        """All that is missing to the next level, in words."""
        gaps = [need.gap for need in self.missing]
        english = [gap.en for gap in gaps]
        listed = " and ".join([", ".join(english[:-1]), *english[-1:]] if len(english) > 1 else english)
        return Text(zh="、".join(gap.zh for gap in gaps), en=listed)

    @property
    def counted(self) -> Text:
        """What the questions that levels count are called together."""
        names = [need.requirement.name for rung in self.rungs for need in rung.needs if need.counts]
        return next((name.format(n=2) for name in names if name), LISTED)

    @property
    def hopeless(self) -> bool:
        """Whether open questions alone can't bring the next level."""
        return any(need.verdict == "short" for need in self.missing)

    @property
    def lossy(self) -> tuple[Item, ...]:
        """Answered questions that leave out most points."""
        found = sorted((item for item in self.items if item.lost > 0), key=lambda item: -item.lost)
        return tuple(found[:MOST_SHOWN])

    @property
    def nearly(self) -> tuple[Step, ...]:
        """Questions one step short of what the next level counts, where it wants more of them."""
        wanted = {code for need in self.missing for code in need.requirement.codes}
        return tuple(
            each
            for each in self.steps
            if each.question.leaf.code in wanted and each.next and each.reached == each.next - 1
        )

    @property
    def passed(self) -> int:
        return sum(gate.verdict == "met" for gate in self.gates)

    @property
    def failed(self) -> int:
        return sum(gate.verdict == "short" for gate in self.gates)

    @property
    def undecided(self) -> int:
        return len(self.gates) - self.passed - self.failed


def scored_page(view: AssessmentView) -> ScoredPage:
    """Of an assessment by a rubric without planks."""
    result = view.result
    following = result.next_level
    rungs = tuple(rung_of(level) for level in result.levels)
    return ScoredPage(
        rungs=rungs,
        next=rung_of(following) if following else None,
        gates=tuple(_gate(view, place, gate) for place, gate in enumerate(result.gates, 1)),
        branches=tuple(_branches(view)),
        steps=tuple(_steps(view, following)),
    )


def _gate(view: AssessmentView, place: int, gate: GateOutcome) -> GateRow:
    condition = gate.condition
    return GateRow(
        place=place,
        gate=gate,
        verdict=verdict_of(sure=gate.sure, possible=gate.possible),
        clauses=tuple(_clauses(view, condition)),
        any_is_enough=condition.combine == "any",
    )


def _clauses(view: AssessmentView, condition: ConditionOutcome) -> Iterator[Clause]:
    for part in condition.parts:
        yield from _clauses(view, part)
    if condition.combine != "one":
        return
    low, high = condition.low, condition.high
    have = None if low is None or high is None else Interval(low, low, high)
    leaf = view.rubric.leaf(condition.answer) if condition.answer else None
    yield Clause(leaf, have, condition.need, verdict_of(sure=condition.sure, possible=condition.possible))


def _branches(view: AssessmentView) -> Iterator[Branch]:
    scored = {group.code: group for group in view.result.groups}
    for group in groups(view, register_in_force()):
        items = tuple(_item(view, leaf) for leaf in group.leaves)
        yield Branch(group, scored.get(group.code), items)


def _steps(view: AssessmentView, following: LevelOutcome | None) -> Iterator[Step]:
    counts = [count for level in view.rubric.levels for count in level.counts]
    codes = list(dict.fromkeys(code for count in counts for code in count.codes))
    wanted = {
        code: int(each.at)
        for each in (following.requirements if following else ())
        if each.kind == "count"
        for code in each.codes
    }
    for code in codes:
        question = question_of(view, code)
        value = question.state.value
        reached = int(value) if isinstance(value, int | float) else None
        most = len(question.leaf.options) - 1
        yield Step(question, reached, most, wanted.get(code), tuple(_tags(counts, code, len(codes))))


def _tags(counts: list[Count], code: str, every: int) -> Iterator[Text]:
    narrow = {count.codes: count.name for count in counts if len(count.codes) < every and count.name}
    for codes, name in narrow.items():
        if code in codes and name:
            yield name.format(n=1)


def _item(view: AssessmentView, leaf: Leaf) -> Item:
    score, cap = view.result.leaves[leaf.code], 100 * view.result.leaves[leaf.code].weight
    given = None
    if score.score is not None and score.applicable and cap:
        ends = (score.score.low, score.score.likely, score.score.high)
        given = Interval(*(round(each * cap / 100, 9) for each in ends))
    return Item(question_of(view, leaf.code), score, given, round(cap, 9))
