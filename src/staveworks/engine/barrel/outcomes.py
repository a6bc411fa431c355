"""What decides a level, condition by condition: how much is there for sure, how much may be, and what is wanted."""

from collections.abc import Iterator

import numpy as np

from staveworks.engine.barrel.batch import Batch
from staveworks.engine.barrel.deciding import decide_gates
from staveworks.engine.barrel.result import (
    ConditionOutcome,
    GateOutcome,
    GroupScore,
    LevelOutcome,
    LevelSpan,
    Requirement,
)
from staveworks.engine.barrel.rubric import DECIMALS, FULL, Condition, Count, Group, Level
from staveworks.engine.barrel.scoring import combine
from staveworks.kit.intervals import Interval


def level_span(batch: Batch, firm: int) -> LevelSpan | None:
    """The level reached for sure and the highest still possible; None where the rubric has no levels."""
    if batch.levels is None:
        return None
    low, high = int(batch.levels.low[firm]), int(batch.levels.high[firm])
    names = batch.rubric.level_names
    return LevelSpan(low, high, names[low], names[high])


def gate_outcomes(batch: Batch, firm: int) -> tuple[GateOutcome, ...]:
    """Every gate with the conditions behind it."""
    verdicts = decide_gates(batch.rubric, batch.sheet.columns, batch.score)
    return tuple(
        GateOutcome(
            code=gate.code,
            name=gate.name,
            sure=bool(verdicts[gate.code].sure[firm]),
            possible=bool(verdicts[gate.code].possible[firm]),
            condition=_condition(gate.condition, batch, firm),
        )
        for gate in batch.rubric.gates
    )


def _condition(condition: Condition, batch: Batch, firm: int) -> ConditionOutcome:
    parts = tuple(_condition(each, batch, firm) for each in condition.parts)
    low = high = None
    if condition.combine == "one" and condition.answer is None:
        low, high = float(batch.score[0, firm]), float(batch.score[2, firm])
    elif condition.combine == "one":
        value = float(batch.sheet.columns[condition.answer or ""].value[firm])
        low = high = None if np.isnan(value) else value
    return ConditionOutcome(condition.combine, parts, condition.answer, condition.at_least, low, high)


def level_outcomes(batch: Batch, firm: int, gates: tuple[GateOutcome, ...]) -> tuple[LevelOutcome, ...]:
    """Every level with all that it asks for, from 1 up."""
    return tuple(
        LevelOutcome(level.level, level.name, tuple(_requirements(level, batch, firm, gates)))
        for level in batch.rubric.levels
    )


def _requirements(
    level: Level, batch: Batch, firm: int, gates: tuple[GateOutcome, ...]
) -> Iterator[Requirement]:
    if level.min_score is not None:
        low, high = float(batch.score[0, firm]), float(batch.score[2, firm])
        yield Requirement("score", None, level.min_score, low, high)
    for count in level.counts:
        yield _counted(count, batch, firm)
    for gate in gates if level.all_gates else ():
        yield Requirement("gate", gate.name, 1.0, float(gate.sure), float(gate.possible), code=gate.code)


def _counted(count: Count, batch: Batch, firm: int) -> Requirement:
    values = np.array([batch.sheet.columns[code].value[firm] for code in count.codes])
    low = int(np.count_nonzero(values >= count.at))
    high = low + int(np.count_nonzero(np.isnan(values)))
    return Requirement("count", count.name, count.count, low, high, at=count.at, codes=count.codes)


def group_scores(batch: Batch, firm: int) -> tuple[GroupScore, ...]:
    """The branches of the root with the points that each gives to the whole, where these add up (``mean``); what does not
    apply leaves its points to the others."""
    root = batch.rubric.root
    if root is None or root.aggregate != "mean":
        return ()
    parts = [combine(branch.node, batch.sheet.parts) for branch in root.children]
    present = [part.present is None or bool(part.present[firm]) for part in parts]
    total = sum(branch.weight for branch, here in zip(root.children, present, strict=True) if here) or 1.0
    found = []
    for branch, part, here in zip(root.children, parts, present, strict=True):
        if isinstance(branch.node, Group):
            cap = FULL * branch.weight / total if here else 0.0
            low, likely, high = np.round(part.value[:, firm] * cap / FULL, DECIMALS).tolist()
            points = Interval(low, min(max(likely, low), high), high)
            found.append(GroupScore(branch.node.code, branch.node.name, points, round(cap, DECIMALS)))
    return tuple(found)
