"""Re-dispatch: the former plan comes back as commitments, some of it settled; what stays stays, and the bound still holds."""

from dataclasses import replace

import numpy as np
import pytest

from staveworks.engine.dispatch import check_plan, greedy, lower_bound, solve
from staveworks.engine.dispatch.check.committed import settle
from staveworks.engine.dispatch.problem import Commitments
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
