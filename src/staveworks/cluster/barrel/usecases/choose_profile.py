"""Choose the target profile: the business type, and where the firm needs more or less of a plank, why."""

from collections.abc import Mapping
from uuid import UUID

from staveworks.cluster.barrel.answering import lock_open
from staveworks.cluster.barrel.diagnosing import diagnose
from staveworks.cluster.barrel.domain import targets
from staveworks.cluster.barrel.models import Answer
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor


@use_case
def choose_profile(
    actor: Actor, *, assessment_id: UUID, profile: str, adjustments: Mapping[str, float], reason: str = ""
) -> None:
    """``adjustments``: plank → the firm's own target, only where it differs.

    Raises ``RightMissing``, ``AssessmentNotFound``, ``AssessmentFinished``, ``UnknownProfile``, ``TargetRefused``
    (field = plank), ``ReasonMissing``.
    """
    actor.require("assessment.answer")
    assessment = lock_open(actor, assessment_id)
    targets(profile, adjustments, reason)
    assessment.profile, assessment.adjustments = profile, dict(adjustments)
    assessment.adjustment_reason = reason.strip() if adjustments else ""
    assessment.save(update_fields=["profile", "adjustments", "adjustment_reason"])
    if Answer.objects.filter(assessment=assessment).exists():
        diagnose(assessment)
    append_event(actor, "profile.chosen", subject=assessment.id, profile=profile, adjusted=len(adjustments))
