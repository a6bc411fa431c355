"""A hundred clients of ten organisations for a minute on 50 hours, 20 seats and one lot of yarn; then the database's verdict.

    .venv/bin/python benchmarks/hammer.py [SECONDS] [CLIENTS]

Holds, commitments, releases, use, whole orders with cancellation, against one instrument, one course, one lot. The second run has
every guard of the kernel taken away (lock, exclusion, check) and nothing given back: it has to fail, or the first shows nothing. The result goes to
``benchmarks/results/hammer.json``; limits: 0 faults, 0 lost, 0 doubled, 0 deadlocks that outlast the retries.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

import psycopg  # noqa: E402
from django.db import connection  # noqa: E402

from tests.database import Databases, django_on  # noqa: E402
from tests.hammer import Report, hammer, make_arena  # noqa: E402
from tests.stock import NO_CHECK, NO_EXCLUSION, NO_LOCK  # noqa: E402
from tests.world import make_world  # noqa: E402

RESULT = Path(__file__).parent / "results" / "hammer.json"


def run(databases: Databases, *, clients: int, seconds: float, guarded: bool) -> dict[str, Any]:
    clone = databases.clone()
    try:
        with django_on(clone.urls):
            if not guarded:
                with psycopg.connect(clone.urls.owner) as owner:
                    for statement in (NO_LOCK, NO_EXCLUSION, NO_CHECK):
                        owner.execute(statement.encode())
            arena = make_arena(make_world())
            report = hammer(arena, clone.urls.superuser, clients=clients, seconds=seconds, keep=not guarded)
            with connection.cursor() as cursor:
                cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
                deadlocks = int(cursor.fetchone()[0])
            return told(report, seconds) | {"deadlocks": deadlocks}
    finally:
        databases.drop(clone)


def told(report: Report, seconds: float) -> dict[str, Any]:
    acts = sum(report.acts.values())
    return {
        "overlaps": report.faults.count("overlap"),
        "oversold": report.faults.count("oversold"),
        "other_faults": len(report.faults) - report.faults.count("overlap") - report.faults.count("oversold"),
        "acknowledged_and_lost": report.lost,
        "doubled": report.doubled,
        "busy": sum(count for act, count in report.acts.items() if act.endswith("busy")),
        "acts": acts,
        "acts_per_second": round(acts / seconds),
        "by_outcome": dict(sorted(report.acts.items())),
        "reservations_by_state": dict(sorted(report.states.items())),
    }


def main() -> None:
    seconds = float(sys.argv[1]) if sys.argv[1:] else 60
    clients = int(sys.argv[2]) if sys.argv[2:] else 100
    databases = Databases()
    try:
        result = {
            "command": "python benchmarks/hammer.py",
            "clients": clients,
            "organisations": 10,
            "seconds": seconds,
            "guarded": run(databases, clients=clients, seconds=seconds, guarded=True),
            "control_without_guards": run(
                databases, clients=clients, seconds=min(seconds, 10), guarded=False
            ),
        }
    finally:
        databases.close()
    print(json.dumps(result, indent=2, ensure_ascii=False))
    if not sys.argv[1:]:
        RESULT.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
