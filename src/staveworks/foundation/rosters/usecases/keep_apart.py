"""A person says that a row which was merged automatically is another firm."""

from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.firm_queries import load_firms, load_stewarded
from staveworks.foundation.parties.firm_records import FirmRecord
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.parties.usecases.merge_firms import part_firms
from staveworks.foundation.parties.usecases.register_firms import complete_firms, register_firms
from staveworks.foundation.rosters.deciding import record_decision, writing
from staveworks.foundation.rosters.domain import changes_between, fill_empty, without
from staveworks.foundation.rosters.duplicates import decision_card
from staveworks.foundation.rosters.lock import in_turn
from staveworks.foundation.rosters.merges import Merge, find_merge, firms_of_rows, match_of
from staveworks.foundation.rosters.models import Decision, DuplicatePair, RosterRow
from staveworks.foundation.rosters.types import AlreadyDecided, DecisionCard, PairState
from staveworks.kit.ids import new_id


@use_case
def keep_apart(actor: Actor, /, *, row: UUID) -> DecisionCard:
    """Give ``row`` a firm of its own, with the rows that joined because of it; the other firm loses what only they told.

    Undone like any decision. The pair never merges by itself again: later rows that fit both are asked about.
    Raises ``RightMissing``, ``RowNotFound``, ``NotMerged``, ``AlreadyDecided``.
    """
    actor.require("duplicate.decide")
    in_turn(actor.org)
    merge = find_merge(row)
    if merge.live:
        raise AlreadyDecided
    firm = load_firms(actor, ids=[merge.firm])[merge.firm]
    pair = _pair(actor, merge, firm)
    held = load_stewarded(actor, ids=[merge.firm], lock=True).get(merge.firm)
    rest = _without(held, merge) if held else None
    own, name = _part(actor, merge, pair, rest)
    moved = [each.id for each in merge.rows]
    RosterRow.objects.filter(id__in=moved).update(organisation_id=own)
    made = record_decision(
        actor,
        pair,
        "apart",
        name,
        firm.name,
        kept=merge.firm,
        gone=own,
        split=True,
        changes=changes_between(held, rest) if held and rest else {},
        moved_rows=moved,
    )
    append_event(actor, "duplicate.decided", subject=pair.id, verdict="apart", left=own, right=merge.firm)
    return decision_card(made)


def _pair(actor: Actor, merge: Merge, firm: FirmRecord) -> DuplicatePair:
    """The two sides as a pair that was decided: the same one again, if it was kept apart and undone before."""
    sides = {"right_row": merge.right, "right_firm_id": None if merge.right else merge.firm}
    pair = DuplicatePair.objects.filter(left_row=merge.first, **sides).first()
    if pair is None:
        match = match_of(merge, firm)
        pair = DuplicatePair(
            org_id=actor.org,
            left_row=merge.first,
            score=match.score,
            match=match.as_dict(),
            state=PairState.MERGED,
            **sides,
        )
        pair.save(force_insert=True)
    DuplicatePair.objects.filter(id=pair.id).update(state=PairState.APART)
    return pair


def _without(held: FirmRecord, merge: Merge) -> FirmRecord:
    """The firm that stays, without what only the rows told that go."""
    going = {each.id for each in merge.rows}
    staying = RosterRow.objects.filter(organisation_id=held.id).exclude(id__in=going).order_by("id")
    others = firms_of_rows(staying, held.id)
    for row in firms_of_rows(merge.rows, held.id):
        held = without(held, row, others)
    return held


def _part(actor: Actor, merge: Merge, pair: DuplicatePair, rest: FirmRecord | None) -> tuple[UUID, str]:
    """The firm that the rows get, and its name: the one that they had when they were kept apart before, else a new one."""
    before = Decision.objects.filter(pair=pair, split=True, kept_id=merge.firm).order_by("-at").first()
    if before:
        part_firms(writing(actor), kept=merge.firm, gone=before.gone_id, values=rest)
        return before.gone_id, before.left_name
    if rest:
        complete_firms(writing(actor), firms=[rest])
    id_ = new_id()
    first, *others = firms_of_rows(merge.rows, id_)
    for row in others:
        first = fill_empty(first, row)
    register_firms(writing(actor), firms=[first])
    return id_, first.name
