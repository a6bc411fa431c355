"""Compiled kernels against the same code run by plain Python, and against mathematics, on problems of a few lines."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from benchmarks.dispatch.generate import generate
from staveworks.engine.dispatch import Problem, Progress, Result, check_plan, lower_bound, solve
from staveworks.engine.dispatch.markets import market
from staveworks.engine.dispatch.network import Indexed, coarsened, index, ranked
from staveworks.engine.dispatch.plan import empty_plan, wanted_lines
from staveworks.engine.dispatch.planning import effort, narrow
from staveworks.engine.dispatch.planning import work as working
from staveworks.engine.dispatch.planning.hasty import look_again
from staveworks.engine.dispatch.planning.lots import find_near, kind_floor
from staveworks.engine.dispatch.planning.makers import desk
from staveworks.engine.dispatch.planning.narrow import narrowed, nearest_first, pairs_of
from staveworks.engine.dispatch.planning.paths import connect, find_path, last_hop
from staveworks.engine.dispatch.prices.chunks import Pricing, chunked
from staveworks.engine.dispatch.prices.making import make_costs
from staveworks.engine.dispatch.prices.pricing import price_kinds
from staveworks.engine.dispatch.prices.soft import exp, log
from staveworks.engine.dispatch.settled import open_part
from tests.dispatching.drawing import random_problem


def drawn(seed: int) -> tuple[Problem, Indexed, np.ndarray]:
    """What is open of a random problem, and random prices."""
    problem = open_part(random_problem(seed)).problem
    return (
        problem,
        index(problem),
        np.random.default_rng(seed).uniform(0, 2, problem.work_centres.hours.shape),
    )


def value(pricing: Pricing, prices: np.ndarray, tau: float) -> tuple[float, np.ndarray]:
    with ThreadPoolExecutor(1) as pool:
        return pricing.value(prices, tau, pool)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("tau", [0.0, 0.05])
def test_a_pricing_pass_is_what_plain_python_computes(seed: int, tau: float) -> None:
    _, (network, demand, *_), prices = drawn(seed)
    kinds = len(network.weight)
    compiled, plain = np.zeros_like(prices), np.zeros_like(prices)
    each, again = np.zeros(len(demand.quantity)), np.zeros(len(demand.quantity))
    total = price_kinds(network, demand, 0, kinds, prices, tau, compiled, each)
    assert price_kinds.py_func(network, demand, 0, kinds, prices, tau, plain, again) == pytest.approx(
        total, rel=1e-12
    )  # type: ignore[attr-defined]
    assert plain == pytest.approx(compiled, abs=1e-9)
    assert again == pytest.approx(each, rel=1e-12)
    assert each @ demand.quantity == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_the_load_is_the_slope_of_the_smoothed_bound(seed: int) -> None:
    """A price that rises by ε makes the sum dearer by ε · load."""
    _, (network, demand, *_), prices = drawn(seed)
    pricing = chunked(network, demand)
    _, load = value(pricing, prices, 0.1)
    for cell in list(np.ndindex(prices.shape))[:12]:
        up, down = prices.copy(), prices.copy()
        up[cell] += 1e-5
        down[cell] -= 1e-5
        slope = (value(pricing, up, 0.1)[0] - value(pricing, down, 0.1)[0]) / 2e-5
        assert slope == pytest.approx(load[cell], abs=1e-4)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("tau", [1e-4, 1e-9])
def test_a_cold_soft_minimum_is_nearly_the_bound(seed: int, tau: float) -> None:
    """Also where places are so far apart at this temperature that weights have no digits left for them."""
    _, (network, demand, *_), prices = drawn(seed)
    pricing = chunked(network, demand)
    exact = value(pricing, prices, 0.0)[0]
    assert value(pricing, prices, tau)[0] == pytest.approx(exact, abs=50 * tau * demand.quantity.sum())


def test_powers_and_logarithms_are_exact_to_eleven_digits() -> None:
    for x in (-750.0, -707.9, -20.0, -1e-9, 0.0, 0.5, 1.0, 600.0):
        assert exp(x) == pytest.approx(math.exp(x), rel=1e-11, abs=1e-307)
    for x in (1e-300, 0.3, 1.0, 1.999999, 2.0, 1e260):
        assert log(x) == pytest.approx(math.log(x), rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("seed", range(8))
def test_without_temperature_it_is_the_bound_of_the_check(seed: int) -> None:
    problem = random_problem(seed)
    if len(problem.commitments) or problem.frozen or problem.fairness:
        pytest.skip("the check counts more then")
    _, (network, demand, *_), prices = drawn(seed)
    total, _ = value(chunked(network, demand), prices, 0.0)
    paid = float((prices * problem.work_centres.hours).sum())
    assert total - paid == pytest.approx(lower_bound(problem, prices, np.zeros(0)), rel=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_the_cheapest_path_with_room_is_what_plain_python_finds(seed: int) -> None:
    problem, indexed, prices = drawn(seed)
    wanted = wanted_lines(problem, indexed)
    plan = empty_plan(problem, wanted, problem.work_centres.hours)
    place = desk(indexed.network, plan.option.shape[1])
    for line in range(len(problem.lines)):
        if wanted.quantity[line] > 0:
            lot = float(wanted.least[line])
            found = find_path(indexed.network, wanted, plan, line, prices, lot, 1.0, place)
            path = place.path_option.tolist()
            again = find_path.py_func(indexed.network, wanted, plan, line, prices, lot, 1.0, place)  # type: ignore[attr-defined]
            assert again == pytest.approx(found)
            assert place.path_option.tolist() == path


@pytest.mark.parametrize("seed", range(8))
def test_a_line_that_looks_near_first_finds_the_cheapest_path_all_the_same(seed: int) -> None:
    """With room as it is after a few lots; and what a place is said to cost at the least is never more than a path through it."""
    problem, indexed, prices = drawn(seed)
    pairs = pairs_of(indexed.line_kind, problem.lines.city)
    net = narrowed(indexed.network, pairs, prices, 2)
    wanted = wanted_lines(problem, indexed)._replace(
        kind=pairs.of_line, keep_start=np.zeros(len(problem.lines) + 1, np.int64)
    )
    plan = empty_plan(
        problem, wanted, np.random.default_rng(seed).permuted(problem.work_centres.hours), uses=False
    )
    place = desk(net, plan.option.shape[1])
    near = working.ready_for(pairs, place)._replace(near=np.zeros(2), floor=np.zeros(len(problem.lines)))
    for line in np.flatnonzero(wanted.quantity > 0):
        lot = float(wanted.least[line])
        cost = find_path(net, wanted, plan, line, prices, lot, 1.0, place)
        assert find_near(net, wanted, plan, line, prices, lot, near) == cost
        assert kind_floor(net, wanted.kind[line], near) <= cost + 1e-9


@pytest.mark.parametrize("seed", range(8))
def test_no_option_is_nearer_to_the_cheapest_than_the_floor_says_of_it_and_those_before(seed: int) -> None:
    problem, indexed, prices = drawn(seed)
    wide = nearest_first(indexed.network, prices)
    net = narrowed(wide, pairs_of(indexed.line_kind, problem.lines.city), prices, 2)
    for begin, end in zip(wide.option_start, wide.option_end, strict=True):
        options = np.arange(begin, end)
        centre = wide.option_centre[options]
        value = wide.option_cost[options, None] + wide.option_hours[options, None] * prices[centre]
        cheapest = np.where(wide.hours[centre] > 0, value, np.inf).min(axis=0)
        over = np.where(wide.hours[centre] > 0, value - cheapest, np.inf).min(axis=1)
        assert net.option_floor[options].tolist() == sorted(over.tolist())


@pytest.mark.parametrize("seed", range(3))
def test_what_is_looked_at_again_along_a_path_is_connected_as_if_everything_were(seed: int) -> None:
    """The cells of the path are full now; what doesn't follow from them is passed over."""
    problem = generate(200, 3, "mixed", seed, firms=60, cities=6)
    indexed = index(problem)
    net, wanted = indexed.network, wanted_lines(problem, indexed)
    prices = np.random.default_rng(seed).uniform(0, 1, problem.work_centres.hours.shape)
    plan = empty_plan(problem, wanted, problem.work_centres.hours)
    again, anew = (desk(net, plan.option.shape[1]) for _ in range(2))
    for line in np.flatnonzero(wanted.quantity > 0):
        lot, kind = float(wanted.least[line]), int(wanted.kind[line])
        if find_path(net, wanted, plan, line, prices, lot, 1.0, again) == np.inf:
            continue
        for option, bucket in zip(again.path_option, again.path_bucket, strict=True):
            if option >= 0:
                plan.left[net.option_centre[option], bucket] = 0.0
        look_again(net, wanted, plan, line, prices, lot, last_hop(net, wanted, line, again), again)
        anew.make[:], anew.ends[:] = again.make, again.ends
        connect(net, kind, net.stage_start[kind], net.stage_start[kind + 1], anew)
        places = net.place_start[net.stage_start[kind + 1]] - net.place_start[net.stage_start[kind]]
        for name in ("done", "kept", "least"):
            assert (getattr(again, name)[:places] == getattr(anew, name)[:places]).all()


def test_a_cell_without_hours_is_no_place_to_make_anything() -> None:
    _, (network, *_), prices = drawn(1)
    costs = make_costs(network._replace(hours=np.zeros_like(network.hours)), 0, prices, 0.0)
    assert np.isinf(costs).all()


def test_alike_rows_get_one_number_in_the_order_of_their_values() -> None:
    number, rows = ranked(np.array([2, 1, 2, 1]), np.array([0, 5, 0, 4]))
    assert number.tolist() == [2, 1, 2, 0]
    assert rows.tolist() == [3, 1, 0]


@pytest.fixture
def as_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any problem is solved as one of very many lines is."""
    monkeypatch.setattr(working, "LARGE", 0)
    monkeypatch.setattr(effort, "LARGE", 0)
    monkeypatch.setattr(market, "LARGE", 0)
    monkeypatch.setattr(market, "FEW", 0)
    monkeypatch.setattr(working, "NEAR", (0.0, 0.0))
    monkeypatch.setattr(narrow, "PLACES", 2)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.usefixtures("as_very_many")
def test_few_places_a_line_still_make_a_lawful_plan(seed: int) -> None:
    problem = random_problem(seed)
    assert check_plan(problem, solve(problem, threads=1)).broken == ()


@pytest.mark.usefixtures("as_very_many")
def test_two_halves_make_one_plan_whatever_the_number_of_threads() -> None:
    problem = random_problem(2)
    one, two = (solve(problem, threads=threads) for threads in (1, 2))
    assert one.objective == two.objective
    assert (one.allocations.quantity == two.allocations.quantity).all()


@pytest.mark.usefixtures("as_very_many")
def test_who_stops_very_many_lines_at_any_moment_gets_a_lawful_plan() -> None:
    """Also before the first prices are good and before every line was looked at."""
    problem = random_problem(1)
    for looks in (0, 3, 30, 150, 160):
        left = iter(range(looks))
        stopped = solve(problem, threads=1, stop=lambda left=left: next(left, None) is None)
        assert check_plan(problem, stopped).broken == ()


@pytest.mark.usefixtures("as_very_many")
def test_a_first_plan_of_very_many_lines_is_told_long_before_the_prices_are_good() -> None:
    heard: list[Progress] = []
    solve(random_problem(1), threads=1, progress=heard.append)
    planned = [each.objective < np.inf for each in heard]
    assert heard[planned.index(True)].phase == "first plan"
    assert all(planned[planned.index(True) :])
    assert heard[-1].memory > 0


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.usefixtures("as_very_many")
def test_who_has_time_for_the_first_plan_only_gets_a_lawful_one_that_makes_something(seed: int) -> None:
    problem = random_problem(seed)

    def only_the_first(threads: int) -> Result:
        heard: list[Progress] = []
        return solve(
            problem,
            threads=threads,
            progress=heard.append,
            stop=lambda: any(each.objective < np.inf for each in heard),
        )

    one, two = only_the_first(1), only_the_first(2)
    assert check_plan(problem, one).broken == ()
    assert len(one.allocations) or one.status == "optimal"  # there nothing is worth making
    assert one.objective == two.objective


@pytest.mark.parametrize("seed", range(4))
def test_joined_wants_are_few_and_want_as_much_in_all(seed: int) -> None:
    demand = drawn(seed)[1].demand
    few = coarsened(demand, 2)
    assert np.diff(few.want_start).max() <= 2
    for group in range(len(few.want_start) - 1):
        begin, end = demand.want_start[group : group + 2]
        start, stop = few.want_start[group : group + 2]
        assert few.quantity[start:stop].sum() == pytest.approx(demand.quantity[begin:end].sum())
        assert set(few.city[start:stop]) <= set(demand.city[begin:end])


def test_an_answer_is_a_start_for_a_problem_that_changed_a_little() -> None:
    problem = random_problem(3)
    first = solve(problem, threads=1)
    again = solve(problem, threads=1, warm=first)
    assert again.bound >= first.bound - 1e-9
    assert check_plan(problem, again).broken == ()
