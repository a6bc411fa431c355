"""A contract runs: its order is confirmed, milestones are delivered, accepted or returned, and paid one by one."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max, QuerySet

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import use_case
from staveworks.foundation.files.queries import access_file
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.projects.domain import check_reason, step_of
from staveworks.mechanisms.projects.finding import contract_for, lock, milestone_at, note
from staveworks.mechanisms.projects.models import Contract, Delivery, Milestone
from staveworks.mechanisms.projects.ordering import lines_of, order_unordered
from staveworks.mechanisms.projects.rows import delivery_of
from staveworks.mechanisms.projects.terms import terms_in_force
from staveworks.mechanisms.projects.types import ContractStep, MilestoneVerdict, NotYet
from staveworks.trade.orders.queries import states_of
from staveworks.trade.orders.types import LineState
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part


@use_case
def order_milestones(actor: Actor, *, contract_id: UUID) -> int:
    """Put what isn't ordered, or fell through, into the order that the buyer is filling; how many lines.

    Raises ``RightMissing``, ``ContractNotFound``, ``OtherSide``, and what ``add_line`` raises.
    """
    actor.require("order.place")
    contract = contract_for(actor, contract_id, "buyer_org_id")
    lock("contract", contract.id)
    added = order_unordered(actor, contract)
    note(actor, "contract.ordered", contract, lines=len(added))
    return len(added)


@use_case
def confirm_contract(actor: Actor, *, contract_id: UUID) -> int:
    """The provider takes all of its lines that are placed; how many. Raises ``RightMissing``, ``ContractNotFound``, ``OtherSide``, ``Lapsed``."""
    actor.require("line.serve")
    contract = contract_for(actor, contract_id, "provider_org_id")
    placed = [line for line, state in lines_of(actor, contract).items() if state is LineState.PLACED]
    for line in sorted(placed):
        confirm_line(actor, line_id=line)
    note(actor, "contract.confirmed", contract, lines=len(placed))
    return len(placed)


@use_case
def deliver_milestone(
    actor: Actor, *, contract_id: UUID, place: int, text: str, files: Sequence[UUID] = ()
) -> int:
    """The number of the delivery. ``files``: of the provider's, which the buyer may read from now on.

    Raises ``RightMissing``, ``ContractNotFound``, ``OtherSide``, ``MilestoneNotFound``, ``ReasonMissing`` (at ``text``),
    ``FileNotFound``, ``NotYet``.
    """
    actor.require("line.serve")
    wording = check_reason(text, field="text")
    contract = contract_for(actor, contract_id, "provider_org_id")
    lock("contract", contract.id)
    milestone, step = where(actor, contract, place)
    if step not in {ContractStep.WORKING, ContractStep.RETURNED} or milestone.line_id is None:
        raise NotYet(step)
    kept = [access_file(actor, each, "line.serve") for each in dict.fromkeys(files)]
    number = (_deliveries(contract, place).aggregate(last=Max("number"))["last"] or 0) + 1
    Delivery(
        id=new_id(),
        contract=contract,
        buyer_org_id=contract.buyer_org_id,
        provider_org_id=actor.org,
        place=place,
        number=number,
        text=wording,
        files=[{"id": str(f.id), "name": f.name, "size": f.size, "sha256": f.sha256} for f in kept],
        delivered_by_id=actor.person_id,
        due_at=DatabaseClock() + terms_in_force().acceptance,
    ).save(force_insert=True)
    deliver_part(actor, line_id=milestone.line_id, text=wording[:1000], last=False)
    note(actor, "milestone.delivered", contract, place=place, number=number)
    return number


@use_case
def accept_milestone(actor: Actor, *, contract_id: UUID, place: int) -> None:
    """What was delivered stands, and its order line is accepted with it, whole.

    Raises ``RightMissing``, ``ContractNotFound``, ``OtherSide``, ``MilestoneNotFound``, ``NotYet``.
    """
    actor.require("order.place")
    contract = contract_for(actor, contract_id, "buyer_org_id")
    accept(actor, contract, place)


@use_case
def return_milestone(actor: Actor, *, contract_id: UUID, place: int, reason: str) -> None:
    """What was delivered isn't what was agreed; the provider reads why and delivers again. Before its time is over.

    Raises ``RightMissing``, ``ContractNotFound``, ``OtherSide``, ``MilestoneNotFound``, ``ReasonMissing``, ``NotYet``.
    """
    actor.require("order.place")
    wording = check_reason(reason)
    contract = contract_for(actor, contract_id, "buyer_org_id")
    lock("contract", contract.id)
    _, step = where(actor, contract, place)
    due = _deliveries(contract, place).filter(verdict="", due_at__gt=DatabaseClock())
    if not due.update(verdict=MilestoneVerdict.RETURNED, reason=wording, judged_by_id=actor.person_id):
        raise NotYet(step)
    note(actor, "milestone.returned", contract, place=place)


def accept(actor: Actor, contract: Contract, place: int, *, by_itself: bool = False) -> None:
    """In the buyer's transaction. Raises ``MilestoneNotFound``, ``NotYet``."""
    lock("contract", contract.id)
    milestone, step = where(actor, contract, place)
    waiting = _deliveries(contract, place).filter(verdict="")
    if milestone.line_id is None or not waiting.update(
        verdict=MilestoneVerdict.ACCEPTED, judged_by_id=None if by_itself else actor.person_id
    ):
        raise NotYet(step)
    state = states_of(actor, line_ids=[milestone.line_id]).get(milestone.line_id)
    if state in {
        LineState.CONFIRMED,
        LineState.IN_DELIVERY,
    }:  # else its provider handed it over for good already
        provider = operator_service_for(contract.provider_org_id)
        deliver_part(provider, line_id=milestone.line_id, text=milestone.title, last=True)
    if state not in {
        LineState.ACCEPTED,
        LineState.SETTLED,
    }:  # else its line was accepted on its own page, or by itself
        accept_line(actor, line_id=milestone.line_id)
    note(actor, "milestone.accepted", contract, place=place, by_itself=by_itself)


def where(actor: Actor, contract: Contract, place: int) -> tuple[Milestone, ContractStep]:
    """A milestone in force and how far it is. Raises ``MilestoneNotFound``."""
    milestone = milestone_at(contract, place)
    ids = [milestone.line_id] if milestone.line_id else []
    line = states_of(actor, line_ids=ids).get(milestone.line_id) if milestone.line_id else None
    deliveries = [delivery_of(each) for each in _deliveries(contract, place).order_by("number")]
    return milestone, step_of(line, deliveries)


def _deliveries(contract: Contract, place: int) -> QuerySet[Delivery]:
    return Delivery.objects.filter(contract=contract, place=place)
