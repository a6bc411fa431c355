"""Accept a prescription: what it chose goes into the firm's order draft."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from staveworks.cluster.prescription.queries import access_prescription
from staveworks.cluster.prescription.types import Service
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import Invalid, Refused
from staveworks.kit.text import Text
from staveworks.trade.orders.queries import access_order, current_draft
from staveworks.trade.orders.usecases.fill_order import add_line, take_turn

FILLING = {"order.read", "order.place"}
"""What filling the draft takes; to order what is in it somebody needs ``order.place`` of her own."""
ASKS = Text(
    zh="下单前要先选时间或填写要求。", en="It asks for a time, or for more, before it can be ordered."
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """``order_id``: the draft, None where nothing could be put in. ``left``: what has to be asked for by its own form (``ASKS``), or can't
    be had any more, with the reason."""

    order_id: UUID | None
    added: int
    left: tuple[tuple[Service, Text], ...]


def _request(service: Service) -> dict[str, Any]:
    """So much as the effects were counted on from; the smallest order where nothing is said."""
    if service.quantity is None:
        return {}
    whole = service.quantity == int(service.quantity)
    return {"quantity": int(service.quantity) if whole else str(service.quantity)}


@use_case
def accept_prescription(actor: Actor, *, prescription_id: UUID) -> Accepted:
    """What stands in the draft already isn't put in twice, nor by two who accept at once.

    Raises ``RightMissing``, ``PrescriptionNotFound``.
    """
    actor.require("prescription.accept")
    view = access_prescription(actor, prescription_id=prescription_id, right="prescription.accept")
    buyer = replace(actor, rights=actor.rights | FILLING)
    take_turn(buyer)
    draft = current_draft(buyer)
    there = {line.version_id for line in access_order(buyer, order_id=draft.id).lines} if draft else set()
    order_id, added, left = draft.id if draft else None, 0, []
    for each in view.chosen:
        service = view.services[each.offer.id]
        if service.version_id in there:
            continue
        try:
            order_id = add_line(
                buyer, version_id=service.version_id, request=_request(service), order_id=order_id
            ).order_id
            added += 1
        except Invalid:
            left.append((service, ASKS))
        except Refused as why:
            left.append((service, why.text))
    if added:
        append_event(actor, "prescription.accepted", subject=view.id, order=order_id, lines=added)
    return Accepted(order_id, added, tuple(left))
