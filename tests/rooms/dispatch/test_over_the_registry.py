"""A run over what firms declared: families by their names, days as weeks, transport by distance; the rules that decided stand with it."""

from datetime import timedelta

import pytest

from staveworks.mechanisms.dispatch.run_queries import access_plan, access_report, access_run
from staveworks.mechanisms.dispatch.types.centres import CapabilitySaid, Per
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


def test_lines_in_a_planners_words_are_planned_over_declared_capacity(world: World) -> None:
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
