"""Answers that others gave in a firm's name (its steward before the claim, whoever has a mandate) and nobody of its own has
looked at. They count like any other; the firm is asked whether they are right."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from staveworks.cluster.barrel.models import Answer, AnswerChange
from staveworks.cluster.barrel.types import State
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor

LIVE = (State.OPEN, State.FINISHED)


def for_another(actor: Actor) -> bool:
    """Whether she answers in the name of an organisation that isn't her own."""
    return actor.via_org_id is not None or actor.mandate_id is not None


def unchecked(*, using: str = "default") -> QuerySet[AnswerChange]:
    """The last word on a question of an assessment that counts, where it is another's and unconfirmed; what the firm itself has
    said since is the last word wherever it stands: a finished assessment is corrected in the one that follows it."""
    later = AnswerChange.objects.using(using).filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), id__gt=OuterRef("id")),
        org=OuterRef("org"),
        leaf=OuterRef("leaf"),
    )
    in_it = later.filter(assessment=OuterRef("assessment"))
    own = later.filter(via_org_id=None, mandate_id=None, assessment__state__in=LIVE)
    given = AnswerChange.objects.using(using).filter(
        Q(via_org_id__isnull=False) | Q(mandate_id__isnull=False)
    )
    given = given.filter(value__isnull=False, check_of=None, assessment__state__in=LIVE)
    return given.filter(~Exists(in_it), ~Exists(own))


def given_among(answers: Iterable[Answer]) -> dict[str, AnswerChange]:
    """Leaf → who gave it, of those of ``answers`` that nobody of the firm has looked at."""
    rows = {(each.assessment_id, each.leaf): each for each in answers}
    found = unchecked().filter(assessment_id__in={assessment for assessment, _ in rows})
    return {each.leaf: each for each in found if (each.assessment_id, each.leaf) in rows}


def is_given(org_id: UUID, leaves: Collection[str]) -> bool:
    """Whether any of the questions waits for the firm's word, in whichever assessment."""
    return unchecked().filter(org_id=org_id, leaf__in=leaves).exists()


def tell_given(actor: Actor, *, corrected: bool) -> None:
    """The event that the firm is to look, or (``corrected``) that its own people have said otherwise."""
    if for_another(actor):
        append_event(actor, "answers.given", subject=actor.org)
    elif corrected:
        append_event(actor, "answers.corrected", subject=actor.org)
