"""Rows become the room's dataclasses."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from staveworks.cluster.barrel.domain import read_plank
from staveworks.cluster.barrel.editions import digest_in_force, rubric_of
from staveworks.cluster.barrel.models import Assessment, Diagnosis
from staveworks.cluster.barrel.types import AssessmentCard, DiagnosisCard, Kind, ScoreCard, State
from staveworks.engine.barrel import LevelSpan, Rubric, UnknownRubric
from staveworks.kit.intervals import Interval


def carded(found: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """With all that a card needs."""
    return found.select_related("edition", "diagnosis").defer("edition__sources")


def assessment_card(found: Assessment) -> AssessmentCard:
    edition = found.edition
    rubric = rubric_of(edition)
    diagnosis = getattr(found, "diagnosis", None)
    return AssessmentCard(
        id=found.id,
        org_id=found.org_id,
        rubric=found.rubric,
        edition=edition.edition,
        sha256=edition.sha256,
        rubric_name=rubric.name,
        kind=Kind(found.kind),
        state=State(found.state),
        profile=found.profile,
        adjustments=found.adjustments,
        adjustment_reason=found.adjustment_reason,
        started_at=found.started_at,
        saved_at=found.saved_at,
        finished_at=found.finished_at,
        rescored=found.rescored_from_id is not None,
        outdated=_outdated(edition.rubric, edition.digest),
        by_planks=bool(rubric.plank_groups),
        questions=len(rubric.leaves),
        scored=_scored(rubric, diagnosis) if diagnosis else None,
        diagnosis=diagnosis_card(diagnosis) if diagnosis and diagnosis.water_low is not None else None,
    )


def _scored(rubric: Rubric, found: Diagnosis) -> ScoreCard:
    level = None
    if found.level:
        low, high = found.level
        level = LevelSpan(low, high, rubric.level_names[low], rubric.level_names[high])
    return ScoreCard(_interval(found.score), level, found.answered, found.asked)


def _outdated(rubric_id: str, digest: str) -> bool:
    try:
        return digest_in_force(rubric_id) != digest
    except UnknownRubric:
        return False


class Kept(NamedTuple):
    """The columns of a diagnosis that its card needs."""

    org_id: UUID
    assessment_id: UUID
    at: datetime
    finished: bool
    water_low: float
    water_likely: float
    water_high: float
    binding: str
    next_to_bind: list[str]
    answered: int
    asked: int
    mean: list[float]
    unevenness: list[float]
    bearing: list[float]
    verified_water: list[float]
    planks: dict[str, Any]


CURRENT = f"""
SELECT {", ".join(Kept._fields[:-5])}, jsonb_build_array({", ".join(Kept._fields[-5:])}) FROM barrel_diagnosis
WHERE current AND org_id = ANY (%s) AND water_low IS NOT NULL
"""
"""Written out, what JSON there is read in one go: a page has thirty of them."""


def current_cards(firms: Sequence[UUID]) -> dict[UUID, DiagnosisCard]:
    """Firm → its barrel, where it has one that is shown."""
    with connection.cursor() as cursor:
        cursor.execute(CURRENT, [list(firms)])
        found = [Kept(*row, *json.loads(rest)) for *row, rest in cursor.fetchall()]
    return {each.org_id: diagnosis_card(each) for each in found}


def diagnosis_card(found: Diagnosis | Kept) -> DiagnosisCard:
    """Of a diagnosis by a rubric that maps planks."""
    assert found.water_low is not None
    assert found.water_likely is not None
    assert found.water_high is not None
    return DiagnosisCard(
        org_id=found.org_id,
        assessment_id=found.assessment_id,
        at=found.at,
        finished=found.finished,
        water=Interval(found.water_low, found.water_likely, found.water_high),
        mean=_interval(found.mean),
        unevenness=_interval(found.unevenness),
        bearing=_interval(found.bearing),
        verified_water=_interval(found.verified_water),
        binding=found.binding or None,
        next_to_bind=tuple(found.next_to_bind),
        planks={code: read_plank(code, plank) for code, plank in found.planks.items()},
        answered=found.answered,
        asked=found.asked,
    )


def _interval(stored: list[float] | None) -> Interval:
    assert stored is not None
    return Interval(*stored)
