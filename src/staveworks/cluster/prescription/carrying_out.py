"""How far a prescription is carried out: what of it is ordered or in the draft, what still has to be asked for."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from staveworks.cluster.prescription.domain import prices_of, services_of
from staveworks.cluster.prescription.models import Prescription
from staveworks.cluster.prescription.types import PrescriptionView, Progress, Service, Standing
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.trade.catalogue.mechanisms import mechanism_of
from staveworks.trade.catalogue.queries import list_versions
from staveworks.trade.catalogue.types import MechanismUnknown, OfferVersion
from staveworks.trade.orders.queries import orders_with
from staveworks.trade.orders.types import LineState, Placed


@query
def progress_of(actor: Actor, view: PrescriptionView) -> tuple[Progress, ...]:
    """Of each chosen service, in their order; nothing for who may not see orders and offers."""
    chosen = [(view.services[each.offer.id], each.offer.price_fen) for each in view.chosen]
    return _progress(actor, chosen, view.made_at) if _may_see(actor) else ()


@query
def list_left(actor: Actor, *, order_id: UUID) -> tuple[Progress, ...]:
    """What the firm's newest prescription chose and isn't ordered yet, where some of it is in the draft ``order_id``."""
    if not (actor.may("prescription.read") and _may_see(actor)):
        return ()
    row = (
        Prescription.objects.filter(org_id=actor.org)
        .select_related("basis")
        .order_by("-made_at", "-id")
        .first()
    )
    if row is None:
        return ()
    services, prices = services_of(row.basis.document), prices_of(row.basis.document)
    found = _progress(actor, [(services[code], prices[code]) for code in row.result["chosen"]], row.made_at)
    if not any(each.order_id == order_id for each in found):
        return ()
    return tuple(each for each in found if each.left)


def _may_see(actor: Actor) -> bool:
    return actor.may("order.read") and actor.may("offer.read")


def _progress(actor: Actor, services: Iterable[tuple[Service, int]], since: datetime) -> tuple[Progress, ...]:
    chosen = list(services)
    ids = [each.version_id for each, _ in chosen]
    versions, placed = (
        list_versions(actor, version_ids=ids),
        orders_with(actor, version_ids=ids, since=since),
    )
    return tuple(
        _one(each, price_fen, versions[each.version_id], placed.get(each.version_id))
        for each, price_fen in chosen
    )


def _one(service: Service, price_fen: int, version: OfferVersion, placed: Placed | None) -> Progress:
    if placed:
        standing = Standing.DRAFTED if placed.state is LineState.DRAFT else Standing.ORDERED
        return Progress(service, version.offer_id, standing, placed.order_id, price_fen)
    return Progress(service, version.offer_id, _asks(version), None, price_fen)


def _asks(version: OfferVersion) -> Standing:
    """Whether it can be put in by its name, or its form has to be filled in first."""
    try:
        mechanism = mechanism_of(version.content.mechanism)
    except MechanismUnknown:
        return Standing.TO_ADD
    if not mechanism.asks(version):
        return Standing.TO_ADD
    return Standing.TO_BOOK if mechanism.has_calendar else Standing.TO_FILL_IN
