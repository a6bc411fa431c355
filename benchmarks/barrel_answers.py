"""Made-up answers for the barrel benchmarks: firms with a strength per plank, so that planks differ as they do in life."""

import json
import random
from pathlib import Path
from typing import Any

from staveworks.engine.barrel import Leaf, Rubric


def make_firm(rubric: Rubric, dice: random.Random) -> dict[str, Any]:
    """A complete set of answers. Each plank has a strength; each answer scatters around it."""
    strength = {plank: dice.betavariate(2, 2) for plank in rubric.planks}
    return {leaf.code: make_answer(leaf, strength.get(leaf.plank or "", 0.5), dice) for leaf in rubric.leaves}


def make_answer(leaf: Leaf, strength: float, dice: random.Random) -> Any:
    """The answer nearest to a score drawn around ``strength`` (0–1)."""
    aim = min(1.0, max(0.0, dice.gauss(strength, 0.2)))
    if leaf.kind == "multi":
        return [i for i, option in enumerate(leaf.options) if option.points and dice.random() < aim]
    if leaf.by_option:
        return min(range(len(leaf.options)), key=lambda i: abs(leaf.options[i].points - aim * leaf.points))
    if leaf.kind == "points":
        return round(aim * leaf.points)
    if leaf.bands:
        rising = leaf.bands.points[-1] > leaf.bands.points[0]
        bounds = leaf.bands.bounds
        return round(bounds[0] + (bounds[-1] - bounds[0]) * (aim if rising else 1 - aim), 2)
    return round(10 * aim)


def write_firms(path: Path, rubric: Rubric, count: int, *, seed: int = 1, kept: float = 1.0) -> None:
    """Writes ``count`` firms as JSON Lines; each answer stays with probability ``kept``."""
    dice = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for _ in range(count):
            firm = make_firm(rubric, dice)
            if kept < 1:
                firm = {code: value for code, value in firm.items() if dice.random() < kept}
            file.write(json.dumps(firm, ensure_ascii=False) + "\n")
