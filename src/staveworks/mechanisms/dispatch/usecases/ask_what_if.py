"""What if: the same question with a few things different, answered warm from the plan that is there. Nothing moves until it is accepted."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.documents import problem_of, unpack, unpack_result
from staveworks.mechanisms.dispatch.domain.called import Called
from staveworks.mechanisms.dispatch.domain.changes import AS_IT_IS, ChangeInvalid, apply, changes_nothing
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.models import Answer, Run
from staveworks.mechanisms.dispatch.run_rows import waiting_upon
from staveworks.mechanisms.dispatch.stating import Stated, fens
from staveworks.mechanisms.dispatch.types.runs import (
    MOST_CHANGES,
    MOST_WHAT_IFS,
    OPEN,
    NoPlan,
    NotAWhatIf,
    PlanWithdrawn,
    RunKind,
    RunNotFound,
    RunState,
    TooManyWhatIfs,
)
from staveworks.mechanisms.dispatch.usecases.start_run import queue

HOW_MANY = Text(zh=f"一次 1 到 {MOST_CHANGES} 项改动。", en=f"1 to {MOST_CHANGES} changes at once.")


@use_case
def ask_what_if(actor: Actor, /, *, run: UUID, changes: Sequence[Mapping[str, Any]]) -> UUID:
    """The id of the what-if, a run of its own; it stands beside those that wait upon the same plan already.

    ``changes``: as ``domain/changes.py`` lists them. Raises ``RightMissing``, ``RunNotFound``, ``NoPlan``, ``ChangeInvalid``,
    ``PlanWithdrawn``, ``TooManyWhatIfs``.
    """
    actor.require("dispatch.run")
    if not 1 <= len(changes) <= MOST_CHANGES:
        raise ChangeInvalid(HOW_MANY)
    row = Run.objects.select_for_update(of=("self",)).select_related("inputs").filter(id=run).first()
    if row is None:
        raise RunNotFound
    if row.withdrawn_at:
        raise PlanWithdrawn
    if waiting_upon(run).count() >= MOST_WHAT_IFS:
        raise TooManyWhatIfs
    found = Answer.objects.filter(run_id=run).first()
    if found is None:
        raise NoPlan
    tables = unpack(row.inputs.tables)
    plan = Plan(problem_of(tables), unpack_result(found.arrays))
    changed = apply(tables, changes, base=plan, called=Called(row.inputs.names))
    if changes_nothing(tables, changed, base=plan):
        raise ChangeInvalid(AS_IT_IS)
    terms = rule_in_force("dispatch.terms")
    changed["problem"] = {**changed["problem"], "stability": fens(terms.value, "stability_fen")}
    return queue(
        actor,
        problem_of(changed),
        Stated(changed, row.inputs.names, sorted({*row.rules, terms.label})),
        kind=RunKind.WHAT_IF,
        first=row.first_date,
        seed=row.seed,
        name=row.name,
        demand=row.demand_id,
        base=run,
        changes=[dict(change) for change in changes],
    )


@use_case
def discard_what_if(actor: Actor, /, *, run: UUID) -> UUID:
    """The plan that it was upon. Raises ``RightMissing``, ``RunNotFound``, ``NotAWhatIf``."""
    actor.require("dispatch.run")
    row = waiting(run)
    _discard(actor, row)
    assert row.base_id
    return row.base_id


def waiting(run: UUID) -> Run:
    """A what-if whose fate is open, locked. Raises ``RunNotFound``, ``NotAWhatIf``."""
    row = Run.objects.select_for_update().filter(id=run).first()
    if row is None:
        raise RunNotFound
    if row.kind != RunKind.WHAT_IF or row.accepted_at or row.discarded_at:
        raise NotAWhatIf
    return row


def _discard(actor: Actor, row: Run) -> None:
    changes: dict[str, Any] = {"discarded_at": Now()}
    if row.state in OPEN:
        changes["stop_asked_at"] = Now()
    if row.state == RunState.QUEUED:
        changes |= {"state": RunState.CANCELLED, "finished_at": Now()}
    Run.objects.filter(id=row.id).update(**changes)
    append_event(actor, "what_if.discarded", subject=row.id)


@use_case
def accept_what_if(actor: Actor, /, *, run: UUID) -> None:
    """It stands in the history as a run from now on. Raises ``RightMissing``, ``RunNotFound``, ``NotAWhatIf``, ``NoPlan``."""
    actor.require("dispatch.run")
    row = waiting(run)
    if not Answer.objects.filter(run_id=run).exists():
        raise NoPlan
    Run.objects.filter(id=run).update(accepted_at=Now())
    append_event(actor, "what_if.accepted", subject=row.id, base=row.base_id)
