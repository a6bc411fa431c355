"""Random tiny problems, small enough for every exact means."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from staveworks.engine.dispatch import Problem, greedy
from staveworks.engine.dispatch.problem import Commitments
from tests.dispatching import able, centre, line, problem_of

type Draw = np.random.Generator


def random_problem(seed: int, *, whole: bool = False, lines: int = 3) -> Problem:
    """Tiny: up to three cities, two operations, three buckets; ``whole``: every line one lot or none."""
    draw = np.random.default_rng(seed)
    given = _places(draw, whole)
    _add_families(draw, given)
    _add_centres(draw, given)
    firms = sorted({each["firm"] for each in given["work_centres"]})
    given["lines"] = [_line(draw, f"l{k}", given, firms, whole) for k in range(lines)]
    with tempfile.TemporaryDirectory() as folder:
        return problem_of(json.loads(json.dumps(given, default=int)), Path(folder))


def whole_problems(seed: int, count: int) -> Iterator[Problem]:
    """``count`` of one network, every line one lot or none: quantities, dates, prices and hours are drawn anew. (Reading takes longer.)"""
    problem, draw = random_problem(seed, whole=True), np.random.default_rng([seed, 1])
    lines, able, centres = problem.lines, problem.capabilities, problem.work_centres
    size, rows = len(lines), len(able.cost)
    for _ in range(count):
        quantity = draw.uniform(0.5, 4, size)
        wanted = replace(
            lines,
            quantity=quantity,
            min_lot=quantity,
            due=draw.integers(0, problem.buckets + 1, size).astype(np.int32),
            late_cost=draw.uniform(0, 1, size),
            reject_cost=draw.uniform(2, 12, size),
        )
        makers = replace(
            able,
            cost=draw.uniform(0.5, 3, rows),
            hours=draw.uniform(0.5, 2, rows),
            setup_hours=draw.choice([0.0, 0.0, 0.3], rows),
        )
        hours = np.where(centres.hours > 0, draw.uniform(0, 4, centres.hours.shape), 0.0)
        yield replace(problem, lines=wanted, capabilities=makers, work_centres=replace(centres, hours=hours))


def _places(draw: Draw, whole: bool) -> dict[str, Any]:
    cities, operations = int(draw.integers(1, 4)), int(draw.integers(1, 3))
    settings: dict[str, Any] = {
        "buckets": int(draw.integers(1, 4)),
        "operations": [f"op{k}" for k in range(operations)],
    }
    if not whole and draw.random() < 0.3:
        settings["fairness"] = {
            "share": float(draw.uniform(0.2, 0.9)),
            "penalty": float(draw.uniform(0.1, 3)),
        }
    transport = [
        {"from": f"c{a}", "to": f"c{b}", "cost": float(draw.uniform(0, 1)), "lag": int(draw.integers(0, 2))}
        for a, b in product(range(cities), repeat=2)
        if a != b and draw.random() < 0.8
    ]
    return {"problem": settings, "cities": [{"id": f"c{k}"} for k in range(cities)], "transport": transport}


def _add_families(draw: Draw, given: dict[str, Any]) -> None:
    names = given["problem"]["operations"]
    given["families"] = [
        {"id": f"f{k}", "weight": float(draw.uniform(0, 2)), "hold_cost": float(draw.uniform(0, 0.5))}
        for k in range(int(draw.integers(1, 3)))
    ]
    given["routes"] = []
    for family in given["families"]:
        ways = [list(draw.permutation(len(names))), [int(draw.integers(len(names)))]]
        given["routes"] += [
            {"family": family["id"], "route": route, "step": step, "operation": names[operation]}
            for route, way in enumerate(ways[: int(draw.integers(1, 3))])
            for step, operation in enumerate(way)
        ]


def _add_centres(draw: Draw, given: dict[str, Any]) -> None:
    given["work_centres"] = [
        centre(
            f"w{k}",
            f"firm{draw.integers(0, 3)}",
            str(draw.choice([each["id"] for each in given["cities"]])),
            str(draw.choice(given["problem"]["operations"])),
            grade=int(draw.integers(1, 3)),
            certificates=str(draw.choice(["", "iso9001", "iso9001;oeko-tex"])),
        )
        for k in range(int(draw.integers(1, 5)))
    ]
    names = [each["id"] for each in given["work_centres"]]
    given["capacity"] = [
        {"work_centre": name, "bucket": bucket, "hours": float(draw.uniform(0, 4))}
        for name in names
        for bucket in range(given["problem"]["buckets"])
        if draw.random() < 0.9
    ]
    given["capabilities"] = [
        able(
            name,
            float(draw.uniform(0.5, 3)),
            float(draw.uniform(0.5, 2)),
            family["id"],
            setup_hours=float(draw.choice([0, 0, 0.3])),
        )
        for name in names
        for family in given["families"]
        if draw.random() < 0.8
    ]


def _line(draw: Draw, name: str, given: dict[str, Any], firms: list[str], whole: bool) -> dict[str, Any]:
    quantity, buckets = float(draw.uniform(0.5, 4)), given["problem"]["buckets"]
    return line(
        name,
        family=str(draw.choice([each["id"] for each in given["families"]])),
        quantity=quantity,
        release=int(draw.integers(0, buckets)),
        due=int(draw.integers(0, buckets + 1)),
        grade=int(draw.integers(1, 3)) if draw.random() < 0.4 else 1,
        certificates=str(draw.choice(["", "", "iso9001"])),
        city=str(draw.choice([each["id"] for each in given["cities"]])),
        late_cost=float(draw.uniform(0, 1)),
        reject_cost=float(draw.uniform(2, 12)),
        min_lot=quantity if whole else float(draw.uniform(0, 2)),
        max_lots=1 if whole else int(draw.integers(1, 4)),
        allowed_firms=";".join(firms) if draw.random() < 0.1 else "",
        blocked_firms=str(draw.choice(firms)) if draw.random() < 0.1 else "",
    )


def again(seed: int) -> Problem:
    """A random problem whose greedy plan is committed: each step planned, pinned or started by lot; perhaps a bucket frozen."""
    problem, draw = random_problem(seed), np.random.default_rng(seed)
    plan = greedy(problem).allocations
    lots = plan.line.astype(np.int64) * 1_000 + plan.lot
    begun = draw.integers(0, 3, lots.max(initial=0) + 1)[lots]
    upto = draw.integers(0, 3, lots.max(initial=0) + 1)[lots]
    status = np.where(plan.step < upto, begun, 0).astype(np.int8)
    columns = (plan.line, plan.lot, plan.step, plan.work_centre, plan.bucket, plan.quantity)
    return replace(
        problem,
        commitments=Commitments(*columns, status),
        stability=float(draw.uniform(0, 1)),
        frozen=int(draw.integers(0, problem.buckets)) if draw.random() < 0.4 else 0,
    )
