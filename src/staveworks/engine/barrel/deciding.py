"""Gates and levels: passed for sure, or still possible. All conditions are monotone, so both ends are exact."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.barrel.columns import Column, Flags, Floats
from staveworks.engine.barrel.rubric import TOLERANCE, Condition, Count, Level, Rubric


@dataclass(frozen=True, slots=True)
class Verdict:
    """By firm: ``sure`` whatever else is answered; ``possible`` under some completion."""

    sure: Flags
    possible: Flags


@dataclass(frozen=True, slots=True)
class Levels:
    """By firm: the level reached for sure, and the highest still possible; 0 is none."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]


def decide_gates(rubric: Rubric, columns: Mapping[str, Column], score: Floats) -> dict[str, Verdict]:
    """The verdict of each gate; ``score`` has shape (3, firms)."""
    return {gate.code: _condition(gate.condition, columns, score) for gate in rubric.gates}


def decide_levels(rubric: Rubric, columns: Mapping[str, Column], score: Floats) -> Levels:
    """The highest level all of whose conditions hold."""
    gates = list(decide_gates(rubric, columns, score).values())
    low = np.zeros(score.shape[1], dtype=np.int64)
    high = low.copy()
    for level in rubric.levels:
        verdict = _level(level, gates, columns, score)
        low[verdict.sure] = level.level
        high[verdict.possible] = level.level
    return Levels(low, high)


def _level(level: Level, gates: list[Verdict], columns: Mapping[str, Column], score: Floats) -> Verdict:
    verdicts = [_count(count, columns) for count in level.counts]
    if level.min_score is not None:
        verdicts.append(_reaches(score[0], score[2], level.min_score))
    if level.all_gates:
        verdicts += gates
    return _all(verdicts, score.shape[1])


def _condition(condition: Condition, columns: Mapping[str, Column], score: Floats) -> Verdict:
    if condition.combine == "one":
        if condition.answer is None:
            return _reaches(score[0], score[2], condition.at_least)
        return _answered(columns[condition.answer].value, condition.at_least)
    verdicts = [_condition(part, columns, score) for part in condition.parts]
    if condition.combine == "all":
        return _all(verdicts, score.shape[1])
    sure = np.logical_or.reduce([each.sure for each in verdicts])
    return Verdict(sure, np.logical_or.reduce([each.possible for each in verdicts]))


def _reaches(low: Floats, high: Floats, least: float) -> Verdict:
    return Verdict(low >= least - TOLERANCE, high >= least - TOLERANCE)


def _answered(value: Floats, least: float) -> Verdict:
    sure = value >= least
    return Verdict(sure, sure | np.isnan(value))


def _count(count: Count, columns: Mapping[str, Column]) -> Verdict:
    verdicts = [_answered(columns[code].value, count.at) for code in count.codes]
    sure = np.add.reduce([each.sure.astype(np.int64) for each in verdicts])
    possible = np.add.reduce([each.possible.astype(np.int64) for each in verdicts])
    return Verdict(sure >= count.count, possible >= count.count)


def _all(verdicts: list[Verdict], firms: int) -> Verdict:
    true = np.ones(firms, dtype=np.bool_)
    sure = np.logical_and.reduce([true, *(each.sure for each in verdicts)])
    return Verdict(sure, np.logical_and.reduce([true, *(each.possible for each in verdicts)]))
