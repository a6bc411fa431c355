"""Why a line is late or rejected, why a firm wasn't chosen, what helps: on the problem of `tests/dispatching`, where it can be seen by eye."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from staveworks.engine.dispatch import (
    Problem,
    Result,
    compare,
    effect,
    explain_firm,
    explain_line,
    explain_pair,
    find_staves,
    greedy,
    why_lines,
)
from tests.dispatching import Tables, able, line, problem_of, tables

LOOMS, EAST, WEST = 0, 1, 2
HUA_MAO, JIANG_NAN = 0, 1


def planned(given: Tables, folder: Path, **prices: tuple[float, ...]) -> tuple[Problem, Result]:
    """A greedy plan, with prices of hours put to it by work centre, and reasons by them."""
    problem = problem_of(given, folder)
    result = greedy(problem)
    hours = np.zeros((3, 3))
    for name, each in prices.items():
        hours[problem.work_centres.ids.index(name)] = each
    why = why_lines(problem, result.lines.rejected, result.lines.late, hours, np.zeros(0))
    return problem, replace(result, prices=hours, lines=replace(result.lines, why=why))


def cells(**of: tuple[float, ...]) -> list[dict[str, Any]]:
    given = dict.fromkeys(("looms", "east", "west"), (10.0, 10.0, 10.0)) | of
    return [
        {"work_centre": name, "bucket": b, "hours": h}
        for name, each in given.items()
        for b, h in enumerate(each)
    ]


def test_a_line_in_time_has_no_reason(tmp_path: Path) -> None:
    problem, result = planned(tables(), tmp_path)
    assert explain_line(problem, result, 0).code == ""


CASES: dict[str, tuple[Tables, str, str]] = {
    "nobody can": (
        tables(capabilities=[able("east", 5)]),
        "capability",
        "A work centre that does “weaving” for it.",
    ),
    "nobody is good enough": (
        tables(lines=[line("a", grade=3)]),
        "grade",
        "Ask for grade 2 instead of 3 (looms), or raise the grade there.",
    ),
    "nobody is certified": (
        tables(lines=[line("a", certificates="gots;iso9001")]),
        "certificates",
        "looms gets: gots.",
    ),
    "all who could are blocked": (
        tables(lines=[line("a", blocked_firms="Hua Mao")]),
        "firms",
        "Allow Hua Mao.",
    ),
    "nobody has hours": (
        tables(capacity=cells(looms=(0, 0, 0))),
        "hours",
        "10 hours more at looms in bucket 0.",
    ),
    "no road": (tables(transport=[]), "way", ""),
    "too late released": (tables(lines=[line("a", due=0)]), "release", "Due 1 bucket later, in 1."),
    "not worth it": (
        tables(lines=[line("a", reject_cost=8)]),
        "cheaper",
        "Not to make it costs more than 9 a unit.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_first_rule_that_leaves_no_way_is_told_with_what_would_help(tmp_path: Path, case: str) -> None:
    given, code, change = CASES[case]
    problem, result = planned(given, tmp_path)
    why = explain_line(problem, result, 0)
    assert why.code == code
    assert [each.text.en for each in why.changes] == ([change] if change else [])
    assert all(each.text.zh for each in why.changes)


def test_certificates_that_are_lacking_are_named(tmp_path: Path) -> None:
    problem, result = planned(tables(lines=[line("a", certificates="gots;iso9001")]), tmp_path)
    (change,) = explain_line(problem, result, 0).changes
    assert (change.kind, change.lacking) == ("certificates", ("gots",))


def test_short_hours_are_told_with_cell_amount_and_price(tmp_path: Path) -> None:
    """Twenty wanted, ten can be woven in week 0 and no more: an hour there is worth what rejection costs over making, 91."""
    given = tables(capacity=cells(looms=(10, 0, 0)), lines=[line("a", quantity=20)])
    problem, result = planned(given, tmp_path, looms=(91, 0, 0))
    why = explain_line(problem, result, 0)
    assert why.code == "capacity"
    assert [(each.kind, each.work_centre, each.bucket) for each in why.changes] == [("hours", LOOMS, 0)]
    assert (why.changes[0].amount, why.changes[0].price) == (pytest.approx(10), 91)


def test_hours_that_a_bucket_does_not_have_are_never_told(tmp_path: Path) -> None:
    """Ten more in week 0 than the ten that there are: where a week has fifteen hours for the one machine, nothing is told."""
    given = tables(capacity=cells(looms=(10, 0, 0)), lines=[line("a", quantity=20)])
    problem, result = planned(given, tmp_path, looms=(91, 0, 0))
    told = {most: explain_line(problem, result, 0, machine=most).changes for most in (15.0, 20.0)}
    assert not told[15.0]
    assert [each.amount for each in told[20.0]] == [pytest.approx(10)]


def test_hours_that_are_worked_already_are_told_before_longer_shifts(tmp_path: Path) -> None:
    """Ten more in week 0: of twenty hours that are worked there ten are its own customers'. Of fifteen, five would be overtime, and all
    ten where nothing is worked but what was declared."""
    told = {}
    for worked in (20, 15, 0):
        capacity = [each | {"working_hours": worked} for each in cells(looms=(10, 0, 0))]
        problem, result = planned(
            tables(capacity=capacity, lines=[line("a", quantity=20)]), tmp_path, looms=(91, 0, 0)
        )
        told[worked] = explain_line(problem, result, 0, machine=168.0).changes
    assert [(each.amount, each.beyond) for each in told[20]] == [(pytest.approx(10), 0)]
    assert [(each.amount, each.beyond) for each in told[15]] == [(pytest.approx(10), pytest.approx(5))]
    assert [(each.amount, each.beyond) for each in told[0]] == [(pytest.approx(10), pytest.approx(10))]
    assert "5 of them beyond" in told[15][0].text.en


def test_hours_for_a_line_that_has_none_are_told_only_if_a_bucket_has_them(tmp_path: Path) -> None:
    problem, result = planned(tables(capacity=cells(looms=(0, 0, 0))), tmp_path)
    assert not explain_line(problem, result, 0, machine=9.0).changes
    assert len(explain_line(problem, result, 0, machine=10.0).changes) == 1


def test_a_late_line_is_told_the_hours_in_time_and_the_date_that_would_do(tmp_path: Path) -> None:
    """Fifteen by week 1: only what is woven in week 0 comes in time, five are a week late."""
    problem, result = planned(tables(lines=[line("a", quantity=15, due=1)]), tmp_path, looms=(1, 0, 0))
    why = explain_line(problem, result, 0)
    assert why.code == "capacity"
    assert {(each.kind, each.bucket, round(each.amount, 6)) for each in why.changes} == {
        ("hours", 0, 5),
        ("later_due", None, 1),
    }


def test_lots_that_stand_in_the_way_are_told(tmp_path: Path) -> None:
    """One lot of fifteen has no room anywhere; hours are worth nothing, so it is the number of lots that binds."""
    problem, result = planned(tables(lines=[line("a", quantity=15, max_lots=1)]), tmp_path)
    why = explain_line(problem, result, 0)
    assert why.code == "lots"
    assert ("max_lots", 2) in {(each.kind, each.amount) for each in why.changes}


def test_a_smaller_least_lot_is_told_that_lets_all_be_made(tmp_path: Path) -> None:
    """There is room for a lot of ten, but then five would be too little for another: it takes two of seven and a half."""
    problem, result = planned(tables(lines=[line("a", quantity=15, min_lot=12)]), tmp_path)
    why = explain_line(problem, result, 0)
    assert why.code == "lots"
    assert ("min_lot", 7.5) in {(each.kind, each.amount) for each in why.changes}


def test_a_smaller_least_lot_is_not_told_where_only_one_of_them_has_room(tmp_path: Path) -> None:
    given = tables(
        lines=[line("a", quantity=15, min_lot=12)], capacity=cells(east=(0.0, 7.5, 0.0), west=(0.0, 0.0, 0.0))
    )
    problem, result = planned(given, tmp_path)
    assert "min_lot" not in {each.kind for each in explain_line(problem, result, 0).changes}


def test_as_many_lots_are_told_as_would_be_enough(tmp_path: Path) -> None:
    """Twenty-five in lots of at most ten: two lots wouldn't do."""
    given = tables(lines=[line("a", quantity=25, max_lots=1, due=4)], capacity=cells(west=(10.0, 10.0, 10.0)))
    problem, result = planned(given, tmp_path)
    told = [each for each in explain_line(problem, result, 0).changes if each.kind == "max_lots"]
    assert [each.amount for each in told] == [3]
    assert (
        greedy(replace(problem, lines=replace(problem.lines, max_lots=np.array([3])))).lines.rejected[0] == 0
    )


def test_lots_are_not_told_where_no_number_of_them_would_be_enough(tmp_path: Path) -> None:
    given = tables(lines=[line("a", quantity=50, max_lots=1)])
    problem, result = planned(given, tmp_path)
    why = explain_line(problem, result, 0)
    assert why.code == "lots"
    assert "max_lots" not in {each.kind for each in why.changes}


def test_a_firm_that_was_not_chosen_learns_by_how_much_it_was_too_dear(tmp_path: Path) -> None:
    """Sewing in Keqiao makes a unit 10 instead of 9."""
    problem, result = planned(tables(), tmp_path)
    assert explain_pair(problem, result, 0, JIANG_NAN).code == "chosen"
    offers = {
        problem.capabilities.work_centre[each.capability]: each.why
        for each in explain_firm(problem, result, HUA_MAO).offers
    }
    assert offers[LOOMS].code == "chosen"
    assert (offers[WEST].code, offers[WEST].gap) == ("dearer", pytest.approx(1))


PAIRS: dict[str, tuple[dict[str, Any], str]] = {
    "certificates": ({"certificates": "oeko-tex"}, "certificates"),
    "grade": ({"grade": 2}, "grade"),
    "blocked": ({"blocked_firms": "Bei He"}, "blocked"),
}


@pytest.mark.parametrize("case", PAIRS)
def test_a_firm_learns_which_rule_it_did_not_meet(tmp_path: Path, case: str) -> None:
    wish, code = PAIRS[case]
    given = tables(lines=[line("a", **wish)])
    given["work_centres"][2]["firm"] = "Bei He"
    problem, result = planned(given, tmp_path)
    assert explain_pair(problem, result, 0, problem.firms.index("Bei He")).code == code


def test_a_firm_sees_its_hours_work_and_pay(tmp_path: Path) -> None:
    problem, result = planned(tables(), tmp_path)
    seen = explain_firm(problem, result, JIANG_NAN)
    assert (seen.declared, seen.used, seen.paid) == (30, pytest.approx(10), pytest.approx(50))
    assert len(seen.rows) == 1


def test_the_shortest_stave_comes_first_with_what_one_per_cent_more_would_save(tmp_path: Path) -> None:
    given = tables(capacity=cells(looms=(10, 0, 0)), lines=[line("a", quantity=20)])
    problem, result = planned(given, tmp_path, looms=(91, 0, 0))
    staves = find_staves(problem, result)
    assert (problem.operations[staves.operation[0]], problem.cities[staves.city[0]], staves.bucket[0]) == (
        "weaving",
        "Keqiao",
        0,
    )
    assert (staves.hours[0], staves.used[0], staves.price[0], staves.saves[0]) == (
        10,
        pytest.approx(10),
        91,
        pytest.approx(9.1),
    )
    assert staves.firms[0] == 1
    assert len(staves) == 1 + 3 + 3


def test_two_answers_are_compared_by_cost_lines_and_firms(tmp_path: Path) -> None:
    """Ningbo closes: all is sewn in Keqiao for 1 more a unit; its firm loses 10 hours and 50, the other gains 10 and 60."""
    before = planned(tables(), tmp_path)
    after = planned(tables(capacity=cells(east=(0, 0, 0))), tmp_path)
    seen = compare(before, after)
    assert seen.objective == pytest.approx(10)
    assert (seen.costs["make"], seen.costs["transport"]) == (pytest.approx(10), pytest.approx(0))
    assert {(each.firm, round(each.hours, 6), round(each.paid, 6)) for each in seen.firms} == {
        ("Jiang Nan", -10, -50),
        ("Hua Mao", 10, 60),
    }
    assert (seen.newly_late, seen.newly_rejected, seen.moved) == ((), (), pytest.approx(10))


def test_what_a_change_costs_is_proved_by_the_bounds_and_never_by_a_better_guess(tmp_path: Path) -> None:
    """Without Ningbo a unit costs 1 more, and both plans are the best there are. With a bound that proves nothing, nothing is proved;
    and after a dear plan the same closing saves nothing: what is cheaper was possible before."""
    good = planned(tables(), tmp_path)
    closed = planned(tables(capacity=cells(east=(0, 0, 0))), tmp_path)
    seen = effect(good, closed)
    assert (seen.cost, seen.least, seen.most) == (pytest.approx(10), pytest.approx(10), pytest.approx(10))
    assert (seen.proven, seen.as_before) == (True, False)
    loose = closed[0], replace(closed[1], bound=0.0, proven_bound=0.0)
    assert not effect(good, loose).proven
    assert effect(good, loose).apart == pytest.approx(loose[1].objective), (
        "all of it, where nothing is proved"
    )
    assert seen.apart == pytest.approx(0)
    dear = good[0], replace(good[1], objective=good[1].objective + 50)
    luck = effect(dear, loose)
    assert (luck.cost, luck.as_before, luck.proven) == (pytest.approx(-40), True, False)
    assert luck.apart == pytest.approx(50), "the plan before is the dearer one, and 50 above the best"
    assert effect(good, (good[0], loose[1])).apart == pytest.approx(loose[1].objective)
