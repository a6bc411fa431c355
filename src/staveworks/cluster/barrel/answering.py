"""How answers are read and written inside a use case's transaction. The assessment's row is the lock: two devices that
save different answers wait for each other, so that neither answer nor diagnosis is lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

from django.utils import timezone

from staveworks.cluster.barrel.models import Answer, AnswerChange, Assessment, Attestation
from staveworks.cluster.barrel.types import (
    AssessmentFinished,
    AssessmentNotFound,
    AssessmentSetAside,
    State,
    Value,
)
from staveworks.engine.barrel import Grade as EngineGrade
from staveworks.foundation.facts.types import Grade
from staveworks.foundation.parties.types import Actor


def lock_assessment(actor: Actor, assessment_id: UUID) -> Assessment:
    """The actor's own assessment, locked. Raises ``AssessmentNotFound``."""
    own = Assessment.objects.filter(id=assessment_id, org_id=actor.org)
    found = own.select_for_update(of=("self",)).select_related("edition").defer("edition__sources").first()
    if found is None:
        raise AssessmentNotFound
    return found


def lock_open(actor: Actor, assessment_id: UUID) -> Assessment:
    """The same, while it may be answered. Raises ``AssessmentNotFound``, ``AssessmentFinished``, ``AssessmentSetAside``."""
    assessment = lock_assessment(actor, assessment_id)
    refuse_set_aside(assessment)
    if assessment.state != State.OPEN:
        raise AssessmentFinished
    return assessment


def refuse_set_aside(assessment: Assessment) -> None:
    """Raises ``AssessmentSetAside`` for what was written under a claim that was revoked."""
    if assessment.state == State.SET_ASIDE:
        raise AssessmentSetAside


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
    actor: Actor,
    assessment: Assessment,
    values: Mapping[str, Value | None],
    *,
    said_at: Mapping[str, datetime] | None = None,
    given: Mapping[str, AnswerChange] | None = None,
) -> None:
    """Write valid answers (None takes one back) and their history. The caller holds the lock.

    ``said_at``: they are taken over, and were given on these dates; ``given``: those of them that others gave in the firm's name
    and nobody of its own has looked at.
    """
    now = timezone.now()  # under the lock: whoever waited for it comes later
    rows = [
        Answer(
            org_id=assessment.org_id,
            assessment=assessment,
            leaf=leaf,
            value=value,
            carried=said_at is not None,
            answered_by_id=actor.person_id,
            answered_at=said_at[leaf] if said_at else now,
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
        _change(actor, assessment, leaf, value, now, (given or {}).get(leaf))
        for leaf, value in values.items()
    )
    assessment.saved_at = now
    assessment.save(update_fields=["saved_at"])


def _change(
    actor: Actor,
    assessment: Assessment,
    leaf: str,
    value: Value | None,
    now: datetime,
    given: AnswerChange | None,
) -> AnswerChange:
    return AnswerChange(
        org_id=assessment.org_id,
        assessment=assessment,
        leaf=leaf,
        value=value,
        person_id=given.person_id if given else actor.person_id,
        via_org_id=given.via_org_id if given else actor.via_org_id,
        mandate_id=given.mandate_id if given else actor.mandate_id,
        at=now,
    )
