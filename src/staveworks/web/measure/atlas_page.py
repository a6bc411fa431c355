"""The map's page, for the operator (exact) and for every member (published): the same view models over an ``Atlas``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from staveworks.cluster.barrel.atlas.course import draw_trend
from staveworks.cluster.barrel.atlas.drawing import draw_map
from staveworks.cluster.barrel.atlas.spans import draw_span
from staveworks.cluster.barrel.atlas.types import Atlas, Choice, Line, Narrowed
from staveworks.kit.data import data_file
from staveworks.kit.planks import Register, load_register
from staveworks.kit.text import Text
from staveworks.web.language import current

PLACE = re.compile(r"[0-9]{6}")
CODE = re.compile(r"[A-Za-z0-9._-]{1,60}")
NOWHERE = "999999"
SHADES = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One place or trade as the page shows it. ``url``: one storey down, or to the firms; ``cells`` with their shade 0–5."""

    line: Line
    url: str
    span: SafeString
    cells: tuple[tuple[float | None, int, bool], ...]


def asked_place(request: HttpRequest) -> str:
    """The place as it stands in the address, to say which one is unknown."""
    return request.GET.get("place", "").strip()[:60]


def narrowed_by(request: HttpRequest) -> Narrowed:
    """Filters from the address; what no code can be is left out, but a place that can't be one is nowhere, not everywhere."""
    place, trade, size = (request.GET.get(name, "").strip() for name in ("place", "business_type", "size"))
    return Narrowed(
        place if not place or PLACE.fullmatch(place) else NOWHERE,
        trade if CODE.fullmatch(trade) else "",
        size if CODE.fullmatch(size) else "",
    )


def query_of(narrowed: Narrowed, **changed: str) -> str:
    """The address's query for these filters, some changed; ``""`` where none is left."""
    filters = {
        "place": narrowed.place,
        "business_type": narrowed.business_type,
        "size": narrowed.size,
    } | changed
    said = urlencode({name: value for name, value in filters.items() if value})
    return f"?{said}" if said else ""


def context_of(atlas: Atlas, page: str) -> dict[str, Any]:
    """Of the page whose address is named ``page``."""
    register, language, here = load_register(data_file("planks.yaml")), current(), reverse(page)

    def leads_to(line: Line) -> str:
        return _leads_to(atlas, here, line)

    planks = [register[code] for code in atlas.planks if code in register]
    return {
        "atlas": atlas,
        "page_url": here,
        "query": query_of(atlas.narrowed),
        "maps": [
            mark_safe(draw_map(atlas, language, register, size=size, leads_to=leads_to))  # noqa: S308
            for size in ("wide", "narrow")
            if any(line.spot for line in atlas.places)
        ],
        "courses": [
            mark_safe(draw_trend(atlas.trend, language, exact=atlas.exact, size=size))  # noqa: S308
            for size in ("wide", "narrow")
            if atlas.trend
        ],
        "places": [_row(atlas, line, leads_to(line), register) for line in atlas.places],
        "trades": [_row(atlas, line, _trade_url(atlas, here, line), register) for line in atlas.trades],
        "planks": planks,
        "crumbs": _crumbs(atlas, here),
        "chips": _chips(atlas, here),
        "district": atlas.trail[-1] if atlas.trail and len(atlas.trail) > 1 else None,
        "short": [register[code] for code in atlas.total.shortest if code in register] if atlas.total else [],
        "narrowed": any((atlas.narrowed.place, atlas.narrowed.business_type, atlas.narrowed.size)),
    }


def _leads_to(atlas: Atlas, here: str, line: Line) -> str:
    """A city to its districts, a district to itself or, for the operator, to its firms."""
    if atlas.exact and atlas.narrowed.place and line.key:
        return f"{reverse('firms')}?{urlencode(_firms_of(atlas, line.key))}"
    if not line.key:
        return f"{reverse('firms')}" if atlas.exact else here
    return here + query_of(atlas.narrowed, place=line.key)


def _firms_of(atlas: Atlas, place: str) -> dict[str, str]:
    found = {"city": place, "business_type": atlas.narrowed.business_type}
    return {name: value for name, value in found.items() if value}


def _trade_url(atlas: Atlas, here: str, line: Line) -> str:
    return here + query_of(atlas.narrowed, business_type=line.key)


def _row(atlas: Atlas, line: Line, url: str, register: Register) -> Row:
    cells = tuple(_cell(atlas, line, code) for code in atlas.planks if code in register)
    return Row(line, url, mark_safe(draw_span(line, current(), exact=atlas.exact)), cells)  # noqa: S308


def _cell(atlas: Atlas, line: Line, plank: str) -> tuple[float | None, int, bool]:
    """The figure, its shade (the more firms are held, or the lower the height, the darker), and whether it is too few."""
    value = line.cells.get(plank)
    if atlas.exact:
        firms = value or 0.0
        shade = min(SHADES, round(10 * firms / line.diagnosed)) if line.diagnosed else 0
        return firms, shade, firms < atlas.fewest
    if value is None:
        return None, 0, False
    return value, max(0, min(SHADES, round((80 - value) / 12))), False


def _crumbs(atlas: Atlas, here: str) -> list[tuple[Text, str]]:
    """From the whole cluster down to the place, each with its address."""
    top = (Text(zh="整个集群", en="Whole cluster"), here + query_of(atlas.narrowed, place=""))
    return [top, *((spot.name, here + query_of(atlas.narrowed, place=spot.code)) for spot in atlas.trail)]


def _chips(atlas: Atlas, here: str) -> list[tuple[Text, list[Mapping[str, Any]]]]:
    groups: list[tuple[str, Text, tuple[Choice, ...]]] = [
        ("business_type", Text(zh="业态", en="Trade"), atlas.trade_choices),
        ("size", Text(zh="规模", en="Size"), atlas.size_choices),
    ]
    return [
        (label, [_chip(atlas, here, name, choice) for choice in choices])
        for name, label, choices in groups
        if choices
    ]


def _chip(atlas: Atlas, here: str, name: str, choice: Choice) -> Mapping[str, Any]:
    chosen = getattr(atlas.narrowed, name) == choice.key
    url = here + query_of(atlas.narrowed, **{name: "" if chosen else choice.key})
    return {"label": choice.name, "url": url, "count": choice.firms, "current": chosen}
