"""A what-if never answers worse than the plan in hand, and moves little."""

from typing import Any
from uuid import UUID

import numpy as np
import pytest

from staveworks.engine.dispatch import Allocations, check_plan, recount, solve
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.domain.near import mended, near
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.run_queries import access_plan, access_report
from staveworks.mechanisms.dispatch.usecases.ask_what_if import (
    accept_what_if,
    ask_what_if,
    discard_what_if,
)
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from staveworks.mechanisms.dispatch.usecases.redispatch import redispatch
from staveworks.mechanisms.dispatch.usecases.replay_run import ask_replay, replay_run
from tests.seasons import carried_out, dispatched
from tests.world import World

LOAD = 2.2
"""Much that can't be made, and a plan with a gap: there is room to find other plans of the same cost."""


def asked(actor: Actor, run: UUID, change: dict[str, Any]) -> tuple[UUID, dict[str, Any]]:
    """The what-if and its difference."""
    what_if = ask_what_if(actor, run=run, changes=[change])
    carried_out(actor, what_if)
    report, _ = access_report(actor, what_if)
    return what_if, dict(report["difference"])


@pytest.fixture
def run(world: World) -> UUID:
    return dispatched(world.gao, load=LOAD, lines=60)


def short(plan: Plan) -> str:
    """A line that isn't made in full."""
    return str(plan.problem.lines.ids[int(plan.is_rejected.argmax())])


def test_a_later_due_week_costs_no_more_and_leaves_other_lines_where_they_are(
    world: World, run: UUID
) -> None:
    line = short(access_plan(world.gao, run)[0])
    _, difference = asked(world.gao, run, {"kind": "due", "line": line, "due": 5})
    assert difference["promised"] is None, "prices of hours say nothing of a due week"
    assert difference["objective"] <= 0
    assert difference["moved"]["count"] <= 1
    assert not difference["become_late"]


def test_more_hours_cost_no_more(world: World, run: UUID) -> None:
    plan, _ = access_plan(world.gao, run)
    centre, bucket = np.unravel_index(plan.result.prices.argmax(), plan.result.prices.shape)
    place = plan.problem.work_centres.ids[int(centre)]
    _, difference = asked(
        world.gao, run, {"kind": "hours", "work_centre": place, "bucket": int(bucket), "hours": 30}
    )
    assert difference["objective"] < 0
    assert difference["promised"] == pytest.approx(-30 * plan.result.prices[centre, bucket], abs=0.01)
    _, fewer = asked(
        world.gao, run, {"kind": "hours", "work_centre": place, "bucket": int(bucket), "hours": -1}
    )
    assert fewer["promised"] == pytest.approx(plan.result.prices[centre, bucket], abs=0.01)


def test_no_saving_goes_beyond_the_price_of_hours_and_what_the_plan_is_from_the_best(
    world: World, run: UUID
) -> None:
    """What the page calls a saving at most, at the three dearest places."""
    report, _ = access_report(world.gao, run)
    gap = report["summary"]["objective"] - report["summary"]["proven_bound"]
    for stave in report["staves"][:3]:
        where = {name: stave[name] for name in ("operation", "city", "bucket")}
        what_if, difference = asked(world.gao, run, {"kind": "hours", **where, "hours": 40})
        discard_what_if(world.gao, run=what_if)
        assert difference["promised"] == pytest.approx(-40 * stave["price"], rel=1e-6, abs=0.01)
        assert difference["objective"] >= difference["promised"] - gap - 0.01
        assert difference["proven"] or abs(difference["objective"]) <= difference["apart"]


def test_where_nothing_is_short_more_hours_change_nothing(world: World) -> None:
    run = dispatched(world.gao, load=0.6)
    change = {"kind": "hours", "operation": "weaving", "city": "柯桥", "bucket": 2, "hours": 30}
    _, difference = asked(world.gao, run, change)
    assert difference["objective"] == 0
    assert difference["moved"]["count"] == 0
    assert difference["promised"] == 0


def test_a_firm_that_closes_moves_more_than_it_must_only_where_that_pays_for_the_moving(world: World) -> None:
    """Against the plan in which nothing but what lost its place, or was short before, may move."""
    run = dispatched(world.gao, load=0.6)
    base, _ = access_plan(world.gao, run)
    what_if, difference = asked(world.gao, run, {"kind": "close", "firm": "锦澜", "from": 3})
    plan, _ = access_plan(world.gao, what_if)
    problem, with_moving = plan.problem, near(plan.problem, base)
    least = solve(mended(problem, base), seed=1).allocations

    def burden(made: Allocations) -> float:
        return recount(problem, made)[0].total + recount(with_moving, made)[0].stability

    assert difference["moved"]["count"] > 0
    assert burden(plan.result.allocations) <= burden(least) + 0.01


def test_the_price_of_moving_is_in_no_figure(world: World, run: UUID) -> None:
    what_if, difference = asked(world.gao, run, {"kind": "close", "firm": "锦澜", "from": 2})
    plan, _ = access_plan(world.gao, what_if)
    base, _ = access_plan(world.gao, run)
    assert plan.result.costs.stability == 0
    assert "stability" not in difference["costs"]
    assert difference["objective"] == pytest.approx(plan.result.objective - base.result.objective, abs=0.01)


def test_the_answer_of_a_what_if_is_sound(world: World, run: UUID) -> None:
    """Also where the plan in hand is kept: its cost and bound are recomputed from the problem with the change."""
    line = short(access_plan(world.gao, run)[0])
    for change in ({"kind": "due", "line": line, "due": 5}, {"kind": "close", "firm": "锦澜", "from": 2}):
        what_if, _ = asked(world.gao, run, change)
        plan, _ = access_plan(world.gao, what_if)
        assert check_plan(plan.problem, plan.result).broken == ()


def test_a_replayed_what_if_gives_the_same_plan(world: World, run: UUID) -> None:
    what_if, _ = asked(world.gao, run, {"kind": "close", "firm": "锦澜", "from": 2})
    accept_what_if(world.gao, run=what_if)
    ask_replay(world.gao, run=what_if)
    assert replay_run(world.gao, subject=what_if)


def test_a_moved_lot_fewer_hours_and_what_has_begun_leave_a_sound_plan(world: World) -> None:
    """A lot at another place, a week with half of its hours, and both upon a plan that carries commitments of an earlier one."""
    run = dispatched(world.gao, load=0.6)
    anew = redispatch(world.gao, run=run, events=[{"kind": "close", "firm": "锦澜", "from": 2}])
    carry_out_run(world.gao, subject=anew)
    plan, _ = access_plan(world.gao, anew)
    problem, made = plan.problem, plan.result.allocations
    centre, bucket = int(made.work_centre[0]), int(made.bucket[0])
    half = -float(problem.work_centres.hours[centre, bucket]) / 2
    place = problem.work_centres.ids[centre]
    changes: list[dict[str, Any]] = [
        {"kind": "hours", "work_centre": place, "bucket": bucket, "hours": half},
        {
            "kind": "pin",
            "line": problem.lines.ids[made.line[0]],
            "lot": int(made.lot[0]),
            "step": int(made.step[0]),
            "work_centre": place,
            "bucket": problem.buckets - 1,
        },
    ]
    for change in changes:
        what_if, difference = asked(world.gao, anew, change)
        after, _ = access_plan(world.gao, what_if)
        assert check_plan(after.problem, after.result).broken == ()
        assert difference["moved"]["count"] < len(problem.lines) / 2
