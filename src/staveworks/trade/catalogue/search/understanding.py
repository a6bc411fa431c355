"""From the words of a search to the expressions that PostgreSQL matches (tsquery). Pure: what is in the index is asked through a port."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Protocol

from staveworks.trade.catalogue.search.words import (
    STOP,
    Synonyms,
    asked,
    is_chinese,
    pairs,
    runs,
    sounds,
    sounds_in,
    syllables_in,
    words_inside,
    words_of,
)

MOST_WORDS = 8
SAID = "ABC"
"""Weights of what an offer says itself and where it is. Who offers it and for which plank (D) doesn't answer a search alone: of
several words one at least must be said."""
CALLED = "AB"
"""Weights of title and deliverables: what means the same as the word that was typed counts there only."""
LEAST_PREFIX = 3


class Lexicon(Protocol):
    """What the index knows."""

    def stem(self, word: str) -> str:
        """The stem of a Latin word; empty for one that says nothing (``the``)."""

    def has(self, expression: str) -> bool:
        """Whether any offer matches."""

    def nearest(self, word: str) -> list[str]:
        """Words in use that ``word`` may be a slip of, the nearest first."""


@dataclass(frozen=True, slots=True)
class Group:
    """One word: ``said`` by the offer itself, or ``anywhere`` in what is known of it."""

    said: str
    anywhere: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A group for each word. ``corrected``: word → what was looked for instead."""

    groups: tuple[Group, ...]
    corrected: dict[str, str] = field(default_factory=dict)

    @property
    def expression(self) -> str:
        """All the words."""
        return _all_of(self.groups)

    def some_of(self, count: int) -> str:
        """Any ``count`` of the words."""
        return either(_all_of(chosen) for chosen in combinations(self.groups, count))


def understand(text: str, lexicon: Lexicon, synonyms: Synonyms) -> Understood:
    """Each word as it is, as what means the same, and where nobody uses it: in parts, by its sound, by its beginning, mended."""
    groups: list[Group] = []
    corrected: dict[str, str] = {}
    for word in joined_sounds(asked(text, synonyms.phrases), lexicon)[:MOST_WORDS]:
        reader = _chinese if is_chinese(word) else _latin
        group = reader(word, lexicon, synonyms, corrected)
        if group:
            groups.append(group)
    return Understood(tuple(dict.fromkeys(groups)), corrected)


def _all_of(groups: Sequence[Group]) -> str:
    return both([*(group.anywhere for group in groups), either(group.said for group in groups)])


def joined_sounds(words: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Neighbours that are single syllables of pinyin and no word in use are one: ``jian ce``."""
    done: list[str] = []
    open_end = False
    for word in words:
        syllable = word.isascii() and len(syllables_in(word)) == 1
        syllable = syllable and not lexicon.has(_lexeme(lexicon.stem(word)))
        if syllable and open_end:
            done[-1] += word
        else:
            done.append(word)
        open_end = syllable
    return done


def both(expressions: Iterable[str]) -> str:
    return _joined(expressions, " & ")


def either(expressions: Iterable[str]) -> str:
    return _joined(expressions, " | ")


def _joined(expressions: Iterable[str], sign: str) -> str:
    parts = [each for each in dict.fromkeys(expressions) if each]
    return parts[0] if len(parts) == 1 else sign.join(f"({each})" for each in parts)


def _lexeme(word: str, weights: str = "") -> str:
    """Words hold letters, digits, points and Chinese characters only: nothing to escape."""
    return f"'{word}'{':' + weights if weights else ''}" if word else ""


def _first(lexicon: Lexicon, *groups: Group) -> Group | None:
    """The first that any offer matches."""
    return next((group for group in groups if lexicon.has(group.said)), None)


def _same(expression: str) -> Group:
    return Group(expression, expression)


def _chinese(word: str, lexicon: Lexicon, synonyms: Synonyms, corrected: dict[str, str]) -> Group:
    if len(word) == 1:
        return _same(f"'{word}':*")
    known = _known(word, lexicon, synonyms)
    apart, heard = both(map(_lexeme, pairs(word))), both(map(_lexeme, sounds(word)))
    return _first(lexicon, known, _same(known.anywhere), _same(apart), _same(heard)) or known


def _known(word: str, lexicon: Lexicon, synonyms: Synonyms) -> Group:
    """The word, what means the same, and a compound by its words: 专利申请 is also found as 申请…专利."""
    same = [_phrase(other, lexicon, CALLED) for other in synonyms.of(word)]
    inside = [part for part in words_inside(word) if part != word and len(part) > 1]
    whole = len("".join(inside)) >= len(word)
    parts = [_known(part, lexicon, synonyms) for part in inside if part not in STOP] if whole else []
    return Group(
        either([_lexeme(word, SAID), *same, both(part.said for part in parts)]),
        either([_lexeme(word), *same, both(part.anywhere for part in parts)]),
    )


def _latin(word: str, lexicon: Lexicon, synonyms: Synonyms, corrected: dict[str, str]) -> Group | None:
    stem = lexicon.stem(word)
    if not stem:
        return None
    others = synonyms.of(word) or synonyms.of(word.removesuffix("s"))
    same = [_phrase(other, lexicon, CALLED) for other in others]
    known = Group(either([_lexeme(stem, SAID), *same]), either([_lexeme(stem), *same]))
    begins = f"'{word}':*" if len(word) >= LEAST_PREFIX else ""
    ways = (known, _same(known.anywhere), _heard(word, lexicon, synonyms), _same(begins))
    if found := _first(lexicon, *ways):
        return found
    mended = lexicon.nearest(word)
    if not mended:
        return known
    corrected[word] = mended[0]
    return _latin(mended[0], lexicon, synonyms, {})


def _heard(letters: str, lexicon: Lexicon, synonyms: Synonyms) -> Group:
    """Pinyin: words that are known to sound so, or what any offer says that sounds so."""
    words = [_known(word, lexicon, synonyms) for word in synonyms.heard(letters)]
    sound = both(map(_lexeme, sounds_in(letters)))
    return Group(
        either([*(word.said for word in words), sound]), either([*(word.anywhere for word in words), sound])
    )


def _phrase(text: str, lexicon: Lexicon, weights: str) -> str:
    """All words of a synonym."""
    lexemes: list[str] = []
    for run in runs(text):
        if is_chinese(run):
            lexemes += [part for part in words_of(run) if part not in STOP]
        else:
            lexemes.append(lexicon.stem(run))
    return both(_lexeme(each, weights) for each in lexemes)
