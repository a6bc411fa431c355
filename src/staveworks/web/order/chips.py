"""The filters of the catalogue: what the address says, and chips with counts that change it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from staveworks.foundation.parties.models import City
from staveworks.kit.planks import Register
from staveworks.kit.text import Text
from staveworks.trade.catalogue.mechanisms import name_of
from staveworks.trade.catalogue.programmes import programmes
from staveworks.trade.catalogue.search import (
    ANYWHERE,
    BANDS,
    ON_REQUEST,
    WITHIN,
    Facet,
    Found,
    Order,
    Wanted,
)

MANY: dict[Facet, str] = {
    "plank": "planks",
    "mechanism": "mechanisms",
    "city": "cities",
    "price": "prices",
    "programme": "programmes",
}
"""Filters of which several values may hold at once → their names in ``Wanted``."""
LABELS: dict[Facet, Text] = {
    "plank": Text(zh="木板", en="Plank"),
    "city": Text(zh="城市", en="City"),
    "mechanism": Text(zh="怎么办", en="How"),
    "price": Text(zh="起步价", en="Smallest order"),
    "within": Text(zh="开始时间", en="Begins within"),
    "programme": Text(zh="可用补贴", en="Vouchers"),
}
EVERYWHERE = Text(zh="不限地点", en="Anywhere")
LONGEST, MOST = 100, 30


def wanted_of(query: QueryDict) -> Wanted:
    """What the address asks for; what it says wrongly it doesn't say."""
    many = {name: tuple(dict.fromkeys(_short(query.getlist(facet)))) for facet, name in MANY.items()}
    within = query.get("within", "")
    order = query.get("order", "")
    return Wanted(
        words=query.get("q", "").replace("\x00", "").strip()[:LONGEST],
        within_days=int(within) if within in map(str, WITHIN) else None,
        provider=_uuid(query.get("provider", "")),
        order=Order(order) if order in list(Order) else None,
        **many,
    )


def chip_lines(
    request: HttpRequest, found: Found, wanted: Wanted, register: Register
) -> list[dict[str, Any]]:
    """Each filter with a chip for each value that has an offer, or is chosen."""
    cities = City.objects.filter(code__in=[*found.counts["city"], *wanted.cities])
    names: dict[Facet, Mapping[str, Text]] = {
        "plank": {code: plank.name for code, plank in register.items()},
        "city": {city.code: Text(zh=city.name_zh, en=city.name_en) for city in cities.order_by("code")}
        | {ANYWHERE: EVERYWHERE},
        "mechanism": {
            code: name_of(code) for code in sorted({*found.counts["mechanism"], *wanted.mechanisms})
        },
        "price": {band.code: band_text(band.low_fen, band.high_fen) for band in BANDS}
        | {ON_REQUEST: Text(zh="按需报价", en="On request")},
        "within": {str(days): Text(zh="{n} 天内", en="{n} day|{n} days").format(n=days) for days in WITHIN},
        "programme": {code: each.name for code, each in programmes().items()},
    }
    return [
        {
            "facet": facet,
            "label": label,
            "chosen": bool(_chosen(wanted, facet)),
            "chips": list(_chips(request, facet, names[facet], found.counts[facet], _chosen(wanted, facet))),
        }
        for facet, label in LABELS.items()
    ]


def order_chips(request: HttpRequest, found: Found, *, fits: bool, searched: bool) -> list[dict[str, Any]]:
    """The orders that can be had."""
    impossible = {Order.FIT: not fits, Order.RELEVANCE: not searched}
    return [
        {
            "label": order.text,
            "url": _address(request, "order", [str(order)]),
            "count": None,
            "current": order is found.order,
        }
        for order in Order
        if not impossible.get(order)
    ]


def band_text(low_fen: int, high_fen: int | None) -> Text:
    low, high = low_fen // 100, (high_fen or 0) // 100
    if not low:
        return Text(zh=f"¥{high:,} 以下", en=f"below ¥{high:,}")
    if not high:
        return Text(zh=f"¥{low:,} 以上", en=f"¥{low:,} and more")
    return Text(zh=f"¥{low:,}–{high:,}", en=f"¥{low:,}–{high:,}")


def _chips(
    request: HttpRequest,
    facet: Facet,
    names: Mapping[str, Text],
    counts: Mapping[str, int],
    chosen: tuple[str, ...],
) -> Iterable[dict[str, Any]]:
    for value, name in names.items():
        current = value in chosen
        if not current and not counts.get(value):
            continue
        others = [each for each in chosen if each != value and facet != "within"]
        values = others if current else [*others, value]
        yield {
            "label": name,
            "value": value,
            "url": _address(request, facet, values),
            "count": counts.get(value, 0),
            "current": current,
        }


def _chosen(wanted: Wanted, facet: Facet) -> tuple[str, ...]:
    if facet == "within":
        return () if wanted.within_days is None else (str(wanted.within_days),)
    chosen: tuple[str, ...] = getattr(wanted, MANY[facet])
    return chosen


def _address(request: HttpRequest, key: str, values: list[str]) -> str:
    """The address of this page with other values for ``key``, from its first page on."""
    query = request.GET.copy()
    query.pop("page", None)
    query.setlist(key, values)
    return f"?{query.urlencode()}"


def _short(values: Iterable[str]) -> list[str]:
    return [value.replace("\x00", "")[:40] for value in values if value][:MOST]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
