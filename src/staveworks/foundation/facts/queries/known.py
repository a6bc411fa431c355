"""What is known about a firm, from where, since when; and the corrections that it asked for."""

from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import query
from staveworks.foundation.facts.domain import known_of
from staveworks.foundation.facts.models import Correction, Fact
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import (
    CorrectionCard,
    Field,
    Grade,
    Known,
    Purpose,
    Source,
    Statement,
    StatementNotFound,
)
from staveworks.foundation.parties.types import Actor, title_of

TOPICS = (Field.OUTLINE, Field.PROFILE, Field.LEVEL, Field.BARREL, Field.ASSESSMENT)


@query
def list_known(actor: Actor, *, firm: UUID | None = None, answers: bool = True) -> list[Known]:
    """Of the actor's own firm, or of another one as far as its steward or a grant for running the cluster may see it.

    ``answers``: also those of assessments. Raises ``RightMissing``.
    """
    if firm is None or firm == actor.org:
        actor.require("organisation.read")
        return _known(actor.org, answers)
    actor.require("firm.read")
    with reading(actor, purpose=Purpose.OPERATION, fields=TOPICS) as log:
        log.of([firm])
        return _known(firm, answers)


def _known(firm: UUID, answers: bool) -> list[Known]:
    found = Fact.objects.filter(org_id=firm, erased_at=None)
    if not answers:
        found = found.exclude(topic=Field.ASSESSMENT)
    return known_of(map(statement_of, found), timezone.now())


@query
def access_statement(actor: Actor, *, fact_id: UUID) -> Statement:
    """One statement about the actor's own firm. Raises ``RightMissing``, ``StatementNotFound``."""
    actor.require("organisation.read")
    found = Fact.objects.filter(id=fact_id, org_id=actor.org, erased_at=None).first()
    if found is None:
        raise StatementNotFound
    return statement_of(found)


def statement_of(row: Fact) -> Statement:
    return Statement(
        id=row.id,
        field=row.field,
        value=row.value,
        grade=Grade(row.grade),
        source=Source(row.source),
        source_id=row.source_id,
        stated_by=row.stated_by_org_id,
        stated_at=row.stated_at,
        valid_until=row.valid_until,
        recorded_at=row.recorded_at,
        rule=row.rule,
        source_name=row.source_name,
    )


@query
def list_corrections(actor: Actor) -> list[CorrectionCard]:
    """Those that the actor's firm asked for, the newest first. Raises ``RightMissing``."""
    actor.require("organisation.read")
    found = (
        Correction.objects.filter(org_id=actor.org).select_related("org", "fact").order_by("-asked_at", "-id")
    )
    return [_card(each) for each in found[:100]]


@query
def list_corrections_to_decide(actor: Actor) -> list[CorrectionCard]:
    """Those that wait for the actor's organisation, the oldest first. Raises ``RightMissing``."""
    actor.require("correction.decide")
    found = Correction.objects.filter(decider_org_id=actor.org, state="open").select_related("org", "fact")
    return [_card(each) for each in found.order_by("asked_at", "id")]


@query
def count_corrections_to_decide(actor: Actor) -> int:
    """How many wait. Raises ``RightMissing``."""
    actor.require("correction.decide")
    return Correction.objects.filter(decider_org_id=actor.org, state="open").count()


@query
def list_decider_of(actor: Actor, *, correction_id: UUID) -> list[UUID]:
    """The organisation that decides a correction which the actor's firm asked for, or decides itself; none if it isn't shown."""
    found = Correction.objects.filter(id=correction_id)
    return list(found.values_list("decider_org_id", flat=True))


def _card(found: Correction) -> CorrectionCard:
    return CorrectionCard(
        id=found.id,
        firm=found.org_id,
        firm_name=title_of(found.org.name, found.org.name_en),
        field=found.fact.field,
        stated=found.fact.value,
        asked=found.asked,
        reason=found.reason,
        asked_at=found.asked_at,
        state=found.state,
        answer=found.answer,
        decided_at=found.decided_at,
    )
