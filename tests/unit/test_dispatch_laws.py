"""What holds of the exact optimum of the linear programme, whatever the problem: the reference that the solver is measured by."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from staveworks.engine.dispatch import Problem, check_plan, solve
from staveworks.engine.dispatch.problem import PLANNED, Firms, no_commitments
from tests.dispatching.drawing import again, random_problem, whole_problems
from tests.dispatching.exact import brute_force, optimum

SEEDS = st.integers(0, 10**6)


def relaxed(problem: Problem) -> float:
    return optimum(problem, lots=False).objective


def without_promise(seed: int) -> Problem:
    """More hours raise what firms are promised, so of fairness the laws of capacity don't hold."""
    return replace(random_problem(seed), fairness=None)


@settings(max_examples=40)
@given(SEEDS)
def test_more_capacity_never_costs_more(seed: int) -> None:
    problem, draw = without_promise(seed), np.random.default_rng(seed)
    hours = problem.work_centres.hours
    more = hours + np.where(hours > 0, draw.exponential(1, hours.shape) * draw.integers(0, 2, hours.shape), 0)
    richer = replace(problem, work_centres=replace(problem.work_centres, hours=more))
    assert relaxed(richer) <= relaxed(problem) + 1e-6


@settings(max_examples=40)
@given(SEEDS)
def test_later_due_dates_never_cost_more(seed: int) -> None:
    problem, draw = random_problem(seed), np.random.default_rng(seed)
    later = (problem.lines.due + draw.integers(0, 3, len(problem.lines))).astype(np.int32)
    assert relaxed(replace(problem, lines=replace(problem.lines, due=later))) <= relaxed(problem) + 1e-6


@settings(max_examples=40)
@given(SEEDS)
def test_lower_prices_never_cost_more(seed: int) -> None:
    problem, draw = random_problem(seed), np.random.default_rng(seed)
    able = problem.capabilities
    cheaper = able.cost * draw.uniform(0.3, 1, len(able.cost))
    assert relaxed(replace(problem, capabilities=replace(able, cost=cheaper))) <= relaxed(problem) + 1e-6


def turned(problem: Problem, order: np.ndarray) -> Problem:
    """The same lines in another order."""
    lines = problem.lines
    columns = {
        name: getattr(lines, name)[order]
        for name in lines.__slots__
        if name not in ("ids", "allowed", "blocked")
    }
    sets = {}
    for name in ("allowed", "blocked"):
        of: Firms = getattr(lines, name)
        parts = [of.firm[of.start[line] : of.start[line + 1]] for line in order]
        start = np.concatenate([[0], np.cumsum([len(part) for part in parts])])
        sets[name] = Firms(start, np.concatenate([*parts, np.zeros(0, np.int32)]).astype(np.int32))
    ids = [lines.ids[line] for line in order]
    return replace(problem, lines=replace(lines, ids=ids, **columns, **sets))


@settings(max_examples=8)
@given(SEEDS)
def test_the_order_of_the_lines_changes_nothing(seed: int) -> None:
    problem = random_problem(seed)
    other = turned(problem, np.random.default_rng(seed).permutation(len(problem.lines)))
    assert relaxed(other) == pytest.approx(relaxed(problem), abs=1e-6)
    assert solve(other).bound == pytest.approx(solve(problem).bound, rel=1e-6, abs=1e-6)


def scaled(problem: Problem, by: float) -> Problem:
    lines, able, families = problem.lines, problem.capabilities, problem.families
    return replace(
        problem,
        transport=replace(problem.transport, cost=problem.transport.cost * by),
        families=replace(families, hold_cost=families.hold_cost * by),
        capabilities=replace(able, cost=able.cost * by),
        lines=replace(lines, late_cost=lines.late_cost * by, reject_cost=lines.reject_cost * by),
        fairness=problem.fairness and replace(problem.fairness, penalty=problem.fairness.penalty * by),
    )


@settings(max_examples=8)
@given(SEEDS, st.sampled_from([0.01, 3.0, 1e4]))
@example(262143, 3.0)
def test_money_in_another_unit_scales_the_answer(seed: int, by: float) -> None:
    """The optimum and the bound exactly; the plan, which is sought, within what such searches differ by."""
    problem = random_problem(seed)
    other = scaled(problem, by)
    assert relaxed(other) == pytest.approx(by * relaxed(problem), rel=1e-6, abs=1e-6 * by)
    one, two = solve(problem), solve(other)
    assert two.objective == pytest.approx(by * one.objective, rel=2e-2)
    assert two.bound == pytest.approx(by * one.bound, rel=1e-6, abs=1e-6 * by)


@settings(max_examples=40)
@given(SEEDS)
def test_a_few_lines_have_the_linear_optimum_as_their_bound(seed: int) -> None:
    problem = random_problem(seed)
    assert solve(problem).bound == pytest.approx(relaxed(problem), rel=1e-6, abs=1e-6)


@settings(max_examples=40)
@given(SEEDS)
@example(
    36
)  # where a unit leaves its planned place, though staying is cheaper for it if moving costs something
def test_what_is_planned_may_move_so_the_bound_is_that_without_a_plan(seed: int) -> None:
    planned = replace(again(seed), frozen=0)
    status = np.full_like(planned.commitments.status, PLANNED)
    planned = replace(planned, commitments=replace(planned.commitments, status=status))
    alone = replace(planned, commitments=no_commitments())
    assert solve(planned).bound == pytest.approx(relaxed(alone), rel=1e-6, abs=1e-6)


@settings(max_examples=40)
@given(SEEDS)
@example(4297)  # nothing can be split, and one line fits nowhere whole
def test_one_per_cent_more_hours_never_save_more_than_their_prices_say(seed: int) -> None:
    problem = without_promise(seed)
    hours, prices = problem.work_centres.hours, solve(problem).prices
    richer = replace(problem, work_centres=replace(problem.work_centres, hours=1.01 * hours))
    saved = relaxed(problem) - relaxed(richer)
    assert -1e-6 <= saved <= 0.01 * float((prices * hours).sum()) + 1e-6


@pytest.mark.slow
def test_the_solver_stands_between_the_optimum_and_its_own_bound() -> None:
    """Two thousand problems, every line one lot or none, so that all ways can be tried. The answer is sound, no better than the best, its
    bound no higher; and nearly always it is the best."""
    met = 0
    for seed in range(100):
        for number, problem in enumerate(whole_problems(seed, 20)):
            result, best = solve(problem, threads=1), brute_force(problem)
            assert check_plan(problem, result).broken == (), (seed, number)
            assert result.proven_bound - 1e-6 <= best <= result.objective + 1e-6, (seed, number)
            met += result.objective <= best + 1e-6 * max(1.0, best)
    assert met >= 1_960


@pytest.mark.slow
@pytest.mark.parametrize("start", [0, 20])
def test_with_lots_and_promises_the_solver_stands_above_the_exact_plan(start: int) -> None:
    over = []
    for seed in range(start, start + 20):
        problem = random_problem(seed)
        result, exact = solve(problem), optimum(problem, lots=True).objective
        assert check_plan(problem, result).broken == (), seed
        assert result.proven_bound - 1e-6 <= exact <= result.objective + 1e-5, seed
        over.append((result.objective - exact) / max(1e-9, exact))
    assert np.median(over) < 1e-6
    assert np.mean(over) < 0.003
