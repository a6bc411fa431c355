"""A weaver and a dyer in one city, and runs of a line of cloth that they make."""

from datetime import timedelta
from uuid import UUID

from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.run_queries import access_plan
from staveworks.mechanisms.dispatch.types.centres import CapabilitySaid, Per
from staveworks.mechanisms.dispatch.types.runs import RunState
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand
from staveworks.mechanisms.dispatch.usecases.start_run import start_run
from tests.capacity import declare, next_monday
from tests.world import World

HALF, MOST = 2_500, 5_000
"""Metres: two of the one fit into the weaver's week, two of the other don't."""


def furnish(made: World) -> None:
    """A weaver and a dyer in one city."""
    declare(made.lin)
    dyeing = (CapabilitySaid("polyester-filament", "1.2", "9,000", Per.DAY),)
    declare(made.wu, name="溢流机", operation="dyeing", capabilities=dyeing)


def wove(world: World, quantity: int, *, week: int = 0, weeks: int = 2) -> UUID:
    """A run of one line of cloth, due in that week, carried out."""
    line = {
        "id": "L-1",
        "family": "polyester-filament",
        "quantity": quantity,
        "release": week,
        "due": str(next_monday() + timedelta(days=7 * week + 4)),
        "city": "柯桥区",
        "reject_cost": 50,
    }
    demand = save_demand(world.gao, name="季", tables={"lines": [line]})
    assert not demand.faults
    return carried_out(world, start_run(world.gao, demand=demand.id, first=next_monday(), weeks=weeks))


def carried_out(world: World, run: UUID) -> UUID:
    assert carry_out_run(world.gao, subject=run) is RunState.FINISHED
    return run


def looms(world: World, run: UUID) -> tuple[list[float], list[float]]:
    """Hours that the weaver had for the run, and those that its plan uses, by week."""
    plan, _ = access_plan(world.gao, run)
    at = weaving_at(plan)
    hours, used = plan.problem.work_centres.hours[at], plan.used[at]
    return hours.round(1).tolist(), used.round(1).tolist()


def weaving_at(plan: Plan) -> int:
    operations = [plan.problem.operations[each] for each in plan.problem.work_centres.operation]
    return operations.index("weaving")
