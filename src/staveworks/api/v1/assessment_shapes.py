"""What assessments look like from outside."""

from datetime import datetime
from uuid import UUID

from staveworks.api.shapes import Out, Span, Words
from staveworks.api.v1.answers import Value
from staveworks.api.v1.barrels import BarrelOut, show_barrel
from staveworks.api.v1.level_shapes import (
    GateOut,
    GroupOut,
    LevelOut,
    NextLevelOut,
    show_gate,
    show_group,
    show_level,
    show_next_level,
)
from staveworks.cluster.barrel.queries import AssessmentView
from staveworks.cluster.barrel.types import (
    AnswerState,
    AssessmentCard,
    Comparison,
    GivenAnswer,
    PlankChange,
    Saved,
)
from staveworks.kit.intervals import Interval


class AssessmentRow(Out):
    """``adjustments``: plank → the firm's own target. ``outdated``: a newer edition of the rubric is in force. ``merged``: the
    name of the entry whose it was, where that was merged into the firm: a record to read.

    ``score`` is null before the first answer, ``level`` also where the rubric has none.
    """

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
    merged: Words | None
    water_level: Span | None
    binding: str | None
    score: Span | None
    level: LevelOut | None
    answered: int
    asked: int


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
    """``narrowing``: by how many points an answer may be expected to narrow the water level, or the score."""

    leaf: str
    narrowing: float


class PeersOut(Out):
    """The middle half of the firms of the same business type, as last published: at least so many ``firms``; 10 stands for
    10 or less, 90 for 90 or more."""

    firms: int
    same_size: bool
    low: float
    median: float
    high: float


class AssessmentOut(AssessmentRow):
    rubric_name: Words
    verified_score: Span
    next_level: NextLevelOut | None
    gates: list[GateOut]
    groups: list[GroupOut]
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


class GivenOut(Out):
    """An answer that was given in the firm's name. ``by``: the organisation that gave it; null for a person with a mandate."""

    change: UUID
    rubric: str
    leaf: str
    question: Words
    value: Value
    says: Words
    by: Words | None
    at: datetime


class GroupChange(Out):
    """The points of a branch before and after."""

    group: str
    before: Span | None
    after: Span | None


class ComparisonOut(Out):
    """``planks`` where the rubric maps them, else ``groups``."""

    earlier: AssessmentRow
    later: AssessmentRow
    planks: list[ChangeOut]
    groups: list[GroupChange]
    answers: list[AnswerChange]


def row_values(card: AssessmentCard) -> dict[str, object]:
    """The values of an ``AssessmentRow``."""
    diagnosis, scored = card.diagnosis, card.scored
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
        "merged": Words.maybe(card.merged),
        "water_level": Span.of(diagnosis.water) if diagnosis else None,
        "binding": diagnosis.binding if diagnosis else None,
        "score": Span.of(scored.score) if scored else None,
        "level": show_level(scored.level) if scored and scored.level else None,
        "answered": scored.answered if scored else 0,
        "asked": scored.asked if scored else card.questions,
    }


def show_row(card: AssessmentCard) -> AssessmentRow:
    """A line of the history."""
    return AssessmentRow.model_validate(row_values(card))


def show_assessment(view: AssessmentView) -> AssessmentOut:
    """One assessment in full."""
    peers, result = view.peers, view.result
    return AssessmentOut.model_validate(
        row_values(view.card)
        | {
            "rubric_name": Words.of(view.card.rubric_name),
            "verified_score": Span.of(result.verified_score),
            "next_level": show_next_level(result.next_level) if result.next_level else None,
            "gates": [show_gate(each) for each in result.gates],
            "groups": [show_group(each) for each in result.groups],
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


def show_given(given: GivenAnswer) -> GivenOut:
    return GivenOut.model_validate(given)


def show_comparison(comparison: Comparison) -> ComparisonOut:
    """Two assessments side by side."""
    return ComparisonOut(
        earlier=show_row(comparison.earlier),
        later=show_row(comparison.later),
        planks=[_change(each) for each in comparison.planks],
        groups=[
            GroupChange(group=each.code, before=_span(each.before), after=_span(each.after))
            for each in comparison.groups
        ],
        answers=[AnswerChange.model_validate(each) for each in comparison.answers],
    )


def _change(change: PlankChange) -> ChangeOut:
    return ChangeOut(plank=change.code, before=_span(change.before), after=_span(change.after))


def _span(interval: Interval | None) -> Span | None:
    return Span.of(interval) if interval else None
