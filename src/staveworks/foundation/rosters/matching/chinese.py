"""What a Chinese firm name is made of: place, the name it goes by, trade, legal form, branch."""

import re
from dataclasses import dataclass
from functools import lru_cache

from staveworks.foundation.rosters.matching.words import BRANCH, LEGAL, TRADES
from staveworks.foundation.rosters.normalising.city import agree, find_place
from staveworks.foundation.rosters.normalising.regions import Spot
from staveworks.kit.script import simplified

SHORTEST = 2
_TRADES_BY_LENGTH = {
    length: frozenset(word for word in TRADES if len(word) == length) for length in range(2, 6)
}


@dataclass(frozen=True, slots=True)
class Body:
    """The name without place and legal form, cut into the word it goes by and its trade ("" if none is named)."""

    core: str
    trade: str

    @property
    def whole(self) -> str:
        return self.core + self.trade


@dataclass(frozen=True, slots=True)
class ChineseName:
    """``bodies``: the likeliest first; more than one where the name may begin with a place or with a word like one.

    ``spots``: the places named; ``sure`` is False if that is but such a word (金安, 凤泉)."""

    bodies: tuple[Body, ...]
    spots: tuple[Spot, ...]
    sure: bool
    branch: str


@lru_cache(maxsize=100_000)
def read_chinese(name: str) -> ChineseName:
    """Take a firm name apart."""
    text = re.sub(r"[\s·.,，。\-—]", "", simplified(name)).replace("(", "（").replace(")", "）")
    text, spots = _brackets(text)
    branch = BRANCH.search(text)
    text = text[: branch.start()] if branch and branch.start() >= SHORTEST else text
    text = _without_form(text)
    place = find_place(text) if text else None
    wholes, sure = [text], bool(spots)
    if place and place.spots and text.endswith(place.rest):
        wholes = _without_place(text, place.rest)
        if wholes[0] != text:
            sure = sure or len(wholes) == 1
            spots = (agree(place.spots, spots) or place.spots) if spots else place.spots
    bodies = tuple(dict.fromkeys(split(whole) for whole in wholes))
    return ChineseName(bodies, spots, sure, branch[1] if branch and branch.start() >= SHORTEST else "")


def _brackets(text: str) -> tuple[str, tuple[Spot, ...]]:
    """A place in brackets is a place (本图（苏州）针纺厂); whatever else stands there is left out of the name."""
    spots: tuple[Spot, ...] = ()
    for inside in re.findall(r"（([^）]*)）", text):
        place = find_place(inside)
        if place.spots and not place.rest:
            spots = place.spots
    bare = re.sub(r"（[^）]*）?", "", text)
    return (bare, spots) if len(bare) >= SHORTEST else (text.strip("（）"), spots)


def _without_form(text: str) -> str:
    while True:
        bare = LEGAL.sub("", text)
        if bare == text or len(bare) < SHORTEST:
            return text
        text = bare


def _without_place(text: str, rest: str) -> list[str]:
    """Cut the place off, unless too little of a name is left; a bare place word may also belong to the name (凤凰岛)."""
    body = split(rest)
    if len(body.core) < SHORTEST or (body.core in TRADES and not body.trade):
        return [text]
    cut = text[: len(text) - len(rest)]
    sure = re.search(r"(省|市|区|县|镇|街道|乡|州)$", cut) is not None or len(cut) >= 4
    return [rest] if sure else [rest, text]


@lru_cache(maxsize=100_000)
def split(whole: str) -> Body:
    """Cut known trade words off the end, as long as two characters remain."""
    end = len(whole)
    while True:
        step = next(
            (n for n in (5, 4, 3, 2) if end - n >= SHORTEST and whole[end - n : end] in _TRADES_BY_LENGTH[n]),
            0,
        )
        if not step:
            return Body(whole[:end], whole[end:])
        end -= step


@lru_cache(maxsize=10_000)
def _readings(char: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin  # its dictionaries take a third of a second: not at every start

    return tuple(pinyin(char, style=Style.NORMAL, heteronym=True)[0])


@lru_cache(maxsize=200_000)
def sound(text: str) -> str:
    """Pinyin without tones, each character by its commonest reading."""
    return "".join(_readings(char)[0] for char in text)


def sounds_alike(a: str, b: str) -> bool:
    """Same length and each pair of characters has a reading in common (丰 and 锋)."""
    return len(a) == len(b) and all(
        x == y or set(_readings(x)) & set(_readings(y)) for x, y in zip(a, b, strict=True)
    )
