"""How many questions it takes to fix the binding plank: the best next question against random order.

    .venv/bin/python benchmarks/next_question.py [--firms 200]

Firms are made up: each plank has a strength, each answer scatters around it. Questions are answered one by one until the
binding plank is *fixed*: no completion of the open answers can change it. Orders compared: random, the rubric's own, the
best next question with a flat prior, and with peers (300 other firms). Results: ``benchmarks/results/next_question.json``.
"""

import argparse
import json
import random
from collections.abc import Callable
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np
from barrel_answers import make_firm

from staveworks.engine.barrel import NO_PEERS, Batch, Peers, Rubric, load_rubric, next_questions, score_many

RESULTS = Path(__file__).parent / "results" / "next_question.json"
Firm = dict[str, Any]
Order = Callable[[Batch], list[str | None]]


def fixed(batch: Batch) -> list[bool]:
    """By firm: the same plank binds under every completion."""
    assert batch.barrels
    frame, relative = batch.barrels.frame, batch.barrels.heights.relative
    staves, hoops = list(frame.staves), list(frame.hoops)
    return [one_binds(frame, relative[:, :, firm], batch.barrels.water.bearing[:, firm], staves, hoops)
            for firm in range(batch.sheet.count)]  # fmt: skip


def one_binds(frame: Any, heights: Any, bearing: Any, staves: list[int], hoops: list[int]) -> bool:
    low, high = heights[0], heights[2]
    for stave in staves:
        others = min(low[other] for other in staves if other != stave)
        if high[stave] <= min(others, bearing[0]):
            return True
    if bearing[2] >= min(low[staves]):
        return False
    least = frame.weights[hoops] * (100 - high[hoops])
    most = frame.weights[hoops] * (100 - low[hoops])
    return any(least[i] >= max(np.delete(most, i)) for i in range(len(hoops)))


def questions_needed(rubric: Rubric, firms: list[Firm], order: Order, peers: Peers = NO_PEERS) -> list[int]:
    """How many answers each firm gave until its binding plank was fixed."""
    known: list[Firm] = [{} for _ in firms]
    needed = [0] * len(firms)
    waiting = list(range(len(firms)))
    while waiting:
        batch = score_many(rubric, [known[firm] for firm in waiting], peers=peers)
        asked = order(batch)
        done = fixed(batch)
        for firm, code, is_fixed in zip(waiting, asked, done, strict=True):
            if not is_fixed and code:
                known[firm][code] = firms[firm][code]
                needed[firm] += 1
        waiting = [
            firm for firm, code, is_fixed in zip(waiting, asked, done, strict=True) if code and not is_fixed
        ]
    return needed


def at_random(rubric: Rubric, seed: int) -> Order:
    """Every firm in an order of its own, drawn afresh at each step from what is open."""
    dice = random.Random(seed)

    def order(batch: Batch) -> list[str | None]:
        answered = [batch.sheet.answered[leaf.code] for leaf in rubric.leaves]
        return [
            dice.choice(
                [leaf.code for leaf, known in zip(rubric.leaves, answered, strict=True) if not known[firm]]
                or [None]
            )
            for firm in range(batch.sheet.count)
        ]

    return order


def as_written(batch: Batch) -> list[str | None]:
    leaves = batch.rubric.leaves
    return [
        next((leaf.code for leaf in leaves if not batch.sheet.answered[leaf.code][firm]), None)
        for firm in range(batch.sheet.count)
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--firms", type=int, default=200)
    count = parser.parse_args().firms
    rubric, dice = load_rubric("staveworks-planks-2026"), random.Random(7)
    firms = [make_firm(rubric, dice) for _ in range(count)]
    peers = Peers.of(rubric, [make_firm(rubric, dice) for _ in range(300)])
    needed = {
        "random": questions_needed(rubric, firms, at_random(rubric, 1)),
        "as written": questions_needed(rubric, firms, as_written),
        "best next, flat prior": questions_needed(rubric, firms, next_questions),
        "best next, peers": questions_needed(
            rubric, firms, lambda batch: next_questions(batch, peers=peers), peers
        ),
    }
    rows = {name: {"mean": round(fmean(some), 1), "median": median(some)} for name, some in needed.items()}
    fewer = 1 - rows["best next, flat prior"]["mean"] / rows["random"]["mean"]
    report = {"rubric": rubric.id, "leaves": len(rubric.leaves), "firms": count, "questions": rows}
    report["fewer_than_random_percent"] = round(100 * fewer, 1)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
