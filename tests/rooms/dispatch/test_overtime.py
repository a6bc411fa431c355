"""More hours that would help a line: those that are worked already first, and what of them would be overtime."""

from uuid import UUID

import pytest

from staveworks.mechanisms.dispatch.domain.late import late_rows
from staveworks.mechanisms.dispatch.run_queries import access_plan
from staveworks.mechanisms.dispatch.usecases.ask_what_if import ask_what_if
from staveworks.mechanisms.dispatch.usecases.publish_run import publish_run
from staveworks.mechanisms.dispatch.usecases.redispatch import redispatch
from tests.rooms.dispatch.browsing import browse
from tests.rooms.dispatch.weaving import HALF, MOST, carried_out, furnish, looms, weaving_at, wove
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    furnish(made)
    return made


def worked(world: World, run: UUID) -> float:
    """Hours that the weaver works in the first week of a run, as its problem says."""
    plan, _ = access_plan(world.gao, run)
    said = plan.problem.work_centres.working_hours
    assert said is not None
    return float(said[weaving_at(plan), 0])


@pytest.mark.parametrize(("metres", "overtime"), [(20_000, False), (30_000, True)])
def test_more_hours_that_would_help_are_told_with_what_of_them_would_be_overtime(
    world: World, metres: int, overtime: bool
) -> None:
    """The weaver works 120 hours a week and lends 48: a line of 100 hours needs more of those, one of 150 longer shifts."""
    plan, _ = access_plan(world.gao, wove(world, metres, weeks=1))
    (row,) = late_rows(plan)
    weaving = [each for each in row["changes"] if each["kind"] == "hours" and each["operation"] == "weaving"]
    had = float(plan.problem.work_centres.hours[weaving_at(plan)].max())
    (more,) = weaving
    assert more.get("beyond", 0) == pytest.approx(max(0.0, had + more["amount"] - 120))
    assert bool(more.get("beyond")) is overtime


def test_hours_that_a_published_plan_has_are_not_told_to_be_lent_again(world: World) -> None:
    first = wove(world, MOST)
    assert worked(world, first) == 120
    publish_run(world.gao, run=first)
    _, used = looms(world, first)
    assert worked(world, wove(world, MOST)) == pytest.approx(120 - used[0], abs=0.05)


def test_nor_are_those_that_another_plan_took_before_it_is_dispatched_anew(world: World) -> None:
    one, other = wove(world, MOST), wove(world, HALF)
    publish_run(world.gao, run=other)
    _, used = looms(world, other)
    anew = redispatch(world.gao, run=one, events=[{"kind": "due", "line": "L-1", "due": 1}])
    assert worked(world, carried_out(world, anew)) == pytest.approx(120 - used[0], abs=0.05)


def test_in_a_firm_that_is_closed_nothing_is_worked(world: World) -> None:
    run = wove(world, MOST)
    change = {"kind": "close", "firm": str(world.chunhui.id), "from": 0}
    assert worked(world, carried_out(world, ask_what_if(world.gao, run=run, changes=[change]))) == 0


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "小时要加班"), ("en", " h of it overtime")])
def test_the_page_of_late_lines_says_it(world: World, language: str, said: str) -> None:
    page = browse(world.gao, language).get(f"/dispatch/runs/{wove(world, 30_000, weeks=1)}/lines/")
    assert said in page.content.decode()
