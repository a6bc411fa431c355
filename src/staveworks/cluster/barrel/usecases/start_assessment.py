"""Begin an assessment, or go on with the one that is open, on whichever device."""

from uuid import UUID

from staveworks.cluster.barrel.answering import answers_of, record_answers
from staveworks.cluster.barrel.diagnosing import diagnose
from staveworks.cluster.barrel.domain import carried_answers, is_profile
from staveworks.cluster.barrel.editions import DEFAULT_RUBRIC, edition_in_force, rubric_of
from staveworks.cluster.barrel.models import Answer, Assessment, Attestation, Evidence
from staveworks.cluster.barrel.types import Kind, State
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Profile
from staveworks.foundation.parties.types import Actor


@use_case
def start_assessment(
    actor: Actor, *, kind: Kind = Kind.FULL, rubric: str = DEFAULT_RUBRIC, profile: str = ""
) -> UUID:
    """The id of the firm's open assessment by ``rubric``; made, with earlier answers taken over, if there is none.

    A quick start becomes a full assessment when that is asked for. ``profile``: the business type, where the firm's
    earlier assessment or its own data don't say. Raises ``RightMissing``, ``UnknownRubric``.
    """
    actor.require("assessment.answer")
    open_one = _open(actor, rubric)
    if open_one is None:
        _create(actor, kind, rubric, profile)
        open_one = _open(actor, rubric)
        assert open_one is not None
    if kind == Kind.FULL and open_one.kind == Kind.QUICK:
        Assessment.objects.filter(id=open_one.id).update(kind=Kind.FULL)
    return open_one.id


def _open(actor: Actor, rubric: str) -> Assessment | None:
    return Assessment.objects.filter(org_id=actor.org, rubric=rubric, state=State.OPEN).first()


def _create(actor: Actor, kind: Kind, rubric: str, profile: str) -> None:
    earlier = _earlier(actor, rubric)
    assessment = Assessment(
        org_id=actor.org,
        rubric=rubric,
        edition=edition_in_force(rubric),
        kind=kind,
        profile=_profile(actor, earlier, profile),
        adjustments=earlier.adjustments if earlier else {},
        adjustment_reason=earlier.adjustment_reason if earlier else "",
        started_by_id=actor.person_id,
    )
    Assessment.objects.bulk_create(
        [assessment], ignore_conflicts=True
    )  # another device may be a moment earlier
    made = (
        Assessment.objects.filter(id=assessment.id)
        .select_related("edition")
        .defer("edition__sources")
        .first()
    )
    if made is None:
        return
    _take_over(actor, made, earlier)
    append_event(actor, "assessment.started", subject=made.id, kind=kind, edition=made.edition_id)


def _earlier(actor: Actor, rubric: str) -> Assessment | None:
    finished = Assessment.objects.filter(org_id=actor.org, rubric=rubric).exclude(state=State.OPEN)
    return finished.order_by("-finished_at").first()


def _profile(actor: Actor, earlier: Assessment | None, asked: str) -> str:
    """What was just said, else the earlier assessment's type, else what is held about the firm."""
    held = Profile.objects.filter(org_id=actor.org).values_list("business_type", flat=True).first() or ""
    wishes = (asked, earlier.profile if earlier else "", held)
    return next((wish for wish in wishes if wish and is_profile(wish)), "")


def _take_over(actor: Actor, assessment: Assessment, earlier: Assessment | None) -> None:
    """Earlier answers, from other rubrics too: a code means the same question everywhere."""
    others = (
        Assessment.objects.filter(org_id=actor.org)
        .exclude(id=assessment.id)
        .exclude(rubric=assessment.rubric)
    )
    sources = [answers_of(each) for each in others.order_by("started_at")]
    if earlier:
        sources.append(answers_of(earlier))
    answers = carried_answers(rubric_of(assessment.edition), *sources)
    if not answers:
        return
    record_answers(actor, assessment, answers, carried=True)
    if earlier:
        take_over_proofs(assessment, earlier)
    diagnose(assessment)


def take_over_proofs(assessment: Assessment, earlier: Assessment) -> None:
    """What stood behind an answer still does while the answer is the same."""
    new = dict(Answer.objects.filter(assessment=assessment).values_list("leaf", "id"))
    papers = Evidence.objects.filter(answer__assessment=earlier, answer__leaf__in=new).select_related(
        "answer"
    )
    Evidence.objects.bulk_create(
        Evidence(
            org_id=assessment.org_id,
            answer_id=new[each.answer.leaf],
            file_id=each.file_id,
            note=each.note,
            added_by_id=each.added_by_id,
            added_at=each.added_at,
        )
        for each in papers
    )
    live = Attestation.objects.filter(answer__assessment=earlier, answer__leaf__in=new, lost_at=None)
    Attestation.objects.bulk_create(
        Attestation(
            org_id=assessment.org_id,
            answer_id=new[each.answer.leaf],
            grade=each.grade,
            by_org_id=each.by_org_id,
            by_person_id=each.by_person_id,
            note=each.note,
            at=each.at,
        )
        for each in live.select_related("answer")
    )
