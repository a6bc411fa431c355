"""Small dispatch problems for tests, and their exact answers by other means than ours: all paths listed, HiGHS, brute force."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from staveworks.engine.dispatch import Problem, read_problem
from staveworks.engine.dispatch.problem import Floats

GOLDEN = Path(__file__).parent / "golden" / "dispatch"

type Tables = dict[str, Any]


def tables(**changes: Any) -> Tables:
    """Two cities, weaving in one and sewing in both, three weeks; one order line."""
    given: Tables = {
        "problem": {"buckets": 3, "operations": ["weaving", "sewing"]},
        "cities": [{"id": "Keqiao"}, {"id": "Ningbo"}],
        "transport": [
            {"from": "Keqiao", "to": "Ningbo", "cost": 2, "lag": 1},
            {"from": "Ningbo", "to": "Keqiao", "cost": 2, "lag": 1},
        ],
        "families": [{"id": "shirt", "weight": 0.5, "hold_cost": 0.1}],
        "routes": [
            {"family": "shirt", "route": "usual", "step": 0, "operation": "weaving"},
            {"family": "shirt", "route": "usual", "step": 1, "operation": "sewing"},
        ],
        "work_centres": [
            centre("looms", "Hua Mao", "Keqiao", "weaving"),
            centre("east", "Jiang Nan", "Ningbo", "sewing"),
            centre("west", "Hua Mao", "Keqiao", "sewing", grade=1, certificates=""),
        ],
        "capacity": [
            {"work_centre": name, "bucket": bucket, "hours": 10}
            for name in ("looms", "east", "west")
            for bucket in range(3)
        ],
        "capabilities": [able("looms", 3), able("east", 5), able("west", 6)],
        "lines": [line("a")],
    }
    return {**given, **changes}


def centre(name: str, firm: str, city: str, operation: str, **more: Any) -> dict[str, Any]:
    start = {"id": name, "firm": firm, "city": city, "operation": operation, "grade": 2}
    return {**start, "certificates": "iso9001;oeko-tex", **more}


def able(name: str, cost: float, hours: float = 1, family: str = "shirt", **more: Any) -> dict[str, Any]:
    return {"work_centre": name, "family": family, "cost": cost, "hours": hours, **more}


def line(name: str, **more: Any) -> dict[str, Any]:
    start = {"id": name, "family": "shirt", "quantity": 10, "release": 0, "due": 2, "grade": 1}
    start |= {
        "certificates": "",
        "city": "Ningbo",
        "late_cost": 1,
        "reject_cost": 100,
        "min_lot": 1,
        "max_lots": 2,
    }
    return {**start, **more}


def problem_of(given: Tables, folder: Path) -> Problem:
    import json

    file = folder / "problem.json"
    file.write_text(json.dumps(given), "utf-8")
    return read_problem(file)


@dataclass(frozen=True, slots=True)
class Path_:
    """Of a line: (row of capabilities, bucket) by step, and what a unit costs."""

    line: int
    steps: tuple[tuple[int, int], ...]
    cost: float


def paths(problem: Problem) -> list[Path_]:
    """Every one, by plain loops."""
    return [path for number in range(len(problem.lines)) for path in _paths_of(problem, number)]


def _paths_of(problem: Problem, number: int) -> Iterator[Path_]:
    routes, family = problem.routes, int(problem.lines.family[number])
    for route in range(len(routes.ids)):
        if routes.family[route] != family:
            continue
        operations = routes.operation[routes.start[route] : routes.start[route + 1]]
        choices = [list(_choices(problem, number, int(operation))) for operation in operations]
        for steps in product(*choices):
            cost = _cost(problem, number, steps)
            if cost is not None:
                yield Path_(number, steps, cost)


def _choices(problem: Problem, number: int, operation: int) -> Iterator[tuple[int, int]]:
    lines, centres, table = problem.lines, problem.work_centres, problem.capabilities
    allowed, blocked = (
        set(sets.firm[sets.start[number] : sets.start[number + 1]].tolist())
        for sets in (lines.allowed, lines.blocked)
    )
    need = {c for c in range(len(problem.certificates)) if _has(lines.certificates[number], c)}
    for row, (where, family) in enumerate(zip(table.work_centre, table.family, strict=True)):
        holds = {c for c in range(len(problem.certificates)) if _has(centres.certificates[where], c)}
        firm = int(centres.firm[where])
        if (
            family == lines.family[number]
            and centres.operation[where] == operation
            and centres.grade[where] >= lines.grade[number]
            and need <= holds
            and (not allowed or firm in allowed)
            and firm not in blocked
        ):
            for bucket in range(max(int(lines.release[number]), problem.frozen), problem.buckets):
                if centres.hours[where, bucket] > 0:
                    yield row, bucket


def _has(words: Any, certificate: int) -> bool:
    return bool(int(words[certificate // 64]) >> (certificate % 64) & 1)


def _cost(problem: Problem, number: int, steps: tuple[tuple[int, int], ...]) -> float | None:
    lines, table, centres = problem.lines, problem.capabilities, problem.work_centres
    family = lines.family[number]
    weight, hold = problem.families.weight[family], problem.families.hold_cost[family]
    total = sum(float(table.cost[row]) for row, _ in steps)
    for (one, start), (two, end) in zip(steps, steps[1:], strict=False):
        pair = centres.city[table.work_centre[one]], centres.city[table.work_centre[two]]
        wait = end - start - problem.transport.lag[pair]
        if wait < 0 or not np.isfinite(problem.transport.cost[pair]):
            return None
        total += weight * problem.transport.cost[pair] + hold * wait
    row, bucket = steps[-1]
    pair = centres.city[table.work_centre[row]], lines.city[number]
    if not np.isfinite(problem.transport.cost[pair]):
        return None
    late = max(0, bucket + problem.transport.lag[pair] - lines.due[number])
    return float(total + weight * problem.transport.cost[pair] + lines.late_cost[number] * late)


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """The optimum; of an LP also the prices of hours and, with fairness, of firms."""

    objective: float
    prices: Floats
    fairness_prices: Floats


def optimum(problem: Problem, *, lots: bool) -> Exact:
    """By HiGHS over all paths: the LP (lots dropped, set-up too), or with ``lots`` the plan that nothing beats."""
    found, highs = paths(problem), highspy.Highs()
    highs.silent()
    inf = highspy.kHighsInf
    lines, table, centres = problem.lines, problem.capabilities, problem.work_centres
    for path in found:
        highs.addVar(0, inf)
        highs.changeColCost(highs.numVariables - 1, path.cost)
    for number in range(len(lines)):  # rejected
        highs.addVar(0, float(lines.quantity[number]))
        highs.changeColCost(highs.numVariables - 1, float(lines.reject_cost[number]))
    if lots:
        _add_lots(problem, found, highs)
    used: dict[tuple[int, int], list[tuple[int, float]]] = {}
    worked: dict[int, list[tuple[int, float]]] = {}
    first = len(found) + len(lines)
    for place, path in enumerate(found):
        for row, bucket in path.steps:
            where = int(table.work_centre[row])
            used.setdefault((where, bucket), []).append((place, float(table.hours[row])))
            worked.setdefault(int(centres.firm[where]), []).append((place, float(table.hours[row])))
            if lots and table.setup_hours[row]:
                used[where, bucket].append((first + place, float(table.setup_hours[row])))
    rows = []
    for number in range(len(lines)):
        mine = [(place, 1.0) for place, path in enumerate(found) if path.line == number]
        _add_row(
            highs,
            float(lines.quantity[number]),
            float(lines.quantity[number]),
            [*mine, (len(found) + number, 1.0)],
        )
    for (where, bucket), terms in used.items():
        rows.append((where, bucket, highs.numConstrs))
        _add_row(highs, -inf, float(centres.hours[where, bucket]), terms)
    fair = []
    if problem.fairness is not None:
        for firm in range(len(problem.firms)):
            promised = problem.fairness.share * float(centres.hours[centres.firm == firm].sum())
            highs.addVar(0, inf)
            highs.changeColCost(highs.numVariables - 1, problem.fairness.penalty)
            fair.append((firm, highs.numConstrs))
            _add_row(highs, promised, inf, [*worked.get(firm, []), (highs.numVariables - 1, 1.0)])
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    prices, fairness_prices = np.zeros(centres.hours.shape), np.zeros(len(problem.firms) if fair else 0)
    if not lots:
        duals = highs.getSolution().row_dual
        for where, bucket, row in rows:
            prices[where, bucket] = max(0.0, -duals[row])
        for firm, row in fair:
            fairness_prices[firm] = max(0.0, duals[row])
    return Exact(highs.getObjectiveValue(), prices, fairness_prices)


def _add_lots(problem: Problem, found: list[Path_], highs: Any) -> None:
    """A whole number of lots on each path: each of at least the least lot."""
    lines, inf = problem.lines, highspy.kHighsInf
    first = highs.numVariables
    for path in found:
        highs.addVar(0, float(lines.max_lots[path.line]))
        highs.changeColIntegrality(highs.numVariables - 1, highspy.HighsVarType.kInteger)
    for place, path in enumerate(found):
        quantity = float(lines.quantity[path.line])
        least = min(float(lines.min_lot[path.line]), quantity)
        _add_row(highs, 0.0, inf, [(place, 1.0), (first + place, -least)])
        _add_row(highs, -inf, 0.0, [(place, 1.0), (first + place, -quantity)])
    for number in range(len(lines)):
        mine = [(first + place, 1.0) for place, path in enumerate(found) if path.line == number]
        _add_row(highs, -inf, float(lines.max_lots[number]), mine)


def _add_row(highs: Any, low: float, high: float, terms: list[tuple[int, float]]) -> None:
    """Terms of one column come together: a path may pass a firm twice."""
    sums: dict[int, float] = {}
    for place, value in terms:
        sums[place] = sums.get(place, 0.0) + value
    highs.addRow(low, high, len(sums), np.array(list(sums), np.int32), np.array(list(sums.values())))


def brute_force(problem: Problem) -> float:
    """The best of all ways, where every line is one lot or none: each line on each of its paths, or rejected."""
    lines, table, centres = problem.lines, problem.capabilities, problem.work_centres
    assert (lines.min_lot >= lines.quantity).all()
    ways: list[list[Path_ | None]] = [[None] for _ in lines.ids]
    for path in paths(problem):
        ways[path.line].append(path)
    best = np.inf

    def go(number: int, spent: float, free: dict[tuple[int, int], float]) -> None:
        nonlocal best
        if spent >= best:
            return
        if number == len(lines):
            best = spent
            return
        quantity = float(lines.quantity[number])
        for path in ways[number]:
            if path is None:
                go(number + 1, spent + quantity * float(lines.reject_cost[number]), free)
                continue
            left = dict(free)
            for row, bucket in path.steps:
                where = int(table.work_centre[row])
                start = left.get((where, bucket), float(centres.hours[where, bucket]))
                left[where, bucket] = (
                    start - quantity * float(table.hours[row]) - float(table.setup_hours[row])
                )
            if min(left.values()) >= -1e-9:
                go(number + 1, spent + quantity * path.cost, left)

    go(0, 0.0, {})
    return best


def random_problem(seed: int, *, whole: bool = False, lines: int = 3) -> Problem:
    """Tiny: up to three cities, two operations, three buckets; ``whole``: every line one lot or none."""
    draw = np.random.default_rng(seed)
    cities, operations, buckets = int(draw.integers(1, 4)), int(draw.integers(1, 3)), int(draw.integers(1, 4))
    names = [f"op{k}" for k in range(operations)]
    given: Tables = {"problem": {"buckets": buckets, "operations": names}}
    if not whole and draw.random() < 0.3:
        given["problem"]["fairness"] = {
            "share": float(draw.uniform(0.2, 0.9)),
            "penalty": float(draw.uniform(0.1, 3)),
        }
    given["cities"] = [{"id": f"c{k}"} for k in range(cities)]
    given["transport"] = [
        {"from": f"c{a}", "to": f"c{b}", "cost": float(draw.uniform(0, 1)), "lag": int(draw.integers(0, 2))}
        for a, b in product(range(cities), repeat=2)
        if a != b and draw.random() < 0.8
    ]
    families = int(draw.integers(1, 3))
    given["families"] = [
        {"id": f"f{k}", "weight": float(draw.uniform(0, 2)), "hold_cost": float(draw.uniform(0, 0.5))}
        for k in range(families)
    ]
    given["routes"] = []
    for k in range(families):
        ways = [list(draw.permutation(operations)), [int(draw.integers(operations))]][
            : int(draw.integers(1, 3))
        ]
        given["routes"] += [
            {"family": f"f{k}", "route": r, "step": s, "operation": names[o]}
            for r, way in enumerate(ways)
            for s, o in enumerate(way)
        ]
    count = int(draw.integers(1, 5))
    given["work_centres"] = [
        centre(
            f"w{k}",
            f"firm{draw.integers(0, 3)}",
            f"c{draw.integers(cities)}",
            names[int(draw.integers(operations))],
            grade=int(draw.integers(1, 3)),
            certificates=str(draw.choice(["", "iso9001", "iso9001;oeko-tex"])),
        )
        for k in range(count)
    ]
    given["capacity"] = [
        {"work_centre": f"w{k}", "bucket": b, "hours": float(draw.uniform(0, 4))}
        for k in range(count)
        for b in range(buckets)
        if draw.random() < 0.9
    ]
    given["capabilities"] = [
        able(
            f"w{k}",
            float(draw.uniform(0.5, 3)),
            float(draw.uniform(0.5, 2)),
            f"f{f}",
            setup_hours=float(draw.choice([0, 0, 0.3])),
        )
        for k in range(count)
        for f in range(families)
        if draw.random() < 0.8
    ]
    firms = sorted({each["firm"] for each in given["work_centres"]})
    given["lines"] = []
    for k in range(lines):
        quantity = float(draw.uniform(0.5, 4))
        given["lines"].append(
            line(
                f"l{k}",
                family=f"f{draw.integers(families)}",
                quantity=quantity,
                release=int(draw.integers(0, buckets)),
                due=int(draw.integers(0, buckets + 1)),
                grade=int(draw.integers(1, 3)) if draw.random() < 0.4 else 1,
                certificates=str(draw.choice(["", "", "iso9001"])),
                city=f"c{draw.integers(cities)}",
                late_cost=float(draw.uniform(0, 1)),
                reject_cost=float(draw.uniform(2, 12)),
                min_lot=quantity if whole else float(draw.uniform(0, 2)),
                max_lots=1 if whole else int(draw.integers(1, 4)),
                allowed_firms=";".join(firms) if draw.random() < 0.1 else "",
                blocked_firms=str(draw.choice(firms)) if draw.random() < 0.1 else "",
            )
        )
    return _as_problem(given)


def _as_problem(given: Tables) -> Problem:
    import json
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return problem_of(json.loads(json.dumps(given, default=int)), Path(folder))


def with_lines(problem: Problem, **changes: Any) -> Problem:
    return replace(problem, lines=replace(problem.lines, **changes))
