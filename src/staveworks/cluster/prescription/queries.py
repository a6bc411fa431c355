"""Reads. ``access_prescription`` is the only way to one."""

from uuid import UUID

from staveworks.cluster.prescription.domain import answer_of, problem_of
from staveworks.cluster.prescription.explaining import Recorded, explain
from staveworks.cluster.prescription.gathering import gather
from staveworks.cluster.prescription.models import Prescription, Step
from staveworks.cluster.prescription.types import (
    Now,
    Objective,
    PrescriptionCard,
    PrescriptionNotFound,
    PrescriptionView,
    Proof,
)
from staveworks.cluster.programmes.queries import list_own_vouchers
from staveworks.db.clock import database_today
from staveworks.db.transaction import query
from staveworks.engine.prescription import (
    FrontierPoint,
    Problem,
    check_prescription,
)
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import Refused

MOST = 500


@query
def access_prescription(
    actor: Actor, *, prescription_id: UUID, right: str = "prescription.read"
) -> PrescriptionView:
    """One of the actor's firm, with its reasons and as much of the frontier as is drawn.

    Raises ``RightMissing``, ``PrescriptionNotFound``.
    """
    row = _one(actor, prescription_id, right)
    basis = row.basis
    recorded = Recorded.of(
        basis.digest,
        lambda: basis.document,
        budget_fen=row.budget_fen,
        objective=row.objective,
        result=row.result,
    )
    found = explain(recorded)
    return PrescriptionView(
        id=row.id,
        basis_id=basis.id,
        digest=basis.digest,
        assessment_id=basis.assessment_id,
        made_at=row.made_at,
        objective=Objective(row.objective),
        budget_fen=row.budget_fen,
        horizon_days=basis.horizon_days,
        problem=found.problem,
        before=found.before,
        answer=found.answer,
        chosen=found.chosen,
        unchosen=found.unchosen,
        services=found.services,
        paid_fen=found.paid_fen,
        steps=tuple(_point(step, found.problem) for step in basis.steps.order_by("place")),
        drawn=basis.drawn_at is not None,
        highest=basis.highest,
    )


@query
def replay_prescription(actor: Actor, *, prescription_id: UUID) -> Proof:
    """Recompute a recorded answer without the solver. Raises ``RightMissing``, ``PrescriptionNotFound``."""
    row = _one(actor, prescription_id)
    problem = _problem(row)
    return Proof(len(problem.offers), tuple(check_prescription(problem, answer_of(problem, row.result))))


@query
def list_prescriptions(actor: Actor, *, limit: int = MOST) -> list[PrescriptionCard]:
    """The firm's, the newest first. Raises ``RightMissing``."""
    actor.require("prescription.read")
    found = Prescription.objects.filter(org_id=actor.org).select_related("basis").defer("basis__document")
    return [_card(row) for row in found.order_by("-made_at", "-id")[:limit]]


@query
def find_newest(actor: Actor) -> UUID | None:
    """Raises ``RightMissing``."""
    actor.require("prescription.read")
    found = Prescription.objects.filter(org_id=actor.org).order_by("-made_at", "-id")
    return found.values_list("id", flat=True).first()


@query
def compare_with_now(actor: Actor, view: PrescriptionView) -> Now:
    """Whether the barrel, the offers or the vouchers of the actor's firm have changed since. Raises ``RightMissing``."""
    try:
        found = gather(actor, horizon_days=view.horizon_days)
    except Refused:
        return Now(True, tuple(list_own_vouchers(actor, today=database_today())))
    return Now(found.digest != view.digest, found.vouchers)


def _one(actor: Actor, prescription_id: UUID, right: str = "prescription.read") -> Prescription:
    """Without the document of its basis, which is read when it is asked for."""
    actor.require(right)
    found = Prescription.objects.filter(org_id=actor.org, id=prescription_id)
    row = found.select_related("basis").defer("basis__document").first()
    if row is None:
        raise PrescriptionNotFound
    return row


def _problem(row: Prescription) -> Problem:
    return problem_of(row.basis.document, budget_fen=row.budget_fen, objective=row.objective)


def _point(step: Step, problem: Problem) -> FrontierPoint:
    chosen = tuple(problem.by_id[code] for code in step.chosen)
    return FrontierPoint(step.budget_fen, step.water_level, chosen)


def _card(row: Prescription) -> PrescriptionCard:
    return PrescriptionCard(
        id=row.id,
        made_at=row.made_at,
        objective=Objective(row.objective),
        budget_fen=row.budget_fen,
        horizon_days=row.basis.horizon_days,
        status=row.result["status"],
        water_before=row.water_before,
        water_after=row.result["water_level"],
        net_fen=row.result["net_fen"],
        services=len(row.result["chosen"]),
    )
