"""Take an answer back: the leaf is unanswered again, an interval from 0 to 100."""

from uuid import UUID

from staveworks.cluster.barrel.answering import lock_open, record_answers
from staveworks.cluster.barrel.diagnosing import diagnose
from staveworks.cluster.barrel.given import is_given, tell_given
from staveworks.cluster.barrel.models import Answer
from staveworks.cluster.barrel.types import Saved
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor


@use_case
def clear_answer(actor: Actor, *, assessment_id: UUID, leaf: str) -> Saved:
    """Unanswered leaves stay as they are. Raises ``RightMissing``, ``AssessmentNotFound``, ``AssessmentFinished``."""
    actor.require("assessment.answer")
    assessment = lock_open(actor, assessment_id)
    if Answer.objects.filter(assessment=assessment, leaf=leaf, value__isnull=False).exists():
        others = is_given(assessment.org_id, [leaf])
        record_answers(actor, assessment, {leaf: None})
        tell_given(actor, corrected=others)
        append_event(actor, "answer.cleared", subject=assessment.id, leaf=leaf)
    result = diagnose(assessment)
    return Saved(
        assessment.id, leaf, assessment.saved_at or assessment.started_at, result.answered, result.asked
    )
