"""Make what a source says agree with what is kept of it: what is new or different is stated, what is gone is taken back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.facts.models import Fact
from staveworks.foundation.facts.types import Source, Stated, Value
from staveworks.foundation.facts.usecases.state_facts import keep_statements, lock_facts
from staveworks.foundation.parties.types import Actor

type Said = tuple[UUID, str]
"""Which row or record, which field."""


@use_case
def restate_source(
    actor: Actor, *, firm: UUID, source: Source, stated: Iterable[Stated], stated_by: UUID | None = None
) -> int:
    """``stated``: all that the source says of the firm now. How many statements were added; again, none.

    Raises ``RightMissing``.
    """
    actor.require("organisation.read")
    lock_facts(firm)
    now = timezone.now()
    held = _held(firm, source, stated_by)
    wanted = {(each.source_id, each.field): each for each in stated}
    fresh = [
        _dated(each, held, now) for key, each in wanted.items() if key not in held or held[key] != each.value
    ]
    gone = [
        Stated(firm, field, None, source, source_id, now, stated_by=stated_by)
        for (source_id, field), value in held.items()
        if value is not None and (source_id, field) not in wanted
    ]
    return keep_statements(actor, [*fresh, *gone])


def _held(firm: UUID, source: Source, stated_by: UUID | None) -> dict[Said, Value | None]:
    """What it said last."""
    rows = Fact.objects.filter(org_id=firm, source=source, stated_by_org_id=stated_by, erased_at=None)
    ordered = rows.order_by("stated_at", "recorded_at", "id").values_list("source_id", "field", "value")
    return {(source_id, field): value for source_id, field, value in ordered}


def _dated(each: Stated, held: dict[Said, Value | None], now: datetime) -> Stated:
    """Said for the first time: at its own date; said differently before: now."""
    return replace(each, stated_at=now) if (each.source_id, each.field) in held else each
