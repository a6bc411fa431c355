"""Assessments by the two national rubrics: one firm twice by the digital level and half-way through the other, and a few of
its peers. Only what the ten planks don't ask is answered here; the rest is taken over, so that the barrels stay as drawn."""

import random
from collections.abc import Iterable
from uuid import UUID

from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.demo.answers import Value, draw_answers
from staveworks.demo.people import who_answers
from staveworks.engine.barrel import load_rubric
from staveworks.foundation.parties.types import Actor

PLANKS, DIGITAL, SRDI = "staveworks-planks-2026", "miit-sme-digital-2024", "miit-srdi-2022"
PEERS = 8
FIGURES: dict[str, Value] = {
    "g2.spend": 120,
    "g2.share": 2.6,
    "g3.revenue": 4600,
    "spec.years": 9,
    "spec.field": 1,
}
"""R&D is large enough, but a smaller share of revenue than the second gate wants."""


def assess_nationally(firm: UUID, standing: float, seed: object) -> None:
    """The firm of the tutorial: its digital level at two dates, and the specialised firm's standard, not finished."""
    actor, chance = who_answers(firm), random.Random(f"{seed} national")  # noqa: S311 - a demo, not a secret
    for height in (standing - 25, standing):
        assessment = _answer(actor, DIGITAL, _own(DIGITAL, height, chance, share=0.9))
        finish_assessment(actor, assessment_id=assessment)
    _answer(actor, SRDI, FIGURES)


def assess_peers(firms: Iterable[UUID], seed: object) -> None:
    """A few firms of the same trade, so that the first has somebody to be compared with."""
    chance = random.Random(f"{seed} peers")  # noqa: S311 - a demo, not a secret
    for _, firm in zip(range(PEERS), firms, strict=False):
        answers = _own(DIGITAL, chance.uniform(20, 65), chance, share=0.8)
        _answer(who_answers(firm), DIGITAL, answers)


def _answer(actor: Actor, rubric: str, answers: dict[str, Value]) -> UUID:
    assessment = start_assessment(actor, rubric=rubric)
    save_answers(actor, assessment_id=assessment, answers=answers)
    return assessment


def _own(rubric: str, height: float, chance: random.Random, *, share: float) -> dict[str, Value]:
    """Answers to what the ten planks don't ask."""
    asked = load_rubric(PLANKS).index
    drawn = draw_answers(rubric, lambda _: height, chance, share=share)
    return {leaf: value for leaf, value in drawn.items() if leaf not in asked}
