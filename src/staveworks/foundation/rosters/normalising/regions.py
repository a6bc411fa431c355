"""The register of Chinese places in memory: by code, by Chinese name, by pinyin, with towns."""

import csv
import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from staveworks.foundation.rosters.normalising.country import folded
from staveworks.kit.data import data_file

_KINDS = re.compile(
    r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|林区|特区|地区|盟|省|市|区|县|旗)$"
)
_TOWN_KINDS = re.compile(r"(民族乡|街道办事处|街道|地区|镇|乡|苏木)$")


@dataclass(frozen=True, slots=True)
class Region:
    """``level`` 1 province, 2 prefecture, 3 county; ``path`` holds the codes from the province down to itself."""

    code: str
    level: int
    name: str
    english: str
    path: tuple[str, ...]

    def holds(self, other: "Region") -> bool:
        return self.code in other.path


@dataclass(frozen=True, slots=True)
class Spot:
    """A region and, where known, the town in it (the full name, such as 盛泽镇)."""

    region: Region
    town: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """``names``: Chinese full names and stems → (spot, is full name); ``pinyin`` of regions without towns;
    ``lengths``: first two characters → lengths of the names that begin so, longest first."""

    regions: dict[str, Region]
    names: dict[str, tuple[tuple[Spot, bool], ...]]
    pinyin: dict[str, tuple[Region, ...]]
    lengths: dict[str, tuple[int, ...]]


def stem(name: str) -> str:
    """绍兴市 → 绍兴, 延边朝鲜族自治州 → 延边; a name of two characters such as 城区 stays whole."""
    bare = _KINDS.sub("", name)
    bare = re.sub(r"(?<=..)(各族|[\u4e00-\u9fff]{1,3}族)+自治.?$", "", bare)
    return bare if len(bare) > 1 else name


@cache
def register() -> Register:
    """Loaded once (about 0.3 s, 30 MB); read only."""
    regions = {region.code: region for region in _regions()}
    names: dict[str, dict[Spot, bool]] = {}
    pinyin: dict[str, list[Region]] = {}
    for region in regions.values():
        _put(names, region.name, stem(region.name), Spot(region))
        pinyin.setdefault(folded(region.english), []).append(region)
    for name, now in _former():
        if now in regions:
            _put(names, name, stem(name), Spot(regions[now]))
    for county, towns in _towns():
        for town in towns:
            bare = _TOWN_KINDS.sub("", town)
            _put(names, town, bare if len(bare) > 1 and bare != town else town, Spot(regions[county], town))
    packed = {name: tuple(spots.items()) for name, spots in names.items()}
    by_pinyin = {key: tuple(found) for key, found in pinyin.items()}
    return Register(regions, packed, by_pinyin, _lengths(packed))


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for name in names:
        found.setdefault(name[:2], set()).add(len(name))
    return {start: tuple(sorted(lengths, reverse=True)) for start, lengths in found.items()}


def _put(names: dict[str, dict[Spot, bool]], full: str, bare: str, spot: Spot) -> None:
    names.setdefault(full, {})[spot] = True
    names.setdefault(bare, {}).setdefault(spot, bare == full)


def _regions() -> Iterator[Region]:
    paths: dict[str, tuple[str, ...]] = {"": ()}
    with data_file("regions/cn.csv").open(encoding="utf-8") as lines:
        for row in sorted(csv.DictReader(lines), key=lambda row: int(row["level"])):
            paths[row["code"]] = (*paths[row["parent"]], row["code"])
            yield Region(row["code"], int(row["level"]), row["name_zh"], row["name_en"], paths[row["code"]])


def _former() -> Iterator[tuple[str, str]]:
    with data_file("regions/cn-former.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield row["name_zh"], row["now"]


def _towns() -> Iterator[tuple[str, list[str]]]:
    with gzip.open(data_file("regions/cn-towns.csv.gz"), "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield row["county"], row["towns"].split(" ")
