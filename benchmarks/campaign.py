"""10,000 messages in one campaign, by e-mail and SMS, under kill -9 of the worker and the database.

    .venv/bin/python benchmarks/campaign.py [messages]

The product's own processes on a home of their own; the sink stands for the providers and is what is counted. Two runs: one
in peace, one with five kills of the worker and one of the database. The result goes to ``benchmarks/results/campaign.json``:
what was lost and doubled, how much of the permitted rate was used in peace, how much longer it took under kills, and the largest
part of the limit that any window of ten seconds used (1 is the limit, the bucket's reserve included).
"""

import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.campaign import CLAIMED, Report, a_house, run_campaign

RESULT = Path(__file__).parent / "results" / "campaign.json"
A_MINUTE, AT_ONCE, WINDOW_S = 6000, 100, 10
KILLS = ["worker", "worker", "database", "worker", "worker", "worker"]


def measure(count: int, kills: list[str]) -> dict[str, object]:
    began = time.perf_counter()
    with a_house() as house:
        found = run_campaign(house, count=count, kills=kills, a_minute=A_MINUTE, at_once=AT_ONCE)
    told = summary(found) | {
        "seconds": round(time.perf_counter() - began),
        "load_average": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(told), file=sys.stderr)
    return told


def summary(found: Report) -> dict[str, object]:
    allowed = AT_ONCE + A_MINUTE / 60 * WINDOW_S + CLAIMED
    return {
        "messages": found.count,
        "kills": found.kills,
        "lost": found.count - found.taken,
        "doubled": found.taken - found.states.get("sent", 0),
        "handed_over_again": found.repeated,
        "unknown_outcomes": found.unknown,
        "sending_seconds": round(found.fastest_s, 1),
        "share_of_limit_used": round(found.most_within(WINDOW_S) / allowed, 2),
        "share_of_rate_reached": round(len(found.moments) / found.fastest_s / (A_MINUTE / 60), 2),
    }


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] else 10_000
    peace, kills = measure(count, []), measure(count, KILLS)
    ratio = float(str(kills["sending_seconds"])) / float(str(peace["sending_seconds"]))
    result = {
        "command": "python benchmarks/campaign.py",
        "in_peace": peace,
        "under_kills": kills,
        "times_longer": round(ratio, 2),
    }
    print(json.dumps(result, indent=2))
    if not sys.argv[1:]:
        RESULT.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
