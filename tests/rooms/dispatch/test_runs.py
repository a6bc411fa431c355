"""A run freezes what it was asked, is carried out once, and can be replayed to the same plan."""

import pytest
from django.db import IntegrityError, transaction

from staveworks.db.transaction import acting
from staveworks.engine.dispatch import recount, solve
from staveworks.mechanisms.dispatch.domain.near import mended
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.models import Run
from staveworks.mechanisms.dispatch.run_queries import access_plan, access_report, access_run, list_runs
from staveworks.mechanisms.dispatch.types.runs import RunKind, RunState
from staveworks.mechanisms.dispatch.usecases.ask_what_if import accept_what_if, ask_what_if
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from staveworks.mechanisms.dispatch.usecases.replay_run import ask_replay, replay_run
from staveworks.mechanisms.dispatch.usecases.stop_run import stop_run
from tests.seasons import dispatched, queued, season
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_a_run_answers_with_a_plan_and_what_the_pages_show(world: World) -> None:
    run = dispatched(world.gao, load=1.4)
    card = access_run(world.gao, run)
    report, names = access_report(world.gao, run)
    assert card.state is RunState.FINISHED
    assert card.summary is not None
    assert (card.lines, card.firms, card.cities) == (40, 10, 3)
    late, rejected = report["summary"]["late_lines"], report["summary"]["rejected_lines"]
    assert 0 < max(late, rejected) <= len(report["late"]) <= late + rejected
    assert {load["operation"] for load in report["load"]} == {"weaving", "dyeing", "sewing"}
    assert names["customers"]["L-2000"] == "Nordwind Home"


def test_hours_of_the_plan_stay_within_the_capacity(world: World) -> None:
    plan, _ = access_plan(world.gao, dispatched(world.gao, load=1.4))
    assert (plan.used <= plan.problem.work_centres.hours + 1e-6).all()


def test_a_run_is_carried_out_once(world: World) -> None:
    run = dispatched(world.gao)
    assert carry_out_run(world.gao, subject=run) is None


def test_a_replay_says_that_the_same_plan_came_out(world: World) -> None:
    run = dispatched(world.gao)
    ask_replay(world.gao, run=run)
    assert replay_run(world.gao, subject=run) is True
    replay = access_run(world.gao, run).replay
    assert replay is not None
    assert replay["same"]
    assert replay["digest"] == access_run(world.gao, run).digest


def test_a_queued_run_that_is_stopped_never_starts(world: World) -> None:
    run = queued(world.gao)
    stop_run(world.gao, run=run)
    assert carry_out_run(world.gao, subject=run) is None
    assert access_run(world.gao, run).state is RunState.CANCELLED


@pytest.mark.parametrize("change", [{"seed": 9}, {"state": "queued"}, {"trail": [[1, 2, 3]]}])
def test_a_run_that_is_over_stays_as_it_is(world: World, change: dict[str, object]) -> None:
    run = dispatched(world.gao)
    with (
        acting(org=world.gao.org, person=world.gao.person_id),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        Run.objects.filter(id=run).update(**change)


def test_nobody_else_sees_a_run(world: World) -> None:
    run = dispatched(world.gao)
    with acting(org=world.lin.org, person=world.lin.person_id):
        assert not Run.objects.filter(id=run).exists()


def test_a_what_if_is_a_difference_until_it_is_accepted(world: World) -> None:
    run = dispatched(world.gao, load=1.4)
    asked = ask_what_if(world.gao, run=run, changes=[{"kind": "close", "firm": "锦澜", "from": 0}])
    carry_out_run(world.gao, subject=asked)
    report, _ = access_report(world.gao, asked)
    lost = next(row for row in report["difference"]["firms"] if row["firm"] == "锦澜")
    assert lost["hours"] < 0
    assert report["difference"]["objective"] >= 0 or report["difference"]["as_before"]
    assert [card.id for card in list_runs(world.gao)] == [run]
    accept_what_if(world.gao, run=asked)
    accepted = list_runs(world.gao)[0]
    assert (accepted.id, accepted.kind, accepted.base) == (asked, RunKind.WHAT_IF, run)


def test_a_demand_with_faults_is_kept_with_every_fault(world: World) -> None:
    from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand

    tables = season(lines=12)
    tables["lines"][3] |= {"quantity": "many"}
    tables["lines"][5] |= {"id": "L-2000", "due": ""}
    card = save_demand(world.gao, name="有错", tables=tables)
    assert [(fault.row, fault.column) for fault in card.faults] == [(5, "quantity"), (7, "due"), (7, "id")]
    assert card.faults[-1].in_sheet.en == "The same as row 2."
    assert card.lines == 12


def test_what_remains_is_dispatched_anew_and_little_moves(world: World) -> None:
    from staveworks.mechanisms.dispatch.usecases.redispatch import redispatch

    run = dispatched(world.gao, load=0.6)
    before, _ = access_plan(world.gao, run)
    anew = redispatch(world.gao, run=run, events=[{"kind": "close", "firm": "锦澜", "from": 2}])
    carry_out_run(world.gao, subject=anew)
    after, _ = access_plan(world.gao, anew)
    gone = list(after.problem.firms).index("锦澜")
    assert not ((after.firm == gone) & (after.result.allocations.bucket >= 2)).any()

    def places(plan: Plan) -> set[tuple[int, int, int, int]]:
        made = plan.result.allocations
        columns = (made.line, made.step, made.work_centre, made.bucket)
        return set(zip(*(column.tolist() for column in columns), strict=True))

    hit = {key[0] for key in places(before) if before.problem.work_centres.firm[key[2]] == gone}
    others = {key for key in places(before) if key[0] not in hit}
    assert len(others & places(after)) >= 0.6 * len(others)
    least = solve(mended(after.problem, before), seed=1).allocations
    made, fewest = (recount(after.problem, each)[0].total for each in (after.result.allocations, least))
    assert made <= fewest + 0.01, "more moves than must only where that pays for the moving"
    assert access_run(world.gao, anew).kind is RunKind.REDISPATCH


def test_faults_of_lines_and_of_capacity_are_told_at_once_by_the_rows_of_the_sheets(world: World) -> None:
    from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand

    tables = season(lines=12)
    tables["lines"][3] |= {"quantity": "many"}
    tables["capacity"][1] |= {"hours": -5}
    tables["capacity"][2] |= {"bucket": 99}
    tables["capacity"][4] |= {"bucket": tables["capacity"][3]["bucket"]}
    faults = save_demand(world.gao, name="有错", tables=tables).faults
    assert [(fault.table, fault.row, fault.column) for fault in faults] == [
        ("lines", 5, "quantity"),
        ("capacity", 3, "hours"),
        ("capacity", 4, "bucket"),
        ("capacity", 6, "bucket"),
    ]
    assert faults[-1].in_sheet.en == "The same as row 5."
