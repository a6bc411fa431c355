"""The place that somebody means: a city or county by name or code, or a town, which leads to its district."""

from staveworks.foundation.parties.queries import CityCard, access_city, find_cities
from staveworks.foundation.rosters.normalising.city import find_city

SURE = 0.8


def cities_like(text: str, *, limit: int = 12) -> list[CityCard]:
    """Suggestions. What is no part of a city's name is read as lists of firms are: 盛泽 is a town of 吴江区."""
    found = find_cities(text, limit=limit)
    if found or not text.strip():
        return found
    guess = find_city(text)
    district = access_city(guess.code) if guess.confidence >= SURE else None
    return [district] if district else []
