"""The solver against the check, against itself, and against the optimum that is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from staveworks.engine.dispatch import (
    Problem,
    Progress,
    Result,
    check_plan,
    read_problem,
    read_result,
    solve,
    write_result,
)
from tests.dispatching.drawing import random_problem
from tests.dispatching.exact import optimum

pytestmark = pytest.mark.xdist_group("dispatch_solve")  # a thousand lines are solved once, half a minute each
GOLDEN = Path(__file__).parent.parent / "golden" / "dispatch"
OPTIMUM = {"d1000-1": 2233.388, "d1000-3": 5511.937}


@pytest.fixture(scope="module", params=sorted(OPTIMUM))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def solved(name: str) -> Result:
    return solve(read_problem(GOLDEN / name))


@pytest.mark.slow
def test_a_thousand_lines_are_planned_within_the_rules(name: str, solved: Result) -> None:
    """The check recomputes rules, costs and bound on its own."""
    verdict = check_plan(read_problem(GOLDEN / name), solved)
    assert verdict.broken == ()


@pytest.mark.slow
def test_prices_of_hours_nearly_prove_the_linear_optimum_and_prices_of_lots_more(
    name: str, solved: Result
) -> None:
    """Whatever the prices, those of hours alone prove no more than the optimum without lots."""
    assert 0.9995 * OPTIMUM[name] <= solved.bound <= OPTIMUM[name] * (1 + 1e-6)
    assert solved.proven_bound > OPTIMUM[name]
    assert solved.proven_gap <= 0.002


@pytest.mark.slow
def test_lots_that_are_short_raise_the_bound() -> None:
    """Above the optimum without lots, found by other means; the check comes to the same."""
    problem = with_large_lines(random_problem(8, lines=90))
    result = solve(problem)
    assert check_plan(problem, result).broken == ()
    assert result.with_lots
    assert result.with_lots.lots.any()
    linear = optimum(problem, lots=False).objective
    assert result.bound <= linear * (1 + 1e-6)
    assert result.proven_bound > 1.002 * linear


@pytest.mark.slow
def test_prices_with_lots_count_on_promises_too_and_are_read_back_whole(tmp_path: Path) -> None:
    drawn = random_problem(16, lines=90)
    problem = replace(with_large_lines(drawn), fairness=drawn.fairness)
    result = solve(problem)
    assert result.with_lots
    assert result.with_lots.promise.any()
    write_result(problem, result, tmp_path / "R")
    assert check_plan(problem, read_result(problem, tmp_path / "R")).broken == ()


def with_large_lines(problem: Problem) -> Problem:
    """Eight of them, two lots each, among small ones; no hours of setting up, no promise."""
    lines, able, centres = problem.lines, problem.capabilities, problem.work_centres
    large = np.where(np.arange(len(lines)) < 8, 40.0, 1.0)
    return replace(
        problem,
        lines=replace(lines, quantity=large * lines.quantity, max_lots=np.full(len(lines), 2, np.int32)),
        work_centres=replace(centres, hours=25 * centres.hours),
        capabilities=replace(able, setup_hours=0 * able.setup_hours),
        fairness=None,
    )


@pytest.mark.slow
def test_the_plan_is_close_to_the_bound(solved: Result) -> None:
    assert solved.gap < 0.02


@pytest.mark.slow
def test_the_number_of_threads_changes_nothing() -> None:
    """Sums are taken over fixed chunks, so not even the last digit differs."""
    problem = read_problem(GOLDEN / "d1000-1")

    def stopped_after_the_sweeps(threads: int) -> Result:
        heard: list[Progress] = []
        return solve(
            problem,
            threads=threads,
            progress=heard.append,
            stop=lambda: heard and heard[-1].phase == "search",
        )

    one, three = stopped_after_the_sweeps(1), stopped_after_the_sweeps(3)
    assert one.bound == three.bound
    assert one.objective == three.objective
    assert (one.prices == three.prices).all()
    assert (one.allocations.quantity == three.allocations.quantity).all()


@pytest.mark.slow
def test_who_stops_at_once_still_gets_a_plan() -> None:
    problem = read_problem(GOLDEN / "d1000-1")
    stopped = solve(problem, stop=lambda: True)
    assert check_plan(problem, stopped).broken == ()
    assert stopped.allocations.quantity.sum() > 0


@pytest.mark.slow
def test_a_first_plan_is_told_before_the_prices_are_found_and_who_stops_then_gets_a_better_one() -> None:
    """Of a thousand lines a plan proper takes no time worth sparing."""
    heard: list[Progress] = []
    result = solve(
        read_problem(GOLDEN / "d1000-1"),
        progress=heard.append,
        stop=lambda: any(each.objective < np.inf for each in heard),
    )
    first = next(each for each in heard if each.objective < np.inf)
    assert first.phase == "first plan"
    assert result.objective < first.objective


def test_progress_tells_a_rising_bound_and_a_falling_objective() -> None:
    heard: list[Progress] = []
    solve(read_problem(GOLDEN / "d1000-1"), seconds=5, progress=heard.append)
    assert np.all(np.diff([each.bound for each in heard]) >= -1e-9)
    assert np.all(np.diff([each.objective for each in heard if each.objective < np.inf]) <= 1e-6)
