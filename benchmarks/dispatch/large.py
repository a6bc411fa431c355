"""Very many lines, from a folder of Parquet tables to a folder of results: gap, time, memory of ``staveworks dispatch``.

    .venv/bin/python -m benchmarks.dispatch.large [--sizes 100000 1000000] [--seeds 1]

Each run is a process of its own, checked by another (``--check``). *processor_s* is user and system time of the whole command, reading and
writing counted; the machine is shared, so *seconds* says more about its neighbours. *first_s* and *first_gap* are of the first plan that was
told. Results go to ``benchmarks/results/dispatch_large.json``; runs of the same size and seed replace each other.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.dispatch.generate import generate
from benchmarks.dispatch.tables import write_tables

RESULTS = Path(__file__).parent.parent / "results" / "dispatch_large.json"
COMMAND = [sys.executable, "-c", "from staveworks.cli.dispatch import dispatch; dispatch()"]
TOLD = re.compile(r"^\s*([\d.]+)s\s+([\d,.]+)\s+([\d,.]+)\s+([\d.]+)%")


def run(folder: Path, lines: int, seed: int) -> dict[str, Any]:
    problem, out = folder / "P", folder / "R"
    write_tables(generate(lines, 3, "mixed", seed), problem, "parquet")
    told = (folder / "progress").open("w+", encoding="utf-8")
    answer = (folder / "answer").open("w+", encoding="utf-8")
    began = perf_counter()
    child = subprocess.Popen(
        [*COMMAND, "--problem", str(problem), "--out", str(out), "--format", "parquet", "--json"],
        stdout=answer,
        stderr=told,
    )
    _, status, used = os.wait4(child.pid, 0)
    seconds = perf_counter() - began
    told.seek(0)
    if status:
        raise SystemExit(told.read())
    firsts = [found for row in told if (found := TOLD.match(row))]
    answer.seek(0)
    summary = json.loads(answer.read())
    sound = (
        subprocess.run([*COMMAND, "--problem", str(problem), "--check", str(out)], check=False).returncode
        == 0
    )
    return {
        "lines": lines,
        "seed": seed,
        "gap_percent": round(100 * summary["proven_gap"], 3),
        "gap_by_hours_alone_percent": round(100 * summary["gap"], 3),
        "seconds": round(seconds, 1),
        "processor_s": round(used.ru_utime + used.ru_stime, 1),
        "memory_mb": used.ru_maxrss // 1024,
        "first_s": float(firsts[0][1]) if firsts else None,
        "first_gap_percent": float(firsts[0][4]) if firsts else None,
        "phases": {phase: round(spent, 1) for phase, spent in summary["seconds"].items()},
        "sound": sound,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    options = parser.parse_args()
    subprocess.run([sys.executable, "-m", "staveworks.engine.dispatch.compile"], check=True)  # as at set-up
    rows = json.loads(RESULTS.read_text(encoding="utf-8"))["rows"] if RESULTS.exists() else []
    for lines in options.sizes:
        for seed in options.seeds:
            with tempfile.TemporaryDirectory() as folder:
                row = run(Path(folder), lines, seed)
            print(row, flush=True)
            rows = [*(each for each in rows if (each["lines"], each["seed"]) != (lines, seed)), row]
            rows.sort(key=lambda each: (each["lines"], each["seed"]))
            RESULTS.write_text(json.dumps({"rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
