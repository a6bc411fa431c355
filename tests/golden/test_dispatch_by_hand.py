"""Dispatch problems small enough to solve by hand. Each test says how; `tests/dispatching` has the problem that they change.

Looms in Keqiao (3 a unit) weave, then Ningbo (5) or Keqiao (6) sews; between the cities a unit costs 0.5 × 2 = 1 and takes one week.
Every cell has ten hours, a unit takes one. The customer of line `a` sits in Ningbo and wants ten units by week 2.
"""

from pathlib import Path
from typing import Any

import pytest

from staveworks.engine.dispatch import Problem, Result, check_plan, solve
from tests.dispatching import Tables, able, centre, line, problem_of, tables
from tests.dispatching.exact import optimum

BOTH = [
    {"from": "Keqiao", "to": "Ningbo", "cost": 2, "lag": 1},
    {"from": "Ningbo", "to": "Keqiao", "cost": 2, "lag": 1},
]


@pytest.fixture
def solved(tmp_path: Path) -> Any:
    """Solve tables, and let the check and, where nothing is committed, HiGHS over all paths say that the answer is right."""

    def solve_tables(given: Tables, objective: float) -> tuple[Problem, Result]:
        problem = problem_of(given, tmp_path)
        result = solve(problem)
        assert check_plan(problem, result).broken == ()
        assert result.objective == pytest.approx(objective)
        if not len(problem.commitments):
            assert optimum(problem, lots=True).objective == pytest.approx(objective)
        return problem, result

    return solve_tables


def hours(name: str, *of: float) -> list[dict[str, Any]]:
    return [{"work_centre": name, "bucket": bucket, "hours": each} for bucket, each in enumerate(of)]


def cells(**of: tuple[float, ...]) -> list[dict[str, Any]]:
    given = dict.fromkeys(("looms", "east", "west"), (10.0, 10.0, 10.0)) | of
    return [cell for name, each in given.items() for cell in hours(name, *each)]


def with_settings(given: Tables, **settings: Any) -> Tables:
    return {**given, "problem": {**given["problem"], **settings}}


def commit(lot: int, step: int, name: str, bucket: int, quantity: float, status: str) -> dict[str, Any]:
    place = {"line": "a", "lot": lot, "step": step, "work_centre": name, "bucket": bucket}
    return {**place, "quantity": quantity, "status": status}


def test_the_cheaper_of_two_ways_is_taken(solved: Any) -> None:
    """3 + 1 on the road + 5 = 9 a unit by Ningbo; 3 + 6 + 1 = 10 by Keqiao. Ten units: 90, and nothing is short."""
    problem, result = solved(tables(), 90)
    assert {problem.work_centres.ids[each] for each in result.allocations.work_centre} == {"looms", "east"}
    assert (result.status, result.bound) == ("optimal", pytest.approx(90))
    assert (result.costs.make, result.costs.transport) == (pytest.approx(80), pytest.approx(10))


def test_what_cannot_be_in_time_comes_late(solved: Any) -> None:
    """Due in week 0, but the road takes a week whatever is done: one week late, 1 a unit. 10 × (9 + 1) = 100."""
    _, result = solved(tables(lines=[line("a", due=0)]), 100)
    assert (result.costs.lateness, result.lines.late.tolist()) == (pytest.approx(10), [pytest.approx(10)])


def test_what_costs_more_than_its_rejection_is_rejected(solved: Any) -> None:
    """Making costs 9 a unit, not making 8: 80."""
    _, result = solved(tables(lines=[line("a", reject_cost=8)]), 80)
    assert len(result.allocations) == 0


def test_a_full_week_sends_the_rest_to_the_next(solved: Any) -> None:
    """Fifteen, due in week 1: ten woven in week 0 come in time, five a week late. 15 × 9 + 5 × 1 = 140."""
    _, result = solved(tables(lines=[line("a", quantity=15, due=1)]), 140)
    assert result.lines.late.tolist() == [pytest.approx(5)]


def test_one_lot_goes_through_one_cell_a_step(solved: Any) -> None:
    """Fifteen in one lot: no week has room for more than ten, five are rejected at 100. 90 + 500 = 590."""
    _, result = solved(tables(lines=[line("a", quantity=15, due=1, max_lots=1)]), 590)
    assert result.lines.rejected.tolist() == [pytest.approx(5)]


def test_a_least_lot_moves_work_to_a_later_week(solved: Any) -> None:
    """Fifteen in two lots of at least seven: eight in time, seven a week late. 135 + 7 = 142, where 10 + 5 would cost 140."""
    _, result = solved(tables(lines=[line("a", quantity=15, due=1, min_lot=7)]), 142)
    assert sorted({round(each, 6) for each in result.allocations.quantity.tolist()}) == [7, 8]


def test_two_lots_that_are_too_small_for_the_least_are_one(solved: Any) -> None:
    """Fifteen in lots of at least eight: two would be sixteen, so one of ten, and five are rejected: 590."""
    solved(tables(lines=[line("a", quantity=15, due=1, min_lot=8)]), 590)


def test_setting_up_takes_hours_of_every_lot(solved: Any) -> None:
    """An hour to set up the looms: ten units need eleven hours. One lot: nine made, one rejected, 81 + 100 = 181."""
    setup = [able("looms", 3, setup_hours=1), able("east", 5), able("west", 6)]
    solved(tables(capabilities=setup, lines=[line("a", max_lots=1)]), 181)


def test_waiting_between_operations_is_paid_but_not_the_road(solved: Any) -> None:
    """Looms only in week 0, Ningbo only in week 2: a week on the road, a week waiting at 0.1. 90 + 1 = 91."""
    _, result = solved(tables(capacity=cells(looms=(10, 0, 0), east=(0, 0, 10), west=(0, 0, 0))), 91)
    assert result.costs.holding == pytest.approx(1)


def test_a_grade_shuts_out_the_cheaper_shop(solved: Any) -> None:
    """A customer in Keqiao: sewn there 3 + 6 = 9 a unit. With grade 2 only Ningbo: 3 + 1 + 5 + 1 = 10 a unit, due in week 2: 100."""
    solved(tables(lines=[line("a", city="Keqiao")]), 90)
    solved(tables(lines=[line("a", city="Keqiao", grade=2)]), 100)


def test_a_certificate_and_a_blocked_firm_shut_out_as_well(solved: Any) -> None:
    """Of two sewing shops only Ningbo's has the certificate; with its firm blocked too, nobody is left: 10 × 100."""
    solved(tables(lines=[line("a", city="Keqiao", certificates="oeko-tex")]), 100)
    _, result = solved(tables(lines=[line("a", certificates="oeko-tex", blocked_firms="Jiang Nan")]), 1000)
    assert result.lines.rejected.tolist() == [10]


def test_a_shorter_route_is_an_alternative(solved: Any) -> None:
    """A route of sewing alone, by whoever has cloth: 5 a unit in Ningbo. 50."""
    routes = [
        *tables()["routes"],
        {"family": "shirt", "route": "own cloth", "step": 0, "operation": "sewing"},
    ]
    solved(tables(routes=routes), 50)


def test_what_is_not_connected_is_not_used(solved: Any) -> None:
    """No road from Keqiao to Ningbo: nothing woven reaches the customer: 1000."""
    solved(tables(transport=BOTH[1:]), 1000)


def test_a_scarce_hour_has_the_price_of_what_it_saves(solved: Any) -> None:
    """Twenty wanted for a week that weaves ten: each hour more makes a unit for 9 instead of rejecting it at 20. π = 11.

    Objective 10 × 9 + 10 × 20 = 290 = L: 20 × 20 − 11 × 10 = 290.
    """
    scarce = tables(capacity=cells(looms=(10, 0, 0)), lines=[line("a", quantity=20, reject_cost=20)])
    _, result = solved(scarce, 290)
    assert result.bound == pytest.approx(290, rel=1e-3)
    assert (
        result.prices[0, 0] + result.prices[1, 1] + result.prices[2].max() >= 10
    )  # whichever of equal hours is priced


def test_the_line_that_would_cost_more_gets_the_scarce_hour(solved: Any) -> None:
    """Ten hours for two lines of ten: rejecting `a` costs 20, `b` 30. b is made: 90 + 200 = 290."""
    lines = [line("a", reject_cost=20), line("b", reject_cost=30)]
    _, result = solved(tables(capacity=cells(looms=(10, 0, 0)), lines=lines), 290)
    assert result.lines.made.tolist() == [pytest.approx(0), pytest.approx(10)]


def test_a_promise_of_hours_moves_work_as_long_as_it_is_cheaper(solved: Any) -> None:
    """Hua Mao declared 60 hours and is promised a fifth, 12; weaving gives it 10. An hour short costs 3, sewing in Keqiao instead of
    Ningbo 1 more: the line of two moves. Jiang Nan keeps 8, more than its promised 6. 90 + 2 × 1 = 92.
    """
    lines = [line("a", quantity=8), line("b", quantity=2)]
    fair = with_settings(tables(lines=lines), fairness={"share": 0.2, "penalty": 3})
    _, result = solved(fair, 92)
    assert result.costs.fairness == pytest.approx(0)
    assert result.fairness_prices.tolist() == [pytest.approx(1, rel=0.05), pytest.approx(0, abs=0.05)]


def test_a_plan_moves_when_that_saves_more_than_it_disturbs(solved: Any) -> None:
    """All was planned in Keqiao, 10 a unit; Ningbo would save 1 a unit. Moving the sewing costs 0.25: 90 + 2.5; at 2 it stays: 100."""
    planned = [commit(0, 0, "looms", 0, 10, "planned"), commit(0, 1, "west", 0, 10, "planned")]
    given = tables(commitments=planned)
    _, moved = solved(with_settings(given, stability=0.25), 92.5)
    assert moved.costs.stability == pytest.approx(2.5)
    solved(with_settings(given, stability=2), 100)


@pytest.mark.parametrize("status", ["started", "pinned"])
def test_what_has_started_or_is_pinned_stays(solved: Any, status: str) -> None:
    """Four are under way in Keqiao at 10, the other six go by Ningbo at 9: 94; the bound knows it: 94."""
    stays = [commit(0, 0, "looms", 0, 4, status), commit(0, 1, "west", 0, 4, status)]
    _, result = solved(tables(commitments=stays), 94)
    assert (result.status, result.bound) == ("optimal", pytest.approx(94))


def test_a_lot_that_has_begun_is_finished_on_the_cheapest_way(solved: Any) -> None:
    """Woven already, to be sewn yet: by Ningbo, 90, although Keqiao was planned and nothing is asked for moving."""
    solved(
        tables(commitments=[commit(0, 0, "looms", 0, 10, "started"), commit(0, 1, "west", 1, 10, "planned")]),
        90,
    )


def test_frozen_weeks_take_no_new_work(solved: Any) -> None:
    """Week 0 frozen: woven in 1, sewn in 2, in time: 90. Two weeks frozen: woven and sewn in Keqiao in week 2, a week late: 110."""
    solved(with_settings(tables(), frozen=1), 90)
    solved(with_settings(tables(), frozen=2), 110)


def test_independent_markets_are_solved_like_one(solved: Any) -> None:
    """A second family with its own shop shares nothing with the first: 90 + 4 × 2 = 98."""
    given = tables(lines=[line("a"), line("b", family="hat", quantity=4, city="Keqiao")])
    given["families"].append({"id": "hat", "weight": 1, "hold_cost": 0})
    given["routes"].append({"family": "hat", "route": "usual", "step": 0, "operation": "sewing"})
    given["work_centres"].append(centre("hats", "Mao Shi", "Keqiao", "sewing"))
    given["capacity"] += hours("hats", 10, 10, 10)
    given["capabilities"].append(able("hats", 2, family="hat"))
    solved(given, 98)
