"""The check finds each kind of planted fault, and its bound is what linear programming says."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staveworks.engine.dispatch import Problem, Result, check_plan, greedy, lower_bound, read_problem
from staveworks.engine.dispatch.check.lots import most_lots
from staveworks.engine.dispatch.result import WithLots
from tests.dispatching import GOLDEN, line, problem_of, tables
from tests.dispatching.drawing import random_problem, whole_problems
from tests.dispatching.exact import brute_force, optimum, paths


@pytest.fixture
def sound(tmp_path: Path) -> tuple[Problem, Result]:
    """A line in one lot: woven at `looms` (0), sewn at `east` (1)."""
    problem = problem_of(tables(lines=[line("a", max_lots=1, min_lot=2)]), tmp_path)
    result = greedy(problem)
    assert check_plan(problem, result).broken == ()
    return problem, result


def planned(result: Result, **columns: list[Any]) -> Result:
    kinds = {name: getattr(result.allocations, name).dtype for name in result.allocations.__slots__}
    changed = {name: np.array(values, kinds[name]) for name, values in columns.items()}
    return replace(result, allocations=replace(result.allocations, **changed))


def rules(problem: Problem, result: Result) -> set[str]:
    return {broken.rule for broken in check_plan(problem, result).broken}


PLANTED: dict[str, tuple[dict[str, list[Any]], str]] = {
    "a bucket that isn't there": ({"bucket": [0, 3]}, "unknown bucket"),
    "a work centre that isn't there": ({"work_centre": [0, 9]}, "unknown work_centre"),
    "less than nothing": ({"quantity": [-1.0, -1.0]}, "quantity is not a positive number"),
    "sewn before it was woven": ({"bucket": [1, 1]}, "a step before the one before it has arrived"),
    "only woven": ({"step": [0, 2]}, "not one route from end to end"),
    "woven by a sewing shop": ({"work_centre": [1, 1]}, "not one route from end to end"),
    "two quantities": ({"quantity": [10.0, 9.0]}, "the quantity of a lot changes between steps"),
    "more than wanted": ({"quantity": [10.1, 10.1]}, "more made than wanted"),
    "more than there are hours": ({"quantity": [10.1, 10.1]}, "more hours than there are"),
    "too small a lot": ({"quantity": [1.0, 1.0]}, "a lot below the least"),
}


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_fault_in_a_plan_is_found(sound: tuple[Problem, Result], case: str) -> None:
    problem, result = sound
    columns, rule = PLANTED[case]
    assert rule in rules(problem, planned(result, **columns))


def test_two_lots_are_one_too_many(sound: tuple[Problem, Result]) -> None:
    problem, result = sound
    two = {
        "line": [0] * 4,
        "lot": [0, 0, 1, 1],
        "step": [0, 1] * 2,
        "work_centre": [0, 1] * 2,
        "bucket": [0, 1] * 2,
    }
    assert "too many lots" in rules(problem, planned(result, **two, quantity=[5.0] * 4))


LINES: dict[str, tuple[dict[str, Any], str]] = {
    "grade": ({"grade": np.array([3], np.int32)}, "grade too low"),
    "release": ({"release": np.array([1], np.int32)}, "before release"),
}


@pytest.mark.parametrize("case", LINES)
def test_a_plan_of_another_line_breaks_its_rules(sound: tuple[Problem, Result], case: str) -> None:
    problem, result = sound
    changes, rule = LINES[case]
    assert rule in rules(replace(problem, lines=replace(problem.lines, **changes)), result)


@pytest.mark.parametrize(
    ("wish", "rule"),
    [
        ({"certificates": "gots"}, "a certificate is lacking"),
        ({"blocked_firms": "Jiang Nan"}, "the firm is not allowed, or blocked"),
        ({"allowed_firms": "Hua Mao"}, "the firm is not allowed, or blocked"),
    ],
)
def test_a_firm_that_may_not_is_found(
    sound: tuple[Problem, Result], tmp_path: Path, wish: dict[str, str], rule: str
) -> None:
    assert rule in rules(problem_of(tables(lines=[line("a", **wish)]), tmp_path), sound[1])


def test_frozen_empty_and_unconnected_places_are_found(sound: tuple[Problem, Result], tmp_path: Path) -> None:
    problem, result = sound
    assert "in a frozen bucket" in rules(replace(problem, frozen=1), result)
    closed = problem.work_centres.hours.copy()
    closed[1, 1] = 0
    shut = replace(problem, work_centres=replace(problem.work_centres, hours=closed))
    assert {"where no hours are", "more hours than there are"} <= rules(shut, result)
    apart = problem_of(tables(transport=[]), tmp_path)
    assert "cities are not connected" in rules(apart, result)


def test_a_commitment_that_has_gone_is_found(sound: tuple[Problem, Result], tmp_path: Path) -> None:
    pinned = {
        "line": "a",
        "lot": 0,
        "step": 0,
        "work_centre": "looms",
        "bucket": 1,
        "quantity": 2,
        "status": "pinned",
    }
    problem = problem_of(tables(commitments=[pinned], lines=[line("a", max_lots=1)]), tmp_path)
    assert "a settled commitment has gone" in rules(problem, sound[1])


def lots_at(result: Result, price: float) -> WithLots:
    return WithLots(result.prices, result.fairness_prices, np.full(len(result.lines.made), price))


SAID: dict[str, Callable[[Result], Result]] = {
    "objective": lambda result: replace(result, objective=result.objective - 1),
    "bound": lambda result: replace(result, bound=result.bound + 1, proven_bound=result.bound + 1),
    "proven bound": lambda result: replace(
        result, with_lots=lots_at(result, 1.0), proven_bound=result.bound - 1
    ),
    "make": lambda result: replace(result, costs=replace(result.costs, make=0.0)),
    "late of lines": lambda result: replace(result, lines=replace(result.lines, late=result.lines.late + 1)),
    "prices": lambda result: replace(result, prices=-1 - result.prices),
    "prices of lots": lambda result: replace(result, with_lots=lots_at(result, -1.0)),
    "the proven bound is above": lambda result: replace(result, proven_bound=result.objective + 1),
    "the proven bound is below": lambda result: replace(result, proven_bound=result.bound - 1),
}


@pytest.mark.parametrize("what", SAID)
def test_what_is_said_wrongly_is_found(sound: tuple[Problem, Result], what: str) -> None:
    problem, result = sound
    assert any(rule.startswith(what) for rule in rules(problem, SAID[what](result)))


def test_optimal_is_believed_only_at_the_bound(sound: tuple[Problem, Result]) -> None:
    problem, result = sound
    lower = replace(result, bound=80.0, proven_bound=80.0, status="optimal")
    assert "optimal is claimed, but the bound is not reached" in rules(problem, lower)


@pytest.mark.parametrize("seed", range(80))
def test_the_bound_at_the_prices_of_the_linear_programme_is_its_optimum(seed: int) -> None:
    """Fairness with it: no other vector proves more, so nothing is lost in the formula."""
    problem = random_problem(seed)
    exact = optimum(problem, lots=False)
    assert lower_bound(problem, exact.prices, exact.fairness_prices) == pytest.approx(
        exact.objective, abs=1e-6
    )


@settings(max_examples=60)
@given(st.integers(1_000, 10**6), st.data())
def test_any_prices_bound_every_plan_from_below(seed: int, data: st.DataObject) -> None:
    """Of hours, of promises, of lots."""
    problem = with_few_lots(random_problem(seed), seed)
    draw = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    prices = draw.exponential(2, problem.work_centres.hours.shape) * draw.integers(0, 2)
    most = problem.fairness.penalty if problem.fairness else 0.0
    fair = draw.uniform(0, most, len(problem.firms)) if problem.fairness else np.zeros(0)
    lots = draw.exponential(2, len(problem.lines)) * draw.integers(0, 2, len(problem.lines))
    bound = lower_bound(problem, prices, fair, lots)
    assert bound <= optimum(problem, lots=True).objective + 1e-6
    assert bound <= greedy(problem).objective + 1e-6


def with_few_lots(problem: Problem, seed: int) -> Problem:
    most = np.random.default_rng(seed).integers(1, 4, len(problem.lines)).astype(np.int32)
    return replace(problem, lines=replace(problem.lines, max_lots=most))


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_a_priced_lot_makes_of_all_paths_the_cheapest_of_larger_lots_too(seed: int) -> None:
    """The same as all paths listed by plain loops, each with its part of a lot."""
    problem, draw = random_problem(seed), np.random.default_rng(seed)
    prices = draw.exponential(1, problem.work_centres.hours.shape)
    able, lines, free = problem.capabilities, problem.lines, problem.work_centres.hours
    lots = draw.exponential(1, len(lines))
    best = lines.reject_cost.copy()
    for path in paths(problem):
        steps = [(able.work_centre[row], bucket, able.hours[row]) for row, bucket in path.steps]
        part = max(
            *(hours / free[where, bucket] for where, bucket, hours in steps), 1 / lines.quantity[path.line]
        )
        cost = path.cost + sum(hours * prices[where, bucket] for where, bucket, hours in steps)
        best[path.line] = min(best[path.line], cost + lots[path.line] * part)
    promises = np.zeros(len(problem.firms) if problem.fairness else 0)
    expected = lines.quantity @ best - lots @ most_lots(problem) - (prices * free).sum()
    assert lower_bound(problem, prices, promises, lots) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("start", range(1_000, 1_200, 20))
def test_greedy_is_sound_and_no_better_than_all_ways_tried(start: int) -> None:
    """A thousand problems on two hundred networks."""
    for seed in range(start, start + 20):
        for number, problem in enumerate(whole_problems(seed, 5)):
            result = greedy(problem)
            assert check_plan(problem, result).broken == (), (seed, number)
            assert result.bound - 1e-6 <= brute_force(problem) <= result.objective + 1e-6, (seed, number)


@pytest.mark.parametrize("name", ["d1000-1", "d1000-3"])
def test_greedy_is_sound_on_published_problems(name: str) -> None:
    problem = read_problem(GOLDEN / name)
    assert check_plan(problem, greedy(problem)).broken == ()
