"""The ground of the map: places with coordinates, and what lies around them to find one's way by."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from staveworks.cluster.barrel.atlas.frame import Frame, frame_of
from staveworks.cluster.barrel.atlas.types import Ground, Spot
from staveworks.foundation.parties.models import City
from staveworks.kit.text import Text

CITY, COUNTY = 2, 3
WIDE, CLOSE = 8.0, 1.6
"""Degrees of longitude: over ``WIDE`` the capitals of provinces name the ground, below ``CLOSE`` the districts."""

CAPITALS = "0100"
"""How the code of a province's capital ends; the four municipalities are provinces themselves."""


def spots_of(codes: Iterable[str]) -> dict[str, Spot]:
    return {city.code: spot_of(city) for city in City.objects.filter(code__in=list(codes))}


def spot_of(city: City) -> Spot:
    name = Text(zh=city.name_zh, en=city.name_en)
    return Spot(city.code, city.level, name, city.latitude, city.longitude, city.parent_id or "")


def trail_of(place: str) -> tuple[Spot, ...]:
    """The city, and the district where one is asked for; empty for the whole cluster or an unknown code."""
    found = City.objects.filter(code=place).select_related("parent").first() if place else None
    if found is None:
        return ()
    above = [found.parent] if found.level == COUNTY and found.parent else []
    return tuple(spot_of(city) for city in (*above, found))


def around(spots: Sequence[Spot]) -> Ground:
    """County seats and some names inside the frame of ``spots``, without these."""
    frame = frame_of(spots)
    return _ground(frame, frozenset(spot.code for spot in spots)) if frame else Ground()


@lru_cache(maxsize=64)
def _ground(frame: Frame, shown: frozenset[str]) -> Ground:
    """Kept: places come with a migration, before any process that shows them starts."""
    seats = City.objects.filter(level=COUNTY, **_within(frame)).order_by("code")
    points = [
        (latitude, longitude)
        for latitude, longitude in seats.values_list("latitude", "longitude")
        if latitude is not None and longitude is not None
    ]
    return Ground(tuple(points), _names(frame, shown))


def _within(frame: Frame) -> dict[str, tuple[float, float]]:
    return {
        "latitude__range": (frame.south, frame.north),
        "longitude__range": (frame.west, frame.east),
    }


def _names(frame: Frame, shown: frozenset[str]) -> tuple[Spot, ...]:
    span = frame.east - frame.west
    found = City.objects.filter(**_within(frame)).exclude(code__in=shown).order_by("code")
    if span > WIDE:
        named = [city for city in found.filter(level__lt=COUNTY) if _is_capital(city)]
    else:
        named = list(found.filter(level=COUNTY if span < CLOSE else CITY))
    return tuple(spot_of(city) for city in named)


def _is_capital(city: City) -> bool:
    return city.code.endswith(CAPITALS) or (city.level == 1 and city.code[:2] in {"11", "12", "31", "50"})
