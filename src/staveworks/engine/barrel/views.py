"""Results as JSON: the shapes that ``staveworks diagnose --json`` prints and others script against."""

from typing import Any

import numpy as np

from staveworks.engine.barrel.batch import Barrels, Batch
from staveworks.engine.barrel.columns import Floats
from staveworks.engine.barrel.result import Result
from staveworks.kit.intervals import Interval

DIGITS = 9
"""After the point: what lies beyond is how computers add."""


def batch_json(batch: Batch, questions: list[str | None]) -> list[dict[str, Any]]:
    """One object per firm, refused ones included (the caller replaces them). ``level`` is null without levels."""
    scores = np.round(batch.score, DIGITS).tolist()
    found: list[dict[str, Any]] = []
    barrels = _barrels_json(batch.barrels) if batch.barrels else None
    for firm, question in enumerate(questions):
        level = None
        if batch.levels is not None:
            level = {"low": int(batch.levels.low[firm]), "high": int(batch.levels.high[firm])}
        found.append(
            {
                "rubric": batch.rubric.id,
                "score": {"low": scores[0][firm], "high": scores[2][firm]},
                "level": level,
            }
            | (barrels[firm] if barrels else NO_BARREL)
            | {"next_question": question}
        )
    return found


NO_BARREL: dict[str, Any] = {
    "planks": None,
    "water_level": None,
    "mean_level": None,
    "unevenness": None,
    "bearing": None,
    "binding": None,
    "next_to_bind": None,
}


def _barrels_json(barrels: Barrels) -> list[dict[str, Any]]:
    planks = [_triples(barrels.heights.relative[:, place]) for place in range(len(barrels.frame.codes))]
    water = barrels.water
    rows = zip(*map(_triples, (water.level, water.mean, water.unevenness, water.bearing)), strict=True)
    needed = barrels.heights.needed.tolist()
    found = []
    binding_codes = barrels.all_binding_codes()
    for firm, (level, mean, unevenness, bearing) in enumerate(rows):
        binding = binding_codes[firm]
        found.append(
            {
                "planks": {
                    code: planks[place][firm]
                    for place, code in enumerate(barrels.frame.codes)
                    if needed[place][firm]
                },
                "water_level": level,
                "mean_level": mean,
                "unevenness": unevenness,
                "bearing": bearing,
                "binding": binding[0] if binding else None,
                "next_to_bind": binding[1:],
            }
        )
    return found


def _triples(values: Floats) -> list[dict[str, float]]:
    low, likely, high = np.round(values, DIGITS).tolist()
    return [{"low": a, "likely": b, "high": c} for a, b, c in zip(low, likely, high, strict=True)]


def interval_json(interval: Interval) -> dict[str, float]:
    return {"low": interval.low, "likely": interval.likely, "high": interval.high}


def to_json(result: Result) -> dict[str, Any]:
    """A full result as plain JSON values, to be kept as a snapshot of the day: heights, holes, gates and leaves."""
    barrel = result.barrel
    return {
        "rubric": result.rubric_id,
        "edition": result.edition,
        "sha256": result.sha256,
        "score": interval_json(result.score),
        "level": {"low": result.level.low, "high": result.level.high} if result.level else None,
        "planks": {code: interval_json(plank.height) for code, plank in barrel.planks.items()}
        if barrel
        else None,
        "own": {code: interval_json(plank.own) for code, plank in barrel.planks.items()} if barrel else None,
        "verified": {code: interval_json(plank.verified) for code, plank in barrel.planks.items()}
        if barrel
        else None,
        "water_level": interval_json(barrel.water_level) if barrel else None,
        "mean_level": interval_json(barrel.mean_level) if barrel else None,
        "unevenness": interval_json(barrel.unevenness) if barrel else None,
        "bearing": interval_json(barrel.bearing) if barrel else None,
        "binding": barrel.binding if barrel else None,
        "next_to_bind": list(barrel.next_to_bind) if barrel else None,
        "holes": [
            {"plank": h.plank, "leaf": h.leaf, "height": h.height, "sure": h.sure} for h in barrel.holes
        ]
        if barrel
        else None,
        "gates": [{"gate": gate.code, "sure": gate.sure, "possible": gate.possible} for gate in result.gates],
        "leaves": {
            leaf.code: interval_json(leaf.score)
            for leaf in result.leaves.values()
            if leaf.score and leaf.applicable
        },
        "answered": result.answered,
        "asked": result.asked,
    }
