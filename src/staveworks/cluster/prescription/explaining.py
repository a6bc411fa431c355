"""A recorded answer with its reasons. They follow from the basis, the budget and the answer, which stay as they were, so they are
worked out once a process for each."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from staveworks.cluster.prescription.domain import answer_of, paid_by_vouchers, problem_of, services_of
from staveworks.cluster.prescription.types import Document, Service
from staveworks.engine.prescription import (
    Chosen,
    Prescription,
    Problem,
    Reached,
    Unchosen,
    explain_chosen,
    explain_unchosen,
    reach,
)

KEPT = 128
"""About 100 kB each."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was asked and answered. Equal by ``by``: the digest of the document, which says all of it, and the rest as text. ``document``
    reads it: once explained, a basis of hundreds of offers isn't read again."""

    by: str
    document: Callable[[], Document] = field(compare=False)
    budget_fen: int = field(compare=False)
    objective: str = field(compare=False)
    result: Mapping[str, Any] = field(compare=False)

    @classmethod
    def of(
        cls,
        digest: str,
        document: Callable[[], Document],
        *,
        budget_fen: int,
        objective: str,
        result: Mapping[str, Any],
    ) -> "Recorded":
        return cls(
            json.dumps([digest, budget_fen, objective, result]), document, budget_fen, objective, result
        )


@dataclass(frozen=True, slots=True)
class Explained:
    """``before``: the barrel without any of it."""

    problem: Problem
    before: Reached
    answer: Prescription
    chosen: tuple[Chosen, ...]
    unchosen: tuple[Unchosen, ...]
    services: dict[str, Service]
    paid_fen: dict[str, int]


@lru_cache(maxsize=KEPT)
def explain(recorded: Recorded) -> Explained:
    document = recorded.document()
    problem = problem_of(document, budget_fen=recorded.budget_fen, objective=recorded.objective)
    answer = answer_of(problem, recorded.result)
    return Explained(
        problem=problem,
        before=reach(problem, ()),
        answer=answer,
        chosen=explain_chosen(problem, answer.chosen),
        unchosen=tuple(explain_unchosen(problem, answer.chosen)),
        services=services_of(document),
        paid_fen=paid_by_vouchers(answer.chosen),
    )
