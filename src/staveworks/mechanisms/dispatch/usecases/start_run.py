"""Start a run: freeze what is asked, and queue it. A job does the work (``jobs/reactions.py``)."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from importlib.metadata import version
from typing import Any
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.engine.dispatch import Problem
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import Invalid
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.documents import digest_of, pack, problem_of, unpack
from staveworks.mechanisms.dispatch.models import Demand, Inputs, Run
from staveworks.mechanisms.dispatch.registered import registered_problem
from staveworks.mechanisms.dispatch.stating import Stated, state_own
from staveworks.mechanisms.dispatch.types.runs import (
    MOST_BUCKETS,
    MOST_SEED,
    NAME_LONG,
    DemandFaulty,
    DemandNotFound,
    RunKind,
)


class NotAMonday(Invalid):
    text = Text(zh="排产从某个星期一开始。", en="A run begins on a Monday.")


class NoOwnCapacity(Invalid):
    text = Text(
        zh="这批订单没有自带工作中心和产能，请用各企业申报的产能。",
        en="This demand brings no work centres and capacity of its own: take what firms declared.",
    )


class WeeksOutside(Invalid):
    text = Text(zh=f"排 1 到 {MOST_BUCKETS} 周。", en=f"1 to {MOST_BUCKETS} weeks.")


@use_case
def start_run(
    actor: Actor,
    /,
    *,
    demand: UUID,
    first: date,
    weeks: int = 8,
    seed: int = 1,
    name: str = "",
    own_capacity: bool | None = None,
) -> UUID:
    """The run's id. ``own_capacity``: the demand's own work centres (default where it has them), else the registry's.

    Raises ``RightMissing``, ``DemandNotFound``, ``DemandFaulty``, ``NotAMonday``, ``WeeksOutside``, ``NoOwnCapacity``,
    ``ProblemFaulty``.
    """
    actor.require("dispatch.run")
    found = Demand.objects.filter(id=demand).first()
    if found is None:
        raise DemandNotFound
    if found.faults:
        raise DemandFaulty(field="demand")
    if first.weekday():
        raise NotAMonday(field="first")
    if not 1 <= weeks <= MOST_BUCKETS:
        raise WeeksOutside(field="weeks")
    if own_capacity and not found.with_capacity:
        raise NoOwnCapacity(field="own_capacity")
    own = found.with_capacity if own_capacity is None else own_capacity
    tables = unpack(found.tables)
    stated = (state_own if own else partial(registered_problem, actor))(tables, first=first, weeks=weeks)
    problem = problem_of(stated.tables)
    return queue(
        actor,
        problem,
        stated,
        kind=RunKind.RUN,
        demand=demand,
        first=first,
        seed=seed,
        name=name or named(first),
    )


def named(first: date) -> str:
    year, week, _ = first.isocalendar()
    return f"{year}-W{week:02}"


def next_monday(today: date) -> date:
    """The Monday that comes, or today if it is one."""
    return today + timedelta(days=-today.weekday() % 7)


def queue(
    actor: Actor,
    problem: Problem,
    stated: Stated,
    *,
    kind: RunKind,
    first: date,
    seed: int,
    name: str,
    demand: UUID | None = None,
    base: UUID | None = None,
    changes: list[Mapping[str, Any]] | None = None,
) -> UUID:
    """Inside a use case: write the run with its inputs, and the event that starts it."""
    run = Run(
        id=new_id(),
        org_id=actor.org,
        name=name.strip()[:NAME_LONG],
        kind=kind,
        base_id=base,
        demand_id=demand,
        inputs=keep_inputs(actor, stated),
        changes=changes or [],
        first_date=first,
        buckets=problem.buckets,
        seed=max(0, min(seed, MOST_SEED)),
        engine=version("staveworks"),
        rules=list(stated.rules),
        lines=len(problem.lines),
        firms=len(problem.firms),
        cities=len(problem.cities),
        made_by_id=actor.person_id,
    )
    run.save(force_insert=True)
    append_event(
        actor, "dispatch.queued", subject=run.id, kind=str(kind), inputs=run.inputs.digest, seed=run.seed
    )
    return run.id


def keep_inputs(actor: Actor, stated: Stated) -> Inputs:
    """The same problem is kept once."""
    digest = digest_of(stated.tables)
    row = Inputs(
        id=new_id(), org_id=actor.org, digest=digest, tables=pack(stated.tables), names=dict(stated.names)
    )
    Inputs.objects.bulk_create([row], ignore_conflicts=True)
    return Inputs.objects.get(org_id=actor.org, digest=digest)
