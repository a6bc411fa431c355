"""Answers of an invented firm: each question gets the answer whose score is nearest to what the firm would have. Pure."""

import random
from collections.abc import Callable, Mapping
from functools import cache

from staveworks.engine.barrel import Leaf, load_rubric, score_many

Value = int | float | list[int] | str
Candidates = list[tuple[Value, float]]
STEPS, LIKELY = 12, 1
SOUND = 0.97
"""How many firms have the permits whose lack bores a hole."""


@cache
def candidates(rubric_id: str) -> Mapping[str, Candidates]:
    """Leaf → possible answers with the score (0–100) that each gives."""
    rubric = load_rubric(rubric_id)
    tried = [(leaf.code, value) for leaf in rubric.leaves for value in _values(leaf)]
    scored = score_many(rubric, ({code: value} for code, value in tried)).sheet.parts
    found: dict[str, Candidates] = {leaf.code: [] for leaf in rubric.leaves}
    for place, (code, value) in enumerate(tried):
        found[code].append((value, float(scored[code].value[LIKELY, place]) if code in scored else 0.0))
    return found


def _values(leaf: Leaf) -> list[Value]:
    if leaf.options and leaf.kind == "multi":
        plain = [n for n, option in enumerate(leaf.options) if not option.exclusive]
        return [[], *(plain[:n] for n in range(1, len(plain) + 1))]
    if leaf.options:
        return list(range(len(leaf.options)))
    least = 0.0 if leaf.least is None else leaf.least
    most = 100.0 if leaf.most is None else min(leaf.most, 200.0)
    return [round(least + (most - least) * step / STEPS, 1) for step in range(STEPS + 1)]


def draw_answers(
    rubric_id: str, height_of: Callable[[str], float], chance: random.Random, *, share: float
) -> dict[str, Value]:
    """Answers to about ``share`` of the questions, around ``height_of(plank)`` points with a spread of 13."""
    rubric, known = load_rubric(rubric_id), candidates(rubric_id)
    holes = {hole.leaf for hole in rubric.holes}
    answers: dict[str, Value] = {}
    for leaf in rubric.leaves:
        if not known[leaf.code] or (chance.random() > share and leaf.code not in holes):
            continue
        wanted = height_of(leaf.plank or "") + chance.gauss(0, 13)
        if leaf.code in holes:
            wanted = 100 if chance.random() < SOUND else 0
        answers[leaf.code] = min(known[leaf.code], key=lambda found: abs(found[1] - wanted))[0]
    return answers
