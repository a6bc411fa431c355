"""Re-dispatch: the former plan comes back as commitments, some of it settled; what stays stays, and the bound still holds."""

from dataclasses import replace

import numpy as np
import pytest

from staveworks.engine.dispatch import check_plan, greedy, lower_bound, solve
from staveworks.engine.dispatch.check.committed import settle
from staveworks.engine.dispatch.problem import PLANNED, Commitments, no_commitments
from tests.dispatching.drawing import again


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_greedy_keeps_what_is_settled_and_stays_above_the_bound(start: int) -> None:
    for seed in range(start, start + 50):
        problem = again(seed)
        result = greedy(problem)
        assert check_plan(problem, result).broken == (), seed
        assert result.bound <= result.objective + 1e-6, seed


@pytest.mark.parametrize("seed", range(200))
def test_prices_bound_what_is_left_and_add_what_is_settled(seed: int) -> None:
    """Any prices and any plan: the former plan itself is one, if nothing of it lies where it mustn't."""
    problem, draw = again(seed), np.random.default_rng(seed)
    prices = draw.exponential(1, problem.work_centres.hours.shape)
    most = problem.fairness.penalty if problem.fairness else 0.0
    fair = draw.uniform(0, most, len(problem.firms)) if problem.fairness else np.zeros(0)
    lots = draw.exponential(1, len(problem.lines)) * draw.integers(0, 2, len(problem.lines))
    bound = lower_bound(problem, prices, fair, lots)
    assert bound <= greedy(problem).objective + 1e-6
    former = greedy(
        replace(
            problem, commitments=Commitments(*(np.zeros(0, np.int32),) * 6, np.zeros(0, np.int8)), frozen=0
        )
    )
    assert bound <= former.objective + 1e-6


@pytest.mark.slow
def test_the_solver_keeps_what_is_settled_too() -> None:
    for seed in range(10):
        problem = again(seed)
        result = solve(problem)
        assert check_plan(problem, result).broken == (), seed
        assert settle(problem).left.sum() <= problem.lines.quantity.sum() + 1e-9


@pytest.mark.parametrize("seed", [18, 103, 329, 547, 661, 674])
def test_what_is_planned_moves_only_where_that_costs_less_all_told(seed: int) -> None:
    """To stay costs what it did; these are problems whose linear programme, which knows nothing of moving, has a cheaper plan elsewhere."""
    problem = replace(again(seed), frozen=0, commitments=no_commitments())
    former = solve(problem)
    rows = former.allocations
    planned = Commitments(
        rows.line,
        rows.lot,
        rows.step,
        rows.work_centre,
        rows.bucket,
        rows.quantity,
        np.full(len(rows), PLANNED, np.int8),
    )
    result = solve(replace(problem, commitments=planned, stability=3.0))
    assert result.objective <= former.objective * (1 + 1e-9) + 1e-6
