"""An offer of the actor's own organisation, locked: every change of an offer begins with its row."""

from uuid import UUID

from staveworks.foundation.parties.types import Actor
from staveworks.trade.catalogue.models import Offer
from staveworks.trade.catalogue.types import OfferNotFound


def lock_own(actor: Actor, offer_id: UUID) -> Offer:
    """Raises ``OfferNotFound``."""
    found = Offer.objects.select_for_update().filter(id=offer_id, provider_org_id=actor.org).first()
    if found is None:
        raise OfferNotFound
    return found
