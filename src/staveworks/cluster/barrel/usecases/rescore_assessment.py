"""Score an old assessment again by the edition in force: only when somebody asks, and as a record of its own."""

from uuid import UUID

from django.utils import timezone

from staveworks.cluster.barrel.answering import lock_assessment, refuse_set_aside
from staveworks.cluster.barrel.carrying import take_over, valid_answers
from staveworks.cluster.barrel.diagnosing import diagnose
from staveworks.cluster.barrel.editions import digest_in_force, edition_in_force, rubric_of
from staveworks.cluster.barrel.models import Answer, Assessment
from staveworks.cluster.barrel.types import AssessmentNotFound, EditionInForce, NothingAnswered, State
from staveworks.cluster.barrel.usecases.finish_assessment import supersede_earlier
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor


@use_case
def rescore_assessment(actor: Actor, *, assessment_id: UUID) -> UUID:
    """The id of the new record: same answers and papers, new edition. The old one stays and is superseded.

    Raises ``RightMissing``, ``AssessmentNotFound`` (also while it is open), ``EditionInForce``, ``NothingAnswered``.
    """
    actor.require("assessment.answer")
    old = lock_assessment(actor, assessment_id)
    refuse_set_aside(old)
    if old.state == State.OPEN:
        raise AssessmentNotFound
    if old.edition.digest == digest_in_force(old.rubric):
        raise EditionInForce
    edition = edition_in_force(old.rubric)
    answers = valid_answers(rubric_of(edition), Answer.objects.filter(assessment=old))
    if not answers:
        raise NothingAnswered
    new = Assessment.objects.create(
        org_id=old.org_id,
        rubric=old.rubric,
        edition=edition,
        kind=old.kind,
        profile=old.profile,
        adjustments=old.adjustments,
        adjustment_reason=old.adjustment_reason,
        rescored_from=old,
        started_by_id=actor.person_id,
    )
    take_over(actor, new, answers)
    supersede_earlier(new)
    new.state, new.finished_at, new.finished_by_id = State.FINISHED, timezone.now(), actor.person_id
    new.save(update_fields=["state", "finished_at", "finished_by"])
    diagnose(new)
    append_event(actor, "assessment.rescored", subject=new.id, earlier=old.id, edition=edition.id)
    return new.id
