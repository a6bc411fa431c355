"""Between a contract and trade/orders: every milestone is an order line, so that it is placed, paid and disputed as one."""

from collections.abc import Mapping
from uuid import UUID

from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.projects.finding import agreed
from staveworks.mechanisms.projects.models import Contract, Milestone
from staveworks.mechanisms.projects.types import ContractStep, NotYet
from staveworks.trade.catalogue.mechanisms import OF_A_CONTRACT
from staveworks.trade.catalogue.queries import access_offer
from staveworks.trade.catalogue.types import OfferNotPublished
from staveworks.trade.orders.pricing import as_reader
from staveworks.trade.orders.queries import access_line, states_of
from staveworks.trade.orders.types import FELL_AWAY, LineState
from staveworks.trade.orders.usecases.end_line import release_line as release
from staveworks.trade.orders.usecases.fill_order import (
    add_line,
    remove_line,
    start_order,
)


def lines_of(actor: Actor, contract: Contract) -> Mapping[UUID, LineState]:
    """The state of each order line of the contract's milestones that there is, for either side."""
    ids = [each.line_id for each in agreed(contract).values() if each.line_id]
    return states_of(actor, line_ids=ids)


def order_unordered(buyer: Actor, contract: Contract) -> list[UUID]:
    """Put every milestone without a living order line into the order that the buyer is filling; the lines.

    Raises what ``add_line`` raises.
    """
    states = lines_of(buyer, contract)
    missing = [
        each
        for each in agreed(contract).values()
        if each.line_id is None or states.get(each.line_id) in {None, *FELL_AWAY}
    ]
    return [put_into_order(buyer, contract, each) for each in missing]


def order_of(buyer: Actor, contract: Contract) -> UUID:
    """A draft for what a change brings: the one in which the contract's milestones stand, else a new one of its own. What the
    buyer collects for something else isn't held or placed with it."""
    drafted = [line for line, state in lines_of(buyer, contract).items() if state is LineState.DRAFT]
    if drafted:
        return access_line(buyer, line_id=drafted[0]).order_id
    return start_order(buyer, note=contract.request.title)


def put_into_order(
    buyer: Actor, contract: Contract, milestone: Milestone, *, order_id: UUID | None = None
) -> UUID:
    """Into ``order_id``, else the order that the buyer is filling. Raises what ``add_line`` raises."""
    offer = access_offer(as_reader(buyer), offer_id=contract.offer_id)
    if offer.version is None:
        raise OfferNotPublished
    added = add_line(
        buyer, version_id=offer.version.id, request={OF_A_CONTRACT: str(milestone.id)}, order_id=order_id
    )
    Milestone.objects.filter(id=milestone.id).update(line_id=added.line_id)
    return added.line_id


def fell_through(buyer: Actor, contract: Contract) -> bool:
    """Whether nothing of the contract's order is alive; what is only drafted is taken out of the order."""
    states = lines_of(buyer, contract)
    if any(state not in {LineState.DRAFT, *FELL_AWAY} for state in states.values()):
        return False
    for line, state in states.items():
        if state is LineState.DRAFT:
            remove_line(buyer, line_id=line)
    return True


def release_line(contract: Contract, line: UUID, state: LineState | None, buyer: Actor) -> None:
    """A line makes room for another as both have signed; nobody owes anything for it. Raises ``NotYet``."""
    match state:
        case None:
            return
        case LineState.DRAFT:
            remove_line(buyer, line_id=line)
        case LineState.PLACED | LineState.CONFIRMED | LineState.IN_DELIVERY:
            release(buyer, operator_service_for(contract.provider_org_id), line_id=line)
        case _ if state not in FELL_AWAY:
            raise NotYet(ContractStep.DELIVERED)


def acting_buyer(actor: Actor, contract: Contract) -> Actor:
    """Whoever fills the buyer's order: the actor, or, where the provider signed last, the operator's service for the buyer."""
    return actor if actor.org == contract.buyer_org_id else operator_service_for(contract.buyer_org_id)
