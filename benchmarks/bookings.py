"""Bookings over HTTP, one by one and a hundred in an order, beside pgbench that sends the SQL of single bookings to the same server.

    .venv/bin/python benchmarks/bookings.py [rounds]

The product's own processes (`staveworks run`, two web processes, fsync on), loopback, connections kept alive, each effect under an
``Idempotency-Key``. A booking is three requests: add, hold, place. In bulk an order gets two series of fifty dates, held, and is
placed: three requests for a hundred slots. What pgbench sends was captured from single bookings by the same API in a copy of the
database, statement by statement with its transactions, and runs in another copy: the same SQL, without anything of ours around it. The rounds take
turns. Goals: singly at least 0.15 of pgbench's bookings a second, in bulk at least 2 slots for each of them.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

import psycopg  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from staveworks.db.embedded.places import wheel_binaries  # noqa: E402
from staveworks.db.embedded.secrets import Urls  # noqa: E402
from staveworks.db.embedded.server import EmbeddedServer, free_port  # noqa: E402
from tests.contract.caller import Caller  # noqa: E402
from tests.database import django_on, urls_of  # noqa: E402
from tests.kills import UNLIMITED, Client, Seller, Told, Turns, furnish, slot  # noqa: E402
from tests.rooms.keeping.homes import move_into  # noqa: E402
from tests.running import empty_home, running  # noqa: E402

RESULT = Path(__file__).parent / "results" / "bookings.json"
ROUNDS, SINGLE, AT_ONCE, BULKS = 5, 40, 4, 2
GOALS = {"single": 0.15, "bulk": 2.0}


def request_of(seller: Seller, hour: int, **more: Any) -> dict[str, Any]:
    return {"version": seller.hours, "request": {"starts_at": slot(hour)}, **more}


def book(client: Client, seller: Seller, hour: int) -> None:
    order = client.effect(client.buyer, "orders/lines", request_of(seller, hour))["order"]
    client.effect(client.buyer, f"orders/{order}/hold")
    client.effect(client.buyer, f"orders/{order}/place", {})


def book_hundred(client: Client, seller: Seller, hour: int) -> None:
    order = None
    for nth in range(2):
        body = request_of(seller, hour + nth, rrule="FREQ=DAILY;COUNT=50") | (
            {"order": order} if order else {}
        )
        made = client.effect(client.buyer, "orders/series", body)
        assert len(made["lines"]) == 50, made
        order = made["order"]
    client.effect(client.buyer, f"orders/{order}/place", {})


def singly(clients: list[Client], seller: Seller, hours: Iterator[int]) -> float:
    """Bookings a second of so many connections at once."""
    began = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as pool:
        jobs = [
            pool.submit(
                lambda client=client: [
                    book(client, seller, next(hours)) for _ in range(SINGLE // len(clients))
                ]
            )  # type: ignore[misc]
            for client in clients
        ]
        done = sum(len(job.result()) for job in jobs)
    return done / (time.perf_counter() - began)


def in_bulk(client: Client, seller: Seller, hours: Iterator[int]) -> float:
    """Slots a second."""
    began = time.perf_counter()
    for _ in range(BULKS):
        book_hundred(client, seller, 2 * next(hours))
    return 100 * BULKS / (time.perf_counter() - began)


def captured(buyer: str, seller: Seller) -> list[str]:
    """Every statement of ``SINGLE`` bookings, in the process of this benchmark."""
    caller = Caller(buyer, SERVER_NAME="localhost")

    def post(path: str, body: dict[str, Any] | None, key: str) -> Any:
        sent: dict[str, Any] = {} if body is None else {"data": body, "content_type": "application/json"}
        answer = caller.post(f"/api/v1/{path}", headers={"Idempotency-Key": key}, **sent)
        assert answer.status_code < 300, answer.content
        return answer.json()

    statements: list[str] = []
    for n in range(-3, SINGLE):
        with CaptureQueriesContext(connection) as queries:
            order = post("orders/lines", request_of(seller, 1000 + n), f"a{n}")["order"]
            post(f"orders/{order}/hold", None, f"h{n}")
            post(f"orders/{order}/place", {}, f"p{n}")
        if n >= 0:  # the first ones load code
            statements += [_repeatable(each["sql"]) for each in queries.captured_queries]
    return statements


def _repeatable(statement: str) -> str:
    """In one line, and without the ids that the database gave reservations: elsewhere it gives others. Their chain names them too."""
    return re.sub(r'"reservation_reservation"\."id" IN \([^)]*\) AND ', "", " ".join(statement.split("\n")))


def pgbench(urls: Urls, statements: list[str], folder: Path) -> float:
    """Bookings a second by pgbench, one client."""
    script = folder / "bookings.sql"
    script.write_text("".join(f"{statement.rstrip(';')};\n" for statement in statements), "utf-8")
    command = [str(wheel_binaries() / "pgbench"), "-n", "-c", "1", "-t", "1", "-f", str(script), urls.app]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    milliseconds = re.search(r"latency average = ([0-9.]+) ms", done.stdout)
    assert milliseconds, done.stdout + done.stderr
    assert "number of failed transactions: 0" in done.stdout, done.stdout + done.stderr
    return SINGLE / (float(milliseconds[1]) / 1000)


def copies(urls: Urls, number: int) -> list[Urls]:
    """So many databases as the one is now."""
    name = psycopg.conninfo.conninfo_to_dict(urls.superuser)["dbname"]
    names = [f"copy_{n}" for n in range(number)]
    with psycopg.connect(urls_of(urls, "postgres").superuser, autocommit=True) as database:
        for each in names:
            database.execute(f'CREATE DATABASE {each} TEMPLATE "{name}" OWNER staveworks_owner'.encode())
    return [urls_of(urls, each) for each in names]


def main() -> None:
    rounds = int(sys.argv[1]) if sys.argv[1:] else ROUNDS
    with empty_home() as home, tempfile.TemporaryDirectory(prefix="staveworks-bench-") as name:
        move_into(home)
        server = EmbeddedServer(home)
        urls = server.start()
        with django_on(urls):
            sellers, buyers = furnish(AT_ONCE)
        first, *others = copies(urls, rounds + 1)
        with django_on(first):
            statements = captured(buyers[0], sellers[0])
        server.stop()
        with running(home, free_port(), **UNLIMITED) as run:
            hours, days, told = Turns(count()), Turns(iter(Random(3).sample(range(10), 10) * 20)), Told()
            clients = [Client(run.port, buyer, sellers, hours, told, 1) for buyer in buyers]
            for client in clients:
                book(client, sellers[0], next(hours))
            live = EmbeddedServer(home).start()
            found = []
            for copy in others:
                there = urls_of(live, psycopg.conninfo.conninfo_to_dict(copy.app)["dbname"])
                found.append(
                    (
                        pgbench(there, statements, Path(name)),
                        singly(clients[:1], sellers[0], hours),
                        singly(clients, sellers[0], hours),
                        in_bulk(clients[0], sellers[1], days),
                    )
                )
                print([round(each, 1) for each in found[-1]], file=sys.stderr)
    result = summary(found, len(statements))
    print(json.dumps(result, indent=2))
    if not sys.argv[1:]:
        RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def summary(found: list[tuple[float, float, float, float]], statements: int) -> dict[str, Any]:
    def median(place: int) -> float:
        return statistics.median(each[place] for each in found)

    def ratio(place: int) -> float:
        return statistics.median(each[place] / each[0] for each in found)

    return {
        "command": "python benchmarks/bookings.py",
        "rounds": len(found),
        "requests_per_booking": 3,
        "statements_per_booking": round(statements / SINGLE),
        "pgbench_bookings_per_second": round(median(0), 1),
        "bookings_per_second": round(median(1), 1),
        "bookings_per_second_of_four_connections": round(median(2), 1),
        "slots_per_second_in_bulk": round(median(3), 1),
        "single_ratio_to_pgbench": round(ratio(1), 2),
        "single_ratio_of_four_connections": round(ratio(2), 2),
        "bulk_ratio_to_pgbench": round(ratio(3), 2),
        "goals": GOALS,
        "ratio_to_goal": {
            "single": round(ratio(1) / GOALS["single"], 2),
            "bulk": round(ratio(3) / GOALS["bulk"], 2),
        },
        "load_average": round(os.getloadavg()[0], 1),
    }


if __name__ == "__main__":
    main()
