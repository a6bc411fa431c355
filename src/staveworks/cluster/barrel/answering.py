"""How answers are read and written inside a use case's transaction. The assessment's row is the lock: two devices that
save different answers wait for each other, so that neither answer nor diagnosis is lost."""

from collections.abc import Mapping
from typing import cast
from uuid import UUID

from django.utils import timezone

from staveworks.cluster.barrel.models import Answer, AnswerChange, Assessment, Attestation
from staveworks.cluster.barrel.types import AssessmentFinished, AssessmentNotFound, Grade, State, Value
from staveworks.engine.barrel import Grade as EngineGrade
from staveworks.foundation.parties.types import Actor


def lock_assessment(actor: Actor, assessment_id: UUID) -> Assessment:
    """The actor's own assessment, locked. Raises ``AssessmentNotFound``."""
    own = Assessment.objects.filter(id=assessment_id, org_id=actor.org)
    found = own.select_for_update(of=("self",)).select_related("edition").defer("edition__sources").first()
    if found is None:
        raise AssessmentNotFound
    return found


def lock_open(actor: Actor, assessment_id: UUID) -> Assessment:
    """The same, while it may be answered. Raises ``AssessmentNotFound``, ``AssessmentFinished``."""
    assessment = lock_assessment(actor, assessment_id)
    if assessment.state != State.OPEN:
        raise AssessmentFinished
    return assessment


def answers_of(assessment: Assessment) -> dict[str, Value]:
    """The answers that hold; what was taken back is absent."""
    held = Answer.objects.filter(assessment=assessment, value__isnull=False)
    return {leaf: cast("Value", value) for leaf, value in held.values_list("leaf", "value")}


def grades_of(assessment: Assessment) -> dict[str, EngineGrade]:
    """The highest grade at which each answer is attested; a leaf that is absent is self-reported."""
    live = Attestation.objects.filter(answer__assessment=assessment, lost_at=None)
    found: dict[str, Grade] = {}
    for leaf, grade in live.values_list("answer__leaf", "grade"):
        found[leaf] = max(found.get(leaf, Grade.SELF), Grade(grade), key=lambda each: each.rank)
    return {leaf: grade.value for leaf, grade in found.items()}


def record_answers(
    actor: Actor, assessment: Assessment, values: Mapping[str, Value | None], *, carried: bool = False
) -> None:
    """Write valid answers (None takes one back) and their history. The caller holds the lock."""
    now = timezone.now()
    rows = [
        Answer(
            org_id=assessment.org_id,
            assessment=assessment,
            leaf=leaf,
            value=value,
            carried=carried,
            answered_by_id=actor.person_id,
            answered_at=now,
        )
        for leaf, value in values.items()
    ]
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["assessment", "leaf"],
        update_fields=["value", "carried", "answered_by", "answered_at"],
    )
    AnswerChange.objects.bulk_create(
        _change(actor, assessment, leaf, value) for leaf, value in values.items()
    )
    assessment.saved_at = now
    assessment.save(update_fields=["saved_at"])


def _change(actor: Actor, assessment: Assessment, leaf: str, value: Value | None) -> AnswerChange:
    return AnswerChange(
        org_id=assessment.org_id,
        assessment=assessment,
        leaf=leaf,
        value=value,
        person_id=actor.person_id,
        via_org_id=actor.via_org_id,
    )
