"""Row after row: which firm it joins, whether a person must decide, or whether it is a new firm."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from staveworks.foundation.rosters.matching.compare import TWO_CODES
from staveworks.foundation.rosters.matching.record import Record, keys
from staveworks.foundation.rosters.matching.score import is_promising, score
from staveworks.foundation.rosters.matching.types import Match

CROWDED = 200
MARGIN = 15
MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Known[Firm: Hashable, RowId: Hashable]:
    """A row that belongs to a firm already; a firm has one for each of its rows."""

    firm: Firm
    row: RowId
    record: Record


@dataclass(frozen=True, slots=True)
class Candidate[Firm: Hashable, RowId: Hashable]:
    """A firm that the row may be, with the row of it that fits best."""

    firm: Firm
    row: RowId
    match: Match


@dataclass(frozen=True, slots=True)
class Placement[Firm: Hashable, RowId: Hashable]:
    """``firm``: the existing one if merged, else the new one (a queued row stands for itself until decided)."""

    row: RowId
    outcome: Literal["loaded", "merged", "queued"]
    firm: Firm
    candidates: tuple[Candidate[Firm, RowId], ...]


class Index[Firm: Hashable, RowId: Hashable](Protocol):
    """Where known rows are found by key. A key that more than ``CROWDED`` rows share tells nothing: leave it out."""

    def find(self, keys: frozenset[str]) -> Iterable[Known[Firm, RowId]]: ...

    def add(self, known: Known[Firm, RowId], keys: frozenset[str]) -> None: ...

    def are_apart(self, one: Firm, other: Firm) -> bool:
        """Whether a person has said that these are two firms."""
        ...


class MemoryIndex[Firm: Hashable, RowId: Hashable]:
    """All in memory, for tests, benchmarks and small lists."""

    def __init__(self) -> None:
        self._by_key: defaultdict[str, list[Known[Firm, RowId]]] = defaultdict(list)

    def find(self, keys: frozenset[str]) -> Iterable[Known[Firm, RowId]]:
        found: dict[RowId, Known[Firm, RowId]] = {}
        for key in sorted(keys):
            rows = self._by_key.get(key, ())
            if len(rows) <= CROWDED:
                found.update((known.row, known) for known in rows)
        return found.values()

    def add(self, known: Known[Firm, RowId], keys: frozenset[str]) -> None:
        for key in keys:
            self._by_key[key].append(known)

    def are_apart(self, one: Firm, other: Firm) -> bool:
        return False


def place[Firm: Hashable, RowId: Hashable](
    rows: Iterable[tuple[RowId, Record]], index: Index[Firm, RowId], new_firm: Callable[[RowId], Firm]
) -> Iterator[Placement[Firm, RowId]]:
    """Place each row in turn; every placed row is added to the index at once, so later rows see it.

    The outcome depends on the order of the rows and on the index, on nothing else.
    """
    for row, record in rows:
        row_keys = keys(record)
        candidates = find_candidates(record, index.find(row_keys))
        placement = _decide(row, candidates, new_firm, index)
        index.add(Known(placement.firm, row, record), row_keys)
        yield placement


def find_candidates[Firm: Hashable, RowId: Hashable](
    record: Record, known: Iterable[Known[Firm, RowId]]
) -> list[Candidate[Firm, RowId]]:
    """The firms worth a look, best first; a firm speaks through its best row, but any of its rows can forbid."""
    by_firm: dict[Firm, list[Candidate[Firm, RowId]]] = {}
    for one in known:
        if not is_promising(record, one.record):
            continue
        by_firm.setdefault(one.firm, []).append(Candidate(one.firm, one.row, score(record, one.record)))
    best = [_speaker(candidates) for candidates in by_firm.values()]
    worth = [candidate for candidate in best if candidate.match.verdict != "apart"]
    return sorted(worth, key=_rank, reverse=True)


def _speaker[Firm: Hashable, RowId: Hashable](
    candidates: list[Candidate[Firm, RowId]],
) -> Candidate[Firm, RowId]:
    best = max(candidates, key=_rank)
    refused = [c for c in candidates if c.match.fields[0].points == TWO_CODES]
    if refused and best.match.fields[0].points < 80:
        return max(refused, key=_rank)
    return best


def _rank[Firm: Hashable, RowId: Hashable](candidate: Candidate[Firm, RowId]) -> tuple[bool, int, int]:
    match = candidate.match
    return match.verdict == "merge", sum(field.points for field in match.fields), match.score


def _decide[Firm: Hashable, RowId: Hashable](
    row: RowId,
    candidates: list[Candidate[Firm, RowId]],
    new_firm: Callable[[RowId], Firm],
    index: Index[Firm, RowId],
) -> Placement[Firm, RowId]:
    """Merge into the best firm if it is good enough and no other comes near; queue if any is left; else a new firm.

    A firm that a person has set apart from the best one is near whatever its points: she decides again.
    """
    shown = tuple(candidates[:MOST_CANDIDATES])
    if not candidates:
        return Placement(row, "loaded", new_firm(row), ())
    best = candidates[0]
    rivals = [
        other
        for other in candidates[1:]
        if _rank(other)[1] > _rank(best)[1] - MARGIN or index.are_apart(best.firm, other.firm)
    ]
    if best.match.verdict == "merge" and not rivals:
        return Placement(row, "merged", best.firm, shown)
    return Placement(row, "queued", new_firm(row), shown)
