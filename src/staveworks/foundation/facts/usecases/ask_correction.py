"""A firm says that a statement about it is wrong; whoever stated it accepts, with what is right, or declines, with a reason."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.facts.domain import value_from
from staveworks.foundation.facts.models import Correction, Fact
from staveworks.foundation.facts.types import (
    CorrectionAsked,
    CorrectionNotFound,
    Grade,
    OwnStatement,
    ReasonMissing,
    Source,
    Stated,
    StatementNotFound,
)
from staveworks.foundation.facts.usecases.state_facts import keep_statements, lock_facts
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id

LONGEST = 400


@use_case
def ask_correction(actor: Actor, *, fact_id: UUID, asked: str, reason: str) -> UUID:
    """``asked``: what it should say; empty where it should say nothing.

    Raises ``RightMissing``, ``StatementNotFound``, ``OwnStatement``, ``ReasonMissing``, ``CorrectionAsked``, and ``Invalid`` where
    ``asked`` isn't a value of the field.
    """
    actor.require("organisation.edit")
    fact = Fact.objects.filter(id=fact_id, org_id=actor.org, value__isnull=False).first()
    if fact is None:
        raise StatementNotFound
    if fact.stated_by_org_id is None or fact.stated_by_org_id == actor.org:
        raise OwnStatement
    if not reason.strip():
        raise ReasonMissing(field="reason")
    value_from(fact.field, asked)
    correction = Correction(
        id=new_id(),
        org_id=actor.org,
        decider_org_id=fact.stated_by_org_id,
        fact_id=fact.id,
        asked=asked.strip()[:LONGEST],
        reason=reason.strip()[:LONGEST],
        asked_by_id=actor.person_id,
    )
    try:
        with transaction.atomic():
            Correction.objects.bulk_create([correction])
    except IntegrityError:
        raise CorrectionAsked from None
    append_event(actor, "correction.asked", subject=correction.id, fact=fact.id)
    return correction.id


@use_case
def decide_correction(actor: Actor, *, correction_id: UUID, accept: bool, answer: str = "") -> None:
    """Accepted, the source says what was asked from now on; its rows stay as they are.

    Raises ``RightMissing``, ``CorrectionNotFound``, ``ReasonMissing`` (declining takes one).
    """
    actor.require("correction.decide")
    waiting = Correction.objects.filter(id=correction_id, decider_org_id=actor.org, state="open")
    found = waiting.select_related("fact").first()
    if found is None:
        raise CorrectionNotFound
    if not accept and not answer.strip():
        raise ReasonMissing(field="answer")
    decided = waiting.update(
        state="accepted" if accept else "declined",
        answer=answer.strip()[:LONGEST],
        decided_by_id=actor.person_id,
        decided_at=timezone.now(),
    )
    if not decided:
        raise CorrectionNotFound
    if accept:
        _correct(actor, found)
    append_event(
        actor, "correction.accepted" if accept else "correction.declined", subject=found.id, org=found.org_id
    )


def _correct(actor: Actor, found: Correction) -> None:
    """The newest word of the source that was wrong."""
    fact = found.fact
    lock_facts(found.org_id)
    keep_statements(
        actor,
        [
            Stated(
                found.org_id,
                fact.field,
                value_from(fact.field, found.asked),
                Source(fact.source),
                found.id,
                timezone.now(),
                grade=Grade(fact.grade),
                stated_by=actor.org,
            )
        ],
    )
