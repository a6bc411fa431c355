"""Dispatch anew what remains after a breakdown, a decline or a withdrawn capacity: started lots stay, the others move as little as can be."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from staveworks.db.clock import database_now, database_today
from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.documents import problem_of, unpack, unpack_result
from staveworks.mechanisms.dispatch.domain.called import Called
from staveworks.mechanisms.dispatch.domain.changes import ChangeInvalid, apply
from staveworks.mechanisms.dispatch.domain.committing import commitments_of
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.models import Answer, Run
from staveworks.mechanisms.dispatch.stating import Stated, fens
from staveworks.mechanisms.dispatch.taken import keep_hours, without_taken
from staveworks.mechanisms.dispatch.types.runs import (
    MOST_CHANGES,
    NoPlan,
    PlanWithdrawn,
    RunKind,
    RunNotFound,
)
from staveworks.mechanisms.dispatch.usecases.start_run import queue

HOW_MANY = Text(
    zh=f"说明发生了什么：1 到 {MOST_CHANGES} 件。", en=f"Say what happened: 1 to {MOST_CHANGES} things."
)


@use_case
def redispatch(actor: Actor, /, *, run: UUID, events: Sequence[Mapping[str, Any]]) -> UUID:
    """The new run's id. ``events``: as ``domain/changes.py`` lists them, a closed firm above all.

    Lots that began before this week stay; all others may move at the price of the rule ``dispatch.terms``. It has the hours of the plan
    that it is upon, without those that other plans have taken since. Raises ``RightMissing``,
    ``RunNotFound``, ``NoPlan``, ``PlanWithdrawn``, ``ChangeInvalid``.
    """
    actor.require("dispatch.run")
    if not 1 <= len(events) <= MOST_CHANGES:
        raise ChangeInvalid(HOW_MANY)
    keep_hours(actor)
    row = Run.objects.select_related("inputs").filter(id=run).first()
    if row is None:
        raise RunNotFound
    if row.withdrawn_at:
        raise PlanWithdrawn
    found = Answer.objects.filter(run_id=run).first()
    if found is None:
        raise NoPlan
    tables = unpack(row.inputs.tables)
    plan = Plan(problem_of(tables), unpack_result(found.arrays))
    terms = rule_in_force("dispatch.terms", database_now())
    begun = max(0, min(row.buckets, (database_today() - row.first_date).days // 7))
    changed = apply(tables, events, base=plan, called=Called(row.inputs.names))
    changed["capacity"] = without_taken(actor, row, changed["capacity"], begun=begun)
    changed["commitments"] = commitments_of(plan, changed, begun=begun)
    changed["problem"] = {**changed["problem"], "stability": fens(terms.value, "stability_fen")}
    return queue(
        actor,
        problem_of(changed),
        Stated(changed, row.inputs.names, sorted({*row.rules, terms.label})),
        kind=RunKind.REDISPATCH,
        first=row.first_date,
        seed=row.seed,
        name=row.name,
        demand=row.demand_id,
        base=run,
        changes=[dict(event) for event in events],
    )
