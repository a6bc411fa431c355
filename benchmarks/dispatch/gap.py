"""Lines that can't be split: the 84 instances of generalized assignment that are tested in the literature.

    .venv/bin/python -m benchmarks.dispatch.gap [--only chu1997/d] [--seed 0]

gap1–gap12 (Cattrysse and others) and the types A–D of Chu and Beasley, with the best costs that others found. ``over`` is our cost over
that; below 0 ours is better. Every plan is checked on its own. Results go to ``benchmarks/results/dispatch_gap.json``.
"""

import argparse
import json
import time
from pathlib import Path

from staveworks.engine.dispatch import check_plan, solve
from tests.dispatching.gap import best_known, read_gap

RESULTS = Path(__file__).parent.parent / "results" / "dispatch_gap.json"

type Row = dict[str, str | float]


def measure(name: str, best: float, seed: int) -> Row:
    problem = read_gap(name)
    wall, processor = time.perf_counter(), time.process_time()
    result = solve(problem, seed=seed)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    verdict = check_plan(problem, result)
    assert not verdict.broken, verdict.broken
    return {
        "instance": name,
        "best_known": best,
        "objective": round(result.objective, 6),
        "over_percent": round(100 * (result.objective / best - 1), 4),
        "proven_bound": round(result.proven_bound, 3),
        "status": result.status,
        "seconds": round(wall, 2),
        "processor_s": round(processor, 2),
    }


def summary(rows: list[Row]) -> Row:
    over = [float(row["over_percent"]) for row in rows]
    return {
        "instances": len(rows),
        "optimal": sum(row["status"] == "optimal" for row in rows),
        "mean_over_percent": round(sum(over) / len(over), 4),
        "most_over_percent": max(over),
        "mean_processor_s": round(sum(float(row["processor_s"]) for row in rows) / len(rows), 2),
        "most_processor_s": max(float(row["processor_s"]) for row in rows),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="instances whose names begin so")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rows = []
    for name, best in best_known().items():
        if name.startswith(options.only):
            rows.append(measure(name, best, options.seed))
            print(*rows[-1].values(), flush=True)
    sets = {
        folder: [row for row in rows if str(row["instance"]).startswith(folder)]
        for folder in ("cattrysse1994", "chu1997")
    }
    report = {
        "seed": options.seed,
        "sets": {key: summary(some) for key, some in sets.items() if some},
        "rows": rows,
    }
    for key, found in report["sets"].items():
        print(key, found)
    if not options.only:
        RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
