"""Make dispatch problems of several shapes, the same for the same seed.

    python benchmarks/dispatch/generate.py --lines 1000 --operations 3 --shape tight --seed 1 --out P

| shape | what is hard about it |
|---|---|
| mixed | nothing in particular; load 0.95 |
| tight, loose | load 1.1, 0.8 |
| city | three firms and customers of five are in one city |
| bottleneck | the second operation (with one operation, a third of its work centres) is short |
| tail | a few lines want most of the quantity |
| dyeing | the second operation (with one operation, that one) costs hours for each lot |
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.dispatch.tables import write_tables
from staveworks.engine.dispatch.problem import (
    Capabilities,
    Families,
    Firms,
    Lines,
    Problem,
    Routes,
    Transport,
    WorkCentres,
)

SHAPES = ("mixed", "tight", "loose", "city", "bottleneck", "tail", "dyeing")
SIZES = {1_000: (100, 10), 10_000: (1_000, 30), 100_000: (3_000, 60), 1_000_000: (10_000, 100)}
"""Lines → firms, cities."""
LOAD = {"tight": 1.1, "loose": 0.8}
BUCKETS, FAMILIES = 12, 10
CERTIFICATES = ("iso9001", "oeko-tex")

type Draw = np.random.Generator
type Array = NDArray[np.generic]


def generate(
    lines: int, operations: int = 3, shape: str = "mixed", seed: int = 1, firms: int = 0, cities: int = 0
) -> Problem:
    """``firms`` and ``cities`` 0: as many as usual for so many lines."""
    usual = SIZES[max((size for size in SIZES if size <= lines), default=1_000)]
    firms, cities = firms or usual[0], cities or usual[1]
    draw = np.random.default_rng([seed, lines, operations, SHAPES.index(shape)])
    families = _families(draw)
    at = _popularity(draw, cities, shape)
    wanted = _lines(draw, lines, operations, shape, families, at)
    centres, able = _supply(draw, firms, operations, shape, at)
    problem = Problem(
        buckets=BUCKETS,
        operations=[f"op{number}" for number in range(operations)],
        cities=[f"c{number}" for number in range(cities)],
        firms=[f"firm{number}" for number in range(firms)],
        certificates=list(CERTIFICATES),
        transport=_transport(draw, cities, operations),
        families=families,
        routes=_routes(operations),
        work_centres=centres,
        capabilities=able,
        lines=wanted,
    )
    _scale_hours(draw, problem, shape)
    return problem


def _families(draw: Draw) -> Families:
    weight = draw.lognormal(0, 0.25, FAMILIES)
    return Families(
        [f"f{number}" for number in range(FAMILIES)], weight, weight * draw.uniform(0.002, 0.008, FAMILIES)
    )


def _popularity(draw: Draw, cities: int, shape: str) -> NDArray[np.float64]:
    """How many firms and customers are in each city, as a share."""
    share = draw.pareto(1.2, cities) + 0.2
    share /= share.sum()
    if shape == "city":
        share *= 0.4
        share[0] += 0.6
    return share


def _transport(draw: Draw, cities: int, operations: int) -> Transport:
    """By distance in a square; a week or two on the road."""
    x, y = draw.uniform(0, 1, (2, cities))
    distance = np.hypot(x[:, None] - x, y[:, None] - y)
    lag = np.where(distance > 0.5, 2, 1) if operations == 1 else np.where(distance > 0.3, 1, 0)
    np.fill_diagonal(lag, 0)
    return Transport(0.2 * distance, lag.astype(np.int32))


def _routes(operations: int) -> Routes:
    return Routes(
        ["0"] * FAMILIES,
        np.arange(FAMILIES, dtype=np.int32),
        np.arange(0, FAMILIES * operations + 1, operations, dtype=np.int32),
        np.tile(np.arange(operations, dtype=np.int32), FAMILIES),
    )


def _lines(
    draw: Draw, count: int, operations: int, shape: str, families: Families, at: NDArray[np.float64]
) -> Lines:
    family = np.sort(draw.integers(0, FAMILIES, count)).astype(np.int32)
    quantity = draw.pareto(1.3, count) * 0.5 + 0.1 if shape == "tail" else draw.lognormal(0, 1, count)
    quantity = np.minimum(quantity, 5 * np.sqrt(count))
    release = draw.integers(0, BUCKETS - 4, count).astype(np.int32)
    due = np.minimum(BUCKETS - 1, release + draw.integers(0, 4, count) + operations).astype(np.int32)
    none = Firms(np.zeros(count + 1, np.int64), np.zeros(0, np.int32))
    return Lines(
        ids=[f"o{number}" for number in range(count)],
        family=family,
        quantity=quantity,
        release=release,
        due=due,
        grade=draw.choice([1, 2, 3], count, p=[0.62, 0.28, 0.1]).astype(np.int32),
        certificates=draw.choice([0, 1, 2, 3], count, p=[0.71, 0.14, 0.13, 0.02]).astype(np.uint64)[:, None],
        city=draw.choice(len(at), count, p=at).astype(np.int32),
        late_cost=families.hold_cost[family] * draw.choice([10.0, 25.0, 50.0], count),
        reject_cost=(1 + operations) * families.weight[family] ** 0.5 * draw.choice([1.3, 1.7, 2.2], count),
        min_lot=np.full(count, 0.1),
        max_lots=np.clip(np.ceil(quantity), 4, 8).astype(np.int32),
        allowed=none,
        blocked=none,
    )


def _supply(
    draw: Draw, firms: int, operations: int, shape: str, at: NDArray[np.float64]
) -> tuple[WorkCentres, Capabilities]:
    """One or more machine parks a firm, each for a few families; hours are drawn here and scaled to the demand later."""
    parks = 1 + (draw.uniform(size=firms) < 0.4) * (operations > 1)
    firm = np.repeat(np.arange(firms, dtype=np.int32), parks)
    count = len(firm)
    city = draw.choice(len(at), firms, p=at).astype(np.int32)[firm]
    operation = (draw.permutation(count) % operations).astype(np.int32)
    size = draw.lognormal(0, 0.6, count)
    hours = size[:, None] * draw.uniform(0.75, 1.1, (count, BUCKETS))
    hours[draw.uniform(size=hours.shape) < 0.03] = 0
    centres = WorkCentres(
        ids=[f"w{number}" for number in range(count)],
        firm=firm,
        city=city,
        operation=operation,
        grade=draw.choice([1, 2, 3], count, p=[0.4, 0.36, 0.24]).astype(np.int32),
        certificates=draw.choice([0, 1, 2, 3], count, p=[0.2, 0.25, 0.2, 0.35]).astype(np.uint64)[:, None],
        hours=hours,
    )
    made = draw.uniform(size=(count, FAMILIES)) < 0.25
    made[np.arange(count), draw.integers(0, FAMILIES, count)] = True
    centre, family = np.nonzero(made)
    slow = shape == "dyeing"
    dyes = slow & (operation[centre] == min(1, operations - 1))
    able = Capabilities(
        work_centre=centre.astype(np.int32),
        family=family.astype(np.int32),
        cost=draw.lognormal(0.2, 0.25, len(centre)) * draw.lognormal(0, 0.1, FAMILIES)[family],
        hours=draw.uniform(0.75, 1.3, len(centre)),
        setup_hours=np.where(dyes, draw.uniform(0.05, 0.25, len(centre)), 0.0),
    )
    return centres, able


def _scale_hours(draw: Draw, problem: Problem, shape: str) -> None:
    """So that the demand is the wanted share of the hours, operation by operation."""
    load = LOAD.get(shape, 0.95)
    hours, operation = problem.work_centres.hours, problem.work_centres.operation
    wanted = float(problem.lines.quantity.sum()) * float(problem.capabilities.hours.mean())
    for number in range(len(problem.operations)):
        park = operation == number
        scarce = 1.25 if shape == "bottleneck" and number == min(1, len(problem.operations) - 1) else 1.0
        hours[park] *= wanted / (load * scarce) / max(1e-9, hours[park].sum())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=1_000)
    parser.add_argument("--operations", type=int, default=3)
    parser.add_argument("--shape", choices=SHAPES, default="mixed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    write_tables(generate(asked.lines, asked.operations, asked.shape, asked.seed), asked.out)
