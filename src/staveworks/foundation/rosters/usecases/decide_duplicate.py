"""A person says whether two records are the same firm."""

from collections.abc import Mapping
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.firm_queries import load_firms, load_stewarded
from staveworks.foundation.parties.firm_records import FirmRecord
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.parties.usecases.merge_firms import merge_firms
from staveworks.foundation.rosters.deciding import record_decision, settle_answered, writing
from staveworks.foundation.rosters.domain import CHOICES, changes_between, merged_values, suggested_side
from staveworks.foundation.rosters.duplicates import decision_card, firm_ids, get_pair
from staveworks.foundation.rosters.lock import in_turn
from staveworks.foundation.rosters.models import Decision, DuplicatePair, RosterRow
from staveworks.foundation.rosters.types import (
    AlreadyDecided,
    BothClaimed,
    DecisionCard,
    PairState,
    Side,
    Verdict,
)
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text

UNKNOWN_FIELD = Text(zh="没有这一项。", en="There is no such field.")


@use_case
def decide_duplicate(
    actor: Actor,
    /,
    *,
    pair: UUID,
    verdict: Verdict,
    fields: Mapping[str, Side] | None = None,
    keep: Side | None = None,
) -> DecisionCard:
    """Merge the two firms of ``pair``, or keep them apart for good.

    A merge keeps of each field the value of the side named in ``fields``, else the suggested one. ``keep`` says which firm
    goes on (default: the claimed one, else the one that was there first); the other points to it, and its rows go over.
    Raises ``RightMissing``, ``PairNotFound``, ``AlreadyDecided``, ``BothClaimed``, ``Invalid``.
    """
    actor.require("duplicate.decide")
    if not set(fields or {}) <= set(CHOICES):
        raise Invalid(UNKNOWN_FIELD)
    in_turn(actor.org)
    asked = get_pair(pair, lock=True)
    if asked.state != PairState.OPEN:
        raise AlreadyDecided
    left, right = firm_ids(asked)
    if left == right:
        raise AlreadyDecided
    decision = (
        _merge(actor, asked, left, right, fields or {}, keep)
        if verdict == "merge"
        else _apart(actor, asked, left, right)
    )
    append_event(actor, "duplicate.decided", subject=pair, verdict=verdict, left=left, right=right)
    return decision_card(decision)


def _apart(actor: Actor, pair: DuplicatePair, left: UUID, right: UUID) -> Decision:
    DuplicatePair.objects.filter(id=pair.id).update(state=PairState.APART)
    names = load_firms(actor, ids=[left, right])
    return record_decision(actor, pair, "apart", names[left].name, names[right].name, kept=right, gone=left)


def _merge(
    actor: Actor,
    pair: DuplicatePair,
    left: UUID,
    right: UUID,
    fields: Mapping[str, Side],
    keep: Side | None,
) -> Decision:
    firms = load_firms(actor, ids=[left, right])
    held = load_stewarded(actor, ids=[left, right], lock=True)
    kept, gone = _order(left, right, set(held), keep)
    values = _values(held[kept], firms[left], firms[right], fields) if kept in held else None
    merge_firms(writing(actor), kept=kept, gone=gone, values=values)
    rows = list(RosterRow.objects.filter(organisation_id=gone).order_by("id").values_list("id", flat=True))
    RosterRow.objects.filter(id__in=rows).update(organisation_id=kept)
    DuplicatePair.objects.filter(id=pair.id).update(state=PairState.MERGED)
    return record_decision(
        actor,
        pair,
        "merge",
        firms[left].name,
        firms[right].name,
        kept=kept,
        gone=gone,
        changes=changes_between(firms[kept], values) if values else {},
        moved_rows=rows,
        settled_pairs=settle_answered(kept),
    )


def _order(left: UUID, right: UUID, held: set[UUID], keep: Side | None) -> tuple[UUID, UUID]:
    """(kept, gone). Only a firm that the operator holds may go."""
    if not held:
        raise BothClaimed
    kept, gone = (left, right) if keep == "left" else (right, left)
    return (kept, gone) if gone in held else (gone, kept)


def _values(kept: FirmRecord, left: FirmRecord, right: FirmRecord, fields: Mapping[str, Side]) -> FirmRecord:
    suggested: dict[str, Side] = {field: suggested_side(left, right, field) for field in CHOICES}
    sides = suggested | dict(fields)
    own, other = ("left", right) if kept.id == left.id else ("right", left)
    return merged_values(kept, other, [field for field, side in sides.items() if side != own])
