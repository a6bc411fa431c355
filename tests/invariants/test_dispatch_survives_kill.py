"""kill -9 of the worker while it dispatches, its markets in processes: nothing goes on in the dark, the run is begun anew and answered once.

With the product's own processes. The worker believes in three processors and in markets of fifty lines, so that a small season is enough.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from staveworks.db.embedded.server import EmbeddedServer, free_port
from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand
from staveworks.mechanisms.dispatch.usecases.start_run import next_monday, start_run
from tests.database import django_on
from tests.rooms.keeping.homes import move_into
from tests.running import Running, empty_home, running, until
from tests.seasons import two_seasons
from tests.world import make_world

SMALL_MARKETS = """
import os
os.cpu_count = lambda: 3
from staveworks.engine.dispatch.markets import split
split.APART = 50
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("kills"),
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc"),
]


@contextmanager
def a_run_under_way(folder: Path) -> Iterator[tuple[Running, str]]:
    """And as whom to look at its database."""
    (folder / "sitecustomize.py").write_text(SMALL_MARKETS)
    path = os.pathsep.join(each for each in (str(folder), os.environ.get("PYTHONPATH", "")) if each)
    with empty_home() as home:
        move_into(home)
        server = EmbeddedServer(home)
        with django_on(server.start()):
            gao = make_world().gao
            demand = save_demand(gao, name="2026 秋冬", tables=two_seasons(lines=250))
            assert not demand.faults
        server.stop()
        with running(home, free_port(), processes=1, PYTHONPATH=path) as product:
            urls = EmbeddedServer(home).start()
            with django_on(urls):
                start_run(gao, demand=demand.id, first=next_monday(date(2026, 11, 30)))
            yield product, urls.superuser


def test_a_dispatch_survives_kill_of_the_worker(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> None:
    with (
        django_db_blocker.unblock(),
        a_run_under_way(tmp_path) as (product, superuser),
        psycopg.connect(superuser, autocommit=True) as database,
    ):

        def ask(what: str) -> Any:
            found = database.execute(f"SELECT {what} FROM dispatch_run".encode()).fetchone()
            return found[0] if found else None

        until(lambda: ask("state") == "running" and len(hands(product.pids()["worker"])) == 2, product)
        killed = product.pids()["worker"]
        left = hands(killed)
        os.killpg(killed, signal.SIGKILL)
        until(lambda: not any(is_hand(pid) for pid in left), product)
        assert ask("state") == "running"
        until(lambda: ask("state") == "finished", product)
        assert ask("attempt") == 2
        assert database.execute("SELECT count(*) FROM dispatch_answer").fetchone() == (1,)
        until(lambda: not hands(product.pids()["worker"]), product)


def hands(worker: int) -> list[int]:
    """The processes in which the worker solves markets now."""
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return [pid for pid in pids if is_hand(pid) and parent_of(pid) == worker]


def is_hand(pid: int) -> bool:
    with suppress(OSError):
        return b"dispatch.markets.hand" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def parent_of(pid: int) -> int:
    with suppress(OSError, ValueError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0
