"""Run lists through reading, normalising and matching, and hold the outcome against a truth: the three goals."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from staveworks.foundation.rosters.columns import guess_columns
from staveworks.foundation.rosters.matching import MemoryIndex, Placement, Record, place, record_of
from staveworks.foundation.rosters.normalising import normalise
from staveworks.foundation.rosters.reading import open_roster

type RowId = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``precision``: of pairs merged by itself, right; ``recall``: of true pairs, merged or queued; shares 0–1."""

    rows: int
    precision: float
    recall: float
    merged_recall: float
    queued: float
    wrong: tuple[tuple[RowId, RowId], ...]
    missed: tuple[tuple[RowId, RowId], ...]
    queue: tuple[RowId, ...]


def read_records(paths: Iterable[Path]) -> list[tuple[RowId, Record]]:
    """Rows of the lists in the given order, prepared for matching."""
    found = []
    for path in paths:
        roster = open_roster(path)
        for sheet in roster.sheets:
            columns = guess_columns(sheet.headers, sheet.sample).columns
            for row in roster.rows(sheet):
                entry = normalise(row, columns).entry
                if entry:
                    found.append(((path.name, row.number), record_of(entry)))
    return found


def run(records: Sequence[tuple[RowId, Record]]) -> list[Placement[RowId, RowId]]:
    return list(place(records, MemoryIndex(), lambda row: row))


def read_truth(path: Path) -> dict[RowId, str]:
    with path.open(encoding="utf-8") as lines:
        return {(row["list"], int(row["row"])): row["firm"] for row in csv.DictReader(lines)}


def judge(placements: Sequence[Placement[RowId, RowId]], truth: dict[RowId, str]) -> Verdict:
    """A pair is merged if both rows stand at one firm; queued if one was queued with a row of the other's firm."""
    groups: dict[RowId, list[RowId]] = defaultdict(list)
    firm = {}
    asked: dict[RowId, set[RowId]] = {}
    for placed in placements:
        groups[placed.firm].append(placed.row)
        firm[placed.row] = placed.firm
        if placed.outcome == "queued":
            asked[placed.row] = {candidate.firm for candidate in placed.candidates}
    merged = {pair for rows in groups.values() for pair in combinations(sorted(rows), 2)}
    by_firm: dict[str, list[RowId]] = defaultdict(list)
    for row, name in truth.items():
        by_firm[name].append(row)
    true = {pair for rows in by_firm.values() for pair in combinations(sorted(rows), 2)}
    links = {frozenset((firm[row], other)) for row, others in asked.items() for other in others}
    found = {pair for pair in true if pair in merged or frozenset((firm[pair[0]], firm[pair[1]])) in links}
    wrong = tuple(sorted(merged - true))
    return Verdict(
        rows=len(placements),
        precision=1 - len(wrong) / max(1, len(merged)),
        recall=len(found) / max(1, len(true)),
        merged_recall=len(true & merged) / max(1, len(true)),
        queued=len(asked) / max(1, len(placements)),
        wrong=wrong,
        missed=tuple(sorted(true - found)),
        queue=tuple(sorted(asked)),
    )


def outcomes(placements: Iterable[Placement[RowId, RowId]]) -> Counter[str]:
    return Counter(placed.outcome for placed in placements)
