"""Forty clients and ten payers on one hot account for a minute; then SQL says whether the books are sound. And the control.

    .venv/bin/python benchmarks/hot_account.py [seconds]

The control writes the balance that it has read before, without the lock: its books must drift, or the hammer shows nothing.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
import django

django.setup()

from staveworks.db.embedded.server import EmbeddedServer  # noqa: E402
from staveworks.db.schema import migrate  # noqa: E402
from tests.database import Clone, django_on  # noqa: E402
from tests.hot_account import Hammered, a_market, at_the_bank, hammer, judge  # noqa: E402
from tests.invariants.test_01_ledger import without  # noqa: E402
from tests.invariants.test_03_hot_account import ADD, LOCK, READ_AND_WRITE  # noqa: E402

RESULT = Path(__file__).parent / "results" / "hot_account.json"
CLIENTS, EACH_FEN = 40, 300_000


def measure(seconds: float, *, guarded: bool) -> Hammered:
    with tempfile.TemporaryDirectory(prefix="staveworks-bench-") as folder:
        Path(folder).chmod(0o711)
        with EmbeddedServer(Path(folder) / "home") as urls, django_on(urls):
            migrate()
            payers, payee = a_market(EACH_FEN)
            if not guarded:
                clone = Clone("staveworks", urls)
                without(clone, "ledger_posted", LOCK, "")
                without(clone, "ledger_posted", ADD, READ_AND_WRITE)
            found = judge(hammer(payers, payee, clients=CLIENTS, seconds=seconds), urls.superuser)
            if guarded:
                assert at_the_bank(payee) + sum(map(at_the_bank, payers)) == len(payers) * EACH_FEN
            return found


def main() -> None:
    seconds = float(sys.argv[1]) if sys.argv[1:] else 60.0
    found = measure(seconds, guarded=True)
    control = measure(min(seconds, 10), guarded=False)
    effects = sum(found.acts[act] for act in ("paid", "held", "post", "void", "reverse"))
    result = {
        "command": "python benchmarks/hot_account.py",
        "clients": CLIENTS,
        "seconds": round(found.seconds, 1),
        "acts": dict(sorted(found.acts.items())),
        "effects_per_second": round(effects / found.seconds),
        "drifts": len(found.drifts),
        "accounts_below_their_floor": found.below,
        "sum_of_balances": found.sum,
        "control_drifts": len(control.drifts),
    }
    print(json.dumps(result, indent=2))
    assert found.sound, found.drifts
    assert control.drifts, "the control must drift"
    if not sys.argv[1:]:
        RESULT.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
