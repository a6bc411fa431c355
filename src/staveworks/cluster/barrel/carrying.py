"""Answers that go from one assessment to another. A code means the same question in every rubric, so the newest answer
that the firm gave to it anywhere is its answer; what stands behind it goes along."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from staveworks.cluster.barrel.answering import record_answers
from staveworks.cluster.barrel.domain import is_answer
from staveworks.cluster.barrel.given import given_among
from staveworks.cluster.barrel.models import Answer, Assessment, Attestation, Evidence
from staveworks.cluster.barrel.setting_aside import said_before
from staveworks.cluster.barrel.types import AnswerState, AssessmentCard, State
from staveworks.engine.barrel import Rubric
from staveworks.foundation.files.usecases.share_file import share_file
from staveworks.foundation.parties.firm_queries import standing_as
from staveworks.foundation.parties.types import Actor

Said = Mapping[str, Answer]
"""Leaf → the row in which it was answered."""


def said_elsewhere(
    assessment: Assessment | AssessmentCard, rubric: Rubric, *, same_rubric: bool = True
) -> dict[str, Answer]:
    """The newest valid answer to each leaf in the firm's other assessments, those of entries that were merged into it
    included; ``same_rubric``: also the firm's own earlier ones by it.

    A leaf whose answer was last taken back is not among them. What is set aside says only what it said before the claim.
    """
    firm = assessment.org_id
    held = Answer.objects.filter(org_id__in=standing_as(firm)).exclude(assessment_id=assessment.id)
    held = held.exclude(assessment__state=State.SET_ASIDE)
    if not same_rubric:
        held = held.exclude(assessment__rubric=assessment.rubric, assessment__org_id=firm)
    newest = held.order_by("leaf", "-answered_at", "-assessment__started_at").distinct("leaf")
    said = {each.leaf: each for each in newest}
    for before in said_before(firm) if same_rubric else ():
        if before.leaf not in said or said[before.leaf].answered_at < before.answered_at:
            said[before.leaf] = before
    return valid_answers(rubric, said.values())


def said_since(
    assessment: Assessment | AssessmentCard, rubric: Rubric, here: Iterable[Answer | AnswerState]
) -> dict[str, Answer]:
    """What the firm has answered in assessments by other rubrics after what it says ``here``, where it differs."""
    held = {each.leaf: each for each in here}
    return {
        leaf: answer
        for leaf, answer in said_elsewhere(assessment, rubric, same_rubric=False).items()
        if leaf not in held
        or (_said_before(held[leaf], answer.answered_at) and held[leaf].value != answer.value)
    }


def _said_before(here: Answer | AnswerState, moment: datetime) -> bool:
    return here.answered_at is not None and here.answered_at < moment


def valid_answers(rubric: Rubric, answers: Iterable[Answer]) -> dict[str, Answer]:
    """Those that may be answers to ``rubric``."""
    return {
        each.leaf: each
        for each in answers
        if each.value is not None and is_answer(rubric, each.leaf, each.value)
    }


def take_over(actor: Actor, assessment: Assessment, answers: Said) -> None:
    """Write ``answers`` into ``assessment`` with their dates, papers and attestations. The caller holds the lock."""
    if not answers:
        return
    values = {leaf: answer.value for leaf, answer in answers.items()}
    dates: dict[str, datetime] = {leaf: answer.answered_at for leaf, answer in answers.items()}
    record_answers(actor, assessment, values, said_at=dates, given=given_among(answers.values()))
    written = dict(Answer.objects.filter(assessment=assessment, leaf__in=values).values_list("leaf", "id"))
    _take_over_proofs(actor, assessment, {answer.id: written[leaf] for leaf, answer in answers.items()})


def _take_over_proofs(actor: Actor, assessment: Assessment, new: Mapping[UUID, UUID]) -> None:
    """What stood behind an answer still does while the answer is the same. ``new``: old row → new row."""
    old = Evidence.objects.filter(answer_id__in=new)
    papers = [(each, file) for each in old if (file := _file_of(actor, assessment, each))]
    Evidence.objects.bulk_create(
        (
            Evidence(
                org_id=assessment.org_id,
                answer_id=new[each.answer_id],
                file_id=file,
                note=each.note,
                added_by_id=each.added_by_id,
                added_at=each.added_at,
            )
            for each, file in papers
        ),
        ignore_conflicts=True,
    )
    Attestation.objects.bulk_create(
        Attestation(
            org_id=assessment.org_id,
            answer_id=new[each.answer_id],
            grade=each.grade,
            by_org_id=each.by_org_id,
            by_person_id=each.by_person_id,
            note=each.note,
            at=each.at,
        )
        for each in Attestation.objects.filter(answer_id__in=new, lost_at=None)
    )


def _file_of(actor: Actor, assessment: Assessment, paper: Evidence) -> UUID | None:
    """The paper's file; one of an entry that was merged becomes a file of the firm as well."""
    if paper.org_id == assessment.org_id:
        return paper.file_id
    return share_file(actor, file_id=paper.file_id, of=paper.org_id)
