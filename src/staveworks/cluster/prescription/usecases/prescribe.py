"""Prescribe: which offers raise the firm's water level most within a budget; kept with all that it rests on."""

from typing import Any
from uuid import UUID

from staveworks.cluster.prescription.domain import problem_of
from staveworks.cluster.prescription.gathering import Gathered, gather
from staveworks.cluster.prescription.models import Basis, Prescription
from staveworks.cluster.prescription.types import (
    MOST_BUDGET_FEN,
    MOST_DAYS,
    BudgetInvalid,
    HorizonInvalid,
    Objective,
    ObjectiveUnknown,
)
from staveworks.db.transaction import use_case
from staveworks.engine.prescription import Problem, prescribe, prescription_json, reach
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id

SECONDS = 5.0
"""Of the solver, within the request."""


def make_prescription(
    actor: Actor, *, budget_fen: int, objective: str = Objective.LEVEL, horizon_days: int | None = None
) -> UUID:
    """The prescription's id; the same question upon the same basis has the same one. ``horizon_days``: what takes longer is left out.

    The solver runs between two transactions, so that none stays open for its seconds.

    Raises ``RightMissing``, ``BudgetInvalid``, ``ObjectiveUnknown``, ``HorizonInvalid`` (each at its field), ``NoBarrelYet``,
    ``NothingNeeded``.
    """
    actor.require("prescription.make")
    if not 0 <= budget_fen <= MOST_BUDGET_FEN:
        raise BudgetInvalid(field="budget_fen")
    if objective not in list(Objective):
        raise ObjectiveUnknown(field="objective")
    if horizon_days is not None and not 1 <= horizon_days <= MOST_DAYS:
        raise HorizonInvalid(field="horizon_days")
    known = gather(actor, horizon_days=horizon_days, right="prescription.make")
    if made := _made(actor, known, budget_fen, objective):
        return made
    problem = problem_of(known.document, budget_fen=budget_fen, objective=objective)
    answer = prescription_json(problem, prescribe(problem, seconds=SECONDS))
    return _keep(actor, known, problem, answer)


@use_case
def _made(actor: Actor, known: Gathered, budget_fen: int, objective: str) -> UUID | None:
    found = Prescription.objects.filter(
        basis__org_id=actor.org, basis__digest=known.digest, budget_fen=budget_fen, objective=objective
    )
    return found.values_list("id", flat=True).first()


@use_case
def _keep(actor: Actor, known: Gathered, problem: Problem, answer: dict[str, Any]) -> UUID:
    basis = _basis(actor, known, problem)
    row = Prescription(
        id=new_id(),
        org_id=actor.org,
        basis_id=basis,
        objective=problem.objective,
        budget_fen=problem.budget_fen,
        water_before=reach(problem, ()).water_level,
        result=answer,
        made_by_id=actor.person_id,
    )
    Prescription.objects.bulk_create([row], ignore_conflicts=True)
    kept = Prescription.objects.values_list("id", flat=True).get(
        basis_id=basis, budget_fen=problem.budget_fen, objective=problem.objective
    )
    if kept == row.id:
        append_event(actor, "prescription.made", subject=row.id, basis=basis)
    return kept


def _basis(actor: Actor, known: Gathered, problem: Problem) -> UUID:
    """The id of the recorded basis. Of two that record the same at once, the later waits for the earlier and takes its row."""
    row = Basis(
        id=new_id(),
        org_id=actor.org,
        assessment_id=known.assessment_id,
        digest=known.digest,
        document=known.document,
        horizon_days=known.horizon_days,
        highest=reach(problem, problem.available).water_level,
    )
    Basis.objects.bulk_create([row], ignore_conflicts=True)
    kept = Basis.objects.values_list("id", flat=True).get(org_id=actor.org, digest=known.digest)
    if kept == row.id:
        append_event(actor, "basis.recorded", subject=row.id, offers=len(problem.offers))
    return kept
