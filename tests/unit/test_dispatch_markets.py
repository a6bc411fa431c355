"""Lines that share no capacity are solved apart: the same bound, a sound plan, and the same answer wherever it is worked out."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.dispatch.generate import generate
from staveworks.engine.dispatch import NotSolved, Problem, Progress, check_plan, lower_bound, solve
from staveworks.engine.dispatch.markets.processes import Processes
from staveworks.engine.dispatch.markets.split import Market, cut, find_markets
from staveworks.engine.dispatch.markets.spread import Spread
from staveworks.engine.dispatch.network import index
from staveworks.engine.dispatch.problem import Fairness
from staveworks.engine.dispatch.settled import open_part
from staveworks.engine.dispatch.watch import Watch
from tests.dispatching import able, centre, line, problem_of, tables
from tests.dispatching.drawing import again
from tests.dispatching.joining import beside
from tests.dispatching.towns import same, town_of

SPLIT = "staveworks.engine.dispatch.markets.split.APART"


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every market is worth a run of its own, however small."""
    monkeypatch.setattr(SPLIT, 1)


def markets_of(problem: Problem) -> list[Market]:
    part = open_part(problem)
    return find_markets(part.problem, index(part.problem))


def two_towns(**changes: Any) -> dict[str, Any]:
    """Looms and a sewing room in Keqiao, the same in Ningbo, no way between; whoever owns them."""
    given = {
        "transport": [],
        "work_centres": [
            centre("looms", "Hua Mao", "Keqiao", "weaving"),
            centre("needles", "Jiang Nan", "Keqiao", "sewing"),
            centre("looms'", "Yong Xing", "Ningbo", "weaving"),
            centre("needles'", "Yong Xing", "Ningbo", "sewing"),
        ],
        "capacity": [
            {"work_centre": name, "bucket": bucket, "hours": 10}
            for name in ("looms", "needles", "looms'", "needles'")
            for bucket in range(3)
        ],
        "capabilities": [able(name, 3) for name in ("looms", "needles", "looms'", "needles'")],
        "lines": [line("a", city="Keqiao"), line("b", city="Ningbo"), line("c", city="Ningbo", grade=2)],
    }
    return tables(**given, **changes)


@pytest.mark.usefixtures("apart")
def test_towns_without_a_way_between_are_two_markets(tmp_path: Path) -> None:
    problem = problem_of(two_towns(), tmp_path)
    assert [(each.lines.tolist(), each.centres.tolist()) for each in markets_of(problem)] == [
        ([0], [0, 1]),
        ([1, 2], [2, 3]),
    ]


@pytest.mark.usefixtures("apart")
def test_a_firm_that_is_promised_hours_in_both_towns_makes_them_one(tmp_path: Path) -> None:
    given = two_towns()
    given["work_centres"][1]["firm"] = "Yong Xing"
    problem = problem_of(given, tmp_path)
    assert len(markets_of(problem)) == 2
    assert len(markets_of(replace(problem, fairness=Fairness(0.5, 1.0)))) == 1


@pytest.mark.usefixtures("apart")
def test_work_centres_without_hours_tie_nothing_together(tmp_path: Path) -> None:
    given = two_towns()
    given["transport"] = tables()["transport"]
    assert len(markets_of(problem_of(given, tmp_path))) == 1
    given["capacity"] = [each for each in given["capacity"] if not each["work_centre"].endswith("'")]
    ((lines, centres),) = [
        (each.lines.tolist(), each.centres.tolist()) for each in markets_of(problem_of(given, tmp_path))
    ]
    assert (lines, centres) == ([0, 1, 2], [0, 1])


@pytest.mark.usefixtures("apart")
def test_who_may_be_made_by_nobody_and_who_is_needed_by_nobody_is_in_no_market_and_in_the_bound(
    tmp_path: Path,
) -> None:
    given = two_towns()
    given["lines"].append(line("d", city="Keqiao", grade=9))
    given["families"].append({"id": "sock", "weight": 1, "hold_cost": 0})
    given["routes"].append({"family": "sock", "route": "usual", "step": 0, "operation": "weaving"})
    given["work_centres"].append(centre("knitting", "Zhu Ji", "Keqiao", "weaving"))
    given["capacity"].append({"work_centre": "knitting", "bucket": 0, "hours": 8})
    given["capabilities"].append(able("knitting", 1, family="sock"))
    problem = replace(problem_of(given, tmp_path), fairness=Fairness(0.5, 2.0))
    assert sorted(np.concatenate([each.lines for each in markets_of(problem)]).tolist()) == [0, 1, 2]
    result = solve(problem, threads=1)
    assert check_plan(problem, result).broken == ()
    assert result.lines.rejected.tolist() == [0, 0, 0, 10]
    assert result.bound == pytest.approx(lower_bound(problem, result.prices, result.fairness_prices))
    assert result.fairness_prices[problem.firms.index("Zhu Ji")] == 2.0


def test_small_markets_are_solved_together_and_a_remainder_goes_with_the_smallest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = problem_of(two_towns(), tmp_path)
    four = beside(town, town)
    monkeypatch.setattr(SPLIT, 3)
    assert [each.lines.tolist() for each in markets_of(four)] == [[0, 1, 2], [3, 4, 5]]
    monkeypatch.setattr(SPLIT, 2)
    assert [each.lines.tolist() for each in markets_of(four)] == [[1, 2], [4, 5], [0, 3]]
    monkeypatch.setattr(SPLIT, 4)
    assert [each.lines.tolist() for each in markets_of(four)] == [[0, 1, 2, 3, 4, 5]]


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
@example(286)
@example(6383)  # a path of a cell without an hour left
def test_an_answer_of_parts_is_sound_and_bounded_by_their_sum(apart: None, seed: int) -> None:
    """With commitments, promises, frozen buckets, allowed and blocked firms: whatever is drawn."""
    one, other = alike(seed)
    both = beside(one, other)
    result = solve(both, threads=1)
    assert check_plan(both, result).broken == ()
    assert result.bound == pytest.approx(lower_bound(both, result.prices, result.fairness_prices), abs=1e-6)
    total = solve(one, threads=1).bound + solve(other, threads=1).bound
    assert result.bound == pytest.approx(total, rel=2e-3, abs=1e-3)


def alike(seed: int) -> tuple[Problem, Problem]:
    """Two problems that can stand beside each other: of the rarest kind there is one in two hundred."""
    one = again(seed)
    for further in range(seed + 1, seed + 3_000):
        other = again(further)
        if (other.buckets, other.operations, other.certificates) == (
            one.buckets,
            one.operations,
            one.certificates,
        ):
            return one, replace(other, fairness=one.fairness, stability=one.stability, frozen=one.frozen)
    raise AssertionError("no second problem found")


def test_a_market_knows_nothing_of_the_others(apart: None) -> None:
    """Its answer is that of the problem alone, to the last digit; lines' firms of other markets don't let anybody else in."""
    one, other = (
        generate(80, 2, "tight", 1, firms=12, cities=3),
        generate(60, 2, "mixed", 2, firms=10, cities=3),
    )
    both = beside(one, other)
    part = open_part(both)
    found = [each for each in markets_of(both) if len(each.lines) > 5]
    assert len(found) == 2
    small = cut(part, found[1]).problem
    assert (found[1].lines >= len(one.lines)).all()
    assert small.lines.quantity.tolist() == both.lines.quantity[found[1].lines].tolist()
    assert len(small.work_centres.hours) == len(found[1].centres) < len(both.work_centres.hours)
    assert (small.work_centres.firm < len(small.firms)).all()


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[bytes]"]:
    """The processes that are started."""
    started: list[subprocess.Popen[bytes]] = []
    start = Processes._start

    def noted(self: Processes) -> "subprocess.Popen[bytes]":
        started.append(start(self))
        return started[-1]

    monkeypatch.setattr(Processes, "_start", noted)
    return started


@pytest.mark.slow
@pytest.mark.usefixtures("apart")
def test_processes_give_the_answer_that_one_process_gives(hands: list["subprocess.Popen[bytes]"]) -> None:
    """Three markets, two processes: one of them works twice. All are gone afterwards."""
    problem = beside(beside(town_of(60), town_of(50, 2)), town_of(40, 3))
    heard: list[Progress] = []
    apart = solve(problem, threads=2, progress=heard.append)
    assert len(hands) == 2
    assert all(hand.poll() is not None for hand in hands)
    assert same(apart, solve(problem, threads=1))
    assert check_plan(problem, apart).broken == ()
    assert np.all(np.diff([each.bound for each in heard]) >= -1e-6)
    assert np.all(np.diff([each.objective for each in heard]) <= 1e-6)
    assert heard[0].bound <= apart.bound <= apart.objective <= heard[0].objective


@pytest.mark.slow
@pytest.mark.usefixtures("apart")
def test_a_process_that_dies_is_an_error_that_says_so(hands: list["subprocess.Popen[bytes]"]) -> None:
    def kill(progress: Progress) -> None:
        hands[0].kill()

    with pytest.raises(NotSolved, match=r"market of .* lines ended \(SIGKILL\)") as error:
        solve(beside(town_of(60), town_of(50, 2)), threads=2, progress=kill)
    assert "SIGKILL" in error.value.text.zh
    assert all(hand.poll() is not None for hand in hands)


@pytest.mark.slow
@pytest.mark.usefixtures("apart")
def test_who_stops_gets_a_sound_plan_of_all_markets(hands: list["subprocess.Popen[bytes]"]) -> None:
    problem = beside(beside(town_of(60), town_of(50, 2)), town_of(40, 3))
    stopped = solve(problem, threads=2, stop=lambda: len(hands) == 2)
    assert check_plan(problem, stopped).broken == ()
    assert stopped.allocations.quantity.sum() > 0


@pytest.mark.slow
@pytest.mark.usefixtures("apart")
def test_what_the_listener_raises_ends_the_processes(hands: list["subprocess.Popen[bytes]"]) -> None:
    """Like a second Ctrl-C."""

    def give_up(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(beside(town_of(60), town_of(50, 2)), threads=2, progress=give_up)
    assert all(hand.poll() is not None for hand in hands)


KILLED = """
import os, sys
from staveworks.engine.dispatch import solve
from staveworks.engine.dispatch.markets import split
from tests.dispatching.joining import beside
from tests.dispatching.towns import town_of
split.APART = 1
def tell(progress):
    print("working", flush=True)
solve(beside(town_of(300), town_of(300, 2)), threads=2, progress=tell)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
def test_nothing_goes_on_when_the_process_that_began_it_is_killed() -> None:
    root = Path(__file__).parents[2]
    begun = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, cwd=root)
    assert begun.stdout is not None
    assert begun.stdout.readline() == b"working\n"
    children = [
        pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if parent_of(pid) == begun.pid
    ]
    assert children
    begun.send_signal(signal.SIGKILL)
    begun.wait()
    begun.stdout.close()
    wait_until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() and is_hand(pid) for pid in children))


def parent_of(pid: int) -> int:
    with suppress(OSError, ValueError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def is_hand(pid: int) -> bool:
    with suppress(OSError):
        return b"dispatch.markets.hand" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "not within the time"
        time.sleep(0.1)


def test_a_time_limit_is_shared_out_by_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hands have a hundred and twenty seconds together; two lines of six get a third of them."""
    monkeypatch.setattr(SPLIT, 1)
    town = problem_of(two_towns(), tmp_path)
    four = beside(town, town)
    part = open_part(four)
    watch = Watch(60.0)
    spread = Spread(part, markets_of(four), 0, 1, watch, None, 2)
    first = spread.next_task()[1]
    assert first.seconds == pytest.approx(40, abs=1)
    assert [len(spread.next_task()[1].part.problem.lines) for _ in range(3)] == [2, 1, 1]
    watch.seconds = 0.0
    stopped = Spread(part, markets_of(four), 0, 1, watch, None, 2)
    assert stopped.next_task()[1].seconds == 0.0


def test_ray_that_is_asked_for_and_missing_is_said(
    tmp_path: Path, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "staveworks.engine.dispatch.markets.on_ray", raising=False)
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(NotSolved, match=r"staveworks\[ray\]"):
        solve(problem_of(two_towns(), tmp_path))
