"""A run over what firms declared: families by their names, days as weeks, transport by distance; the rules that decided stand with it."""

from datetime import timedelta
from uuid import UUID

import pytest

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Organisation
from staveworks.mechanisms.dispatch.domain.changes import ChangeInvalid
from staveworks.mechanisms.dispatch.run_queries import access_plan, access_report, access_run
from staveworks.mechanisms.dispatch.types.centres import CapabilitySaid, Per
from staveworks.mechanisms.dispatch.usecases.ask_what_if import ask_what_if
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand
from staveworks.mechanisms.dispatch.usecases.start_run import start_run
from tests.capacity import KEQIAO, WUJIANG, declare, next_monday
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    declare(made.lin)
    dyeing = (CapabilitySaid("polyester-filament", "1.2", "9,000", Per.DAY),)
    declare(made.wu, name="溢流机", operation="dyeing", capabilities=dyeing, city=WUJIANG)
    return made


def planned(world: World) -> UUID:
    line = {
        "id": "L-1",
        "family": "涤纶长丝面料",
        "quantity": 2000,
        "due": str(next_monday() + timedelta(days=18)),
        "city": "柯桥区",
    }
    demand = save_demand(world.gao, name="季", tables={"lines": [line]})
    assert not demand.faults
    run = start_run(world.gao, demand=demand.id, first=next_monday(), weeks=4)
    carry_out_run(world.gao, subject=run)
    return run


def test_a_refused_what_if_names_firms_and_places_as_people_do(world: World) -> None:
    run = planned(world)
    plan, _ = access_plan(world.gao, run)
    problem, made = plan.problem, plan.result.allocations
    weaving = int((plan.operation == problem.operations.index("weaving")).argmax())
    dyer = next(
        id_
        for id_, operation in zip(problem.work_centres.ids, problem.work_centres.operation, strict=True)
        if problem.operations[operation] == "dyeing"
    )
    lot = {"line": "L-1", "lot": int(made.lot[weaving]), "step": int(made.step[weaving])}
    pin = {"kind": "pin", **lot, "work_centre": dyer, "bucket": 1}
    with pytest.raises(ChangeInvalid) as refused:
        ask_what_if(world.gao, run=run, changes=[pin])
    assert refused.value.text.zh.startswith(f"{firm_name(world)} · 溢流机 做不了这一单")
    nowhere = {"kind": "hours", "operation": "dyeing", "city": KEQIAO, "bucket": 1, "hours": 8}
    with pytest.raises(ChangeInvalid) as refused:
        ask_what_if(world.gao, run=run, changes=[nowhere])
    assert "柯桥区" in refused.value.text.zh
    assert "dyeing" not in refused.value.text.zh
    assert "Keqiao" in refused.value.text.en


def firm_name(world: World) -> str:
    with acting(org=world.wu.org, person=world.wu.person_id):
        return str(Organisation.objects.get(id=world.wu.org).name)


def test_lines_in_a_planners_words_are_planned_over_declared_capacity(world: World) -> None:
    run = planned(world)
    card = access_run(world.gao, run)
    assert card.summary is not None
    assert (card.summary["late_lines"], card.summary["rejected_lines"]) == (0, 0)
    assert {rule.partition("/")[0] for rule in card.rules} == {
        "dispatch.freshness",
        "dispatch.trial",
        "dispatch.terms",
    }
    plan, names = access_plan(world.gao, run)
    assert set(plan.firm.tolist()) == {0, 1}
    assert card.summary["costs"]["transport"] > 0
    assert names["firms"][str(world.lin.org)]["zh"] == "春晖织造"
    report, _ = access_report(world.gao, run)
    operations = {load["operation"] for load in report["load"]}
    assert {"weaving", "dyeing"} <= operations
    assert "turning" not in operations, "nobody offers or orders anything of another industry"
    assert plan.problem.cities[plan.problem.lines.city[0]] == KEQIAO
