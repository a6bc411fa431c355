"""What deciding, splitting and undoing share: a decision on record, and questions that it answers along the way."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.models import Decision, DuplicatePair
from staveworks.foundation.rosters.types import PairState, Verdict


def writing(actor: Actor) -> Actor:
    """The actor as her decision writes firms, which an import may too: the right to decide is enough for both."""
    actor.require("duplicate.decide")
    return replace(actor, rights=actor.rights | {"roster.import"})


def settle_answered(kept: UUID) -> list[UUID]:
    """Open questions whose two sides have become one firm."""
    answered = DuplicatePair.objects.filter(
        state=PairState.OPEN, left_row__organisation_id=kept, right_row__organisation_id=kept
    )
    ids = list(answered.order_by("id").values_list("id", flat=True))
    DuplicatePair.objects.filter(id__in=ids).update(state=PairState.SETTLED)
    return ids


def record_decision(
    actor: Actor,
    pair: DuplicatePair,
    decision: Verdict,
    left: str,
    right: str,
    *,
    kept: UUID,
    gone: UUID,
    **values: Any,
) -> Decision:
    """The decision with all that undoing needs."""
    made = Decision(
        org_id=actor.org,
        pair=pair,
        decision=decision,
        kept_id=kept,
        gone_id=gone,
        left_name=left,
        right_name=right,
        by_id=actor.person_id,
        **values,
    )
    made.save(force_insert=True)
    return Decision.objects.select_related("by", "undone_by", "pair").get(id=made.id)
