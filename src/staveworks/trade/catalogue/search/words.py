"""From texts to what is indexed, and from what is typed to what is looked for. Pure.

Chinese is segmented by jieba's dictionary, words inside of words too; pairs of characters find what no dictionary has; pairs of pinyin
syllables (``_jiance``, marked so that none is taken for an English word) find what was typed in pinyin or with a homophone.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from staveworks.kit.script import simplified

LONGEST = 200
"""Characters of a search; the rest is not read."""
RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z]+|[0-9]+(?:\.[0-9]+)*")
SOUND = "_"
STOPPING = (
    "的 了 和 与 及 或 在 是 我 我要 我想 想 要 想要 找 请 能 可以 哪里 哪家 哪儿 怎么 怎样 怎么办 什么 有 有没有 帮 帮忙 帮我 做 给 "
    "服务 公司 企业 一个 一家 一下 附近 需要 办理 办 吗 呢 谁 找人 别人 怎么测 多少钱 "
    "a an and for in of on the to with i need want my me where who can we our find looking service services company"
)
"""Words that say nothing of what is looked for."""
STOP = frozenset(STOPPING.split())


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a text is indexed."""

    chinese: tuple[str, ...]
    latin: tuple[str, ...]
    sounds: tuple[str, ...]


def normalised(text: str) -> str:
    """Full width to half, traditional to simplified, lower case."""
    return simplified(unicodedata.normalize("NFKC", text)).lower()


def runs(text: str) -> Iterator[str]:
    """The stretches of Chinese characters, letters, and digits."""
    yield from RUN.findall(normalised(text))


def is_chinese(run: str) -> bool:
    return "\u4e00" <= run[0] <= "\u9fff"


def terms_of(text: str) -> Terms:
    """Words and pairs of characters, Latin words and numbers in their order, pairs of syllables."""
    chinese, latin, heard = [], [], []
    for run in runs(text):
        if is_chinese(run):
            chinese += [*words_inside(run), *pairs(run), run[-1]]
            heard += sounds(run)
        else:
            latin.append(run)
    return Terms(tuple(dict.fromkeys(chinese)), tuple(latin), tuple(dict.fromkeys(heard)))


def words_of(run: str) -> list[str]:
    """A Chinese stretch, word by word."""
    import rjieba  # its dictionary takes a tenth of a second, those of pypinyin another: not at every start

    return list(rjieba.cut(run))


def words_inside(run: str) -> list[str]:
    """The same, with the shorter words inside of words."""
    import rjieba

    return list(rjieba.cut_for_search(run))


def spoken(run: str) -> list[str]:
    """Its syllables, without tones."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin(run)


def latin_words(text: str) -> set[str]:
    """The words that a mistyped one is held against."""
    return {run for run in runs(text) if run.isalpha() and run.isascii() and 4 <= len(run) <= 40}


def pairs(run: str) -> list[str]:
    """Two neighbouring characters each; a single one as it is."""
    return [a + b for a, b in pairwise(run)] or [run]


def sounds(run: str) -> list[str]:
    """Two neighbouring syllables each, without tones."""
    syllables = spoken(run)
    return [SOUND + a + b for a, b in pairwise(syllables)] or [SOUND + syllable for syllable in syllables]


def asked(text: str, phrases: Collection[str] = ()) -> list[str]:
    """The words of a search in their order, once each; ``phrases`` are kept whole. Stop words only where nothing else is left."""
    words: list[str] = []
    for run in runs(text[:LONGEST]):
        words += _cut(run, phrases) if is_chinese(run) else [run]
    telling = [word for word in words if word not in STOP]
    return list(dict.fromkeys(telling or words))


def _cut(run: str, phrases: Collection[str]) -> list[str]:
    """The words of a Chinese stretch; where a phrase begins, the longest one is taken."""
    longest = max((len(phrase) for phrase in phrases), default=0)
    for start in range(len(run)):
        for end in range(min(len(run), start + longest), start + 1, -1):
            if run[start:end] in phrases:
                return [*words_of(run[:start]), run[start:end], *_cut(run[end:], phrases)]
    return words_of(run)


@lru_cache(maxsize=1000)
def syllables_in(letters: str) -> tuple[str, ...]:
    """``mianliaojiance`` as its syllables; empty where it isn't pinyin. Longest first, going back where that fails."""
    for length in range(min(6, len(letters)), 0, -1):
        head, rest = letters[:length], letters[length:]
        if head in known_syllables():
            tail = syllables_in(rest)
            if tail or not rest:
                return (head, *tail)
    return ()


def sounds_in(letters: str) -> list[str]:
    """The pairs of syllables of letters that are pinyin; empty for others, and for a single syllable."""
    return [SOUND + a + b for a, b in pairwise(syllables_in(letters))]


@cache
def known_syllables() -> frozenset[str]:
    """All syllables of Mandarin, without tones."""
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_normal

    marked = {sound for sounds in PINYIN_DICT.values() for sound in sounds.split(",")}
    plain = {to_normal(sound).replace("ü", "v") for sound in marked}
    return frozenset(syllable for syllable in plain if set(syllable) & set("aeiouv"))


class Synonyms:
    """Words by groups of the same meaning."""

    def __init__(self, groups: Iterable[Iterable[str]]) -> None:
        self._same: dict[str, list[str]] = {}
        for group in groups:
            words = [normalised(word) for word in group]
            for word in words:
                others = (other for other in words if other != word)
                self._same.setdefault(word, []).extend(others)
        self._heard: dict[str, list[str]] = {}
        for word in self._same:
            self._heard.setdefault("".join(spoken(word)), []).append(word)

    def of(self, word: str) -> list[str]:
        return self._same.get(word, [])

    def heard(self, letters: str) -> list[str]:
        """The words that are written ``letters`` in pinyin."""
        return self._heard.get(letters, [])

    @property
    def phrases(self) -> Collection[str]:
        """All the words."""
        return self._same.keys()
