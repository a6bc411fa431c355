"""What was written under a claim that was revoked since is kept on record and counts for nothing (inside ``acting`` for the firm)."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from staveworks.cluster.barrel.models import Answer, AnswerChange, Assessment
from staveworks.cluster.barrel.types import State
from staveworks.foundation.parties.firm_queries import standing_as
from staveworks.foundation.parties.queries.revocations import Span, revoked_spans


def set_aside(firm: UUID) -> None:
    """Set aside what was begun or answered under a revoked claim; let count again what was set aside for a claim that holds
    again. It follows from the claims: it may run any number of times."""
    spans = revoked_spans(firm)
    assessments = list(Assessment.objects.select_for_update().filter(org_id=firm).order_by("id"))
    wrong = _written(firm, spans)
    counting = [each for each in assessments if each.id not in wrong]
    going = [each for each in assessments if each.id in wrong and each.state != State.SET_ASIDE]
    Assessment.objects.filter(id__in=[each.id for each in going]).update(state=State.SET_ASIDE)
    if going or any(each.state == State.SET_ASIDE for each in counting):
        for rubric in {each.rubric for each in counting}:
            _put_in_order([each for each in counting if each.rubric == rubric])


def _written(firm: UUID, spans: Iterable[Span]) -> set[UUID]:
    found: set[UUID] = set()
    for span in spans:
        answered = AnswerChange.objects.filter(org_id=firm, at__range=(span.since, span.until))
        begun = Assessment.objects.filter(org_id=firm, started_at__range=(span.since, span.until))
        found |= set(answered.values_list("assessment_id", flat=True)) | set(
            begun.values_list("id", flat=True)
        )
    return found


def _put_in_order(assessments: list[Assessment]) -> None:
    """Of those by one rubric: the last finished one stands, earlier ones are superseded; one is open.

    Of two unfinished ones that goes on in which somebody has answered since; one that only took answers over gives way.
    """
    finished = sorted((a for a in assessments if a.finished_at), key=lambda a: a.finished_at or a.started_at)
    answered = set(
        Answer.objects.filter(assessment__in=assessments, carried=False).values_list(
            "assessment_id", flat=True
        )
    )
    unfinished = sorted(
        (a for a in assessments if not a.finished_at), key=lambda a: (a.id in answered, a.started_at)
    )
    states = {each.id: State.SUPERSEDED for each in finished[:-1]}
    states |= {each.id: State.FINISHED for each in finished[-1:]}
    states |= {each.id: State.SET_ASIDE for each in unfinished[:-1]}
    states |= {each.id: State.OPEN for each in unfinished[-1:]}
    for state in (State.SET_ASIDE, State.SUPERSEDED, State.FINISHED, State.OPEN):
        ids = [id_ for id_, wanted in states.items() if wanted is state]
        Assessment.objects.filter(~Q(state=state), id__in=ids).update(state=state)


def interrupted(firm: UUID) -> list[tuple[str, str]]:
    """(rubric, kind) of assessments that were under way before the claim and are set aside now, where none has begun since."""
    found = []
    for each in Assessment.objects.filter(org_id=firm, state=State.SET_ASIDE).order_by("started_at"):
        until = [span.until for span in revoked_spans(firm) if span.since > each.started_at]
        same = Assessment.objects.filter(org_id=firm, rubric=each.rubric)
        if until and not same.filter(Q(state=State.OPEN) | Q(started_at__gt=max(until))).exists():
            found.append((each.rubric, each.kind))
    return found


def said_before(firm: UUID) -> list[Answer]:
    """What assessments that are set aside, of the firm and of entries merged into it, said before the claim under which somebody went on with them.

    An answer that is still the same is the row itself, with its papers; another is a row of its own, not stored.
    """
    aside = list(Assessment.objects.filter(org_id__in=standing_as(firm), state=State.SET_ASIDE))
    found: list[Answer] = []
    for assessment in aside:
        since = next(
            (s.since for s in revoked_spans(assessment.org_id) if s.until >= assessment.started_at), None
        )
        if since is not None and assessment.started_at < since:
            found += _as_of(assessment, since)
    return found


def _as_of(assessment: Assessment, moment: object) -> list[Answer]:
    changes = AnswerChange.objects.filter(assessment=assessment, at__lt=moment)
    now = {each.leaf: each for each in Answer.objects.filter(assessment=assessment)}
    answers = []
    for change in changes.order_by("leaf", "-at").distinct("leaf"):
        held = now.get(change.leaf)
        same = held is not None and held.value == change.value
        row = Answer(
            org_id=assessment.org_id,
            assessment=assessment,
            leaf=change.leaf,
            value=change.value,
            answered_at=change.at,
        )
        answers.append(held if held is not None and same else row)
    return answers
