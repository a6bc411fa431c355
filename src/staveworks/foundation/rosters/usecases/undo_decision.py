"""Take a decision about a pair back, at once or later."""

from uuid import UUID

from django.db import IntegrityError
from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.firm_queries import load_stewarded, stands
from staveworks.foundation.parties.types import Actor, OrganisationNotFound
from staveworks.foundation.parties.usecases.merge_firms import merge_firms, part_firms
from staveworks.foundation.rosters.deciding import settle_answered, writing
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

    Rows that joined the kept firm since then stay with it. An automatic merge that was kept apart is merged again. Raises
    ``RightMissing``, ``DecisionNotFound``, ``AlreadyUndone``, and ``BuiltUpon`` where a later merge took a firm along.
    """
    actor.require("duplicate.decide")
    in_turn(actor.org)
    made = Decision.objects.select_for_update(of=("self",)).filter(id=decision).first()
    if made is None:
        raise DecisionNotFound
    if made.undone_at is not None:
        raise AlreadyUndone
    if made.split:
        _join(actor, made)
    elif made.decision == "merge":
        _part(actor, made)
    again = PairState.MERGED if made.split else PairState.OPEN
    DuplicatePair.objects.filter(id__in=[made.pair_id, *made.settled_pairs]).update(state=again)
    Decision.objects.filter(id=decision).update(undone_at=Now(), undone_by_id=actor.person_id)
    append_event(actor, "duplicate.undone", subject=made.pair_id, decision=decision)
    return decision_card(Decision.objects.select_related("by", "undone_by", "pair").get(id=decision))


def _part(actor: Actor, made: Decision) -> None:
    if not stands(made.kept_id):
        raise BuiltUpon
    kept = load_stewarded(actor, ids=[made.kept_id], lock=True).get(made.kept_id)
    try:
        part_firms(
            writing(actor),
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


def _join(actor: Actor, made: Decision) -> None:
    """The rows go back, and whatever joined them since; the firm that they had points to the other, as after any merge."""
    merged_since = Decision.objects.filter(decision="merge", undone_at=None, kept_id=made.gone_id)
    if not stands(made.kept_id) or merged_since.exists():
        raise BuiltUpon
    kept = load_stewarded(actor, ids=[made.kept_id], lock=True).get(made.kept_id)
    values = undo_changes(kept, made.changes) if kept else None
    try:
        merge_firms(writing(actor), kept=made.kept_id, gone=made.gone_id, values=values)
    except (
        OrganisationNotFound,
        IntegrityError,
    ) as error:  # claimed or merged since, or its code was given away
        raise BuiltUpon from error
    RosterRow.objects.filter(organisation_id=made.gone_id).update(organisation_id=made.kept_id)
    settle_answered(made.kept_id)
