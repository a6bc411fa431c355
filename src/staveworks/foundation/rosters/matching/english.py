"""What a firm name in Latin letters is made of."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import pycountry

from staveworks.foundation.rosters.matching.words import EN_BRANCH, EN_LEGAL, EN_TRADES
from staveworks.foundation.rosters.normalising.regions import register


@dataclass(frozen=True, slots=True)
class EnglishName:
    """``core``: what is left without legal form, trade, place and what stands in brackets; ``alias``: with the
    brackets' words; ``trades``: kinds of trade, ``words``: the very words; ``place``: cities and countries named."""

    core: tuple[str, ...]
    alias: tuple[str, ...]
    trades: frozenset[str]
    words: frozenset[str]
    place: frozenset[str]
    branch: frozenset[str]

    @property
    def joined(self) -> str:
        return "".join(self.core)


def letters(text: str) -> str:
    """Lower case ASCII: accents dropped, typographic signs plain."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


@lru_cache(maxsize=100_000)
def read_english(name: str) -> EnglishName:
    """Take a firm name apart: "Zhong Shan City Yi Jun Knitwear Co. Ltd." → core (yi, jun), trade knit, place zhongshan."""
    text = _plain(name)
    bare = re.sub(r"\([^)]*\)?", " ", text)
    branch = frozenset(
        next((part for part in match.groups() if part), match[0]) for match in EN_BRANCH.finditer(text)
    )
    every, place = _take_places(_words(text))
    core = _core(_take_places(_words(bare))[0], branch)
    alias = _core(every, branch)
    return EnglishName(
        core=core or alias or tuple(word for word in every if word not in EN_LEGAL) or tuple(every),
        alias=alias or core,
        trades=frozenset(EN_TRADES[word] for word in every if EN_TRADES.get(word)),
        words=frozenset(word.rstrip("s") for word in every if EN_TRADES.get(word)),
        place=place,
        branch=branch,
    )


def _plain(name: str) -> str:
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z]{2})", " ", name)
    text = letters(text).replace("'", "").replace("&", " and ")
    return re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", text)


def _words(text: str) -> list[str]:
    return [
        word for word in re.findall(r"[a-z0-9]+", text) if word not in ("city", "county", "province", "town")
    ]


def _core(words: list[str], branch: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        w for w in words if w not in EN_LEGAL and w not in EN_TRADES and w not in branch and w not in _UNITS
    )


_UNITS = {"unit", "branch", "plant", "bldg", "no", "division"}


@cache
def _countries() -> frozenset[str]:
    """Country names of one word, or of several run together ("elsalvador")."""
    names = [getattr(country, "common_name", country.name) for country in pycountry.countries]
    return frozenset(re.sub(r"[^a-z]", "", letters(name)) for name in (*names, "Vietnam", "Turkey"))


def _take_places(words: list[str]) -> tuple[list[str], frozenset[str]]:
    """Cut out countries and Chinese provinces and cities, also when written in pieces (Zhong Shan)."""
    kept: list[str] = []
    places = set()
    at = 0
    while at < len(words):
        for length in (3, 2, 1):
            name = "".join(words[at : at + length])
            if _is_place(name):
                places.add(name)
                at += length
                break
        else:
            kept.append(words[at])
            at += 1
    return (kept, frozenset(places)) if kept else (words, frozenset())


def _is_place(name: str) -> bool:
    return name in _countries() or (
        len(name) >= 5 and any(region.level < 3 for region in register().pinyin.get(name, ()))
    )
