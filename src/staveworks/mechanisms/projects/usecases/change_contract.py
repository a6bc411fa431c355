"""Money and dates of a contract change when both sides have signed, and not before."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Max

from staveworks.db.clock import database_today
from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from staveworks.mechanisms.projects.documents import (
    check_due,
    edits_document,
    planned_document,
    read_edits,
    read_planned,
)
from staveworks.mechanisms.projects.domain import check_reason, price_moved
from staveworks.mechanisms.projects.finding import agreed, change_for, contract_for, lock, note
from staveworks.mechanisms.projects.models import Change, Contract, Milestone, Signature
from staveworks.mechanisms.projects.ordering import (
    acting_buyer,
    order_of,
    put_into_order,
    release_line,
)
from staveworks.mechanisms.projects.rows import planned_of
from staveworks.mechanisms.projects.types import (
    BidInvalid,
    ChangeOpen,
    ChangeOver,
    ContractStep,
    Edit,
    NotYet,
    Planned,
    Word,
)
from staveworks.mechanisms.projects.usecases.run_contract import where
from staveworks.trade.orders.queries import states_of

NOTHING = Text(zh="和现在的一样，没有要改的。", en="The same as now: nothing to change.")
NO_PLACE = Text(
    zh="没有这个节点；新节点接在最后一个后面。", en="No such milestone; a new one follows the last."
)
CHANGEABLE = frozenset(
    {
        ContractStep.UNORDERED,
        ContractStep.ORDERED,
        ContractStep.WORKING,
        ContractStep.RETURNED,
        ContractStep.FELL_AWAY,
    }
)


@use_case
def propose_change(actor: Actor, *, contract_id: UUID, edits: Sequence[Edit], reason: str) -> UUID:
    """Proposed and signed by the actor's side; the other one signs or refuses. Nothing changes by it.

    Raises ``RightMissing``, ``ContractNotFound``, ``ReasonMissing``, ``BidInvalid`` at the field, ``NotYet`` (a milestone that is
    delivered or accepted), ``ChangeOpen``.
    """
    contract = _contract(actor, contract_id)
    wording = check_reason(reason)
    lock("contract", contract.id)
    changes = Change.objects.filter(contract=contract)
    if any(each.signatures.count() < 2 for each in changes):
        raise ChangeOpen
    checked = _check(actor, contract, edits, first=database_today())
    row = Change(
        id=new_id(),
        contract=contract,
        buyer_org_id=contract.buyer_org_id,
        provider_org_id=contract.provider_org_id,
        by_org_id=actor.org,
        number=(changes.aggregate(last=Max("number"))["last"] or 0) + 1,
        edits=edits_document(checked),
        reason=wording,
        proposed_by_id=actor.person_id,
    )
    row.save(force_insert=True)
    _say(actor, row, Word.SIGNED)
    note(actor, "change.proposed", contract, change=row.id)
    return row.id


@use_case
def sign_change(actor: Actor, *, change_id: UUID) -> None:
    """The other side agrees: the change holds from now on. Where a price moved or a milestone is new, its line comes into an
    order of the contract's own, and the line that it replaces is released without a fee.

    Raises ``RightMissing``, ``ChangeNotFound``, ``ChangeOver``, ``NotYet`` (a milestone was delivered meanwhile), and what
    ``add_line`` raises.
    """
    row = _other_side(actor, change_id)
    _say(actor, row, Word.SIGNED)
    buyer = acting_buyer(actor, row.contract)
    edits = _check(actor, row.contract, read_edits(row.edits))
    now = agreed(row.contract)
    anew = any(_another_price(now.get(edit.place), edit.planned) for edit in edits)
    order = order_of(buyer, row.contract) if anew else None
    for edit in edits:
        _apply(buyer, row, edit, order)
    note(actor, "change.signed", row.contract, change=row.id)


@use_case
def refuse_change(actor: Actor, *, change_id: UUID) -> None:
    """Everything stays as it was. Raises ``RightMissing``, ``ChangeNotFound``, ``ChangeOver``."""
    row = _other_side(actor, change_id)
    _say(actor, row, Word.REFUSED)
    note(actor, "change.refused", row.contract, change=row.id)


def _contract(actor: Actor, contract_id: UUID) -> Contract:
    actor.require("change.sign")
    return contract_for(actor, contract_id)


def _other_side(actor: Actor, change_id: UUID) -> Change:
    """A change that waits for the actor's side."""
    row = change_for(actor, change_id)
    _contract(actor, row.contract_id)
    lock("contract", row.contract_id)
    if row.signatures.count() != 1 or row.by_org_id == actor.org:
        raise ChangeOver
    return row


def _say(actor: Actor, row: Change, word: Word) -> None:
    Signature(
        id=new_id(),
        change=row,
        buyer_org_id=row.buyer_org_id,
        provider_org_id=row.provider_org_id,
        org_id=actor.org,
        word=word,
        person_id=actor.person_id,
    ).save(force_insert=True)


def _check(
    actor: Actor, contract: Contract, edits: Sequence[Edit], *, first: date | None = None
) -> list[Edit]:
    """``first``: before which no milestone is newly dated. Raises ``BidInvalid`` at the field, ``NotYet``."""
    now = agreed(contract)
    following, checked = max(now) + 1, []
    for at, edit in enumerate(edits):
        planned = read_planned(planned_document(edit.planned), f"edits.{at}.")
        old = now.get(edit.place)
        if old is None and edit.place != following:
            raise BidInvalid(NO_PLACE, field=f"edits.{at}.place")
        if old is None:
            following += 1
        elif planned_of(old) == planned:
            continue
        else:
            _, step = where(actor, contract, edit.place)
            if step not in CHANGEABLE:
                raise NotYet(step)
        if first and (old is None or old.due_date != planned.due_date):
            check_due(planned.due_date, first, field=f"edits.{at}.due_date")
        checked.append(Edit(edit.place, planned))
    if not checked or len({each.place for each in checked}) < len(checked):
        raise BidInvalid(NOTHING, field="edits")
    return checked


def _apply(buyer: Actor, change: Change, edit: Edit, order: UUID | None) -> None:
    contract = change.contract
    old = agreed(contract).get(edit.place)
    row = _version(change, edit.place, old, edit.planned)
    if not _another_price(old, edit.planned):
        return
    if old is not None and old.line_id is not None:
        states = states_of(buyer, line_ids=[old.line_id])
        release_line(contract, old.line_id, states.get(old.line_id), buyer)
    put_into_order(buyer, contract, row, order_id=order)


def _another_price(old: Milestone | None, planned: Planned) -> bool:
    """It needs an order line of its own."""
    return old is None or price_moved(planned_of(old), planned)


def _version(change: Change, place: int, old: Milestone | None, planned: Planned) -> Milestone:
    """The next version of a milestone, with the order line of the former as long as its price is the same."""
    row = Milestone(
        id=new_id(),
        contract=change.contract,
        buyer_org_id=change.buyer_org_id,
        provider_org_id=change.provider_org_id,
        place=place,
        version=(old.version if old else 0) + 1,
        title=planned.title,
        deliverable=planned.deliverable,
        criteria=planned.criteria,
        due_date=planned.due_date,
        price_fen=planned.price_fen,
        change=change,
        line_id=old.line_id if old and not _another_price(old, planned) else None,
    )
    row.save(force_insert=True)
    return row
