"""What assessments look like from outside."""

from datetime import datetime
from uuid import UUID

from staveworks.api.shapes import Out, Span, Words
from staveworks.api.v1.answers import Value
from staveworks.api.v1.barrels import BarrelOut, show_barrel
from staveworks.cluster.barrel.queries import AssessmentView
from staveworks.cluster.barrel.types import AnswerState, AssessmentCard, Comparison, PlankChange, Saved


class AssessmentRow(Out):
    """``adjustments``: plank → the firm's own target. ``outdated``: a newer edition of the rubric is in force."""

    id: UUID
    organisation: UUID
    rubric: str
    edition: str
    kind: str
    state: str
    profile: str
    adjustments: dict[str, float]
    adjustment_reason: str
    started_at: datetime
    saved_at: datetime | None
    finished_at: datetime | None
    rescored: bool
    outdated: bool
    water_level: Span | None
    binding: str | None


class EvidenceOut(Out):
    """``size`` in bytes."""

    id: UUID
    file: UUID
    name: str
    media_type: str
    size: int
    note: str
    added_at: datetime


class AttestationOut(Out):
    grade: str
    by: str
    at: datetime
    note: str


class AnswerOut(Out):
    """``carried``: taken over from an earlier assessment."""

    leaf: str
    value: Value | None
    answered_at: datetime | None
    carried: bool
    grade: str
    evidence: list[EvidenceOut]
    attestations: list[AttestationOut]


class QuestionOut(Out):
    """``narrowing``: by how many points an answer may be expected to narrow the water level."""

    leaf: str
    narrowing: float


class PeersOut(Out):
    """The middle half of at least five firms of the same business type."""

    firms: int
    same_size: bool
    low: float
    median: float
    high: float


class AssessmentOut(AssessmentRow):
    rubric_name: Words
    score: Span
    answers: list[AnswerOut]
    questions: list[QuestionOut]
    barrel: BarrelOut | None
    peers: PeersOut | None


class SavedOut(Out):
    """``answered`` of ``asked`` questions that apply."""

    assessment: UUID
    at: datetime
    answered: int
    asked: int


class ChangeOut(Out):
    """A plank's height before and after; null where it was not diagnosed."""

    plank: str
    before: Span | None
    after: Span | None


class AnswerChange(Out):
    leaf: str
    before: Value | None
    after: Value | None


class ComparisonOut(Out):
    earlier: AssessmentRow
    later: AssessmentRow
    planks: list[ChangeOut]
    answers: list[AnswerChange]


def row_values(card: AssessmentCard) -> dict[str, object]:
    """The values of an ``AssessmentRow``."""
    diagnosis = card.diagnosis
    return {
        "id": card.id,
        "organisation": card.org_id,
        "rubric": card.rubric,
        "edition": card.edition,
        "kind": card.kind.value,
        "state": card.state.value,
        "profile": card.profile,
        "adjustments": dict(card.adjustments),
        "adjustment_reason": card.adjustment_reason,
        "started_at": card.started_at,
        "saved_at": card.saved_at,
        "finished_at": card.finished_at,
        "rescored": card.rescored,
        "outdated": card.outdated,
        "water_level": Span.of(diagnosis.water) if diagnosis else None,
        "binding": diagnosis.binding if diagnosis else None,
    }


def show_row(card: AssessmentCard) -> AssessmentRow:
    """A line of the history."""
    return AssessmentRow.model_validate(row_values(card))


def show_assessment(view: AssessmentView) -> AssessmentOut:
    """One assessment in full."""
    peers = view.peers
    return AssessmentOut.model_validate(
        row_values(view.card)
        | {
            "rubric_name": Words.of(view.card.rubric_name),
            "score": Span.of(view.result.score),
            "answers": [_answer(state) for state in view.answers.values()],
            "questions": [QuestionOut(leaf=each.code, narrowing=each.narrowing) for each in view.questions],
            "barrel": show_barrel(view.card.diagnosis) if view.card.diagnosis else None,
            "peers": PeersOut.model_validate(peers) if peers else None,
        }
    )


def _answer(state: AnswerState) -> AnswerOut:
    return AnswerOut(
        leaf=state.leaf,
        value=state.value,  # type: ignore[arg-type]  # a text is only ever "n/a"
        answered_at=state.answered_at,
        carried=state.carried,
        grade=state.grade.value,
        evidence=[
            EvidenceOut(
                id=each.id,
                file=each.file_id,
                name=each.name,
                media_type=each.media_type,
                size=each.size,
                note=each.note,
                added_at=each.added_at,
            )
            for each in state.evidence
        ],
        attestations=[
            AttestationOut(grade=each.grade.value, by=each.by_org, at=each.at, note=each.note)
            for each in state.attestations
        ],
    )


def show_saved(saved: Saved) -> SavedOut:
    """What was saved."""
    return SavedOut(assessment=saved.assessment_id, at=saved.at, answered=saved.answered, asked=saved.asked)


def show_comparison(comparison: Comparison) -> ComparisonOut:
    """Two assessments side by side."""
    return ComparisonOut(
        earlier=show_row(comparison.earlier),
        later=show_row(comparison.later),
        planks=[_change(each) for each in comparison.planks],
        answers=[AnswerChange.model_validate(each) for each in comparison.answers],
    )


def _change(change: PlankChange) -> ChangeOut:
    return ChangeOut(
        plank=change.code,
        before=Span.of(change.before) if change.before else None,
        after=Span.of(change.after) if change.after else None,
    )
