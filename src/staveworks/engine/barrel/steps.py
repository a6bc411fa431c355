"""What to do first: for each answered question the next step on its ladder, and what that alone would raise.

Everything else stays as it is, the open questions at their likely values, so the gains are those of one step, not to be added
up. What is still missing for the next level of a rubric that has levels is said by ``level_gaps``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from staveworks.engine.barrel.answers import Answer, Answers
from staveworks.engine.barrel.batch import Batch, score_many
from staveworks.engine.barrel.better import better_answer
from staveworks.engine.barrel.deciding import decide_gates
from staveworks.engine.barrel.peers import NO_PEERS, Peers
from staveworks.engine.barrel.profiles import EVEN, Profile
from staveworks.engine.barrel.rubric import Gate, Rubric
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Step:
    """A better answer to ``code`` and its gains in points: of its plank's height (None without planks) and of the water level,
    or of the score."""

    code: str
    now: Answer
    better: Answer
    words: Text
    plank_gain: float | None
    gain: float


@dataclass(frozen=True, slots=True)
class LevelGap:
    """One condition of the next level: ``have`` of ``need``. ``kind``: points of the score, answers at ``at`` or more, gates."""

    kind: str
    have: float
    need: float
    at: float | None = None
    of: int | None = None
    """Of how many questions (for answers) or gates."""

    @property
    def met(self) -> bool:
        return self.have >= self.need


def next_steps(
    rubric: Rubric,
    answers: Answers,
    *,
    plank: str | None = None,
    profile: Profile = EVEN,
    peers: Peers = NO_PEERS,
) -> list[Step]:
    """The next step of every answered question (of ``plank`` only, where one is named), the most telling first: by the water
    level, then by the plank's height, then in the rubric's order. Raises ``AnswerRefused``."""
    leaves = rubric.leaves_of(plank) if plank else rubric.leaves
    found = [
        (leaf, better)
        for leaf in leaves
        if (better := better_answer(leaf, answers.get(leaf.code), peers.medians))
    ]
    sheets: list[Mapping[str, Answer]] = [answers]
    sheets += [{**answers, leaf.code: better.answer} for leaf, better in found]
    batch = score_many(rubric, sheets, profiles=profile, peers=peers)
    for refusal in batch.refusals.values():
        raise refusal
    steps = [
        Step(
            code=leaf.code,
            now=answers[leaf.code],
            better=better.answer,
            words=better.words,
            plank_gain=_plank_gain(batch, leaf.plank, firm),
            gain=_gain(batch, firm),
        )
        for firm, (leaf, better) in enumerate(found, 1)
    ]
    return sorted(steps, key=lambda each: (-each.gain, -(each.plank_gain or 0.0)))


def _gain(batch: Batch, firm: int) -> float:
    level = batch.barrels.water.level[1] if batch.barrels else batch.score[1]
    return _rounded(level[firm] - level[0])


def _plank_gain(batch: Batch, plank: str | None, firm: int) -> float | None:
    if batch.barrels is None or plank is None:
        return None
    heights = batch.barrels.heights.relative[1, batch.barrels.frame.codes.index(plank)]
    return _rounded(heights[firm] - heights[0])


def _rounded(value: float) -> float:
    return float(np.round(value, 9))


def level_gaps(rubric: Rubric, answers: Answers, *, peers: Peers = NO_PEERS) -> tuple[int, list[LevelGap]]:
    """The level above the one reached for sure, and its conditions with what is there for sure; (0, []) at the top.

    Raises ``AnswerRefused``.
    """
    batch = score_many(rubric, [answers], peers=peers)
    for refusal in batch.refusals.values():
        raise refusal
    reached = int(batch.levels.low[0]) if batch.levels else 0
    following = next((level for level in rubric.levels if level.level > reached), None)
    if following is None:
        return 0, []
    gaps = []
    if following.min_score is not None:
        gaps.append(LevelGap("score", float(batch.score[0, 0]), following.min_score))
    for count in following.counts:
        have = sum(float(batch.sheet.columns[code].value[0]) >= count.at for code in count.codes)
        gaps.append(LevelGap("answers", have, count.count, at=count.at, of=len(count.codes)))
    if following.all_gates and rubric.gates:
        gaps.append(_gates(batch, rubric.gates))
    return following.level, gaps


def _gates(batch: Batch, gates: tuple[Gate, ...]) -> LevelGap:
    verdicts = decide_gates(batch.rubric, batch.sheet.columns, batch.score)
    passed = sum(bool(verdicts[gate.code].sure[0]) for gate in gates)
    return LevelGap("gates", passed, len(gates), of=len(gates))
