"""What is known of a firm and of what it may buy, now."""

from dataclasses import dataclass
from uuid import UUID

from staveworks.cluster.barrel.current import find_current
from staveworks.cluster.prescription.domain import digest_of, firm_document, offer_document, voucher_for
from staveworks.cluster.prescription.types import Document, NoBarrelYet, NothingNeeded, Service
from staveworks.cluster.programmes.queries import list_own_vouchers
from staveworks.cluster.programmes.types import Voucher
from staveworks.db.clock import database_today
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.trade.catalogue.offered import Offered, list_offered


@dataclass(frozen=True, slots=True)
class Gathered:
    """A basis that is perhaps not recorded yet. ``vouchers``: those that the firm holds, whether or not an offer takes them."""

    assessment_id: UUID
    document: Document
    horizon_days: int | None
    digest: str
    vouchers: tuple[Voucher, ...]


@query
def gather(actor: Actor, *, horizon_days: int | None, right: str = "prescription.read") -> Gathered:
    """Raises ``RightMissing``, ``NoBarrelYet``, ``NothingNeeded``."""
    actor.require(right)
    barrel = find_current(actor, right=right)
    if barrel is None:
        raise NoBarrelYet
    firm = firm_document(barrel.card, barrel.bearing)
    if not firm["planks"]:
        raise NothingNeeded
    vouchers = list_own_vouchers(actor, today=database_today(), right=right)
    offers = [
        _document(each, vouchers)
        for each in list_offered(actor, right=right)
        if horizon_days is None or each.lead_time_days <= horizon_days
    ]
    document = {"firm": firm, "offers": offers}
    digest = digest_of(document, horizon_days)
    return Gathered(barrel.card.assessment_id, document, horizon_days, digest, tuple(vouchers))


def _document(offered: Offered, vouchers: list[Voucher]) -> Document:
    return offer_document(
        Service(
            offered.version_id,
            offered.title,
            offered.provider,
            offered.city,
            offered.quantity,
            offered.orders,
        ),
        price_fen=offered.price_fen,
        effects=offered.effects,
        lead_time_days=offered.lead_time_days,
        voucher=voucher_for(offered.price_fen, offered.programmes, vouchers),
    )
