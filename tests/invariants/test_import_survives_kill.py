"""kill -9 of the command, the worker and the database during an import: no row is lost, none counts twice.

One list is imported under four kills, one of each kind and one after the database's, each after at least one more chunk was
committed (or half a minute); the outcome must be that of an import that nobody disturbed.
"""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from staveworks.db.embedded.postmaster import end_postmaster
from staveworks.db.embedded.secrets import Urls
from staveworks.db.embedded.server import EmbeddedServer
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.rosters.queries import iterate_outcomes
from tests.database import Clone
from tests.places import quick_folder
from tests.rooms.keeping.homes import move_into
from tests.rooms.rosters.lists import import_list
from tests.world import make_operator

COMMAND = str(Path(sys.executable).with_name("staveworks"))
ROWS, CHUNK = 600, "20"
KILLS = ["worker", "command", "database", "command"]
PATIENCE_S = 30
HELD = "SELECT count(*) FROM parties_organisation o WHERE steward_id IS NOT NULL"
START = """
import os, sys, pathlib
os.environ["DJANGO_SETTINGS_MODULE"] = "staveworks.config.settings"
import django
django.setup()
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.rosters.usecases.start_import import start_import
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster
actor, path = operator_service(), pathlib.Path(sys.argv[1])
start_import(actor, roster=upload_roster(actor, path=path, name=path.name).id)
"""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kills")]


@dataclass
class House:
    """A home with a server of its own, which the test may kill."""

    home: Path
    server: EmbeddedServer = field(init=False)

    def __post_init__(self) -> None:
        self.server = EmbeddedServer(self.home, durable=False)

    def environment(self) -> dict[str, str]:
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "DJANGO_", "STAVEWORKS_"))
        }
        return kept | {"STAVEWORKS_HOME": str(self.home), "STAVEWORKS_IMPORT_CHUNK": CHUNK}

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [COMMAND, *arguments],
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [COMMAND, *arguments], env=self.environment(), capture_output=True, check=True, timeout=120
        )
        return done.stdout.decode()

    def urls(self) -> Urls:
        return self.server.start()

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.urls().superuser) as connection:
            return connection.execute(statement.encode()).fetchall()

    def close(self) -> None:
        self.server.stop()
        if (self.home / "postgres").exists():
            end_postmaster((self.home / "postgres").resolve() / "18")
        shutil.rmtree(self.home, ignore_errors=True)


@pytest.fixture
def house() -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="staveworks-kill-", dir=quick_folder()))
    folder.chmod(0o711)
    made = House(folder)
    yield made
    made.close()


def make_list(path: Path) -> None:
    """Firms of which one in six is an earlier one, written a little differently; some rows have no name."""
    chance = random.Random(5)
    firms: list[list[str]] = []
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["企业名称", "所在地", "地址", "电话", "员工人数"])
        for number in range(ROWS):
            if firms and number % 6 == 5:
                name, *rest = chance.choice(firms)
                lines.writerow([name.replace("有限公司", "厂"), *rest])
            elif number % 97 == 96:
                lines.writerow(["", "绍兴市", "", "13900000000", ""])
            else:
                brand = "".join(
                    chance.sample("恒盛隆昌泰富华瑞祥和兴旺达通顺利丰裕源鑫金银宝玉珠云霞锦绣", 3)
                )
                street = f"{chance.choice('东西南北中')}{chance.choice('华泰和平')}路{number + 1}号"
                firm = [f"绍兴{brand}纺织有限公司", "绍兴市柯桥区", street, f"1385{number:07d}", str(number)]
                firms.append(firm)
                lines.writerow(firm)


def progress(watch: "psycopg.Connection[tuple[object, ...]]") -> int:
    row = watch.execute("SELECT coalesce(max(progress), 0) FROM rosters_roster").fetchone()
    return int(str(row[0])) if row else 0


def kill(house: House, what: str, path: Path) -> bool:
    """Kill ``what`` in the middle of its work; whether the import had gone on before that."""
    with psycopg.connect(house.urls().superuser, autocommit=True) as watch:
        before = progress(watch)
        child = (
            house.start("worker") if what == "worker" else house.start("import-roster", str(path), "--json")
        )
        until = time.monotonic() + PATIENCE_S
        while progress(watch) <= before and child.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        went_on = progress(watch) > before
    time.sleep(random.uniform(0, 0.15))
    if what == "database":
        os.kill(house.server.pid() or 0, signal.SIGKILL)
    else:
        os.kill(child.pid, signal.SIGKILL)
    if what == "database":
        child.send_signal(signal.SIGKILL)
    child.wait(30)
    return went_on


type Outcomes = list[tuple[str, int]]


def grouping(rows: Iterable[tuple[str, str]]) -> Outcomes:
    """For each row its outcome and the first row that stands in the same firm (ids differ from run to run)."""
    first: dict[str, int] = {}
    return [(outcome, first.setdefault(firm, n) if firm else -1) for n, (outcome, firm) in enumerate(rows)]


def undisturbed(path: Path) -> Outcomes:
    """What the same list gives in peace, in a database of this process."""
    make_operator()
    actor = operator_service()
    card = import_list(actor, path, chunk=int(CHUNK))
    rows = iterate_outcomes(actor, roster=card.id)
    return grouping((str(row.outcome), str(row.firm_id or "")) for row in rows)


def test_an_import_survives_kills(house: House, committed: Clone, tmp_path: Path) -> None:
    path, out = tmp_path / "list.csv", tmp_path / "out.csv"
    make_list(path)
    expected = undisturbed(path)
    move_into(house.home)
    subprocess.run(
        [sys.executable, "-c", START, str(path)],
        env=house.environment() | house.urls().environment(),
        check=True,
    )
    hit = sum(kill(house, what, path) for what in KILLS)
    assert hit >= 3, f"only {hit} kills hit a running import"
    assert house.ask("SELECT state FROM rosters_roster ORDER BY total DESC LIMIT 1") == [("running",)], (
        "the import was over before the last kill"
    )
    counts = json.loads(house.run("import-roster", str(path), "--json", "--out", str(out)))
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert grouping((row["outcome"], row["organisation"]) for row in rows) == expected
    assert Counter(outcome for outcome, _ in expected) == {
        k: n for k, n in counts.items() if n and k != "rows"
    }
    assert _orphans(house) == Counter()


def _orphans(house: House) -> Counter[str]:
    """Halves of a chunk: firms without profile or row, keys without row."""
    found: Counter[str] = Counter()
    for name, statement in {
        "firm without profile": f"{HELD} AND NOT EXISTS (SELECT FROM parties_profile p WHERE p.org_id = o.id)",
        "firm without row": f"{HELD} AND NOT EXISTS (SELECT FROM rosters_row r WHERE r.organisation_id = o.id)",
        "key without row": "SELECT count(*) FROM rosters_match_key k WHERE NOT EXISTS (SELECT FROM rosters_row r WHERE r.id = k.row_id)",
        "row without key": "SELECT count(*) FROM rosters_row r WHERE outcome <> 'refused'"
        " AND NOT EXISTS (SELECT FROM rosters_match_key k WHERE r.id = k.row_id)",
    }.items():
        found[name] += int(str(house.ask(statement)[0][0]))
    return +found
