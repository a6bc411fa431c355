"""How long it takes to score a whole cluster, against reading its answers.

    .venv/bin/python benchmarks/barrel.py [--firms 100000]

Writes JSON Lines of complete answers to the full ten-plank rubric, then times on the same file, in one run:

- reading as the standard library does (``json.loads`` of every line): what everything is compared with
- reading as the command does (``read_firms``), and that with scoring
- the whole command: start, reading, scoring, next question, writing the results

The goal is the whole command within 3 × reading. ``ratio`` is reading and scoring, ``command_ratio`` the whole command, both over
the standard library's reading; ``command_to_own_reading`` is over the command's own, faster reading, and so less flattering.
Results go to ``benchmarks/results/barrel.json``. Only ratios of one run mean anything: the machine is shared.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from barrel_answers import write_firms

from staveworks.cli.lines import read_firms
from staveworks.engine.barrel import Rubric, load_rubric, score_many

RESULTS = Path(__file__).parent / "results" / "barrel.json"
TOGETHER = 2_000


def read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def only_read(path: Path) -> int:
    return sum(len(firm) > 0 for firm in read(path))


def read_as_the_command(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for firm in read_firms(file):
            yield firm.answers


def only_read_as_the_command(path: Path) -> int:
    return sum(len(firm) > 0 for firm in read_as_the_command(path))


def read_and_score(path: Path, rubric: Rubric) -> int:
    firms, scored = read_as_the_command(path), 0
    while True:
        batch = score_many(rubric, islice(firms, TOGETHER))
        if not batch.sheet.count:
            return scored
        assert not batch.refusals
        scored += batch.sheet.count


def timed(work: Callable[[], object], rounds: int = 3) -> float:
    """The best of some rounds, in seconds of processor time: the machine is shared."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def command(path: Path, rubric: Rubric) -> float:
    """Seconds of processor time of the whole command, start included."""
    line = [sys.executable, "-m", "staveworks.cli.main", "diagnose", "--json"]
    line += ["--rubric", rubric.id, "--answers", str(path)]
    before = os.times()
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def measure(rubric: Rubric, firms: int, folder: Path, *, kept: float = 1.0) -> dict[str, float]:
    path = folder / f"{firms}-{kept}.jsonl"
    write_firms(path, rubric, firms, kept=kept)
    reading = timed(lambda: only_read(path))
    own_reading = timed(lambda: only_read_as_the_command(path))
    scoring = timed(lambda: read_and_score(path, rubric))
    whole = min(command(path, rubric) for _ in range(2))
    return {
        "firms": firms,
        "answered": kept,
        "read_s": round(reading, 3),
        "own_read_s": round(own_reading, 3),
        "read_and_score_s": round(scoring, 3),
        "ratio": round(scoring / reading, 2),
        "score_us_per_firm": round((scoring - own_reading) / firms * 1e6, 2),
        "command_s": round(whole, 2),
        "command_ratio": round(whole / reading, 2),
        "command_to_own_reading": round(whole / own_reading, 2),
        "command_us_per_firm": round(whole / firms * 1e6, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--firms", type=int, default=100_000)
    most = parser.parse_args().firms
    rubric = load_rubric("staveworks-planks-2026")
    with tempfile.TemporaryDirectory() as folder:
        sizes = [most // 100, most // 10, most]
        rows = [measure(rubric, size, Path(folder)) for size in sizes]
        rows.append(measure(rubric, most // 10, Path(folder), kept=0.5))
    report = {
        "rubric": rubric.id,
        "leaves": len(rubric.leaves),
        "python": platform.python_version(),
        "rows": rows,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for row in rows:
        print(row)


if __name__ == "__main__":
    main()
