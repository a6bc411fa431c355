"""One search: one statement that narrows, counts each filter with the others as they are, and gives a page in order."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from staveworks.db.transaction import query
from staveworks.engine.prescription import Problem
from staveworks.foundation.parties.models import City, Organisation
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.kit.text import Text
from staveworks.trade.catalogue.domain import group_of, price_from, price_of_effects
from staveworks.trade.catalogue.models import Version
from staveworks.trade.catalogue.rows import version_of
from staveworks.trade.catalogue.search.fit import FIT, alone, fit_of
from staveworks.trade.catalogue.search.lexicon import Index
from staveworks.trade.catalogue.search.synonyms import synonyms
from staveworks.trade.catalogue.search.types import (
    ANYWHERE,
    BANDS,
    ON_REQUEST,
    WITHIN,
    Facet,
    Found,
    OfferCard,
    Order,
    Wanted,
)
from staveworks.trade.catalogue.search.understanding import Understood, understand

FILTERS: dict[Facet, str] = {
    "plank": "l.planks && %(planks)s::varchar[]",
    "mechanism": "l.mechanism = ANY (%(mechanisms)s)",
    "city": "coalesce(l.city_id, %(anywhere)s) = ANY (%(cities)s)",
    "price": "{band} = ANY (%(prices)s)",
    "within": "{days} <= %(within)s",
    "programme": "l.programmes && %(programmes)s::varchar[]",
}
DAYS = """CASE WHEN l.next_free_at IS NULL THEN l.lead_time_days
    ELSE greatest(0, ceil(extract(epoch FROM l.next_free_at - now()) / 86400))::int END"""
BAND = "CASE WHEN l.price_from_fen IS NULL THEN '{request}' {whens} END".format(
    request=ON_REQUEST,
    whens=" ".join(
        f"WHEN l.price_from_fen < {band.high_fen} THEN '{band.code}'"
        if band.high_fen
        else f"ELSE '{band.code}'"
        for band in BANDS
    ),
)
COLUMNS: dict[Facet, str] = {"mechanism": "mechanism", "city": "city", "price": "band", "within": "days"}
LISTS: dict[Facet, str] = {"plank": "planks", "programme": "programmes"}
"""What of an offer each filter is about: one value, or several."""
DISTANCE = """CASE WHEN l.city_id IS NULL THEN 0 ELSE 6371 * 2 * asin(sqrt(
    power(sin(radians(c.latitude - %(latitude)s) / 2), 2) + cos(radians(%(latitude)s)) * cos(radians(c.latitude))
    * power(sin(radians(c.longitude - %(longitude)s) / 2), 2))) END"""
COST = "(k.effects_fen + (k.effects_fen = 0)::int)"
"""What a lift is divided by, what it costs until it is had: what is free costs a fen, what is on request has no figure (``greatest``
would make one of it)."""
ORDERS = {
    Order.RELEVANCE: "k.rank DESC, k.published_at DESC, k.offer_id",
    Order.FIT: (
        f"(coalesce(f.lift, 0) > 0) DESC, CASE WHEN f.lift > 0 THEN f.lift / {COST} END DESC NULLS LAST, "
        f"(coalesce(f.fills, 0) > 0) DESC, CASE WHEN f.fills > 0 THEN f.fills / {COST} END DESC NULLS LAST, "
        "k.published_at DESC, k.offer_id"
    ),
    Order.PRICE: "k.price_from_fen NULLS LAST, k.days, k.offer_id",
    Order.SOONEST: "k.days, k.price_from_fen NULLS LAST, k.offer_id",
    Order.DISTANCE: "k.distance NULLS LAST, k.days, k.offer_id",
    Order.NEWEST: "k.published_at DESC, k.offer_id",
}


@query
def search_offers(
    actor: Actor, wanted: Wanted, *, barrel: Problem | None = None, offset: int = 0, limit: int = 20
) -> Found:
    """What is published and fits. ``barrel``: the searcher's own, without offers; without one nothing is ordered by fit.

    Raises ``RightMissing``.
    """
    actor.require("offer.read")
    index = Index()
    understood = understand(wanted.words, index, synonyms())
    expression, relaxed = _matched(understood, index)
    order = _order(wanted, barrel, bool(expression))
    member, home = _home(actor)
    values = _values(wanted, expression, home) | {"offset": offset, "limit": limit}
    if barrel is not None:
        values |= fit_of(barrel)
    statement = _statement(wanted, expression, order, fits=barrel is not None)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows, counts = (json.loads(each) if isinstance(each, str) else each for each in cursor.fetchone())
    counted = _counted(counts or [])
    return Found(
        cards=_cards(rows or [], member=member, home=home, barrel=barrel),
        total=sum(counted.pop("total", {}).values()),  # type: ignore[call-overload]
        counts=counted,
        order=order,
        corrected=understood.corrected,
        relaxed=relaxed,
    )


def _matched(understood: Understood, index: Index) -> tuple[str, bool]:
    """The expression with all words; with as many as any offer has, where none has all."""
    if not understood.groups or index.has(understood.expression):
        return understood.expression, False
    for count in range(len(understood.groups) - 1, 0, -1):
        fewer = understood.some_of(count)
        if index.has(fewer):
            return fewer, True
    return understood.expression, False


def _order(wanted: Wanted, barrel: Problem | None, searched: bool) -> Order:
    """The order asked for where it can be had; else the best match, the fit, the newest."""
    impossible = {Order.FIT: barrel is None, Order.RELEVANCE: not searched}
    if wanted.order and not impossible.get(wanted.order):
        return wanted.order
    if searched:
        return Order.RELEVANCE
    return Order.NEWEST if barrel is None else Order.FIT


def _home(actor: Actor) -> tuple[bool, str | None]:
    claimed, city = Organisation.objects.filter(id=actor.org).values_list("claimed_at", "city_id").get()
    return claimed is not None, city


def _values(wanted: Wanted, expression: str, home: str | None) -> dict[str, Any]:
    place = City.objects.filter(code=home).values_list("latitude", "longitude").first() if home else None
    return {
        "words": expression,
        "planks": list(wanted.planks),
        "mechanisms": list(wanted.mechanisms),
        "cities": list(wanted.cities),
        "prices": list(wanted.prices),
        "within": wanted.within_days,
        "programmes": list(wanted.programmes),
        "provider": wanted.provider,
        "anywhere": ANYWHERE,
        "latitude": place[0] if place else None,
        "longitude": place[1] if place else None,
    }


def _statement(wanted: Wanted, expression: str, order: Order, *, fits: bool) -> str:
    asked: dict[Facet, object] = {
        "plank": wanted.planks,
        "mechanism": wanted.mechanisms,
        "city": wanted.cities,
        "price": wanted.prices,
        "within": wanted.within_days,
        "programme": wanted.programmes,
    }
    active = [facet for facet, value in asked.items() if value not in ((), None)]
    flags = "".join(f", ({FILTERS[facet].format(band=BAND, days=DAYS)}) AS keeps_{facet}" for facet in active)
    conditions = [
        *(["l.words @@ %(words)s::tsquery"] if expression else []),
        *(["l.provider_org_id = %(provider)s"] if wanted.provider else []),
    ]
    return f"""
    WITH base AS MATERIALIZED (
        SELECT l.offer_id, l.planks, l.mechanism, coalesce(l.city_id, %(anywhere)s) AS city, l.programmes,
            l.price_from_fen, coalesce(l.effects_fen, l.price_from_fen) AS effects_fen, l.published_at, {BAND} AS band, {DAYS} AS days,
            {"ts_rank(l.words, %(words)s::tsquery)" if order is Order.RELEVANCE else "0"} AS rank,
            {DISTANCE if order is Order.DISTANCE else "NULL::float8"} AS distance{flags}
        FROM catalogue_listing l {"LEFT JOIN parties_city c ON c.code = l.city_id" if order is Order.DISTANCE else ""}
        {"WHERE " + " AND ".join(conditions) if conditions else ""}
    ),
    kept AS (SELECT * FROM base {_where(active)}),
    {FIT + "," if fits and order is Order.FIT else ""}
    page AS (SELECT row_number() OVER () AS place, p.* FROM (
        SELECT k.offer_id, k.distance FROM kept k {"LEFT JOIN fit f USING (offer_id)" if fits and order is Order.FIT else ""}
        ORDER BY {ORDERS[order]} OFFSET %(offset)s LIMIT %(limit)s
    ) p),
    shown AS (
        SELECT l.version_id, l.next_free_at, p.distance FROM page p JOIN catalogue_listing l USING (offer_id) ORDER BY p.place
    )
    SELECT (SELECT json_agg(shown) FROM shown), (SELECT json_agg(counted) FROM (
        {" UNION ALL ".join(_counting(active))}) counted)
    """


def _counting(active: list[Facet]) -> Iterator[str]:
    """Rows (facet, value, count). Filters that aren't set all count what is kept: one pass over it, the total with them."""
    still = [facet for facet in COLUMNS if facet not in active]
    columns = [COLUMNS[facet] for facet in still]
    names = "".join(f"WHEN grouping({COLUMNS[facet]}) = 0 THEN '{facet}' " for facet in still)
    values = ", ".join([*(f"{column}::text" for column in columns), "''"])
    sets = ", ".join([*(f"({column})" for column in columns), "()"])
    facet_name = f"CASE {names}ELSE 'total' END" if names else "'total'"
    yield (
        f"SELECT {facet_name} AS facet, coalesce({values}) AS value, count(*) FROM kept GROUP BY GROUPING SETS ({sets})"
    )
    for facet, column in COLUMNS.items():
        if facet in active:
            yield f"SELECT '{facet}', {column}::text, count(*) FROM base {_others(facet, active)} GROUP BY {column}"
    for facet, column in LISTS.items():
        listed = f"SELECT unnest({column}) AS value FROM base {_others(facet, active)}"
        yield f"SELECT '{facet}', value, count(*) FROM ({listed}) v GROUP BY value"


def _others(facet: Facet, active: list[Facet]) -> str:
    return _where([other for other in active if other != facet])


def _where(active: list[Facet]) -> str:
    return "WHERE " + " AND ".join(f"keeps_{facet}" for facet in active) if active else ""


def _counted(rows: list[dict[str, Any]]) -> dict[Facet, dict[str, int]]:
    """By filter. Days are counted up to each that one may filter by."""
    counted: dict[Facet, dict[str, int]] = {facet: {} for facet in FILTERS}
    for row in rows:
        counted.setdefault(row["facet"], {})[row["value"]] = row["count"]
    by_days = {int(days): count for days, count in counted["within"].items()}
    within = {str(most): sum(n for days, n in by_days.items() if days <= most) for most in WITHIN}
    return counted | {"within": {days: count for days, count in within.items() if count}}


def _cards(
    rows: list[dict[str, Any]], *, member: bool, home: str | None, barrel: Problem | None
) -> tuple[OfferCard, ...]:
    ids = [UUID(row["version_id"]) for row in rows]
    found = Version.objects.select_related("city", "provider_org").in_bulk(ids)
    return tuple(
        _card(found[each], row, member=member, home=home, barrel=barrel)
        for each, row in zip(ids, rows, strict=True)
    )


def _card(
    row: Version, placed: Mapping[str, Any], *, member: bool, home: str | None, barrel: Problem | None
) -> OfferCard:
    content = version_of(row).content
    group = group_of(content.city, member=member, home=home)
    ratio = content.ratio_for(group)
    lift, fills = alone(barrel, content.effects) if barrel else (None, None)
    free = placed["next_free_at"]
    return OfferCard(
        id=row.offer_id,
        version_id=row.id,
        title=content.title,
        provider_org=row.provider_org_id,
        provider=title_of(row.provider_org.name, row.provider_org.name_en),
        mechanism=content.mechanism,
        planks=content.planks,
        effects=content.effects,
        city=content.city,
        city_name=Text(zh=row.city.name_zh, en=row.city.name_en) if row.city else None,
        price=content.price,
        group=group,
        ratio=ratio,
        from_fen=None if ratio is None else price_from(content.price, ratio),
        effects_from=content.effects_from,
        effects_fen=None if ratio is None else price_of_effects(content.price, content.effects_from, ratio),
        lead_time_days=content.lead_time_days,
        next_free_at=datetime.fromisoformat(free) if free else None,
        programmes=content.programmes,
        lift=lift,
        fills=fills,
        distance_km=placed["distance"],
    )
