"""The goals: of pairs merged by itself ≥ 99 % right, of true pairs ≥ 95 % merged or queued, ≤ 10 % of rows queued."""

import csv
from itertools import permutations
from pathlib import Path

import pytest

from tests.golden.rosters.judge import judge, read_records, read_truth, run
from tests.golden.rosters.make_lists import make_lists

GOLDEN = Path(__file__).parent.parent / "golden" / "rosters"
LISTS = ("member.xlsx", "park.csv", "fair.csv")


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_chinese_lists_reach_the_goals_in_every_order_of_loading(tmp_path: Path, seed: int) -> None:
    make_lists(tmp_path, seed)
    truth = read_truth(tmp_path / "truth.csv")
    records = {name: read_records([tmp_path / name]) for name in LISTS}
    assert sum(len(rows) for rows in records.values()) == len(truth)
    for order in permutations(LISTS):
        verdict = judge(run([record for name in order for record in records[name]]), truth)
        assert verdict.precision >= 0.99, verdict.wrong
        assert verdict.recall >= 0.95, verdict.missed
        assert verdict.queued <= 0.10


def test_real_english_lists_merge_no_strangers_and_miss_one_pair() -> None:
    records = read_records([GOLDEN / "english.csv"])
    placements = run(records)
    firm = {placed.row[1]: placed.firm for placed in placements}
    asked = {frozenset((p.firm, c.firm)) for p in placements if p.outcome == "queued" for c in p.candidates}
    with (GOLDEN / "english-truth.csv").open(encoding="utf-8") as lines:
        truth = [
            (int(row["row"]), int(row["other_row"]), row["same"] == "yes") for row in csv.DictReader(lines)
        ]
    merged = [(a, b, same) for a, b, same in truth if firm[a] == firm[b]]
    found = [
        (a, b)
        for a, b, same in truth
        if same and (firm[a] == firm[b] or frozenset((firm[a], firm[b])) in asked)
    ]
    assert [pair for pair in merged if not pair[2]] == []
    assert len(found) >= sum(same for _, _, same in truth) - 1
