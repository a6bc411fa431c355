"""Dispatch beside its peers: the same problem, the same time, gap and memory in one table.

    .venv/bin/python -m benchmarks.dispatch.compare [--seconds 10] [--sizes 1000 10000] [--shapes tight dyeing] [--solvers greedy CP-SAT]

Every run is a process of its own. *Gap* is a plan's cost over the best bound that any of the runs proved (the linear optimum is one);
for those that solve only the linear problem it is empty, and *bound* says how far their bound is below the best. Peers get the problem as
rows and columns (``model.py``), which only one operation allows at these sizes: three operations are for us and greedy. Their time includes
making the rows. Results go to ``benchmarks/results/dispatch.json`` and ``dispatch.svg``. The machine is shared: ``processor_s`` says how much
of the time a run got.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from math import isfinite, log
from pathlib import Path
from typing import Any

from benchmarks.dispatch.chart import draw
from benchmarks.dispatch.generate import SHAPES
from benchmarks.dispatch.peers import GENERAL, SOLVERS

HERE = Path(__file__).parent
RESULTS = HERE.parent / "results"
SAMPLES = HERE.parent.parent / "tests" / "golden" / "dispatch"

type Row = dict[str, Any]


def run(solver: str, problem: str, seconds: float) -> Row:
    """What the child said, or why it said nothing."""
    line = [sys.executable, "-m", "benchmarks.dispatch.peers", solver, problem, str(seconds)]
    row: Row = {"problem": Path(problem).name, "solver": solver}
    try:
        done = subprocess.run(
            line, capture_output=True, text=True, timeout=4 * seconds + 300, cwd=HERE.parent.parent
        )
    except subprocess.TimeoutExpired:
        return row | {"failed": "did not end"}
    if done.returncode:
        return row | {"failed": done.stderr.strip().splitlines()[-1:] or "killed"}
    said = json.loads(done.stdout.strip().splitlines()[-1])
    return row | {
        key: value if value is not None and isfinite(value) else None for key, value in said.items()
    }


def compare(problem: str, operations: int, solvers: list[str], seconds: float) -> list[Row]:
    rows = [run(solver, problem, seconds) for solver in solvers if operations == 1 or solver in GENERAL]
    best = max((row["bound"] for row in rows if row.get("bound")), default=0.0)
    for row in rows:
        objective, bound = row.get("objective"), row.get("bound")
        row["gap_percent"] = round(100 * (objective / best - 1), 3) if objective and best else None
        row["bound_percent"] = round(100 * (bound / best - 1), 3) if bound and best else None
        show(row)
    return rows


def show(row: Row) -> None:
    cells = [f"{row['problem']:<22}", f"{row['solver']:<13}"]
    for key, width, digits in (
        ("gap_percent", 9, 3),
        ("bound_percent", 9, 3),
        ("seconds", 8, 1),
        ("processor_s", 8, 1),
        ("memory_mb", 7, 0),
    ):
        value = row.get(key)
        cells.append(f"{value:{width}.{digits}f}" if value is not None else " " * (width - 1) + "–")
    print(*cells, row.get("failed", ""), flush=True)


def growth(rows: list[Row]) -> Iterator[str]:
    """Exponent of processor time in the number of lines, between the smallest and the largest problem of each solver."""
    for solver in SOLVERS:
        some = [
            (row["lines"], row["processor_s"])
            for row in rows
            if row["solver"] == solver and row.get("processor_s") and row.get("lines")
        ]
        if some and max(some)[0] > min(some)[0]:
            (few, fast), (many, slow) = min(some), max(some)
            yield f"{solver}: time grows as lines^{log(slow / fast) / log(many / few):.2f} from {few:,} to {many:,} lines"


def better(rows: list[Row]) -> Iterator[str]:
    """Where a peer has the better plan or bound."""
    ours = {row["problem"]: row for row in rows if row["solver"] == "staveworks"}
    for row in rows:
        us = ours.get(row["problem"], {})
        for what, sign in (("gap_percent", -1), ("bound_percent", 1)):
            mine, other = us.get(what), row.get(what)
            if (
                row["solver"] != "staveworks"
                and mine is not None
                and other is not None
                and sign * (other - mine) > 0.005
            ):
                yield f"{row['solver']} is better on {row['problem']}: {what.split('_')[0]} {other} %, ours {mine} %"


def problems(options: argparse.Namespace) -> Iterator[tuple[str, int, int]]:
    """Name, operations, lines."""
    if not options.no_samples:
        yield str(SAMPLES / "d1000-1"), 1, 0
        yield str(SAMPLES / "d1000-3"), 3, 0
    for shape in options.shapes:
        for operations in (1, 3):
            yield f"1000:{operations}:{shape}:{options.seed}", operations, 0
    for lines in options.sizes:
        for operations in (1, 3):
            yield f"{lines}:{operations}:mixed:{options.seed}", operations, lines


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 2_000])
    parser.add_argument("--shapes", nargs="*", choices=SHAPES, default=SHAPES[1:])
    parser.add_argument("--solvers", nargs="*", choices=list(SOLVERS), default=list(SOLVERS))
    parser.add_argument("--no-samples", action="store_true")
    options = parser.parse_args()
    subprocess.run([sys.executable, "-m", "staveworks.engine.dispatch.compile"], check=True)  # as at set-up
    print(f"{'problem':<22} {'solver':<13} gap %     bound %   seconds processor  MB")
    rows: list[Row] = []
    for problem, operations, lines in problems(options):
        found = compare(problem, operations, options.solvers, options.seconds)
        rows += [row | ({"lines": lines} if lines and operations == 1 else {}) for row in found]
    said = [*growth(rows), *better(rows)]
    print(*said, sep="\n")
    report = {"seconds": options.seconds, "seed": options.seed, "rows": rows, "said": said}
    (RESULTS / "dispatch.json").write_text(
        json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (RESULTS / "dispatch.svg").write_text(draw(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
