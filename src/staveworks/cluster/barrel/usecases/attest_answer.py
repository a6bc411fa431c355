"""Vouch for an answer: somebody of another organisation who has checked its papers or has seen for herself."""

from uuid import UUID

from staveworks.cluster.barrel.answering import lock_assessment, refuse_set_aside
from staveworks.cluster.barrel.diagnosing import prove
from staveworks.cluster.barrel.models import Answer, Assessment, Attestation, Evidence
from staveworks.cluster.barrel.types import (
    AssessmentFinished,
    AssessmentNotFound,
    GradeUnknown,
    NoPaper,
    NotYetAnswered,
    OwnAttestation,
    PlatformOnly,
    State,
)
from staveworks.db.transaction import acting, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, Grade, Purpose
from staveworks.foundation.parties.firm_queries import stands_as
from staveworks.foundation.parties.types import Actor


@use_case
def attest_answer(
    actor: Actor, *, assessment_id: UUID, leaf: str, grade: Grade = Grade.INSPECTOR, note: str = ""
) -> None:
    """The actor's organisation vouches for the answer as it stands, also after the assessment is finished.

    Grade ``document``: its papers bear it out; ``inspector``: seen on the spot. Which firms it may do this for, the
    database says (stewardship, or the firm's grant for attestation). Raises ``RightMissing``,
    ``AssessmentNotFound``, ``OwnAttestation``, ``GradeUnknown``, ``PlatformOnly``, ``NotYetAnswered``, ``NoPaper``,
    ``AssessmentFinished`` (superseded).
    """
    actor.require("assessment.attest")
    if grade == Grade.SELF:
        raise GradeUnknown(field="grade")
    if grade == Grade.PLATFORM and actor.service is None:
        raise PlatformOnly
    entry, firm = _firm_that_shows(actor, assessment_id)
    if firm == actor.org_id:
        raise OwnAttestation
    # Seen by the policy, so it may be vouched for; what is written then are rows of the firm.
    with acting(org=entry, person=actor.person_id):
        _attest(actor, entry, assessment_id, leaf, grade, note)
    append_event(actor, "answer.attested", subject=assessment_id, org=firm, leaf=leaf, grade=grade)


def _firm_that_shows(actor: Actor, assessment_id: UUID) -> tuple[UUID, UUID]:
    """Whose rows they are, and the firm as which that entry stands."""
    with reading(actor, purpose=Purpose.ATTESTATION, fields=[Field.ASSESSMENT]) as log:
        entry = Assessment.objects.filter(id=assessment_id).values_list("org_id", flat=True).first()
        firm = stands_as([entry])[entry] if entry else None
        log.of([firm] if firm else [])
    if entry is None or firm is None:
        raise AssessmentNotFound
    return entry, firm


def _attest(actor: Actor, firm: UUID, assessment_id: UUID, leaf: str, grade: Grade, note: str) -> None:
    assessment = lock_assessment(Actor(actor.person_id, firm), assessment_id)
    refuse_set_aside(assessment)
    if assessment.state == State.SUPERSEDED:
        raise AssessmentFinished
    answer = Answer.objects.filter(assessment=assessment, leaf=leaf, value__isnull=False).first()
    if answer is None:
        raise NotYetAnswered(field=leaf)
    if grade == Grade.DOCUMENT and not Evidence.objects.filter(answer=answer).exists():
        raise NoPaper(field=leaf)
    Attestation.objects.get_or_create(
        answer=answer,
        grade=grade,
        lost_at=None,
        defaults={
            "org_id": firm,
            "by_org_id": actor.org,
            "by_person_id": actor.person_id,
            "note": note,
        },
    )
    prove(assessment)
