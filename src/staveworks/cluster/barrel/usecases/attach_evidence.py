"""Put a file behind an answer."""

from uuid import UUID

from staveworks.cluster.barrel.answering import lock_assessment, refuse_set_aside
from staveworks.cluster.barrel.models import Answer, Evidence
from staveworks.cluster.barrel.types import (
    AssessmentFinished,
    EvidenceFileNotFound,
    NotYetAnswered,
    State,
)
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.parties.types import Actor


@use_case
def attach_evidence(actor: Actor, *, assessment_id: UUID, leaf: str, file_id: UUID, note: str = "") -> UUID:
    """The id of the evidence. It waits to be checked: a paper that nobody has judged verifies nothing.

    Papers may also follow a finished assessment, while no later one supersedes it; its answers stay as they are.
    Raises ``RightMissing``, ``AssessmentNotFound``, ``AssessmentFinished``, ``NotYetAnswered``, ``EvidenceFileNotFound``.
    """
    actor.require("assessment.answer")
    assessment = lock_assessment(actor, assessment_id)
    refuse_set_aside(assessment)
    if assessment.state == State.SUPERSEDED:
        raise AssessmentFinished
    answer = Answer.objects.filter(assessment=assessment, leaf=leaf, value__isnull=False).first()
    if answer is None:
        raise NotYetAnswered(field=leaf)
    if not StoredFile.objects.filter(id=file_id, org_id=actor.org).exists():
        raise EvidenceFileNotFound
    found, _ = Evidence.objects.get_or_create(
        answer=answer,
        file_id=file_id,
        defaults={"org_id": actor.org, "note": note, "added_by_id": actor.person_id},
    )
    append_event(actor, "evidence.attached", subject=assessment.id, leaf=leaf, file=file_id)
    return found.id
