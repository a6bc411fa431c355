"""Hours of published plans aren't given out twice."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from staveworks.db.clock import database_now
from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.dispatch import withdrawing
from staveworks.mechanisms.dispatch.queries import dispatchable_capacity, my_capacity
from staveworks.mechanisms.dispatch.run_queries import (
    access_run,
    access_share,
    list_runs,
    list_shares,
    week_label,
)
from staveworks.mechanisms.dispatch.types.dispatchable import LeftOutReason
from staveworks.mechanisms.dispatch.types.runs import (
    HoursTaken,
    NotPublished,
    PlanReplaced,
    PlanWithdrawn,
    RunNotFound,
    ShareEnd,
    WhyMissing,
    WorkHasBegun,
)
from staveworks.mechanisms.dispatch.usecases.ask_what_if import accept_what_if, ask_what_if
from staveworks.mechanisms.dispatch.usecases.publish_run import publish_run
from staveworks.mechanisms.dispatch.usecases.redispatch import redispatch
from staveworks.mechanisms.dispatch.usecases.withdraw_run import withdraw_run
from staveworks.mechanisms.dispatch.waiting import work_to_see, work_withdrawn
from tests.capacity import next_monday
from tests.contract.caller import Caller, make_token
from tests.rooms.dispatch.browsing import browse
from tests.rooms.dispatch.weaving import HALF, MOST, carried_out, furnish, looms, wove
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    furnish(made)
    return made


def test_a_new_run_gets_what_published_plans_leave(world: World) -> None:
    first = wove(world, MOST)
    (had, used), unpublished = looms(world, first), looms(world, wove(world, MOST))
    assert unpublished == (had, used), "a plan that nobody was told of takes nothing"
    publish_run(world.gao, run=first)
    left, again = looms(world, wove(world, MOST))
    assert left == pytest.approx([a - b for a, b in zip(had, used, strict=True)])
    assert used[0] + again[0] <= had[0]
    capacity = dispatchable_capacity(world.gao, from_day=next_monday(), buckets=2, now=database_now())
    taken = [
        each
        for each in capacity.left_out
        if each.reason is LeftOutReason.TAKEN and each.firm == world.lin.org
    ]
    assert sum(float(each.hours) for each in taken) == pytest.approx(sum(used))


def test_a_firm_reads_what_published_plans_leave_of_its_week(world: World) -> None:
    run = wove(world, MOST)
    _, (used, _) = looms(world, run)
    week = my_capacity(world.lin).centres[0].weeks[1]
    assert (week.to_plan, week.taken) == (48, 0)
    publish_run(world.gao, run=run)
    week = my_capacity(world.lin).centres[0].weeks[1]
    assert float(week.taken) == pytest.approx(used, abs=0.1)
    assert float(week.to_plan) == pytest.approx(48 - used, abs=0.1)
    client = browse(world.lin)
    (centre,) = my_capacity(world.lin).centres
    assert f"<small>已排 {week.taken.normalize():f}" in client.get("/capacity/").content.decode()
    page = client.get(f"/capacity/centres/{centre.id}/").content.decode()
    assert f"公布的方案已排 {week.taken.normalize():f} 小时" in page
    withdraw_run(world.gao, run=run, reason="面料没到")
    assert my_capacity(world.lin).centres[0].weeks[1].taken == 0


def test_of_two_plans_over_the_same_hours_the_second_is_refused_and_says_where(world: World) -> None:
    one, other = wove(world, MOST), wove(world, MOST)
    had, used = looms(world, one)
    publish_run(world.gao, run=one)
    with pytest.raises(HoursTaken) as refused:
        publish_run(world.gao, run=other)
    year, week, _ = next_monday().isocalendar()
    said = refused.value.text.en
    assert f"春晖织造 · 喷水织机, {year}-W{week:02}: {2 * used[0] - had[0]:g} h too many" in said
    assert access_run(world.gao, other).published_at is None
    publish_run(world.gao, run=wove(world, MOST))


def test_two_plans_that_fit_together_are_both_published(world: World) -> None:
    for run in (wove(world, HALF), wove(world, HALF), wove(world, MOST, week=1)):
        publish_run(world.gao, run=run)


def test_what_replaces_a_published_plan_gets_its_hours_back(world: World) -> None:
    first = wove(world, MOST)
    publish_run(world.gao, run=first)
    change = {"kind": "due", "line": "L-1", "due": 1}
    what_if = carried_out(world, ask_what_if(world.gao, run=first, changes=[change]))
    accept_what_if(world.gao, run=what_if)
    publish_run(world.gao, run=what_if)
    anew = carried_out(world, redispatch(world.gao, run=what_if, events=[{**change, "due": 0}]))
    assert looms(world, anew) == looms(world, first)
    publish_run(world.gao, run=anew)
    had, used = looms(world, first)
    left, _ = looms(world, wove(world, HALF))
    assert left[0] == pytest.approx(had[0] - used[0]), "what was replaced takes nothing any more"


def withdrawn(world: World, run: UUID) -> int:
    return withdraw_run(world.gao, run=run, reason="面料没到")


def test_a_plan_that_is_withdrawn_gives_its_hours_back_and_stays_in_the_history(world: World) -> None:
    first = wove(world, MOST)
    had, used = looms(world, first)
    publish_run(world.gao, run=first)
    before = wove(world, MOST)
    withdrawn(world, first)
    assert looms(world, wove(world, MOST)) == (had, used)
    card = next(each for each in list_runs(world.gao) if each.id == first)
    assert card.withdrawn_at
    assert card.withdrawn_why == "面料没到"
    publish_run(world.gao, run=before)
    for again in (publish_run, withdrawn_twice):
        with pytest.raises(PlanWithdrawn):
            again(world.gao, run=first)


def withdrawn_twice(actor: Actor, *, run: UUID) -> int:
    return withdraw_run(actor, run=run, reason="再来一次")


def test_only_a_published_plan_is_withdrawn_with_a_reason_and_before_work_begins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = wove(world, MOST)
    with pytest.raises(NotPublished):
        withdrawn(world, run)
    publish_run(world.gao, run=run)
    with pytest.raises(WhyMissing):
        withdraw_run(world.gao, run=run, reason=" \0 ")
    with pytest.raises(RunNotFound):
        withdrawn(world, new_id())
    monday = next_monday()
    monkeypatch.setattr(withdrawing, "database_today", lambda: monday)
    with pytest.raises(WorkHasBegun, match=week_label(monday, 0)):
        withdrawn(world, run)
    monkeypatch.setattr(withdrawing, "database_today", lambda: monday - timedelta(days=1))
    withdrawn(world, run)


def test_what_was_replaced_is_not_withdrawn_and_does_not_come_back(world: World) -> None:
    first = wove(world, MOST)
    had, used = looms(world, first)
    publish_run(world.gao, run=first)
    event = {"kind": "due", "line": "L-1", "due": 1}
    anew = carried_out(world, redispatch(world.gao, run=first, events=[event]))
    (told,) = list_shares(world.lin)
    publish_run(world.gao, run=anew)
    assert access_share(world.lin, told.id).ended_by is ShareEnd.REPLACED
    with pytest.raises(PlanReplaced):
        withdrawn(world, first)
    withdrawn(world, anew)
    newer = list_shares(world.lin)[0]
    assert (newer.run, newer.ended_by, newer.ended_why) == (anew, ShareEnd.WITHDRAWN, "面料没到")
    assert access_share(world.lin, told.id).ended_by is ShareEnd.REPLACED
    assert looms(world, wove(world, MOST)) == (had, used), "neither of them holds hours any more"


def test_nothing_is_asked_upon_a_withdrawn_plan_and_what_was_asked_before_competes_for_its_hours(
    world: World,
) -> None:
    first = wove(world, MOST)
    publish_run(world.gao, run=first)
    event = {"kind": "due", "line": "L-1", "due": 1}
    anew = carried_out(world, redispatch(world.gao, run=first, events=[event]))
    withdrawn(world, first)
    with pytest.raises(PlanWithdrawn):
        redispatch(world.gao, run=first, events=[event])
    with pytest.raises(PlanWithdrawn):
        ask_what_if(world.gao, run=first, changes=[event])
    publish_run(world.gao, run=wove(world, MOST))
    with pytest.raises(HoursTaken):
        publish_run(world.gao, run=anew)


def test_firms_with_work_are_told_that_it_is_off_and_no_longer_to_look_at_it(world: World) -> None:
    run = wove(world, MOST)
    publish_run(world.gao, run=run)
    assert waiting_at(world.lin) == (1, 0)
    withdrawn(world, run)
    assert waiting_at(world.lin) == (0, 1)


def test_a_program_publishes_withdraws_and_reads_what_became_of_a_plan(world: World) -> None:
    run = wove(world, MOST)
    planner, firm = Caller(make_token(world.gao)), Caller(make_token(world.lin))
    address = f"/api/v1/dispatch/runs/{run}"
    assert planner.post(f"{address}/publish").json() == {"firms": 2}

    def withdraw(reason: str) -> tuple[int, dict[str, Any]]:
        answer = planner.post(f"{address}/withdraw", {"reason": reason}, content_type="application/json")
        return answer.status_code, answer.json()

    assert withdraw(" ")[0] == 422
    assert withdraw("面料没到") == (200, {"firms": 2})
    assert withdraw("面料没到")[0] == 409
    assert planner.get(address).json()["withdrawn_why"] == "面料没到"
    (share,) = firm.get("/api/v1/work").json()["items"]
    assert (share["ended_by"], share["ended_why"]) == ("withdrawn", "面料没到")


def waiting_at(firm: Actor) -> tuple[int, int]:
    with acting(org=firm.org, person=firm.person_id):
        return len(work_to_see(org=firm.org)), len(work_withdrawn(org=firm.org))


def test_what_is_dispatched_anew_leaves_others_what_they_have_taken_since(world: World) -> None:
    one, other = wove(world, MOST), wove(world, HALF)
    publish_run(world.gao, run=other)
    (had, _), (_, used) = looms(world, one), looms(world, other)
    anew = carried_out(
        world, redispatch(world.gao, run=one, events=[{"kind": "due", "line": "L-1", "due": 1}])
    )
    left, _ = looms(world, anew)
    assert left[0] == pytest.approx(had[0] - used[0])
    publish_run(world.gao, run=anew)
