"""How a published offer is found: its row in the listing, made from the version in the transaction that publishes it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from staveworks.foundation.parties.models import City, Organisation
from staveworks.kit.data import data_file
from staveworks.kit.planks import load_register
from staveworks.kit.text import Text
from staveworks.trade.catalogue.domain import price_from, price_of_effects
from staveworks.trade.catalogue.mechanisms import mechanism_of
from staveworks.trade.catalogue.models import ListedEffect, Listing
from staveworks.trade.catalogue.programmes import programmes
from staveworks.trade.catalogue.search.words import latin_words, terms_of
from staveworks.trade.catalogue.types import Content, OfferVersion

WEIGHTS = "ABCD"
"""Title; what is delivered; description, place and certificates; who, for which plank and programme."""
REWRITE = """
INSERT INTO catalogue_listing (offer_id, version_id, provider_org_id, mechanism, city_id, planks, programmes, price_from_fen, effects_fen,
    lead_time_days, next_free_at, published_at, words)
VALUES (%(offer)s, %(version)s, %(provider)s, %(mechanism)s, %(city)s, %(planks)s, %(programmes)s, %(price)s, %(effects)s,
    %(lead)s, %(free)s, %(published)s, {words})
ON CONFLICT (offer_id) DO UPDATE SET version_id = EXCLUDED.version_id, mechanism = EXCLUDED.mechanism, city_id = EXCLUDED.city_id,
    planks = EXCLUDED.planks, programmes = EXCLUDED.programmes, price_from_fen = EXCLUDED.price_from_fen, effects_fen = EXCLUDED.effects_fen,
    lead_time_days = EXCLUDED.lead_time_days, next_free_at = EXCLUDED.next_free_at, published_at = EXCLUDED.published_at,
    words = EXCLUDED.words
"""
WORDS = "setweight(to_tsvector('english', %(en{0})s) || %(zh{0})s::tsvector, '{1}')"


def list_offer(version: OfferVersion) -> None:
    """Put ``version`` into the listing in the place of the one before. In the provider's transaction."""
    content = version.content
    values: dict[str, Any] = {
        "offer": version.offer_id,
        "version": version.id,
        "provider": version.provider_org,
        "mechanism": content.mechanism,
        "city": content.city,
        "planks": list(content.planks),
        "programmes": list(content.programmes),
        "price": price_from(content.price),
        "effects": price_of_effects(content.price, content.effects_from),
        "lead": content.lead_time_days,
        "free": _next_free(version),
        "published": version.published_at,
    }
    texts = texts_of(content, _provider(version.provider_org), _city(content.city))
    for place, said in enumerate(texts):
        found = terms_of(said)
        values[f"en{place}"] = " ".join(found.latin)
        values[f"zh{place}"] = _vector((*found.chinese, *found.sounds))
    words = " || ".join(WORDS.format(place, weight) for place, weight in enumerate(WEIGHTS))
    with connection.cursor() as cursor:
        cursor.execute(REWRITE.format(words=words), values)
        cursor.execute(
            "INSERT INTO catalogue_word (word) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING",
            [sorted(latin_words(" ".join(texts)))],
        )
    ListedEffect.objects.filter(listing_id=version.offer_id).delete()
    ListedEffect.objects.bulk_create(
        ListedEffect(
            listing_id=version.offer_id,
            provider_org_id=version.provider_org,
            plank=effect.plank,
            **{effect.kind: effect.amount},
        )
        for effect in content.effects
    )


def unlist_offer(offer_id: UUID) -> None:
    """Take an offer out of the listing. In the provider's transaction."""
    ListedEffect.objects.filter(listing_id=offer_id).delete()
    Listing.objects.filter(offer_id=offer_id).delete()


def texts_of(content: Content, provider: Text, city: Text) -> tuple[str, str, str, str]:
    """What is indexed of an offer, by weight."""
    register, schemes = load_register(data_file("planks.yaml")), programmes()
    planks = [register[code] for code in content.planks if code in register]
    names = [schemes[code].name for code in content.programmes if code in schemes]
    held = [certificate.name for certificate in content.certificates]
    return (
        _both([content.title]),
        _both(content.delivers),
        _both([content.text, content.service_level, city, *held]),
        _both([provider, *names, *(plank.name for plank in planks)]),
    )


def _both(texts: Iterable[Text]) -> str:
    return "\n".join(wording for text in texts for wording in (text.zh, text.en))


def _vector(terms: Iterable[str]) -> str:
    """A tsvector's text. Terms hold letters, digits and Chinese characters only; without a place they could have no weight."""
    return " ".join(f"'{term}':{place}" for place, term in enumerate(terms, 1))


def _provider(org_id: UUID) -> Text:
    name, name_en = Organisation.objects.filter(id=org_id).values_list("name", "name_en").get()
    return Text(zh=name, en=name_en)


def _city(code: str | None) -> Text:
    if code is None:
        return Text(zh="", en="")
    zh, en = City.objects.filter(code=code).values_list("name_zh", "name_en").get()
    return Text(zh=zh, en=en)


def _next_free(version: OfferVersion) -> datetime | None:
    free: Mapping[UUID, datetime | None] = mechanism_of(version.content.mechanism).next_free([version])
    return free.get(version.offer_id)
