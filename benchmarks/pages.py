"""How long the server takes for each main page of a cluster of 3,000 diagnosed firms; the limit for the median is 100 ms.

    .venv/bin/python benchmarks/pages.py [--firms 3000] [--rounds 15] [--only REGEX] [--home FOLDER] [--beside TREE]

Makes the demo cluster in an empty home (``--home`` keeps it, and takes it again), then copies its diagnosed firms, with
answers, diagnoses and profiles, until there are so many. Each page is asked for in this process, through all middleware, on
a warm connection: wall-clock milliseconds of the median and the 95th percentile, processor milliseconds of this process
and of its database connections (on Linux; on a busy machine only those compare, and their sum is what an idle one takes),
and the number of queries. The result goes to
``benchmarks/results/pages.json``, with the ratio of the slowest median to the limit.

``--beside`` asks another working tree in turn, a request of it before each of ours, on the same database, and tells both: what
a change wins, on a machine that is now quicker, now slower. Nothing is written then.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIMIT_MS = 100
RESULT = Path(__file__).parent / "results" / "pages.json"
OPERATOR, OWNER, BANK = "gao@demo.example", "zhou@demo.example", "xu@demo.example"
PROVIDER = "ruan@demo.example"
COPIED = """
CREATE TEMP TABLE source AS
    SELECT o.id AS org, d.assessment_id AS assessment, row_number() OVER (ORDER BY o.id) - 1 AS nr
    FROM parties_organisation o JOIN barrel_diagnosis d ON d.org_id = o.id AND d.current
    WHERE o.steward_id IS NOT NULL AND o.claimed_at IS NULL AND d.water_low IS NOT NULL;
CREATE TEMP TABLE copy AS
    SELECT gen_random_uuid() AS org, gen_random_uuid() AS assessment, source.org AS of_org, source.assessment AS of_assessment, n
    FROM generate_series(1, %(wanted)s) n JOIN source ON source.nr = n %% (SELECT count(*) FROM source);
INSERT INTO parties_organisation
    SELECT (jsonb_populate_record(o, jsonb_build_object('id', copy.org, 'uscc', NULL, 'name', o.name || copy.n,
        'sort_key', o.sort_key || copy.n))).* FROM copy JOIN parties_organisation o ON o.id = copy.of_org;
INSERT INTO parties_profile
    SELECT (jsonb_populate_record(p, jsonb_build_object('org_id', copy.org))).* FROM copy JOIN parties_profile p ON p.org_id = copy.of_org;
INSERT INTO barrel_assessment
    SELECT (jsonb_populate_record(a, jsonb_build_object('id', copy.assessment, 'org_id', copy.org, 'rescored_from_id', NULL))).*
    FROM copy JOIN barrel_assessment a ON a.id = copy.of_assessment;
INSERT INTO barrel_answer
    SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'org_id', copy.org, 'assessment_id', copy.assessment))).*
    FROM copy JOIN barrel_answer a ON a.assessment_id = copy.of_assessment;
INSERT INTO barrel_diagnosis
    SELECT (jsonb_populate_record(d, jsonb_build_object('assessment_id', copy.assessment, 'org_id', copy.org))).*
    FROM copy JOIN barrel_diagnosis d ON d.assessment_id = copy.of_assessment;
"""
ONE_OF = """
SELECT (SELECT org_id FROM barrel_diagnosis WHERE current AND water_low IS NOT NULL ORDER BY org_id LIMIT 1),
       (SELECT id FROM rosters_roster ORDER BY total DESC LIMIT 1)
"""


ORDERED = """
SELECT l.order_id, l.id FROM orders_line l JOIN parties_membership m ON m.org_id = l.buyer_org_id
JOIN parties_person p ON p.id = m.person_id WHERE p.email = %s AND l.state <> 'draft' ORDER BY l.id LIMIT 1
"""


@dataclass(frozen=True)
class Page:
    """Who asks for what."""

    name: str
    who: str | None
    path: str


def pages(firm: str, roster: str, assessment: str, order: str = "", line: str = "") -> list[Page]:
    """``order``, ``line``: one of the owner's, if she has any."""
    as_operator = {
        "operator: home": "/todo/",
        "operator: cluster": "/cluster/",
        "operator: map": "/cluster/map/",
        "operator: firms": "/cluster/firms/",
        "operator: firms, by water": "/cluster/firms/?sort=-water",
        "operator: firms, searched": "/cluster/firms/?q=%E7%BB%87&diagnosed=yes",
        "operator: firms, last page": "/cluster/firms/?page=102",
        "operator: firm": f"/cluster/firms/{firm}/",
        "operator: rosters": "/rosters/",
        "operator: roster": f"/rosters/{roster}/",
        "operator: duplicates": "/rosters/duplicates/",
        "operator: growth": "/growth/",
        "operator: claims": "/claims/",
        "operator: to attest": "/diagnose/attest/",
        "operator: support": "/support/",
        "operator: members": "/members/",
        "operator: settings": "/settings/",
        "operator: rules": "/rules/",
        "operator: audit": "/audit/",
        "operator: dispatch": "/dispatch/",
        "operator: free hours": "/dispatch/heat/",
        "operator: firms' capacity": "/dispatch/capacity/",
    }
    as_owner = {
        "owner: home": "/todo/",
        "owner: barrel": "/barrel/",
        "owner: plank": "/barrel/rnd/",
        "owner: report": "/barrel/report/",
        "owner: assessments": "/diagnose/",
        "owner: assessment": f"/diagnose/{assessment}/rnd/",
        "owner: sharing": "/sharing/",
        "owner: members": "/members/",
        "owner: offers": "/offers/",
        "owner: offers, searched": "/offers/?q=%E6%A3%80%E6%B5%8B&sort=fit",
        "owner: orders": "/orders/",
        "owner: prescription": "/prescribe/",
        "owner: books": "/books/",
        "owner: capacity": "/capacity/",
        "owner: free hours, published": "/capacity/published/",
        "owner: work": "/work/",
        "owner: subscriptions": "/subscriptions/",
        "owner: waiting lists": "/wishes/",
        "owner: requests": "/requests/",
    }
    as_owner |= {"owner: order": f"/orders/{order}/"} if order else {}
    as_owner |= {"owner: line": f"/lines/{line}/"} if line else {}
    as_provider = {
        "provider: lines": "/lines/",
        "provider: offers": "/desk/offers/",
        "provider: calendar": "/desk/calendar/",
        "provider: earned": "/earned/",
        "provider: books": "/books/",
    }
    everybody = {
        "visitor: sign in": "/accounts/login/",
        "visitor: quick start": "/start/",
        "visitor: planks (API)": "/api/v1/planks",
    }
    return [
        *(Page(name, OPERATOR, path) for name, path in as_operator.items()),
        *(Page(name, OWNER, path) for name, path in as_owner.items()),
        *(Page(name, PROVIDER, path) for name, path in as_provider.items()),
        Page("bank: shown", BANK, "/shown/"),
        *(Page(name, None, path) for name, path in everybody.items()),
    ]


def grow(firms: int) -> int:
    """Copy diagnosed firms until there are ``firms``; how many there are."""
    import psycopg

    from staveworks.db.embedded.server import EmbeddedServer
    from staveworks.db.home import home_folder

    with (
        EmbeddedServer(home_folder()) as urls,
        psycopg.connect(urls.superuser, autocommit=True) as connection,
    ):
        counted = "SELECT count(*) FROM barrel_diagnosis WHERE current AND water_low IS NOT NULL"
        (there,) = connection.execute(counted).fetchone() or (0,)
        if there < firms:
            connection.execute(
                "SET session_replication_role = replica"
            )  # no triggers: copies of what passed them
            for statement in (COPIED % {"wanted": firms - there}).split(";\n"):
                if statement.strip():
                    connection.execute(statement.encode())
            connection.execute("VACUUM ANALYZE")
        (there,) = connection.execute(counted).fetchone() or (0,)
    return int(there)


def find_things() -> tuple[str, ...]:
    """A firm, a roster, the owner's own finished assessment, and an order of hers with a line, if there is one."""
    from django.db import connections

    with connections["cross"].cursor() as cursor:
        cursor.execute(ONE_OF)
        firm, roster = cursor.fetchone()
        cursor.execute(
            """SELECT d.assessment_id FROM barrel_diagnosis d JOIN parties_membership m ON m.org_id = d.org_id
               JOIN parties_person p ON p.id = m.person_id WHERE p.email = %s AND d.current""",
            [OWNER],
        )
        (assessment,) = cursor.fetchone()
        cursor.execute(ORDERED, [OWNER])
        ordered = cursor.fetchone() or ()
    return tuple(map(str, (firm, roster, assessment, *ordered)))


def browser_of(who: str | None) -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    browser = Client(headers={"host": "localhost"})
    if who:
        person = get_user_model().objects.get(email=who)
        browser.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return browser


def database_ms() -> float:
    """Processor milliseconds that the server's processes behind our connections have used; 0 where Linux doesn't tell."""
    from django.db import connections

    used = 0.0
    for each in connections.all(initialized_only=True):
        record = Path(f"/proc/{each.connection.info.backend_pid}/schedstat") if each.connection else None
        if record and record.exists():
            used += int(record.read_text("ascii").split()[0]) / 1_000_000
    return used


type Turn = Callable[[], AbstractContextManager[None]]


def measure(ask: Callable[[], Any], rounds: int, turn: Turn) -> dict[str, float]:
    """Milliseconds and queries of one page, after two tries that don't count; each that counts in its ``turn``."""
    from django.db import connection

    for _ in range(2):
        answer = ask()
    assert answer.status_code == 200, (answer.status_code, answer.headers.get("Location"))
    asked = 0

    def count(execute: Callable[..., Any], *given: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*given)

    with connection.execute_wrapper(count):
        ask()
    wall, busy = [], []
    at_first = database_ms()
    for _ in range(rounds):
        with turn():
            start, started = time.perf_counter(), time.process_time()
            ask()
            wall.append((time.perf_counter() - start) * 1000)
            busy.append((time.process_time() - started) * 1000)
    in_database = database_ms() - at_first
    return {
        "p50_ms": round(statistics.median(wall), 1),
        "p95_ms": round(sorted(wall)[int(len(wall) * 0.95)], 1),
        "processor_ms": round(statistics.median(busy), 1),
        "database_ms": round(in_database / rounds, 1),
        "queries": asked,
        "kilobytes": round(len(answer.content) / 1000),
    }


@contextmanager
def when_let() -> Iterator[None]:
    """We are the other tree: wait until ours lets us ask, and say when we have."""
    sys.stdin.readline()
    yield
    print("asked", flush=True)


class Beside:
    """Another working tree, asked in a process of its own."""

    def __init__(self, tree: Path, rounds: int, only: str) -> None:
        command = [sys.executable, __file__, "--in-turn", "--rounds", str(rounds), "--only", only]
        self.process = subprocess.Popen(
            [*command, "--home", os.environ["STAVEWORKS_HOME"]],
            env=os.environ | {"PYTHONPATH": str(tree / "src")},
            text=True,
            bufsize=1,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let it ask before us."""
        print("go", file=self.process.stdin)
        assert self.line() == "asked\n", "the other tree has failed"
        yield


def ask_all(rounds: int, only: str, turn: Turn, told: Callable[[str], None]) -> dict[str, dict[str, float]]:
    """Every page's figures, each ``told`` when it is there."""
    found = {}
    for page in pages(*find_things()):
        if re.search(only, page.name):
            browser = browser_of(page.who)
            figures = measure(
                lambda path=page.path, browser=browser: browser.get(path, follow=True), rounds, turn
            )
            told(f"{page.name:<28} {'  '.join(f'{name} {value:g}' for name, value in figures.items())}")
            found[page.name] = figures
    return found


def run(firms: int, rounds: int, only: str, beside: Path | None) -> None:
    from staveworks.cli.first_start import collect_static
    from staveworks.cli.siblings import sibling_door
    from staveworks.db.home import home_folder

    collect_static(home_folder())
    sibling_door("demo").make(lambda line: print(f"  demo: {line}", file=sys.stderr))
    there = grow(firms)
    if beside:
        other = Beside(beside, rounds, only)
        ask_all(
            rounds,
            only,
            other.turn,
            lambda line: print(f"{line}\n  beside: {other.line()}", end="", flush=True),
        )
        other.process.wait()
        return
    found = ask_all(rounds, only, nullcontext, lambda line: print(line, flush=True))
    told = {**summary(found), "firms": there, "load_average": round(os.getloadavg()[0], 1), "pages": found}
    print("; ".join(f"{name}: {value}" for name, value in told.items() if name != "pages"))
    if not only:
        RESULT.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")


def summary(found: dict[str, dict[str, float]]) -> dict[str, object]:
    """The slowest page by the clock and by the processor, each with its share of the limit."""

    def busy(name: str) -> float:
        return found[name]["processor_ms"] + found[name]["database_ms"]

    slowest, busiest = max(found, key=lambda name: found[name]["p50_ms"]), max(found, key=busy)
    return {
        "limit_ms": LIMIT_MS,
        "slowest": slowest,
        "slowest_ratio": round(found[slowest]["p50_ms"] / LIMIT_MS, 2),
        "within_limit": sum(1 for each in found.values() if each["p50_ms"] <= LIMIT_MS),
        "busiest": busiest,
        "busiest_ratio": round(busy(busiest) / LIMIT_MS, 2),
        "busy_within_limit": sum(1 for name in found if busy(name) <= LIMIT_MS),
        "of_pages": len(found),
    }


def with_pages(given: argparse.Namespace) -> None:
    from staveworks.cli.database import with_database

    with with_database():
        if given.in_turn:
            ask_all(given.rounds, given.only, when_let, lambda line: print(line, flush=True))
        else:
            run(given.firms, given.rounds, given.only, given.beside)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--firms", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument(
        "--only", default="", help="pages whose name this regular expression finds; nothing is written then"
    )
    parser.add_argument("--home", type=Path)
    parser.add_argument("--beside", type=Path, help="another working tree, asked in turn")
    parser.add_argument("--in-turn", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    home = given.home or Path(tempfile.mkdtemp(prefix="staveworks-pages-"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    os.environ |= {"STAVEWORKS_HOME": str(home), "STAVEWORKS_API_LIMIT_ADDRESS": "1000000"}
    try:
        with_pages(given)
    finally:
        if given.home is None:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
