"""Lines that can't be split: known answers, every tiny case by brute force, the same answer twice."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staveworks.engine.dispatch import Problem, check_plan, solve
from staveworks.engine.dispatch.assignment import is_assignment
from staveworks.engine.dispatch.problem import Fairness, Floats
from tests.dispatching.gap import assignment_problem, best_known, read_gap

KNOWN = ("gap1-0", "gap4-2", "gap5-1", "gap8-0", "gap11-2", "gap12-1")


@pytest.mark.parametrize("name", KNOWN)
def test_known_optima_are_found_and_proven(name: str) -> None:
    name = f"cattrysse1994/{name}"
    problem = read_gap(name)
    result = solve(problem)
    assert result.objective == pytest.approx(best_known()[name])
    assert result.status == "optimal"
    assert result.bound <= result.proven_bound
    assert check_plan(problem, result).broken == ()


def least_cost(cost: Floats, need: Floats, room: Floats, reject: float) -> float:
    """By trying all ways to place or reject each job."""
    agents, jobs = cost.shape
    best = np.inf
    for places in product(range(agents + 1), repeat=jobs):
        used, paid = np.zeros(agents), 0.0
        for job, place in enumerate(places):
            paid += reject if place == agents else cost[place, job]
            if place < agents:
                used[place] += need[place, job]
        if (used <= room + 1e-9).all():
            best = min(best, paid)
    return best


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    agents=st.integers(1, 3),
    jobs=st.integers(1, 5),
    whole=st.booleans(),
    tightness=st.floats(0.2, 1.2),
)
def test_tiny_cases_are_solved_as_by_trying_everything(
    seed: int, agents: int, jobs: int, whole: bool, tightness: float
) -> None:
    """Whole and broken hours, jobs that fit nowhere, jobs that are cheaper rejected."""
    draw = np.random.default_rng(seed)
    cost, need = draw.uniform(1, 9, (agents, jobs)), draw.uniform(1, 9, (agents, jobs))
    room = tightness * need.sum(axis=1) / agents
    if whole:
        cost, need, room = cost.round(), need.round(), room.round()
    reject = float(draw.choice([4.0, 8.0, 90.0]))
    problem = assignment_problem(cost, need, room, reject)
    result = solve(problem)
    assert result.objective == pytest.approx(least_cost(cost, need, room, reject))
    assert result.status == "optimal"
    assert check_plan(problem, result).broken == ()


def test_the_same_seed_gives_the_same_answer() -> None:
    problem = read_gap("chu1997/a05100")
    first, second = solve(problem, seed=3, threads=1), solve(problem, seed=3, threads=2)
    assert first.objective == second.objective
    assert (first.allocations.work_centre == second.allocations.work_centre).all()
    assert first.proven_bound == second.proven_bound


def test_a_run_that_is_stopped_at_once_still_answers() -> None:
    """With a plan that keeps to the rules, and a bound below it."""
    problem = read_gap("chu1997/d20100")
    result = solve(problem, stop=lambda: True)
    assert check_plan(problem, result).broken == ()
    assert result.status == "feasible"
    assert result.proven_bound < result.objective


def test_jobs_without_room_are_rejected_at_their_cost() -> None:
    """Two jobs of 3 hours at 1 and 2, one agent of 4 hours; rejecting costs 10: 1 + 10."""
    problem = assignment_problem(np.array([[1.0, 2.0]]), np.full((1, 2), 3.0), np.array([4.0]), 10.0)
    result = solve(problem)
    assert result.objective == pytest.approx(11)
    assert result.costs.rejection == pytest.approx(10)
    assert result.lines.made.tolist() == [1, 0]


def with_lots(problem: Problem, **changes: Floats) -> Problem:
    return replace(problem, lines=replace(problem.lines, **changes))


def test_what_can_be_split_or_is_promised_is_no_assignment() -> None:
    problem = read_gap("cattrysse1994/gap1-0")
    assert is_assignment(problem)
    assert not is_assignment(with_lots(problem, min_lot=problem.lines.quantity / 2))
    assert not is_assignment(replace(problem, fairness=Fairness(0.5, 1.0)))
