"""Set-based transfers through the use case, beside pgbench that runs the same SQL on the same server in the same run.

    .venv/bin/python benchmarks/transfers.py [rounds]

A transfer is a payment in two books: four postings on ten payers' accounts and one hot payee's. ``post_batch`` takes 1,000 at once, checks
and digests them, posts them by one call of ``ledger_post`` and appends its event; pgbench sends the same call, already written out, in the same
transaction with the same settings. The rounds take turns, so that both see the same machine. Goal: at least 0.8 of pgbench's rate.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
import django

django.setup()

import psycopg  # noqa: E402

from staveworks.db.embedded.places import wheel_binaries  # noqa: E402
from staveworks.db.embedded.secrets import Urls  # noqa: E402
from staveworks.db.embedded.server import EmbeddedServer  # noqa: E402
from staveworks.db.schema import migrate  # noqa: E402
from staveworks.foundation.ledger.auditing import audit_ledger  # noqa: E402
from staveworks.foundation.ledger.kernel import calls_of  # noqa: E402
from staveworks.foundation.ledger.types import Transfer  # noqa: E402
from staveworks.foundation.ledger.usecases.open_accounts import limit_account  # noqa: E402
from staveworks.foundation.ledger.usecases.post_transfers import post_batch  # noqa: E402
from staveworks.foundation.parties.types import Actor  # noqa: E402
from tests.books import account, payment, transfer  # noqa: E402
from tests.database import django_on  # noqa: E402
from tests.hot_account import AccountKind, a_market  # noqa: E402

RESULT = Path(__file__).parent / "results" / "transfers.json"
BATCH, BATCHES, ROUNDS = 1000, 10, 7
GOAL = 0.8


def chains(payer: Actor, payee: Actor, count: int) -> list[list[Transfer]]:
    """One chain each: a fen from the payer to the payee."""
    ready = payment(payer, payee, 1)
    legs = [(posting.account_id, posting.amount) for posting in ready.postings]
    return [[transfer(*legs, kind="payment", day=ready.day)] for _ in range(count)]


def ours(payers: list[Actor], payee: Actor) -> float:
    """Transfers a second by the use case."""
    batches = [
        (payers[n % len(payers)], chains(payers[n % len(payers)], payee, BATCH)) for n in range(BATCHES)
    ]
    began = time.perf_counter()
    for payer, batch in batches:
        outcomes = post_batch(payer, chains=batch)
        assert all(outcome.refused is None for outcome in outcomes)
    return BATCH * BATCHES / (time.perf_counter() - began)


def pgbench(programs: Path, urls: Urls, payers: list[Actor], payee: Actor, folder: Path) -> float:
    """Transfers a second by pgbench, one client, the calls written out."""
    script = folder / "calls.sql"
    with script.open("w") as file:
        for n in range(BATCHES):
            payer = payers[n % len(payers)]
            statement, values = calls_of(chains(payer, payee, BATCH))
            quoted = [f"'{value}'" for value in values]
            file.write("BEGIN;\n")
            file.write(
                f"SELECT set_config('app.org', '{payer.org_id}', true), set_config('app.person', '{payer.person_id}', true), "
                "set_config('app.token', '', true), set_config('app.reading', '', true);\n"
            )
            file.write(statement.replace("%s", "{}").format(*quoted) + ";\nCOMMIT;\n")
    command = [str(programs / "pgbench"), "-n", "-c", "1", "-t", "1", "-f", str(script), urls.app]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    milliseconds = re.search(r"latency average = ([0-9.]+) ms", done.stdout)
    assert milliseconds, done.stdout + done.stderr
    return BATCH * BATCHES / (float(milliseconds[1]) / 1000)


def main() -> None:
    rounds = int(sys.argv[1]) if sys.argv[1:] else ROUNDS
    with tempfile.TemporaryDirectory(prefix="staveworks-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with EmbeddedServer(folder / "home") as urls, django_on(urls):
            migrate()
            payers, payee = a_market()
            for payer in payers:
                limit_account(payer, account_id=account(payer, AccountKind.BANK), floor=None)
            ours(payers, payee)  # rows to plan with
            with psycopg.connect(urls.superuser, autocommit=True) as superuser:
                superuser.execute("ANALYZE")
            found = [
                (ours(payers, payee), pgbench(wheel_binaries(), urls, payers, payee, folder))
                for _ in range(rounds)
            ]
            assert audit_ledger().ok
    ratios = [mine / peer for mine, peer in found]
    result = {
        "command": "python benchmarks/transfers.py",
        "batch": BATCH,
        "postings_per_transfer": 4,
        "rounds": rounds,
        "transfers_per_second": round(statistics.median(mine for mine, _ in found)),
        "pgbench_transfers_per_second": round(statistics.median(peer for _, peer in found)),
        "ratio_to_pgbench": round(statistics.median(ratios), 2),
        "ratios": [round(ratio, 2) for ratio in ratios],
        "goal": GOAL,
        "ratio_to_goal": round(statistics.median(ratios) / GOAL, 2),
        "load_average": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(result, indent=2))
    if not sys.argv[1:]:
        RESULT.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
