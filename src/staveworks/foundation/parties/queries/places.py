"""Reads of places: the divisions of GB/T 2260."""

from collections.abc import Sequence
from dataclasses import dataclass

from staveworks.foundation.parties.models import City
from staveworks.kit.errors import NotFound
from staveworks.kit.text import Text


class CityNotFound(NotFound):
    text = Text(zh="没有这个行政区划代码。", en="There is no division of this code.")


@dataclass(frozen=True, slots=True)
class Place:
    """``level``: 1 province, 2 prefecture, 3 county; coordinates in degrees (WGS 84)."""

    code: str
    level: int
    parent: str | None
    name: Text
    latitude: float | None
    longitude: float | None


def list_places(
    *, level: int | None = None, parent: str | None = None, text: str = "", after: str = "", limit: int = 50
) -> Sequence[Place]:
    """Places by code, from the one after ``after`` on, at most ``limit``; ``text`` is part of either name."""
    found = City.objects.order_by("code").filter(code__gt=after)
    if level is not None:
        found = found.filter(level=level)
    if parent is not None:
        found = found.filter(parent_id=parent)
    if text:
        found = found.filter(name_zh__contains=text) | found.filter(name_en__icontains=text)
    return [_place(city) for city in found[:limit]]


def access_place(code: str) -> Place:
    """Raises ``CityNotFound``."""
    city = City.objects.filter(code=code).first()
    if city is None:
        raise CityNotFound
    return _place(city)


def _place(city: City) -> Place:
    name = Text(zh=city.name_zh, en=city.name_en)
    return Place(city.code, city.level, city.parent_id, name, city.latitude, city.longitude)
