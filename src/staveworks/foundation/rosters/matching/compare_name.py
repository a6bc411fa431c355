"""How alike two firm names are, Chinese or in Latin letters."""

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from staveworks.foundation.rosters.matching import wording
from staveworks.foundation.rosters.matching.chinese import Body, sounds_alike
from staveworks.foundation.rosters.matching.english import EnglishName
from staveworks.foundation.rosters.matching.record import Record
from staveworks.foundation.rosters.matching.types import Comparison, State
from staveworks.kit.text import Text

type Finding = tuple[State, int, Text]


def compare_name(a: Record, b: Record) -> Comparison:
    """The best of all readings of both names; names in different scripts are not compared."""
    if a.chinese and b.chinese:
        state, points, reason = max(
            (_bodies(x, y) for x in a.chinese.bodies for y in b.chinese.bodies), key=lambda found: found[1]
        )
        if a.chinese.branch != b.chinese.branch:
            state, points, reason = "different", min(points, 20), wording.BRANCH
    elif a.english and b.english:
        state, points, reason = _english(a.english, b.english)
    else:
        state, points, reason = "one side", 0, wording.OTHER_SCRIPT
    return Comparison("name", state, points, reason, a.entry.name, b.entry.name)


def _bodies(a: Body, b: Body) -> Finding:
    if a.whole == b.whole:
        return "same", 72, wording.SAME_NAME
    if a.core == b.core:
        if not a.trade or not b.trade:
            return "close", 48, wording.SHORT_FORM
        return "different", 10, wording.OTHER_TRADE.format(left=a.trade, right=b.trade)
    if sounds_alike(a.whole, b.whole):
        return "close", 46, wording.HOMOPHONE
    if a.trade == b.trade and _one_off(a.core, b.core):
        return "close", 26, wording.ONE_OFF
    return "different", -20, wording.OTHER_NAME


def _one_off(a: str, b: str) -> bool:
    return min(len(a), len(b)) >= 3 and DamerauLevenshtein.distance(a, b, score_cutoff=1) == 1


def _english(a: EnglishName, b: EnglishName) -> Finding:
    state, points, reason = _cores(a, b)
    if a.branch == b.branch or points <= 0:
        return state, points, reason
    return "different", min(points, 10 if a.branch and b.branch else 32), wording.BRANCH


def _cores(a: EnglishName, b: EnglishName) -> Finding:
    same = a.joined == b.joined
    if not same and not _alike(a, b):
        return "different", -20, wording.OTHER_NAME
    if a.trades and b.trades and not a.trades & b.trades:
        trades = {"left": ", ".join(sorted(a.trades)), "right": ", ".join(sorted(b.trades))}
        return "different", 10, wording.OTHER_TRADE.format(**trades)
    if a.place and b.place and not a.place & b.place and not _near_place(a, b):
        return "close", 40, wording.SHORT_FORM
    if a.alias != a.core and b.alias != b.core and a.alias != b.alias:
        return "close", 32, wording.SHORT_FORM
    if not same or "".join(a.alias) != "".join(b.alias):
        return "close", 52, wording.SPELLING
    if len(a.joined) >= 8 or (a.trades == b.trades and (a.words == b.words or len(a.joined) > 4)):
        return "same", 72, wording.SAME_NAME
    return "close", 52, wording.SHORT_FORM


def _alike(a: EnglishName, b: EnglishName) -> bool:
    """A slip of spelling in a name of five letters or more, or one name with, the other without its brackets."""
    left, right = a.joined, b.joined
    if min(len(left), len(right)) >= 5 and JaroWinkler.similarity(left, right) >= 0.92:
        return True
    return a.alias == b.core or a.core == b.alias or _without(a, b) == right or _without(b, a) == left


def _without(name: EnglishName, other: EnglishName) -> str:
    """The core without a word that is the other's place mistyped (Wehzhou)."""
    return "".join(word for word in name.core if not any(_mistyped(word, place) for place in other.place))


def _mistyped(word: str, place: str) -> bool:
    return len(word) >= 6 and DamerauLevenshtein.distance(word, place) <= 1


def _near_place(a: EnglishName, b: EnglishName) -> bool:
    return any(DamerauLevenshtein.distance(x, y) <= 1 for x in a.place for y in b.place)
