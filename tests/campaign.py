"""A campaign under kills, with the product's own processes on a database server of its own: for the test and the benchmark.

The count is taken from the sink, not from the log of deliveries: what a provider has received is what happened.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from staveworks.db.embedded.postmaster import end_postmaster
from staveworks.db.embedded.secrets import Urls
from staveworks.db.embedded.server import EmbeddedServer
from tests.places import quick_folder
from tests.rooms.keeping.homes import move_into

COMMAND = str(Path(sys.executable).with_name("staveworks"))
LEASE_S = 6
CLAIMED = 20
QUEUE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "staveworks.config.settings"
import django
django.setup()
from staveworks.db.transaction import acting
from staveworks.foundation.notices.messages.types import MessageRow
from staveworks.foundation.notices.models import Gateway
from staveworks.foundation.notices.usecases.queue_messages import queue_messages
from staveworks.foundation.parties.queries import operator_service
from staveworks.kit.text import Text
count, a_minute, at_once = map(int, sys.argv[1:])
actor = operator_service()
with acting(org=actor.org_id):
    for channel in ("email", "sms"):
        Gateway.objects.create(
            org_id=actor.org, channel=channel, name="sink", config={"provider": "sink"}, a_minute=a_minute, at_once=at_once
        )
rows = [
    MessageRow(
        to=f"boss{n}@firm.example" if n % 2 else f"+86138{n:08d}",
        key=f"campaign:{n}",
        params={"firm": Text(zh=f"企业{n}", en=f"Firm {n}")},
        link=f"/join/link/{n}/",
        urgent=True,  # else the hour at which the test runs would decide
    )
    for n in range(count)
]
queue_messages(actor, template="campaign.claim", rows=rows)
"""


@dataclass
class House:
    """A home with a database server of its own, which may be killed, and the worker of the product."""

    home: Path
    server: EmbeddedServer = field(init=False)
    worker: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.server = EmbeddedServer(self.home, durable=False)

    def environment(self) -> dict[str, str]:
        ours = ("DATABASE_", "DJANGO_", "STAVEWORKS_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | {"STAVEWORKS_HOME": str(self.home), "STAVEWORKS_MESSAGE_LEASE": str(LEASE_S)}

    def urls(self) -> Urls:
        return self.server.start()

    def prepare(self) -> None:
        """Database, schema and operator."""
        move_into(self.home)

    def queue(self, count: int, a_minute: int, at_once: int) -> None:
        subprocess.run(
            [sys.executable, "-c", QUEUE, str(count), str(a_minute), str(at_once)],
            env=self.environment() | self.urls().environment(),
            check=True,
            timeout=180,
        )

    def start_worker(self) -> None:
        self.worker = subprocess.Popen(
            [COMMAND, "worker"],
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill_worker(self) -> None:
        if self.worker:
            self.worker.send_signal(signal.SIGKILL)
            self.worker.wait(30)

    def kill_database(self) -> None:
        os.kill(self.server.pid() or 0, signal.SIGKILL)
        self.urls()
        self.kill_worker()

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.urls().superuser) as connection:
            return connection.execute(statement.encode()).fetchall()

    def close(self) -> None:
        self.kill_worker()
        self.server.stop()
        if (self.home / "postgres").exists():
            end_postmaster((self.home / "postgres").resolve() / "18")
        shutil.rmtree(self.home, ignore_errors=True)


@contextmanager
def a_house() -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="staveworks-kill-", dir=quick_folder()))
    folder.chmod(0o711)
    house = House(folder)
    try:
        yield house
    finally:
        house.close()


@dataclass(frozen=True)
class Report:
    """What the sink and the log say in the end."""

    count: int
    kills: int
    taken: int
    repeated: int
    states: dict[str, int]
    unknown: int
    fastest_s: float
    moments: list[float]

    def most_within(self, seconds: float) -> int:
        """The most messages that the sink took by one channel within any ``seconds``."""
        return max(
            (
                bisect_right(self.moments, moment + seconds) - index
                for index, moment in enumerate(self.moments)
            ),
            default=0,
        )


def run_campaign(house: House, *, count: int, kills: list[str], a_minute: int, at_once: int) -> Report:
    """Queue ``count`` messages, send them while ``kills`` ("worker", "database") strike, and let the last worker finish."""
    house.prepare()
    house.queue(count, a_minute, at_once)
    hits, chance = 0, random.Random(8)
    for number, what in enumerate(kills):
        house.start_worker()
        wanted = taken(house) + chance.randint(1, max(1, (count - taken(house)) // (len(kills) - number + 1)))
        wait_for(lambda wanted=wanted: taken(house) >= wanted, patience_s=60)  # type: ignore[misc]
        hits += taken(house) < count
        (house.kill_database if what == "database" else house.kill_worker)()
    house.start_worker()
    wait_for(lambda: not open_ones(house), patience_s=120 + count / (a_minute / 60))
    house.kill_worker()
    return report(house, count, hits)


def taken(house: House) -> int:
    return int(house.ask("SELECT count(*) FROM notices_sink_entry")[0][0])


def open_ones(house: House) -> int:
    return int(house.ask("SELECT count(*) FROM notices_delivery WHERE state IN ('queued', 'sending')")[0][0])


def wait_for(true: Callable[[], bool], *, patience_s: float) -> None:
    until = time.monotonic() + patience_s
    while not true():
        if time.monotonic() > until:
            raise TimeoutError("it didn't come to that")
        time.sleep(0.2)


def report(house: House, count: int, kills: int) -> Report:
    entries = house.ask("SELECT count(*), coalesce(sum(receipts) - count(*), 0) FROM notices_sink_entry")
    moments = [
        float(row[0])
        for row in house.ask(
            "SELECT extract(epoch FROM taken_at) FROM notices_sink_entry WHERE channel = 'email' ORDER BY 1"
        )
    ]
    return Report(
        count=count,
        kills=kills,
        taken=int(entries[0][0]),
        repeated=int(entries[0][1]),
        states={
            str(row[0]): int(row[1])
            for row in house.ask("SELECT state, count(*) FROM notices_delivery GROUP BY 1")
        },
        unknown=int(house.ask("SELECT count(*) FROM notices_attempt WHERE outcome = 'unknown'")[0][0]),
        fastest_s=moments[-1] - moments[0],
        moments=moments,
    )
