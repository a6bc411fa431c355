"""Save several answers at once: the quick start of a visitor who registers, a program, the demo."""

from collections.abc import Mapping
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
def save_answers(actor: Actor, *, assessment_id: UUID, answers: Mapping[str, Value]) -> Saved:
    """Write all ``answers`` or, if one of them is not valid, none.

    Raises ``RightMissing``, ``AssessmentNotFound``, ``AssessmentFinished``, ``AnswerRefused`` (field = leaf).
    """
    actor.require("assessment.answer")
    assessment = lock_open(actor, assessment_id)
    rubric = rubric_of(assessment.edition)
    for leaf, value in answers.items():
        check_answer(rubric, leaf, value)
    others = is_given(assessment.org_id, list(answers))
    record_answers(actor, assessment, answers)
    result = diagnose(assessment)
    append_event(actor, "answers.saved", subject=assessment.id, count=len(answers))
    tell_given(actor, corrected=others)
    assert assessment.saved_at is not None
    return Saved(assessment.id, "", assessment.saved_at, result.answered, result.asked)
