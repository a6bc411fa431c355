"""Finish an assessment: from then on it is a dated record that the database keeps."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from staveworks.cluster.barrel.answering import lock_open
from staveworks.cluster.barrel.diagnosing import diagnose
from staveworks.cluster.barrel.models import Answer, Assessment
from staveworks.cluster.barrel.types import NothingAnswered, State
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor


@use_case
def finish_assessment(actor: Actor, *, assessment_id: UUID) -> datetime:
    """The date of the record. Unanswered questions stay unanswered; earlier assessments by this rubric are superseded.

    Raises ``RightMissing``, ``AssessmentNotFound``, ``AssessmentFinished``, ``NothingAnswered``.
    """
    actor.require("assessment.answer")
    assessment = lock_open(actor, assessment_id)
    if not Answer.objects.filter(assessment=assessment, value__isnull=False).exists():
        raise NothingAnswered
    supersede_earlier(assessment)
    now = timezone.now()
    assessment.state, assessment.finished_at = State.FINISHED, now
    assessment.finished_by_id = actor.person_id
    assessment.save(update_fields=["state", "finished_at", "finished_by"])
    result = diagnose(assessment)
    append_event(
        actor, "assessment.finished", subject=assessment.id, answered=result.answered, asked=result.asked
    )
    return now


def supersede_earlier(assessment: Assessment) -> None:
    earlier = Assessment.objects.filter(
        org_id=assessment.org_id, rubric=assessment.rubric, state=State.FINISHED
    )
    earlier.exclude(id=assessment.id).update(state=State.SUPERSEDED)
