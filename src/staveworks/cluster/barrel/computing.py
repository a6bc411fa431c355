"""What the engine makes of an assessment's answers, computed once for as long as nothing of them changes.

An owner looks at her barrel, at a plank, at her report: the same answers each time. All that is kept here follows from what it
is kept by (rubric, answers, grades, targets, peers) and from nothing else, so it is never stale, and says the same to whoever
may read those answers. Each process keeps the newest few hundred.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from staveworks.cluster.barrel.types import Value
from staveworks.engine.barrel import (
    Grade,
    Peers,
    Profile,
    Question,
    Result,
    Rubric,
    Step,
    next_steps,
    rank_questions,
    score,
)

KEPT = 256
"""About 50 kB each."""


@dataclass(frozen=True, slots=True)
class Case:
    """One firm's answers to one rubric, with all that decides what they come to. Equal by ``by``."""

    by: tuple[Any, ...]
    rubric: Rubric = field(compare=False)
    """Compared as the object that it is: an edition is read once, and kept here as long as its number is."""
    answers: Mapping[str, Value] = field(compare=False)
    profile: Profile = field(compare=False)
    peers: Peers = field(compare=False)
    grades: Mapping[str, Grade] = field(compare=False)

    @classmethod
    def of(
        cls,
        rubric: Rubric,
        answers: Mapping[str, Value],
        *,
        profile: Profile,
        peers: Peers,
        grades: Mapping[str, Grade],
    ) -> "Case":
        by = (
            id(rubric),
            json.dumps(
                answers, sort_keys=True
            ),  # as text, since True, 1 and 1.0 are equal and not all of them valid
            tuple(sorted(grades.items())),
            tuple(sorted(profile.targets.items())),
            _one(tuple(sorted(peers.scores.items()))),
            tuple(sorted(peers.medians.items())),
        )
        return cls(by, rubric, answers, profile, peers, grades)


@lru_cache(maxsize=64)
def _one(scores: tuple[Any, ...]) -> tuple[Any, ...]:
    """The first of all equal ones, so that the firms of one group don't keep its scores each for itself."""
    return scores


@lru_cache(maxsize=KEPT)
def result_of(case: Case) -> Result:
    """Raises ``AnswerRefused``."""
    return score(case.rubric, case.answers, profile=case.profile, peers=case.peers, grades=case.grades)


@lru_cache(maxsize=KEPT)
def questions_of(case: Case) -> tuple[Question, ...]:
    """The unanswered questions, the most telling first. Raises ``AnswerRefused``."""
    return tuple(rank_questions(case.rubric, case.answers, profile=case.profile, peers=case.peers))


@lru_cache(maxsize=KEPT)
def steps_of(case: Case, plank: str | None) -> tuple[Step, ...]:
    """The next step of each answered question, of ``plank`` only where one is named. Raises ``AnswerRefused``."""
    return tuple(next_steps(case.rubric, case.answers, plank=plank, profile=case.profile, peers=case.peers))
