"""A firm is told of each work centre why it has the work it has, and why its other hours have none."""

from pathlib import Path
from typing import Any

import pytest

from staveworks.engine.dispatch import greedy
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.domain.sharing import reasons_of
from staveworks.web.allocate.sentences import reason_said
from tests.dispatching import Tables, able, line, problem_of, tables


def reasons(given: Tables, folder: Path) -> dict[str, dict[str, Any]]:
    problem = problem_of(given, folder)
    plan = Plan(problem, greedy(problem))
    told = (row for firm in range(len(problem.firms)) for row in reasons_of(plan, firm))
    return {row["work_centre"]: row for row in told}


def test_hours_without_work_are_told_that_nobody_else_makes_it_either(tmp_path: Path) -> None:
    """The looms are the only ones: in two of three weeks nothing is woven at all."""
    looms = reasons(tables(), tmp_path)["looms"]
    assert (looms["code"], looms["rest"]) == ("partly", "nobody")
    assert reason_said(looms) == "只排了一部分。还有空闲的那几周，别家也没有在做它能做的。"


def test_a_dearer_one_is_told_by_how_much(tmp_path: Path) -> None:
    west = reasons(tables(), tmp_path)["west"]
    assert (west["code"], west["cut"]) == ("dear", pytest.approx(1))
    assert "rest" not in west


def test_one_that_is_as_cheap_is_told_so_and_not_that_it_is_dear(tmp_path: Path) -> None:
    given = tables(lines=[line("a")], capabilities=[able("looms", 3), able("east", 5), able("west", 5)])
    told = reasons(given, tmp_path)
    spare = next(told[each] for each in ("east", "west") if not told[each]["used"])
    assert (spare["code"], spare["rest"]) == ("dear", "even")
    assert "更便宜或更早" not in reason_said(spare)
