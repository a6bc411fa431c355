"""`staveworks restart` under load: not one request fails, every process is a new one, and a program that can't start changes nothing."""

import http.client
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from staveworks.db.embedded.server import free_port
from tests.load import API, Load
from tests.rooms.keeping.homes import move_into
from tests.running import Running, empty_home, running, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("run")]
RESTARTS = 2
"""The second exchanges what the first has started, as every later one does."""
PAUSE_S = 0.2
"""Some twenty requests a second meet every exchange; without a pause they would take the processor from what starts."""


@pytest.fixture(scope="module")
def run() -> Iterator[Running]:
    with empty_home() as home:
        move_into(home)
        settings = home / "staveworks.toml"
        settings.write_text("api_limit_address = 1000000\n", "utf-8")
        with running(home, free_port(), STAVEWORKS_CONFIG=str(settings)) as run:
            yield run


def processes(run: Running) -> list[int]:
    found: list[int] = json.loads((run.home / "web.json").read_text("utf-8"))["processes"]
    return found


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def ask_again(connections: list[http.client.HTTPConnection]) -> None:
    for connection in connections:
        connection.request("GET", API)
        connection.getresponse().read()


def test_no_request_fails_while_everything_is_exchanged_twice(run: Running) -> None:
    seen = [processes(run)]
    worker = run.pids()["worker"]
    idle = left_idle(run.port)
    with Load(run.port, kept=2, fresh=2, pause_s=PAUSE_S) as load:
        until(lambda: sum(load.answers.values()) > 20, run)
        for _ in range(RESTARTS):
            before = sum(load.answers.values())
            told = run.command("restart", "--json")
            assert told.returncode == 0, told.stderr + run.said()
            seen.append(json.loads(told.stdout)["web"])
            until(lambda before=before: sum(load.answers.values()) > before + 20, run)
    assert load.failures == []
    assert set(load.answers) == {200, 302}
    pids = [pid for pair in seen for pid in pair]
    assert len(set(pids)) == 2 * (RESTARTS + 1), "each process was a new one"
    assert [pid for pid in pids if lives(pid)] == seen[-1]
    until(lambda: run.pids()["worker"] != worker, run)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        ask_again(idle)  # the control: what the load forgives nothing of does happen to who pays no attention


def left_idle(port: int) -> list[http.client.HTTPConnection]:
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(4)]
    ask_again(connections)
    return connections


def test_a_program_that_cannot_start_leaves_the_old_one_in_place(run: Running) -> None:
    before = processes(run)
    settings = run.home / "staveworks.toml"
    good = settings.read_text("utf-8")
    settings.write_text('https = "perhaps"\n', "utf-8")
    with Load(run.port, kept=1, fresh=1, pause_s=PAUSE_S) as load:
        told = run.command("restart")
        settings.write_text(good, "utf-8")
    assert told.returncode == 1
    assert load.failures == []
    assert load.answers[200] > 0
    assert processes(run) == before


def test_a_web_process_that_was_killed_is_replaced(run: Running) -> None:
    """Also right after a restart that failed."""
    before = processes(run)
    os.kill(before[0], 9)
    until(lambda: before[0] not in processes(run) and run.answers(), run)
    assert processes(run)[1] == before[1]


def test_where_nothing_runs_there_is_nothing_to_restart(run: Running, tmp_path: Path) -> None:
    run._environment["STAVEWORKS_HOME"], home = str(tmp_path), run._environment["STAVEWORKS_HOME"]
    told = run.command("restart")
    run._environment["STAVEWORKS_HOME"] = home
    assert told.returncode == 1
    assert "Nothing is running" in told.stderr
