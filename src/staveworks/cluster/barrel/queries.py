"""Reads of diagnosis. ``access_assessment`` is the only way to one assessment; all answer with dataclasses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from staveworks.cluster.barrel.cards import assessment_card, diagnosis_card
from staveworks.cluster.barrel.diagnosing import profile_of
from staveworks.cluster.barrel.domain import answer_differences
from staveworks.cluster.barrel.editions import DEFAULT_RUBRIC, rubric_of
from staveworks.cluster.barrel.models import Answer, Assessment, Attestation, Diagnosis, Evidence
from staveworks.cluster.barrel.peering import band_of, peer_group, peers_of
from staveworks.cluster.barrel.types import (
    AnswerState,
    AssessmentCard,
    AssessmentNotFound,
    AttestationItem,
    Comparison,
    DiagnosisCard,
    EvidenceItem,
    Grade,
    PeerBand,
    PlankChange,
    State,
    Value,
)
from staveworks.db.transaction import acting, query
from staveworks.engine.barrel import Grade as EngineGrade
from staveworks.engine.barrel import Peers, Profile, Question, Result, Rubric, rank_questions, score
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """An assessment with all that its pages show; ``result`` is computed from it and holds every leaf."""

    card: AssessmentCard
    rubric: Rubric
    profile: Profile
    answers: Mapping[str, AnswerState]
    result: Result
    questions: tuple[Question, ...]
    """The unanswered questions, the most telling first."""
    peers: PeerBand | None

    @property
    def values(self) -> dict[str, Value]:
        return {leaf: state.value for leaf, state in self.answers.items() if state.value is not None}


@query
def access_assessment(actor: Actor, *, assessment_id: UUID, right: str = "assessment.read") -> AssessmentView:
    """One assessment of the actor's firm, or of a firm that lets her organisation see it.

    Raises ``RightMissing``, ``AssessmentNotFound``.
    """
    actor.require(right)
    firm = Assessment.objects.filter(id=assessment_id).values_list("org_id", flat=True).first()
    if firm is None:
        raise AssessmentNotFound
    # The policy has shown it; papers and staff behind it are read as the firm's.
    with acting(org=firm, person=actor.person_id):
        return _view(_with_all(Assessment.objects.filter(id=assessment_id)).get())


@query
def find_barrel(actor: Actor) -> AssessmentView | None:
    """The firm's current assessment by a rubric that maps every plank; None before the first answer.

    Raises ``RightMissing``.
    """
    actor.require("barrel.read")
    found = _with_all(Assessment.objects.filter(org_id=actor.org, diagnosis__current=True)).first()
    return _view(found) if found else None


@query
def find_open_assessment(actor: Actor, *, rubric: str = DEFAULT_RUBRIC) -> UUID | None:
    """The assessment that the firm is filling in. Raises ``RightMissing``."""
    actor.require("assessment.read")
    found = Assessment.objects.filter(org_id=actor.org, rubric=rubric, state=State.OPEN)
    return found.values_list("id", flat=True).first()


@query
def list_assessments(
    actor: Actor, *, firm: UUID | None = None, right: str = "assessment.read"
) -> list[AssessmentCard]:
    """A firm's assessments (default: the actor's own), the newest first. Raises ``RightMissing``."""
    actor.require(right)
    found = _carded(Assessment.objects.filter(org_id=firm or actor.org))
    return [assessment_card(each) for each in found.order_by("-started_at")]


@query
def list_to_attest(actor: Actor) -> list[AssessmentCard]:
    """Assessments of other firms with papers that wait to be checked. Raises ``RightMissing``."""
    actor.require("assessment.attest")
    live = Attestation.objects.filter(answer=OuterRef("id"), lost_at=None)
    papers = Answer.objects.filter(
        Exists(Evidence.objects.filter(answer=OuterRef("id"))), ~Exists(live), value__isnull=False
    )
    found = _carded(Assessment.objects.filter(answers__in=papers).exclude(org_id=actor.org).distinct())
    return [assessment_card(each) for each in found.exclude(state=State.SUPERSEDED).order_by("-started_at")]


@query
def list_diagnoses(
    actor: Actor, *, firms: Iterable[UUID] | None = None, right: str = "cluster.read"
) -> list[DiagnosisCard]:
    """The current barrel of every firm that the actor's organisation may see, or of some ``firms``: one query.

    In the order of their water level, the lowest first. Raises ``RightMissing``.
    """
    actor.require(right)
    found = Diagnosis.objects.filter(current=True)
    if firms is not None:
        found = found.filter(org_id__in=list(firms))
    return [diagnosis_card(each) for each in found.order_by("water_low", "assessment_id")]


@query
def compare_assessments(actor: Actor, *, earlier: UUID, later: UUID) -> Comparison:
    """Two assessments of one firm, plank by plank and answer by answer. Raises ``RightMissing``, ``AssessmentNotFound``."""
    actor.require("assessment.read")
    found = {each.id: each for each in _carded(Assessment.objects.filter(id__in=[earlier, later]))}
    if set(found) != {earlier, later} or found[earlier].org_id != found[later].org_id:
        raise AssessmentNotFound
    values = _values(found)
    return _comparison(
        assessment_card(found[earlier]), assessment_card(found[later]), values[earlier], values[later]
    )


@query
def names_of(actor: Actor, *, firms: Iterable[UUID], right: str) -> dict[UUID, Text]:
    """The names of firms whose assessments the actor was shown. Raises ``RightMissing``."""
    actor.require(right)
    found = Organisation.objects.filter(id__in=list(firms))
    return {each.id: Text(zh=each.name, en=each.name_en or each.name) for each in found}


def _comparison(
    earlier: AssessmentCard, later: AssessmentCard, before: Mapping[str, Value], after: Mapping[str, Value]
) -> Comparison:
    one, two = earlier.diagnosis, later.diagnosis
    first, second = one.planks if one else {}, two.planks if two else {}
    codes = dict.fromkeys([*second, *first])
    planks = tuple(
        PlankChange(
            code,
            first[code].height if code in first else None,
            second[code].height if code in second else None,
        )
        for code in codes
    )
    water = PlankChange("", one.water if one else None, two.water if two else None)
    return Comparison(earlier, later, water, planks, answer_differences(before, after))


def _values(assessments: Iterable[UUID]) -> dict[UUID, dict[str, Value]]:
    found: dict[UUID, dict[str, Value]] = {each: {} for each in assessments}
    for assessment, leaf, value in Answer.objects.filter(
        assessment_id__in=list(found), value__isnull=False
    ).values_list("assessment_id", "leaf", "value"):
        found[assessment][leaf] = cast("Value", value)
    return found


def _carded(found: QuerySet[Assessment]) -> QuerySet[Assessment]:
    return found.select_related("edition", "diagnosis").defer("edition__sources")


def _with_all(found: QuerySet[Assessment]) -> QuerySet[Assessment]:
    live = Attestation.objects.filter(lost_at=None).select_related("by_org").order_by("at")
    papers = Evidence.objects.select_related("file").order_by("added_at")
    answers = Answer.objects.prefetch_related(
        Prefetch("attestations", queryset=live), Prefetch("evidence", queryset=papers)
    )
    return _carded(found).prefetch_related(Prefetch("answers", queryset=answers))


def _view(found: Assessment) -> AssessmentView:
    rubric, profile, group = rubric_of(found.edition), profile_of(found), peer_group(found)
    answers = {each.leaf: _answer(each) for each in found.answers.all()}
    values = {leaf: state.value for leaf, state in answers.items() if state.value is not None}
    grades: dict[str, EngineGrade] = {leaf: state.grade.value for leaf, state in answers.items()}
    peers = peers_of(group)
    return AssessmentView(
        card=assessment_card(found),
        rubric=rubric,
        profile=profile,
        answers=answers,
        result=score(rubric, values, profile=profile, peers=peers, grades=grades),
        questions=_questions(rubric, values, profile, peers),
        peers=band_of(group),
    )


def _questions(
    rubric: Rubric, values: Mapping[str, Value], profile: Profile, peers: Peers
) -> tuple[Question, ...]:
    return tuple(rank_questions(rubric, values, profile=profile, peers=peers))


def _answer(found: Answer) -> AnswerState:
    return AnswerState(
        leaf=found.leaf,
        value=cast("Value | None", found.value),
        answered_at=found.answered_at,
        carried=found.carried,
        evidence=tuple(_evidence(each) for each in found.evidence.all()),
        attestations=tuple(
            AttestationItem(Grade(each.grade), each.by_org.name if each.by_org else "", each.at, each.note)
            for each in found.attestations.all()
        ),
    )


def _evidence(found: Evidence) -> EvidenceItem:
    file = found.file
    return EvidenceItem(found.id, file.id, file.name, file.media_type, file.size, found.note, found.added_at)
