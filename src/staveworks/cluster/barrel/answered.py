"""The answers of one assessment with what stands behind each: three reads, however many questions there are."""

from collections import defaultdict
from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django.db.models.expressions import RawSQL

from staveworks.cluster.barrel.models import Answer, Assessment, Attestation, Evidence
from staveworks.cluster.barrel.types import AnswerState, AttestationItem, EvidenceItem, Value
from staveworks.foundation.facts.types import Grade
from staveworks.foundation.files.types import ScanState


def answer_states(assessment: Assessment) -> dict[str, AnswerState]:
    """Leaf → its answer as it stands, as far as the transaction shows papers and attestations."""
    held = Answer.objects.filter(assessment=assessment)
    rows = list(held.values_list("id", "leaf", "value", "answered_at", "carried"))
    ids = [row[0] for row in rows]
    papers, attestations = _papers(ids), _attestations(ids)
    return {
        leaf: AnswerState(
            leaf=leaf,
            value=cast("Value | None", value),
            answered_at=answered_at,
            carried=carried,
            evidence=tuple(papers.get(id_, ())),
            attestations=tuple(attestations.get(id_, ())),
        )
        for id_, leaf, value, answered_at, carried in rows
    }


def _papers(answers: Sequence[UUID]) -> dict[UUID, list[EvidenceItem]]:
    """Answer → its papers, the oldest first."""
    found: dict[UUID, list[EvidenceItem]] = defaultdict(list)
    held = Evidence.objects.filter(answer_id__in=_each(answers)).order_by("added_at")
    of_file = ("file_id", "file__name", "file__media_type", "file__size", "file__scan")
    for answer, paper, note, at, *file in held.values_list("answer_id", "id", "note", "added_at", *of_file):
        id_, name, media_type, size, scan = file
        found[answer].append(EvidenceItem(paper, id_, name, media_type, size, note, at, ScanState(scan).text))
    return found


def _attestations(answers: Sequence[UUID]) -> dict[UUID, list[AttestationItem]]:
    """Answer → the attestations that it has not lost, the oldest first."""
    found: dict[UUID, list[AttestationItem]] = defaultdict(list)
    live = Attestation.objects.filter(answer_id__in=_each(answers), lost_at=None).order_by("at")
    for answer, grade, by, at, note in live.values_list("answer_id", "grade", "by_org__name", "at", "note"):
        found[answer].append(AttestationItem(Grade(grade), by or "", at, note))
    return found


def _each(answers: Sequence[UUID]) -> RawSQL:
    """One array instead of a hundred parameters."""
    return RawSQL("SELECT unnest(%s::uuid[])", [list(answers)])
