"""Which cities the desk's firms are in, to narrow by."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest

from staveworks.db.transaction import query
from staveworks.foundation.outreach.segments import unclaimed
from staveworks.foundation.parties.firm_queries import city_names
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text


def city_of(request: HttpRequest) -> str:
    """The code of the city asked for, or nothing."""
    asked = request.GET.get("city", "")
    return asked if len(asked) == 6 and asked.isdigit() and asked.isascii() else ""


@query
def city_options(actor: Actor) -> list[tuple[str, Text, int]]:
    """(code, name, unclaimed firms), the largest first."""
    found = unclaimed(actor).order_by().exclude(city=None).values("city_id").annotate(n=Count("id"))
    return named_cities(actor, {row["city_id"]: row["n"] for row in found})


@query
def named_cities(_: Actor, counts: dict[str, int]) -> list[tuple[str, Text, int]]:
    """(code, name, firms) of each code, the largest first."""
    names = city_names(counts)
    return sorted(
        ((code, names[code], n) for code, n in counts.items() if code in names), key=lambda each: -each[2]
    )


def city_chips(request: HttpRequest, cities: list[tuple[str, Text, int]]) -> list[dict[str, Any]]:
    """The cities as chips; a second tap takes the condition away."""
    asked, rest = city_of(request), {k: v for k, v in request.GET.items() if k not in ("city", "page")}
    return [
        {
            "label": name,
            "count": n,
            "current": code == asked,
            "url": f"?{urlencode(rest if code == asked else {**rest, 'city': code})}",
        }
        for code, name, n in cities
    ]
