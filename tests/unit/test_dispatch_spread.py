"""Set-ups spread over units prove more than no set-ups, and never more than the best plan that there is costs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.dispatch.generate import generate
from staveworks.engine.dispatch import Problem, check_plan, lower_bound, read_result, solve, write_result
from staveworks.engine.dispatch.check.setups import has_setups, spread_setups
from staveworks.engine.dispatch.planning.proof import prove
from staveworks.engine.dispatch.prices.ascent import no_prices
from staveworks.engine.dispatch.problem import PINNED, PLANNED, Commitments, Fairness, no_commitments
from staveworks.engine.dispatch.settled import open_part
from staveworks.engine.dispatch.watch import Watch
from tests.dispatching import able, centre, line, problem_of
from tests.dispatching.drawing import random_problem
from tests.dispatching.exact import optimum
from tests.dispatching.joining import beside

SEEDS = st.integers(0, 10**6)


def one_dyer(folder: Path, *lines: float) -> Problem:
    """Ten hours, an hour and one yuan a unit, two hours to set up; what isn't made costs ten."""
    return problem_of(
        {
            "problem": {"buckets": 1, "operations": ["dyeing"]},
            "cities": [{"id": "Keqiao"}],
            "transport": [],
            "families": [{"id": "shirt", "weight": 1, "hold_cost": 0}],
            "routes": [{"family": "shirt", "route": "usual", "step": 0, "operation": "dyeing"}],
            "work_centres": [centre("vats", "Hua Mao", "Keqiao", "dyeing")],
            "capacity": [{"work_centre": "vats", "bucket": 0, "hours": 10}],
            "capabilities": [able("vats", 1, setup_hours=2)],
            "lines": [
                line(f"l{place}", quantity=quantity, due=0, city="Keqiao", reject_cost=10)
                for place, quantity in enumerate(lines)
            ],
        },
        folder,
    )


def test_a_vat_that_is_set_up_makes_eight_units_and_no_plan_more(tmp_path: Path) -> None:
    """10 + 10 · 10 = 110 without set-ups; 8 + 12 · 10 = 128 with one, which is all that fits."""
    result = solve(one_dyer(tmp_path, 20))
    assert result.bound == pytest.approx(110)
    assert (result.objective, result.proven_bound, result.status) == (
        pytest.approx(128),
        pytest.approx(128),
        "optimal",
    )


def test_a_small_line_carries_a_larger_part_of_a_set_up(tmp_path: Path) -> None:
    """Two lines of four units: 8 in all without set-ups; 1.5 hours a unit with them leave 10 / 1.5 units, a little more by the bands."""
    problem = one_dyer(tmp_path, 4, 4)
    result = solve(problem)
    assert result.bound == pytest.approx(8)
    made = 10 / 1.5
    assert 8 + 9 * (8 - made) * 0.85 < result.proven_bound <= 8 + 9 * (8 - made) + 1e-9
    assert result.objective == pytest.approx(6 + 2 * 10)


def set_up(seed: int) -> Problem:
    problem = replace(random_problem(seed), fairness=None, commitments=no_commitments())
    hours = np.random.default_rng(seed).uniform(0.1, 0.8, len(problem.capabilities.hours))
    return replace(problem, capabilities=replace(problem.capabilities, setup_hours=hours))


@settings(max_examples=60)
@given(SEEDS)
def test_at_any_prices_no_more_is_proven_than_the_best_plan_costs(seed: int) -> None:
    problem = set_up(seed)
    assume(has_setups(problem))
    draw, best = np.random.default_rng([seed, 1]), optimum(problem, lots=True).objective
    for scale in (0.0, 1.0, 5.0):
        hours = scale * draw.exponential(size=problem.work_centres.hours.shape)
        lots = scale * draw.exponential(size=len(problem.lines))
        assert lower_bound(spread_setups(problem), hours, np.zeros(0), lots) <= best + 1e-6


@settings(max_examples=25)
@given(SEEDS)
def test_what_is_proven_of_two_markets_is_recomputed_for_both_together(seed: int) -> None:
    """One has set-ups and the other none."""
    one, other = set_up(seed), replace(set_up(seed), frozen=0)
    other = replace(
        other,
        capabilities=replace(other.capabilities, setup_hours=np.zeros(len(other.capabilities.hours))),
    )
    problem = beside(one, other)
    result = solve(problem)
    assert check_plan(problem, result).broken == ()
    assert result.proven_bound >= result.bound


def test_prices_that_count_on_set_ups_are_read_back_and_prove_the_same(tmp_path: Path) -> None:
    problem = one_dyer(tmp_path, 20)
    result = solve(problem)
    write_result(problem, result, tmp_path / "R")
    again = read_result(problem, tmp_path / "R")
    assert again.with_lots
    verdict = check_plan(problem, again)
    assert (verdict.broken, verdict.proven_bound) == ((), pytest.approx(128))


def test_what_is_settled_or_promised_keeps_the_bound_of_hours_alone(tmp_path: Path) -> None:
    problem = one_dyer(tmp_path, 20)
    promised = replace(problem, fairness=Fairness(0.2, 1.0))
    assert not has_setups(promised)
    assert solve(promised).with_lots is None


def test_what_is_planned_may_move_and_takes_nothing_from_the_bound(tmp_path: Path) -> None:
    problem = one_dyer(tmp_path, 20)
    plan = solve(problem).allocations
    planned = Commitments(
        plan.line,
        plan.lot,
        plan.step,
        plan.work_centre,
        plan.bucket,
        plan.quantity,
        np.array([PLANNED], np.int8),
    )
    again = replace(problem, commitments=planned, stability=1.0)
    result = solve(again)
    assert (result.proven_bound, result.objective) == (pytest.approx(128), pytest.approx(128))
    assert check_plan(again, result).broken == ()
    pinned = replace(again, commitments=replace(planned, status=np.array([PINNED], np.int8)))
    assert not has_setups(pinned)
    assert check_plan(pinned, solve(pinned)).broken == ()


def test_who_stops_while_prices_are_looked_for_waits_for_no_more_of_them() -> None:
    problem = set_up(3)
    part = open_part(problem)
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 1

    whole = prove(part, no_prices(problem), 0, 1, Watch())
    stopped = prove(part, no_prices(problem), 0, 1, Watch(stop=stop))
    assert len(asked) == 2
    assert stopped.bound < whole.bound


def test_of_many_lines_too_prices_are_looked_for_that_count_on_set_ups() -> None:
    problem = generate(200, 1, "dyeing", 1, firms=20, cities=3)
    result = solve(problem, seconds=8)
    plain = lower_bound(spread_setups(problem), result.prices, np.zeros(0), np.zeros(len(problem.lines)))
    assert plain < result.proven_bound <= result.objective
    assert check_plan(problem, result).broken == ()
