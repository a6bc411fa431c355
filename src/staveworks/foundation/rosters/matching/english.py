"""What a firm name in Latin letters is made of, and how alike two are."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from staveworks.foundation.rosters.matching.words import EN_BRANCH, EN_LEGAL, EN_TRADES
from staveworks.foundation.rosters.normalising.regions import register


@dataclass(frozen=True, slots=True)
class EnglishName:
    """``core``: what is left without legal form, trade and place; ``place``: Chinese cities named in it."""

    core: tuple[str, ...]
    trades: frozenset[str]
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
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z]{2})", " ", name)
    text = letters(text).replace("'", "").replace("&", " and ")
    text = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", text)
    words, place = _take_places([word for word in re.findall(r"[a-z0-9]+", text) if word not in ("city", "county", "province", "town")])
    branch = frozenset(next((part for part in match.groups() if part), match[0]) for match in EN_BRANCH.finditer(text))
    core = tuple(w for w in words if w not in EN_LEGAL and w not in EN_TRADES and w not in branch and not _is_unit(w))
    trades = frozenset(EN_TRADES[word] for word in words if EN_TRADES.get(word))
    if not core:
        core = tuple(word for word in words if word not in EN_LEGAL) or tuple(words)
    return EnglishName(core, trades, place, branch)


def _is_unit(word: str) -> bool:
    return word in {"unit", "branch", "plant", "bldg", "no", "division"}


def _take_places(words: list[str]) -> tuple[list[str], frozenset[str]]:
    """Cut out Chinese provinces and cities, also when written in pieces (Zhong Shan)."""
    pinyin = register().pinyin
    kept: list[str] = []
    places = set()
    at = 0
    while at < len(words):
        for length in (3, 2, 1):
            name = "".join(words[at : at + length])
            if len(name) >= 5 and any(region.level < 3 for region in pinyin.get(name, ())):
                places.add(name)
                at += length
                break
        else:
            kept.append(words[at])
            at += 1
    return (kept, frozenset(places)) if kept else (words, frozenset())
