"""Take a decision about a pair back, at once or later."""

from uuid import UUID

from django.db import IntegrityError
from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.firm_queries import load_stewarded
from staveworks.foundation.parties.types import Actor, OrganisationNotFound
from staveworks.foundation.parties.usecases.merge_firms import part_firms
from staveworks.foundation.rosters.domain import undo_changes
from staveworks.foundation.rosters.duplicates import decision_card
from staveworks.foundation.rosters.lock import in_turn
from staveworks.foundation.rosters.models import Decision, DuplicatePair, RosterRow
from staveworks.foundation.rosters.types import (
    AlreadyUndone,
    BuiltUpon,
    DecisionCard,
    DecisionNotFound,
    PairState,
)


@use_case
def undo_decision(actor: Actor, /, *, decision: UUID) -> DecisionCard:
    """The pair is open again; after a merge both firms stand as before, except for what was changed in between.

    Rows that joined the kept firm since then stay with it. Raises ``RightMissing``, ``DecisionNotFound``, ``AlreadyUndone``,
    and ``BuiltUpon`` where a later merge took the kept firm along.
    """
    actor.require("duplicate.decide")
    in_turn(actor.org)
    made = Decision.objects.select_for_update(of=("self",)).filter(id=decision).first()
    if made is None:
        raise DecisionNotFound
    if made.undone_at is not None:
        raise AlreadyUndone
    if made.decision == "merge":
        _part(actor, made)
    DuplicatePair.objects.filter(id__in=[made.pair_id, *made.settled_pairs]).update(state=PairState.OPEN)
    Decision.objects.filter(id=decision).update(undone_at=Now(), undone_by_id=actor.person_id)
    append_event(actor, "duplicate.undone", subject=made.pair_id, decision=decision)
    return decision_card(Decision.objects.select_related("by", "undone_by", "pair").get(id=decision))


def _part(actor: Actor, made: Decision) -> None:
    later = Decision.objects.filter(decision="merge", undone_at=None, id__gt=made.id)
    if later.filter(gone_id=made.kept_id).exists():
        raise BuiltUpon
    kept = load_stewarded(actor, ids=[made.kept_id], lock=True).get(made.kept_id)
    try:
        part_firms(
            actor,
            kept=made.kept_id,
            gone=made.gone_id,
            values=undo_changes(kept, made.changes) if kept else None,
        )
    except (
        OrganisationNotFound,
        IntegrityError,
    ) as error:  # its code may have been given to another firm since
        raise BuiltUpon from error
    RosterRow.objects.filter(id__in=made.moved_rows, organisation_id=made.kept_id).update(
        organisation_id=made.gone_id
    )
