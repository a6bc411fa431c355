"""Reads about pairs and decisions."""

from uuid import UUID

from django.db.models import QuerySet

from staveworks.db.transaction import query
from staveworks.foundation.parties.firm_queries import city_names, load_firms, load_stewarded
from staveworks.foundation.parties.firm_records import FirmRecord
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.columns import FIELDS
from staveworks.foundation.rosters.domain import CHOICES, EMPTY, suggested_side
from staveworks.foundation.rosters.matching import Comparison, Match
from staveworks.foundation.rosters.models import Decision, DuplicatePair
from staveworks.foundation.rosters.types import (
    DecisionCard,
    FieldPair,
    PairCard,
    PairDetail,
    PairNotFound,
    PairState,
)
from staveworks.kit.text import Text

ROWS = (
    "left_row__organisation",
    "right_row__organisation",
    "right_firm",
    "left_row__roster",
    "right_row__roster",
)


@query
def list_pairs(
    actor: Actor,
    /,
    *,
    roster: UUID | None = None,
    state: PairState = PairState.OPEN,
    limit: int = 100,
    offset: int = 0,
) -> list[PairCard]:
    """Pairs, likeliest first; of one list where ``roster`` is given. Raises ``RightMissing``."""
    actor.require("roster.read")
    found = _pairs(roster, state).select_related(*ROWS).order_by("-score", "id")
    return [_pair_card(pair) for pair in found[offset : offset + limit]]


@query
def count_pairs(actor: Actor, /, *, roster: UUID | None = None, state: PairState = PairState.OPEN) -> int:
    """How many pairs ``list_pairs`` has. Raises ``RightMissing``."""
    actor.require("roster.read")
    return _pairs(roster, state).count()


@query
def access_pair(actor: Actor, pair: UUID, /, right: str = "roster.read") -> PairDetail:
    """One pair with both firms side by side as they stand now. Raises ``RightMissing``, ``PairNotFound``."""
    actor.require(right)
    found = get_pair(pair)
    match = Match.from_dict(found.match)
    left_id, right_id = firm_ids(found)
    firms = load_firms(actor, ids=[left_id, right_id])
    held = load_stewarded(actor, ids=[left_id, right_id])
    left, right_firm = firms[left_id], firms[right_id]
    return PairDetail(
        id=found.id,
        state=PairState(found.state),
        score=found.score,
        left_firm=left_id,
        right_firm=right_id,
        left_name=left.name,
        right_name=right_firm.name,
        left_source=found.left_row.roster.name,
        left_row=found.left_row.number,
        right_source=found.right_row.roster.name if found.right_row else "",
        right_row=found.right_row.number if found.right_row else 0,
        left_held=left_id in held,
        right_held=right_id in held,
        fields=side_by_side(left, right_firm, match, choosable=len(held) == 2),
    )


@query
def list_decisions(actor: Actor, /, *, limit: int = 100, offset: int = 0) -> list[DecisionCard]:
    """The history of decisions, newest first. Raises ``RightMissing``."""
    actor.require("roster.read")
    found = Decision.objects.select_related("by", "undone_by", "pair").order_by("-at", "-id")
    return [decision_card(made) for made in found[offset : offset + limit]]


@query
def count_decisions(actor: Actor, /) -> int:
    """How many decisions the history has. Raises ``RightMissing``."""
    actor.require("roster.read")
    return Decision.objects.count()


def get_pair(id: UUID, *, lock: bool = False) -> DuplicatePair:
    """The model row with both rows, inside a transaction. Raises ``PairNotFound``."""
    rows = DuplicatePair.objects.select_related(*ROWS)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(id=id).first()
    if found is None:
        raise PairNotFound
    return found


def decision_card(made: Decision) -> DecisionCard:
    """A decision as its readers get it."""
    return DecisionCard(
        id=made.id,
        pair_id=made.pair_id,
        decision="merge" if made.decision == "merge" else "apart",
        left_name=made.left_name,
        right_name=made.right_name,
        score=made.pair.score,
        kept_id=made.kept_id,
        by=made.by.name if made.by else "",
        at=made.at,
        undone_by=made.undone_by.name if made.undone_by else "",
        undone_at=made.undone_at,
        row_id=made.pair.left_row_id,
        split=made.split,
    )


def _pairs(roster: UUID | None, state: PairState) -> QuerySet[DuplicatePair]:
    found = DuplicatePair.objects.filter(state=state)
    return found.filter(left_row__roster_id=roster) if roster else found


def firm_ids(pair: DuplicatePair) -> tuple[UUID, UUID]:
    left = pair.left_row.organisation_id
    right = pair.right_row.organisation_id if pair.right_row else pair.right_firm_id
    if left is None or right is None:
        raise PairNotFound
    return left, right


def _pair_card(pair: DuplicatePair) -> PairCard:
    left = pair.left_row.organisation
    right = pair.right_row.organisation if pair.right_row else pair.right_firm
    return PairCard(
        id=pair.id,
        state=PairState(pair.state),
        score=pair.score,
        left_name=left.name if left else "",
        right_name=right.name if right else "",
    )


def side_by_side(
    left: FirmRecord, right: FirmRecord, match: Match, *, choosable: bool
) -> tuple[FieldPair, ...]:
    cities = city_names([left.city, right.city])
    compared = {comparison.field: comparison for comparison in match.fields}
    return tuple(_field_pair(field, left, right, cities, compared.get(field), choosable) for field in CHOICES)


def _field_pair(
    field: str,
    left: FirmRecord,
    right: FirmRecord,
    cities: dict[str, Text],
    compared: Comparison | None,
    choosable: bool,
) -> FieldPair:
    a, b = _shown(left, field, cities), _shown(right, field, cities)
    state = _state(a, b, compared)
    return FieldPair(
        field=field,
        label=FIELDS[field],
        left=a,
        right=b,
        state=state,
        reason=compared.reason if compared and compared.state == state != "none" else None,
        suggested=suggested_side(left, right, field),
        choosable=choosable and a != b and bool(a.zh and b.zh),
    )


def _state(left: Text, right: Text, compared: Comparison | None) -> str:
    """As the matcher saw it, where both sides still say something; else what can be seen."""
    if not left.zh and not right.zh:
        return "none"
    if not left.zh or not right.zh:
        return "one side"
    if left == right:
        return "same"
    return compared.state if compared and compared.state in ("same", "close", "different") else "different"


def _shown(firm: FirmRecord, field: str, cities: dict[str, Text]) -> Text:
    if field == "city":
        city = cities.get(firm.city or "")
        country = firm.country if firm.country != "CN" else ""
        return city or Text(zh=country, en=country)
    value = getattr(firm, CHOICES[field][0])
    if value in EMPTY:
        return Text(zh="", en="")
    if field == "phone":
        value = "  ".join(firm.phones)
    if field == "staff":
        value = f"{'≈' if firm.staff_approximate else ''}{firm.staff}"
    return Text(zh=str(value), en=str(value))
