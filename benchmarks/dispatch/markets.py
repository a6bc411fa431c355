"""Eight markets that share nothing, as one problem: in one process, in processes, and not taken apart at all.

    .venv/bin/python -m benchmarks.dispatch.markets [--markets 8] [--sizes 2000 5000] [--operations 3] [--threads 2] [--whole-up-to 2000]

Every way is a run of its own, all of a size one after the other. *processor* is what the run and its processes used; *ratio* is the time of
one process over that of processes: at most the number of threads, and less the more the machine has to do besides (``load``: the mean of
runnable processes at the start). One process works with one thread, so that the ratio counts what processes bring. Answers of the first
two are the same to the last digit, which is asserted; every plan is checked on its own. Results go to
``benchmarks/results/dispatch_markets.json``.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from functools import reduce
from math import log
from pathlib import Path

from benchmarks.dispatch.generate import generate
from staveworks.engine.dispatch import Problem, check_plan, solve
from staveworks.engine.dispatch.markets import split
from tests.dispatching.joining import beside

HERE = Path(__file__).parent
RESULTS = HERE.parent / "results" / "dispatch_markets.json"
WAYS = ("one process", "processes", "whole")

type Row = dict[str, str | float | int]


def problem_of(markets: int, lines: int, operations: int) -> Problem:
    return reduce(beside, (generate(lines, operations, "mixed", seed) for seed in range(1, markets + 1)))


def measure(way: str, markets: int, lines: int, operations: int, threads: int) -> Row:
    problem = problem_of(markets, lines, operations)
    if way == "whole":
        split.APART = len(problem.lines) + 1
    before = resource.getrusage(resource.RUSAGE_SELF)
    load, began = os.getloadavg()[0], time.perf_counter()
    result = solve(problem, threads=1 if way == "one process" else threads)
    seconds = time.perf_counter() - began
    after, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert not check_plan(problem, result).broken
    return {
        "way": way,
        "markets": markets,
        "lines_each": lines,
        "objective": result.objective,
        "bound": result.bound,
        "gap_percent": round(100 * result.gap, 4),
        "seconds": round(seconds, 1),
        "processor_s": round(used + children.ru_utime + children.ru_stime, 1),
        "memory_mb": after.ru_maxrss // 1024,
        "largest_process_mb": children.ru_maxrss // 1024,
        "load": round(load, 1),
    }


def run(way: str, options: argparse.Namespace, lines: int) -> Row:
    """In a process of its own, so that the memory is its own."""
    asked = [str(each) for each in (options.markets, lines, options.operations, options.threads)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.dispatch.markets", "--only", way, *asked],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    row: Row = json.loads(done.stdout.splitlines()[-1])
    print(*row.values(), flush=True)
    return row


def sized(options: argparse.Namespace, lines: int) -> list[Row]:
    ways = WAYS if lines <= options.whole_up_to else WAYS[:2]
    rows = [run(way, options, lines) for way in ways]
    assert (rows[0]["objective"], rows[0]["bound"]) == (rows[1]["objective"], rows[1]["bound"])
    rows[1]["ratio"] = round(float(rows[0]["seconds"]) / float(rows[1]["seconds"]), 2)
    return rows


def said(rows: list[Row]) -> list[str]:
    found = [
        f"{row['markets']} × {row['lines_each']} lines: processes take 1/{row['ratio']} of the time"
        for row in rows
        if "ratio" in row
    ]
    apart = [row for row in rows if row["way"] == "processes"]
    if len(apart) > 1:
        few, many = apart[0], apart[-1]
        grown = log(float(many["processor_s"]) / float(few["processor_s"]))
        exponent = grown / log(float(many["lines_each"]) / float(few["lines_each"]))
        found.append(
            f"processor time grows as lines^{exponent:.2f} from {few['lines_each']} to {many['lines_each']} lines a market"
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--markets", type=int, default=8)
    parser.add_argument("--sizes", type=int, nargs="*", default=[2_000, 5_000])
    parser.add_argument("--operations", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--whole-up-to", type=int, default=2_000, help="larger ones are not solved as one too"
    )
    parser.add_argument("--only", nargs=5, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        way, *numbers = options.only
        print(json.dumps(measure(way, *(int(number) for number in numbers))))
        return
    subprocess.run([sys.executable, "-m", "staveworks.engine.dispatch.compile"], check=True)  # as at set-up
    rows = [row for lines in options.sizes for row in sized(options, lines)]
    print(*said(rows), sep="\n")
    report = {"threads": options.threads, "operations": options.operations, "rows": rows, "said": said(rows)}
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
