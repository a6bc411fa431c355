"""Rows as the room hands them out."""

from staveworks.trade.catalogue.documents import read_document
from staveworks.trade.catalogue.models import Version
from staveworks.trade.catalogue.types import OfferVersion


def version_of(row: Version) -> OfferVersion:
    return OfferVersion(
        id=row.id,
        offer_id=row.offer_id,
        number=row.number,
        provider_org=row.provider_org_id,
        content=read_document(row.content),
        published_at=row.published_at,
    )
