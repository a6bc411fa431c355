"""Save one answer: the room's most frequent act, at every tap."""

from uuid import UUID

from staveworks.cluster.barrel.answering import lock_open, record_answers
from staveworks.cluster.barrel.diagnosing import diagnose
from staveworks.cluster.barrel.editions import rubric_of
from staveworks.cluster.barrel.given import is_given, tell_given
from staveworks.cluster.barrel.types import Saved, Value
from staveworks.db.transaction import use_case
from staveworks.engine.barrel import check_answer
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor


@use_case
def save_answer(actor: Actor, *, assessment_id: UUID, leaf: str, value: Value) -> Saved:
    """Write the answer to ``leaf`` and compute the diagnosis anew. Other leaves are never touched; of two devices that
    answer the same leaf the later one wins.

    Raises ``RightMissing``, ``AssessmentNotFound``, ``AssessmentFinished``, ``AnswerRefused`` (field = leaf).
    """
    actor.require("assessment.answer")
    assessment = lock_open(actor, assessment_id)
    check_answer(rubric_of(assessment.edition), leaf, value)
    others = is_given(assessment.org_id, [leaf])
    record_answers(actor, assessment, {leaf: value})
    result = diagnose(assessment)
    append_event(actor, "answer.saved", subject=assessment.id, leaf=leaf)
    tell_given(actor, corrected=others)
    assert assessment.saved_at is not None
    return Saved(assessment.id, leaf, assessment.saved_at, result.answered, result.asked)
