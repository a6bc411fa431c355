"""Places: provinces, prefectures and counties by their GB/T 2260 code."""

from typing import Annotated

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import PUBLIC, Resource
from staveworks.api.pagination import Page, Paging, page, position
from staveworks.api.shapes import In, Out, Words
from staveworks.foundation.parties.queries.places import Place, access_place, list_places
from staveworks.kit.text import Text

router = Resource("places")
Code = Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class CityOut(Out):
    """``level``: 1 province, 2 prefecture, 3 county; coordinates in degrees (WGS 84)."""

    code: str
    level: int
    parent: str | None
    name: Words
    latitude: float | None
    longitude: float | None


class CityFilter(In):
    level: Annotated[int, Field(ge=1, le=3)] | None = None
    parent: Code | None = None
    name: Annotated[str, Field(max_length=60, description="Part of either name.")] = ""


def show(place: Place) -> CityOut:
    return CityOut(
        code=place.code,
        level=place.level,
        parent=place.parent,
        name=Words.of(place.name),
        latitude=place.latitude,
        longitude=place.longitude,
    )


@router.read("", says=Text(zh="列出行政区划", en="List cities"), door=PUBLIC, answer=Page[CityOut])
def list_cities(request: Call, filter: Query[CityFilter], paging: Query[Paging]) -> Page[CityOut]:
    """Provinces, prefectures and counties by code."""
    after = position(paging, "cities")
    found = list_places(
        level=filter.level,
        parent=filter.parent,
        text=filter.name,
        after=after[0] if after else "",
        limit=paging.limit + 1,
    )
    return page(found, paging=paging, listing="cities", key=lambda place: (place.code,), show=show)


@router.read("/{city}", says=Text(zh="查看行政区划", en="Get a city"), door=PUBLIC, answer=CityOut)
def get_city(request: Call, city: str) -> CityOut:
    """One place by its code."""
    return show(access_place(city))
