"""Draw a basis's frontier: every budget at which the best water level rises, each step kept as it is found."""

from uuid import UUID

from django.db.models.functions import Now

from staveworks.cluster.prescription.domain import problem_of
from staveworks.cluster.prescription.models import Basis, Step
from staveworks.cluster.prescription.types import Objective
from staveworks.db.transaction import use_case
from staveworks.engine.prescription import FrontierPoint, Problem, frontier
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id


def draw_frontier(actor: Actor, /, *, subject: UUID) -> int:
    """How many steps were found this time. Goes on after the last step that is kept; may run again, also beside itself."""
    problem, place, start_fen = _where(actor, basis_id=subject)
    if problem is None:
        return 0
    found = 0
    for point in frontier(problem, start_fen=start_fen):
        _keep(actor, basis_id=subject, place=place + found, point=point)
        found += 1
    _finish(actor, basis_id=subject)
    return found


@use_case
def _where(actor: Actor, *, basis_id: UUID) -> tuple[Problem | None, int, int]:
    """The problem (None: drawn already), the place of the first step to be found, and a budget that isn't above it: the last
    step is found once more, since what comes next follows from it."""
    basis = Basis.objects.filter(id=basis_id, drawn_at=None).first()
    if basis is None:
        return None, 0, 0
    problem = problem_of(basis.document, budget_fen=0, objective=Objective.LEVEL)
    last = basis.steps.order_by("-place").values_list("place", "budget_fen").first()
    return problem, *(last or (0, 0))


@use_case
def _keep(actor: Actor, *, basis_id: UUID, place: int, point: FrontierPoint) -> None:
    step = Step(
        id=new_id(),
        org_id=actor.org,
        basis_id=basis_id,
        place=place,
        budget_fen=point.budget_fen,
        water_level=point.water_level,
        chosen=[offer.id for offer in point.chosen],
    )
    Step.objects.bulk_create([step], ignore_conflicts=True)


@use_case
def _finish(actor: Actor, *, basis_id: UUID) -> None:
    Basis.objects.filter(id=basis_id, drawn_at=None).update(drawn_at=Now())
