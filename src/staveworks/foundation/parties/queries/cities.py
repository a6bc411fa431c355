"""Places of GB/T 2260."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from staveworks.foundation.parties.models import City
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class CityCard:
    """A place with the one above it: 柯桥区, 绍兴市."""

    code: str
    name: Text

    @property
    def label(self) -> Text:
        return Text(zh=f"{self.name.zh} {self.code}", en=f"{self.name.en} {self.code}")


def find_cities(text: str, *, limit: int = 12) -> list[CityCard]:
    """Prefectures and counties whose code begins with, or whose name contains ``text``; larger places first."""
    wanted = text.strip()
    if not wanted:
        return []
    match = Q(code__startswith=wanted) | Q(name_zh__contains=wanted) | Q(name_en__icontains=wanted)
    found = City.objects.filter(match).select_related("parent").order_by("level", "code")[:limit]
    return [_card(city) for city in found]


def access_city(code: str | None) -> CityCard | None:
    """The place with ``code``, if there is one."""
    found = City.objects.filter(code=code).select_related("parent").first() if code else None
    return _card(found) if found else None


def city_names(codes: Iterable[str | None]) -> dict[str, Text]:
    """Code → name; codes that are none are left out."""
    found = City.objects.filter(code__in={code for code in codes if code})
    return {code: Text(zh=zh, en=en) for code, zh, en in found.values_list("code", "name_zh", "name_en")}


def _card(city: City) -> CityCard:
    above = city.parent
    if above is None:
        return CityCard(city.code, Text(zh=city.name_zh, en=city.name_en))
    return CityCard(
        city.code, Text(zh=f"{above.name_zh}{city.name_zh}", en=f"{city.name_en}, {above.name_en}")
    )
