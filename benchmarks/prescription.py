"""One firm before 500 offers: the whole prescription beside one plain "maximise the minimum" solve of the same programme.

python benchmarks/prescription.py [MARKETS]
"""

import json
import statistics
import sys
import time
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from staveworks.engine.prescription import check_prescription, frontier, prescribe, reach
from staveworks.engine.prescription.model import Model
from tests.unit.prescriptions import market

RESULT = Path(__file__).parent / "results" / "prescription.json"
OFFERS, PATIENCE_S = 500, 60.0


def plain(problem: Any) -> tuple[float, float]:
    """Maximise the minimum, as one would write it down first: (seconds, level)."""
    begun = time.perf_counter()
    model = Model(problem, problem.available)
    model.keep_within(problem.budget_fen)
    column = model.rise(0, 0.0, 100.0)
    answer = model.solve({column: 1.0}, maximise=True, seconds=PATIENCE_S)
    level = reach(problem, model.chosen(answer.values)).water_level if answer.values else -inf
    return time.perf_counter() - begun, level


def measure(seed: int) -> dict[str, Any]:
    problem = market(seed, OFFERS)
    plain_s, plain_level = plain(problem)
    begun = time.perf_counter()
    answer = prescribe(problem, seconds=PATIENCE_S)
    whole_s = time.perf_counter() - begun
    assert check_prescription(problem, answer) == []
    assert abs(answer.reached.water_level - plain_level) < 1e-4, "both are proved, so both are the same"
    begun = time.perf_counter()
    leximin = prescribe(replace(problem, objective="leximin"), seconds=PATIENCE_S)
    return {
        "seed": seed,
        "level": round(answer.reached.water_level, 3),
        "status": answer.status,
        "plain_s": round(plain_s, 3),
        "whole_s": round(whole_s, 3),
        "ratio": round(whole_s / plain_s, 2),
        "leximin_s": round(time.perf_counter() - begun, 3),
        "leximin_status": leximin.status,
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    rows = [measure(seed) for seed in range(count)]
    small = market(0, 60)
    begun = time.perf_counter()
    points = len(list(frontier(small)))
    found = {
        "offers": OFFERS,
        "markets": rows,
        "median_whole_s": statistics.median(row["whole_s"] for row in rows),
        "median_ratio_to_plain": statistics.median(row["ratio"] for row in rows),
        "frontier_60_offers": {"points": points, "seconds": round(time.perf_counter() - begun, 2)},
    }
    RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
