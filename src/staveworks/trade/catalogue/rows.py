"""Rows as the room hands them out."""

import json
from functools import lru_cache

from staveworks.trade.catalogue.documents import read_document
from staveworks.trade.catalogue.models import Version
from staveworks.trade.catalogue.types import Content, OfferVersion


def version_of(row: Version) -> OfferVersion:
    return OfferVersion(
        id=row.id,
        offer_id=row.offer_id,
        number=row.number,
        provider_org=row.provider_org_id,
        content=_content(json.dumps(row.content)),
        published_at=row.published_at,
    )


@lru_cache(maxsize=1000)
def _content(said: str) -> Content:
    """What a version says never changes, and reading it checks every entry: each document is read once a process."""
    return read_document(json.loads(said))
