"""Chinese places in English addresses: "Shenhu Town, Jinjiang, Fujian" → 350582."""

import re
import unicodedata
from functools import lru_cache

from staveworks.foundation.rosters.normalising.regions import Region, register

_KIND = {
    "city",
    "province",
    "prov",
    "county",
    "district",
    "dist",
    "prefecture",
    "municipality",
    "sheng",
    "shi",
    "xian",
    "qu",
    "area",
    "region",
}
_STREET = {
    "road",
    "rd",
    "street",
    "str",
    "st",
    "avenue",
    "ave",
    "lu",
    "lane",
    "highway",
    "bridge",
    "lake",
    "mountain",
    "building",
    "plaza",
}
_SIDES = {"north", "south", "east", "west", "middle", "bei", "nan", "dong", "xi"}
_ALIASES = {
    "canton": "Guangzhou", "peking": "Beijing", "hongkong": "Hong Kong", "macau": "Macao", "xizang": "Tibet", "neimenggu": "Inner Mongolia",
    "wulumuqi": "Urumqi", "guangzhuo": "Guangzhou", "zheijang": "Zhejiang", "guandong": "Guangdong", "jiangshu": "Jiangsu", "jiansu": "Jiangsu",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def find_english(text: str) -> tuple[Region | None, float]:
    """The deepest place that the other places in the text support, and how sure (0–1).

    A county needs its city or province in the text, or its kind beside it; a word before Road or Street is none.
    """
    hits = _hits(text)
    if not hits:
        return None, 0.0
    scored = [
        (_support(region, hits), sure, region.level, -order, region)
        for order, (region, sure) in enumerate(hits)
    ]
    above, sure, level, _, best = max(
        scored, key=lambda entry: (entry[0], entry[1], _depth(entry[2]), entry[3])
    )
    if above:
        return best, min(0.95, 0.8 + 0.05 * above)
    rivals = {region.code for region, other in hits if other == sure and region.level == level}
    if level == 1 or (level == 2 and len(rivals) == 1):
        return best, 0.85
    return (best, 0.75 if sure else 0.6) if len(rivals) == 1 else (None, 0.3)


def _depth(level: int) -> int:
    """Unsupported, a prefecture is likelier meant than a province's or county's namesake; supported, the rank in ``_support`` decides."""
    return {2: 3, 1: 2, 3: 1}[level]


def _support(region: Region, hits: list[tuple[Region, bool]]) -> int:
    return len({other.code for other, _ in hits if other.english != region.english and other.holds(region)})


def _hits(text: str) -> list[tuple[Region, bool]]:
    words = _words(text)
    pinyin = register().pinyin
    found: list[tuple[Region, bool]] = []
    for start in range(len(words)):
        for length in (3, 2, 1):
            piece = words[start : start + length]
            if len(piece) < length or "," in piece:
                continue
            name = "".join(piece)
            regions = pinyin.get(name) or pinyin.get(re.sub(r"[^a-z]", "", _ALIASES.get(name, "").lower()))
            if regions and len(name) >= 4 and not _is_street(words, start + length):
                sure = start + length < len(words) and words[start + length] in _KIND
                found += [(region, sure) for region in regions]
    return found


def _is_street(words: list[str], after: int) -> bool:
    rest = words[after : after + 2]
    if rest and rest[0] in _SIDES:
        rest = rest[1:]
    return bool(rest) and rest[0] in _STREET


def _words(text: str) -> list[str]:
    """Lower case words and commas; a kind glued to its name is cut off (JinshanDistrict, Rugaocity)."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"(?<=[a-z])(?=[A-Z][a-z]{3})", " ", plain).lower().replace("'", "").replace("’", "")
    plain = re.sub(r"(?<=[a-z]{3})(city|province|district|county)\b", r" \1", plain)
    return re.findall(r"[a-z]+|[,.;()]", re.sub(r"[.;()/\-]", ",", plain).replace(",", " , "))
