"""Holding slots through the use case, one by one and a hundred in a call, beside pgbench that takes one slot a transaction by the same SQL.

    .venv/bin/python benchmarks/holds.py [rounds]

Every hold locks the resource, ends overdue holds, looks for a free unit and inserts under the exclusion constraint, with all
triggers. The use case adds its checks, the answer and the event; pgbench sends the bare call, written out, in a transaction with the
same settings, on the same server in the same run, with fsync. Goals: singly at least 0.15 of pgbench's rate, in bulk at least 2 of it.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
import django

django.setup()

import psycopg  # noqa: E402

from staveworks.db.embedded.places import wheel_binaries  # noqa: E402
from staveworks.db.embedded.secrets import Urls  # noqa: E402
from staveworks.db.embedded.server import EmbeddedServer  # noqa: E402
from staveworks.db.schema import migrate  # noqa: E402
from staveworks.foundation.parties.types import Actor  # noqa: E402
from staveworks.foundation.reservation.auditing import audit_reservations  # noqa: E402
from staveworks.foundation.reservation.rows import as_json  # noqa: E402
from staveworks.foundation.reservation.types import Ask  # noqa: E402
from staveworks.kit.ids import new_id  # noqa: E402
from tests.database import django_on  # noqa: E402
from tests.stock import QUARTER, hour, make_stock, take  # noqa: E402
from tests.world import make_world  # noqa: E402

RESULT = Path(__file__).parent / "results" / "holds.json"
SINGLE, BULK, CALLS, ROUNDS = 200, 100, 20, 5
GOALS = {"single": 0.15, "bulk": 2.0}


def slots(loom: UUID, hours: Iterator[int], number: int) -> list[Ask]:
    """The next free hours."""
    return [Ask(loom, during=hour(next(hours))) for _ in range(number)]


def ours(buyer: Actor, calls: Sequence[Sequence[Ask]]) -> float:
    """Slots a second by the use case."""
    began = time.perf_counter()
    held = sum(len(take(buyer, *asks).reservations) for asks in calls)
    return held / (time.perf_counter() - began)


def pgbench(programs: Path, urls: Urls, buyer: Actor, asks: Sequence[Ask], folder: Path) -> float:
    """Slots a second by pgbench, one client, one slot a transaction."""
    script = folder / "calls.sql"
    with script.open("w") as file:
        for ask in asks:
            listed = as_json([new_id()], [ask])
            file.write(
                f"BEGIN;\nSELECT set_config('app.org', '{buyer.org_id}', true), set_config('app.person', '{buyer.person_id}', true), "
                "set_config('app.token', '', true), set_config('app.reading', '', true);\n"
                f"SELECT place, obstacle FROM reservation_hold('{new_id()}', "
                f"make_interval(secs => {QUARTER.total_seconds()}), '{listed}'::jsonb);\nCOMMIT;\n"
            )
    command = [str(programs / "pgbench"), "-n", "-c", "1", "-t", "1", "-f", str(script), urls.app]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    milliseconds = re.search(r"latency average = ([0-9.]+) ms", done.stdout)
    assert milliseconds, done.stdout + done.stderr
    return len(asks) / (float(milliseconds[1]) / 1000)


def main() -> None:
    rounds = int(sys.argv[1]) if sys.argv[1:] else ROUNDS
    with tempfile.TemporaryDirectory(prefix="staveworks-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with EmbeddedServer(folder / "home") as urls, django_on(urls):
            migrate()
            world = make_world()
            buyer, loom, hours = world.lin, make_stock(world.wu).loom, count()
            ours(buyer, [slots(loom, hours, BULK) for _ in range(CALLS)])  # rows to plan with
            with psycopg.connect(urls.superuser, autocommit=True) as superuser:
                superuser.execute("ANALYZE")
            found = [
                (
                    ours(buyer, [slots(loom, hours, 1) for _ in range(SINGLE)]),
                    ours(buyer, [slots(loom, hours, BULK) for _ in range(CALLS)]),
                    pgbench(wheel_binaries(), urls, buyer, slots(loom, hours, SINGLE), folder),
                )
                for _ in range(rounds)
            ]
            audit = audit_reservations()
            assert audit.ok, audit.faults
            assert audit.reservations == next(hours), "every slot was held, by pgbench too"
    single = statistics.median(one / peer for one, _, peer in found)
    bulk = statistics.median(many / peer for _, many, peer in found)
    result = {
        "command": "python benchmarks/holds.py",
        "rounds": rounds,
        "slots_in_bulk": BULK,
        "single_per_second": round(statistics.median(one for one, _, _ in found)),
        "bulk_slots_per_second": round(statistics.median(many for _, many, _ in found)),
        "pgbench_single_per_second": round(statistics.median(peer for _, _, peer in found)),
        "single_ratio_to_pgbench": round(single, 2),
        "bulk_ratio_to_pgbench": round(bulk, 2),
        "goals": GOALS,
        "ratio_to_goal": {
            "single": round(single / GOALS["single"], 2),
            "bulk": round(bulk / GOALS["bulk"], 2),
        },
        "load_average": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(result, indent=2))
    if not sys.argv[1:]:
        RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
