"""Which Chinese place a text names: GB/T 2260 code, how sure, and what of the text is left (the street)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from staveworks.foundation.rosters.normalising.english_city import find_english
from staveworks.foundation.rosters.normalising.regions import Region, Spot, register
from staveworks.kit.script import simplified
from staveworks.kit.text import Text

UNKNOWN = Text(zh="不认识这个地方。", en="This place is not known.")
ELSEWHERE = Text(
    zh="企业名称或地址里写的是别的地方，请核对。", en="Its name or address names another place: check it."
)
SEVERAL = Text(zh="有好几个地方叫这个名字：{names}。", en="Several places have this name: {names}.")


@dataclass(frozen=True, slots=True)
class Place:
    """``spots``: every reading of the text that fits it best; ``rest``: what follows the place names; ``full``: a kind
    (市, 区, 镇 …) was written, so that it is a place for sure."""

    spots: tuple[Spot, ...]
    rest: str
    full: bool


@dataclass(frozen=True, slots=True)
class CityGuess:
    """``code`` None if unknown or ambiguous, then ``reason`` says so. ``confidence`` 0–1, sure from 0.8."""

    code: str | None
    level: int
    confidence: float
    town: str = ""
    reason: Text | None = None


NOWHERE = Place((), "", False)


@lru_cache(maxsize=20_000)
def find_place(text: str) -> Place:
    """Read a place from the start of a Chinese text, level by level; else from where its first full name stands."""
    plain = re.sub(r"[\s,，、.。·]+", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"^(中华人民共和国|中国)", "", simplified(plain))
    place = _read(plain, anchored=True)
    if place.spots or not plain:
        return place
    for start in range(1, min(len(plain) - 1, 25)):
        place = _read(plain[start:], anchored=False)
        if place.spots:
            return place
    return Place((), plain, False)


def _read(text: str, *, anchored: bool) -> Place:
    """Take names from the left as long as each lies inside the last; unanchored, the first must be a full name."""
    spots: tuple[Spot, ...] = ()
    at, full = 0, False
    while at < len(text):
        step = _step(text[at:], spots, only_full=not anchored and not spots)
        if step is None:
            break
        spots, length, is_full = step
        full = full or is_full
        at += length
        if all(spot.town for spot in spots):
            break
    return Place(spots, text[at:], full)


def _step(
    text: str, inside: tuple[Spot, ...], *, only_full: bool
) -> tuple[tuple[Spot, ...], int, bool] | None:
    names = register().names
    for length in register().lengths.get(text[:2], ()):
        entries = names.get(text[:length])
        if not entries or length > len(text):
            continue
        for want_full in (True, False):
            fitting = tuple(
                spot
                for spot, is_full in entries
                if is_full is want_full and _fits(spot, inside, is_full or len(text) == length)
            )
            if fitting and (want_full or not only_full):
                return _shallow_first(fitting), length, want_full
    return None


def _fits(spot: Spot, inside: tuple[Spot, ...], sure: bool) -> bool:
    """Inside the place read so far, and deeper. A town by its bare name needs a county or the end of the text."""
    if not inside:
        return sure or not spot.town
    return any(
        not outer.town
        and outer.region.holds(spot.region)
        and (spot.region.code != outer.region.code or spot.town)
        and (sure or not spot.town or outer.region.level == 3)
        for outer in inside
    )


def _shallow_first(spots: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """A city and its county or town of the same name (吉林, 朝阳, 海南): the larger place is meant."""
    regions = tuple(spot for spot in spots if not spot.town)
    if not regions:
        return spots
    top = min(spot.region.level for spot in regions)
    return tuple(spot for spot in regions if spot.region.level == top)


def agree(first: Iterable[Spot], second: Iterable[Spot]) -> tuple[Spot, ...]:
    """The deeper of each pair of readings that lie in one another; empty if the two texts contradict each other."""
    found: dict[Spot, None] = {}
    for a in first:
        for b in second:
            if a.region.holds(b.region) and (
                not a.town or a.town == b.town or (a.region != b.region and not b.town)
            ):
                found[b if b.town or not a.town else Spot(b.region, a.town)] = None
            elif b.region.holds(a.region):
                found[a if a.town else Spot(a.region, b.town if a.region == b.region else "")] = None
    return tuple(found)


def find_city(text: str, *context: str) -> CityGuess:
    """The place that ``text`` names; ``context`` (address, firm name) decides between places of one name."""
    written = next((part for part in (text, *context) if part), "")
    if not re.search(r"[\u4e00-\u9fff]", written):
        return _guess_english(" , ".join((text, *context)))
    written_place = find_place(text)
    spots = written_place.spots
    if text and not spots:
        return CityGuess(None, 0, 0.0, reason=UNKNOWN)
    only_a_word = not written_place.full and all(spot.town for spot in spots)
    for other in context:
        place = find_place(other)
        if not spots and place.full:
            spots = place.spots
        elif spots and place.spots:
            both = agree(spots, place.spots)
            if (
                not both and only_a_word and place.full
            ):  # 火星 is a town somewhere, of a firm of 绍兴市 it is a slip
                return CityGuess(None, 0, 0.3, reason=ELSEWHERE)
            spots = both or spots
    return _guess(spots) if spots else _by_name(context)


def _by_name(context: Iterable[str]) -> CityGuess:
    """Nothing but the firm's name tells (绍兴金美亚纺织): a bare place name at its start, one place only."""
    for other in context:
        regions = {spot.region.code: spot.region for spot in find_place(other).spots if not spot.town}
        if len(regions) == 1:
            region = next(iter(regions.values()))
            return CityGuess(region.code, region.level, 0.6)
    return CityGuess(None, 0, 0.0, reason=UNKNOWN)


def _guess(spots: tuple[Spot, ...]) -> CityGuess:
    if not spots:
        return CityGuess(None, 0, 0.0, reason=UNKNOWN)
    regions = {spot.region.code: spot.region for spot in spots}
    if len(regions) == 1:
        region = spots[0].region
        return CityGuess(region.code, region.level, 0.95, spots[0].town if len(spots) == 1 else "")
    shared = _common(list(regions.values()))
    if shared and shared.level == 2:
        return CityGuess(shared.code, 2, 0.7)
    names = "、".join(full_name(region) for region in list(regions.values())[:4])
    return CityGuess(None, 0, 0.3, reason=SEVERAL.format(names=names))


def _guess_english(text: str) -> CityGuess:
    region, confidence = find_english(text)
    if region is None:
        return CityGuess(None, 0, 0.0, reason=UNKNOWN)
    return CityGuess(region.code, region.level, confidence)


def _common(regions: list[Region]) -> Region | None:
    shared = [code for code in regions[0].path if all(code in region.path for region in regions)]
    return register().regions[shared[-1]] if shared else None


def full_name(region: Region) -> str:
    """江苏省苏州市吴江区"""
    return "".join(register().regions[code].name for code in region.path)
