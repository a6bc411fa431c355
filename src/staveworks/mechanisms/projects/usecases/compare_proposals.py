"""The buyer gives points to opened proposals by the criteria it published."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.projects.documents import read_criteria
from staveworks.mechanisms.projects.domain import check_points
from staveworks.mechanisms.projects.finding import note, own_request
from staveworks.mechanisms.projects.models import Opening, Points
from staveworks.mechanisms.projects.types import NotOpen, ProposalNotFound, RequestState


@use_case
def give_points(actor: Actor, *, request_id: UUID, proposal_id: UUID, points: Mapping[int, int]) -> None:
    """``points``: by the place of the criterion, 0 to 100; what was given before is replaced, others stay.

    Raises ``RightMissing``, ``RequestNotFound``, ``ProposalNotFound`` (not opened), ``NotOpen``, ``PointsInvalid``.
    """
    actor.require("request.manage")
    asked = own_request(actor, request_id)
    if asked.state != RequestState.OPEN:
        raise NotOpen
    opening = Opening.objects.filter(request=asked, proposal_id=proposal_id).first()
    if opening is None:
        raise ProposalNotFound
    check_points(points, read_criteria(asked.criteria))
    for place, value in sorted(points.items()):
        Points.objects.update_or_create(
            opening=opening,
            place=place,
            buyer_org_id=actor.org,
            create_defaults={"id": new_id(), "value": value, "given_by_id": actor.person_id},
            defaults={"value": value, "given_by_id": actor.person_id, "given_at": Now()},
        )
    note(actor, "proposal.compared", asked, proposal=proposal_id)
