"""Reads of diagnosis. ``access_assessment`` is the only way to one assessment; all answer with dataclasses."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from staveworks.cluster.barrel.answered import answer_states
from staveworks.cluster.barrel.cards import assessment_card, carded, diagnosis_card
from staveworks.cluster.barrel.carrying import said_since
from staveworks.cluster.barrel.computing import Case, questions_of, result_of
from staveworks.cluster.barrel.diagnosing import profile_of
from staveworks.cluster.barrel.editions import DEFAULT_RUBRIC, rubric_of
from staveworks.cluster.barrel.given import unchecked
from staveworks.cluster.barrel.models import (
    Answer,
    AnswerChange,
    Assessment,
    Attestation,
    Diagnosis,
    Evidence,
)
from staveworks.cluster.barrel.peering import band_of, peer_group, peers_at, standing_by
from staveworks.cluster.barrel.types import (
    AnswerState,
    AssessmentCard,
    AssessmentNotFound,
    DiagnosisCard,
    GivenAnswer,
    PeerBand,
    State,
    Value,
)
from staveworks.db.transaction import acting, query
from staveworks.engine.barrel import (
    Profile,
    Question,
    Result,
    Rubric,
    say_answer,
)
from staveworks.foundation.facts.live import is_shown
from staveworks.foundation.facts.queries import anybody_sees
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.parties.firm_queries import standing_as, stands_as
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.queries import titles_of
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.kit.text import Text

ATTEST = "assessment.attest"
TO_ATTEST = (Field.ASSESSMENT, Field.DOCUMENTS, Field.BARREL)
"""What an attester reads of a firm that grants it for attestation."""


@dataclass(frozen=True)
class AssessmentView:
    """An assessment with all that its pages show; ``case``: what its result follows from. ``history``: the firm's assessments, the newest
    first, where its barrel was asked for."""

    card: AssessmentCard
    answers: Mapping[str, AnswerState]
    case: Case
    peers: PeerBand | None
    history: tuple[AssessmentCard, ...] = ()

    @property
    def rubric(self) -> Rubric:
        return self.case.rubric

    @property
    def profile(self) -> Profile:
        return self.case.profile

    @cached_property
    def result(self) -> Result:
        """Computed from the answers; it holds every leaf."""
        return result_of(self.case)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The unanswered questions, the most telling first."""
        return questions_of(self.case)

    @property
    def medians(self) -> Mapping[str, float]:
        """Leaf of kind ``peer`` → the peers' median that it is scored against."""
        return self.case.peers.medians

    @property
    def values(self) -> Mapping[str, Value]:
        return self.case.answers


@query
def access_assessment(actor: Actor, *, assessment_id: UUID, right: str = "assessment.read") -> AssessmentView:
    """One assessment of the actor's firm, or of a firm that lets her organisation attest it.

    Raises ``RightMissing``, ``AssessmentNotFound``.
    """
    actor.require(right)
    if right == ATTEST:
        return _shown_to_attest(actor, assessment_id)
    firm = _firm_of(assessment_id)
    # The policy has shown it; papers and staff behind it are read as the firm's.
    with acting(org=firm, person=actor.person_id):
        return _labelled(_view(_with_all(Assessment.objects.filter(id=assessment_id)).get()))


def _labelled(view: AssessmentView) -> AssessmentView:
    """With the name of the entry whose it was, where that was merged since."""
    entry = view.card.org_id
    if stands_as([entry])[entry] == entry:
        return view
    found = Organisation.objects.get(id=entry)
    return replace(view, card=replace(view.card, merged=title_of(found.name, found.name_en)))


def _shown_to_attest(actor: Actor, assessment_id: UUID) -> AssessmentView:
    """As the firm's people see it, without papers where the firm doesn't grant them."""
    with reading(actor, purpose=Purpose.ATTESTATION, fields=TO_ATTEST) as log:
        firm = _firm_of(assessment_id)
        log.of([stands_as([firm])[firm]])
        papers = is_shown(firm, Field.DOCUMENTS)
    with acting(org=firm, person=actor.person_id):
        view = _view(_with_all(Assessment.objects.filter(id=assessment_id)).get())
    if papers:
        return view
    bare = {leaf: replace(state, evidence=()) for leaf, state in view.answers.items()}
    return replace(view, answers=bare)


def _firm_of(assessment_id: UUID) -> UUID:
    """Whose assessment it is, if it is shown. Raises ``AssessmentNotFound``."""
    firm = Assessment.objects.filter(id=assessment_id).values_list("org_id", flat=True).first()
    if firm is None:
        raise AssessmentNotFound
    return firm


@query
def find_barrel(actor: Actor) -> AssessmentView | None:
    """The firm's current assessment by a rubric that maps every plank; None before the first answer.

    Raises ``RightMissing``.
    """
    actor.require("barrel.read")
    rows = list(_with_all(_held_by(actor.org)))
    history = tuple(_cards(rows, actor.org))
    own = next((row for row in rows if row.org_id == actor.org and _counts(row)), None)
    if own is not None:
        return replace(_view(own), history=history)
    current = Diagnosis.objects.filter(org_id=actor.org, current=True)
    shown = current.values_list("assessment_id", "assessment__org_id").first()
    if shown is None:
        return None
    # Of an entry that was merged into it: read as that entry's, whose papers it names.
    with acting(org=shown[1], person=actor.person_id):
        view = _labelled(_view(_with_all(Assessment.objects.filter(id=shown[0])).get()))
    return replace(view, history=history)


def _counts(row: Assessment) -> bool:
    """Whether it is the current one of the firm whose own it is."""
    kept: Diagnosis | None = getattr(row, "diagnosis", None)
    return kept is not None and kept.current and kept.org_id == row.org_id


@query
def count_newer(actor: Actor, view: AssessmentView) -> int:
    """Questions that the firm has answered since, or otherwise, in assessments by other rubrics.

    Raises ``RightMissing``.
    """
    actor.require("assessment.answer")
    with acting(org=view.card.org_id, person=actor.person_id):
        return len(said_since(view.card, view.rubric, view.answers.values()))


@query
def find_open_assessment(actor: Actor, *, rubric: str = DEFAULT_RUBRIC) -> UUID | None:
    """The assessment that the firm is filling in. Raises ``RightMissing``."""
    actor.require("assessment.read")
    found = Assessment.objects.filter(org_id=actor.org, rubric=rubric, state=State.OPEN)
    return found.values_list("id", flat=True).first()


@query
def list_given(actor: Actor) -> list[GivenAnswer]:
    """What others answered in the firm's name and nobody of its own has confirmed, the newest first, each question and answer once.

    Raises ``RightMissing``.
    """
    actor.require("assessment.read")
    rows = unchecked().filter(org_id=actor.org).select_related("assessment__edition").order_by("-at", "-id")
    once = {(row.leaf, str(row.value)): row for row in reversed(rows)}
    names = titles_of({row.via_org_id for row in once.values()})
    return [_given_answer(row, names) for row in reversed(once.values())]


def _given_answer(row: AnswerChange, names: Mapping[UUID, Text]) -> GivenAnswer:
    leaf = rubric_of(row.assessment.edition).leaf(row.leaf)
    value = cast("Value", row.value)
    return GivenAnswer(
        change=row.id,
        rubric=row.assessment.rubric,
        leaf=row.leaf,
        question=leaf.question,
        value=value,
        says=say_answer(leaf, value),
        by=names.get(row.via_org_id) if row.via_org_id else None,
        at=row.at,
    )


@query
def list_assessments(
    actor: Actor, *, firm: UUID | None = None, right: str = "assessment.read"
) -> list[AssessmentCard]:
    """A firm's assessments (default: the actor's own), the newest first; those of entries that were merged into it say so.

    Raises ``RightMissing``.
    """
    actor.require(right)
    if firm is None or firm == actor.org:
        return _history(actor.org)
    with reading(actor, purpose=Purpose.OPERATION, fields=[Field.ASSESSMENT, Field.BARREL]) as log:
        log.of([firm])
        return _history(firm)


def _history(firm: UUID) -> list[AssessmentCard]:
    return _cards(carded(_held_by(firm)), firm)


def _held_by(firm: UUID) -> QuerySet[Assessment]:
    """The firm's and those of entries that were merged into it, the newest first."""
    return Assessment.objects.filter(org_id__in=standing_as(firm)).order_by("-started_at")


def _cards(rows: Iterable[Assessment], firm: UUID) -> list[AssessmentCard]:
    """Those of merged entries with the entry's name."""
    cards = [assessment_card(each) for each in rows]
    names = _entry_names({card.org_id for card in cards} - {firm})
    return [replace(card, merged=names.get(card.org_id)) for card in cards]


def _entry_names(entries: Collection[UUID]) -> dict[UUID, Text]:
    if not entries:
        return {}
    held = Organisation.objects.filter(id__in=entries).values_list("id", "name", "name_en")
    return {id_: title_of(name, name_en) for id_, name, name_en in held}


@query
def list_to_attest(actor: Actor) -> list[AssessmentCard]:
    """Assessments of other firms with papers that wait to be checked. Raises ``RightMissing``."""
    actor.require(ATTEST)
    with reading(actor, purpose=Purpose.ATTESTATION, fields=TO_ATTEST) as log:
        cards = _to_attest(actor)
        firms = stands_as({card.org_id for card in cards})
        log.of(firms.values())
    return [card for card in cards if firms[card.org_id] != actor.org]


def papers_are_seen(actor: Actor) -> bool:
    """Whether anybody may check the papers of the actor's firm: by its grant, or as steward of a firm that nobody has claimed."""
    steward = actor.via_org_id is not None and actor.mandate_id is None
    return steward or anybody_sees(actor, purpose=Purpose.ATTESTATION, fields=TO_ATTEST)


def _to_attest(actor: Actor) -> list[AssessmentCard]:
    live = Attestation.objects.filter(answer=OuterRef("id"), lost_at=None)
    papers = Answer.objects.filter(
        Exists(Evidence.objects.filter(answer=OuterRef("id"))), ~Exists(live), value__isnull=False
    )
    found = carded(Assessment.objects.filter(answers__in=papers).exclude(org_id=actor.org).distinct())
    found = found.exclude(state__in=[State.SUPERSEDED, State.SET_ASIDE])
    return [assessment_card(each) for each in found.order_by("-started_at")]


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
    with reading(actor, purpose=Purpose.OPERATION, fields=[Field.BARREL]) as log:
        cards = [diagnosis_card(each) for each in found.order_by("water_low", "assessment_id")]
        log.of(card.org_id for card in cards)
    return cards


@query
def names_of(actor: Actor, *, firms: Iterable[UUID], right: str) -> dict[UUID, Text]:
    """The names of firms whose assessments the actor was shown, as they stand now. Raises ``RightMissing``."""
    actor.require(right)
    standing = stands_as(firms)
    found = {each.id: each for each in Organisation.objects.filter(id__in=standing.values())}
    return {
        entry: title_of(found[firm].name, found[firm].name_en)
        for entry, firm in standing.items()
        if firm in found
    }


def _with_all(found: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """With the two columns of the firm's profile that decide who its peers are."""
    profile = {"held_type": F("org__profile__business_type"), "held_staff": F("org__profile__staff")}
    return carded(found).annotate(**profile)


def _view(found: Assessment) -> AssessmentView:
    rubric, profile = rubric_of(found.edition), profile_of(found)
    standing = standing_by(found, found.held_type or "", found.held_staff)  # type: ignore[attr-defined]
    answers = answer_states(found)
    return AssessmentView(
        card=assessment_card(found),
        answers=answers,
        case=Case.of(
            rubric,
            {leaf: state.value for leaf, state in answers.items() if state.value is not None},
            profile=profile,
            peers=peers_at(found, peer_group(found, standing)),
            grades={leaf: state.grade.value for leaf, state in answers.items()},
        ),
        peers=band_of(found, standing),
    )
