"""How long, how much memory, how growing: reading, normalising and matching one list of up to 50,000 rows; and the goals.

    python benchmarks/rosters.py                         time, memory, growth on invented lists
    python benchmarks/rosters.py --truth FOLDER          the three goals on a folder with lists and truth.csv, in every order

Results go to benchmarks/results/rosters.json. Each size runs in a process of its own, so that its peak memory is its own.
"""

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from itertools import permutations
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.golden.rosters.judge import judge, outcomes, read_truth, run  # noqa: E402
from tests.golden.rosters.make_lists import make_one_list  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "rosters.json"
SIZES = [6_250, 12_500, 25_000, 50_000]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--truth", type=Path, help="folder with lists and truth.csv (firm, list, row)")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one)))
    elif given.truth:
        report({"goals": goals(given.truth)})
    else:
        report(growth())


def measure(path: Path) -> dict[str, object]:
    """CPU seconds of each step (the machine may be shared) and peak memory in MB of this process."""
    from staveworks.foundation.rosters.columns import guess_columns
    from staveworks.foundation.rosters.matching import record_of
    from staveworks.foundation.rosters.normalising import normalise
    from staveworks.foundation.rosters.reading import open_roster

    start = time.process_time()
    roster = open_roster(path)
    columns = guess_columns(roster.sheets[0].headers, roster.sheets[0].sample).columns
    rows = list(roster.rows())
    read = time.process_time()
    entries = [(row.number, normalise(row, columns).entry) for row in rows]
    normal = time.process_time()
    placements = run([((path.name, number), record_of(entry)) for number, entry in entries if entry])
    end = time.process_time()
    return {
        "rows": len(rows),
        "kind": roster.kind,
        "read_s": round(read - start, 2),
        "normalise_s": round(normal - read, 2),
        "match_s": round(end - normal, 2),
        "total_s": round(end - start, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "outcomes": dict(outcomes(placements)),
    }


def growth() -> dict[str, object]:
    """Every size as XLSX and CSV; the exponent of time against rows (1 = linear) between the smallest and largest."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("csv", "xlsx"):
            for size in SIZES:
                path = Path(folder) / f"list-{size}.{kind}"
                make_one_list(path, seed=7, rows=size)
                command = [sys.executable, __file__, "--one", str(path)]
                found.append(
                    json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                )
                print(found[-1], flush=True)
    exponents = {}
    for kind in ("csv", "xlsx"):
        times = {run_["rows"]: run_["total_s"] for run_ in found if run_["kind"] == kind}
        small, large = min(times), max(times)
        exponents[kind] = round(math.log(times[large] / times[small]) / math.log(large / small), 2)
    return {"growth": found, "exponent": exponents}


def goals(folder: Path) -> list[dict[str, object]]:
    """Precision of merged pairs, recall of true pairs, share of queued rows, for every order of loading."""
    from tests.golden.rosters.judge import read_records

    truth = read_truth(folder / "truth.csv")
    names = sorted({name for name, _ in truth})
    records = {name: read_records([folder / name]) for name in names}
    found = []
    for order in permutations(names):
        verdict = judge(run([record for name in order for record in records[name]]), truth)
        found.append(
            {
                "order": list(order),
                "rows": verdict.rows,
                "merged_right": round(verdict.precision, 4),
                "true_pairs_found": round(verdict.recall, 4),
                "true_pairs_merged": round(verdict.merged_recall, 4),
                "rows_queued": round(verdict.queued, 4),
            }
        )
    return found


def report(found: dict[str, object]) -> None:
    """Print, and keep beside what other runs of this benchmark found."""
    RESULTS.parent.mkdir(exist_ok=True)
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(kept | found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
