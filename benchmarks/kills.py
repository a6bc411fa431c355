"""Orders over HTTP under kill -9 of web, worker and database: is anything acknowledged lost, is anything there twice?

    .venv/bin/python benchmarks/kills.py [rounds]

The product's own processes on a home of their own; six clients of three firms order of two providers, each effect under an
``Idempotency-Key``: add, hold, place, confirm, deliver, accept or cancel; transfers follow in the worker. Each round kills one of the three
with all its processes, in the middle of the work; who doesn't learn an outcome asks again with the same key. Then the verdict, row
by row against what the clients were told, and `staveworks verify`. The result goes to
``benchmarks/results/kills.json``; limits: 0 lost, 0 doubled, 0 faults.
"""

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

from tests.kills import a_running_market, judge, order_under_kills, verified, wait_for_transfers  # noqa: E402

RESULT = Path(__file__).parent / "results" / "kills.json"
ROUNDS, CLIENTS, EACH_AFTER = 24, 6, 25
WHAT = ("web", "worker", "database")


def main() -> None:
    rounds = int(sys.argv[1]) if sys.argv[1:] else ROUNDS
    kills = [WHAT[n % len(WHAT)] for n in range(rounds)]
    Random(9).shuffle(kills)
    began = time.perf_counter()
    with a_running_market(CLIENTS) as market:
        told = order_under_kills(market, kills, each_after=EACH_AFTER)
        wait_for_transfers(market, told)
        verdict, whole = judge(market.superuser(), told), verified(market)
    result = {
        "command": "python benchmarks/kills.py",
        "rounds": rounds,
        "kills": dict(Counter(kills)),
        "clients": CLIENTS,
        "effects_acknowledged": told.acknowledged,
        "lines_taken_to_their_end": dict(Counter(line.fate for line in told.lines)),
        "unknown_outcomes_resolved_by_a_retry": told.asked_again,
        "of_these_had_committed": told.committed,
        "tries_without_an_outcome": dict(told.unknown),
        "acknowledged_and_lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "other_faults": len(verdict.faults),
        "verify": {
            "ok": whole["ok"],
            "events_sealed": whole["sealed"],
            "transfers_replayed": whole["ledger"]["transfers"],
            "reservations": whole["reservations"]["reservations"],
        },
        "seconds": round(time.perf_counter() - began),
        "load_average": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(result, indent=2))
    for what in (*verdict.lost, *verdict.doubled, *verdict.faults):
        print(what, file=sys.stderr)
    if not sys.argv[1:]:
        RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    sys.exit(0 if verdict.clean and whole["ok"] else 1)


if __name__ == "__main__":
    main()
