"""Small dispatch problems for tests: one that can be solved by hand, to be changed, and random tiny ones."""

import json
from pathlib import Path
from typing import Any

from staveworks.engine.dispatch import Problem, read_problem

GOLDEN = Path(__file__).parent.parent / "golden" / "dispatch"

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
    file = folder / "problem.json"
    file.write_text(json.dumps(given), "utf-8")
    return read_problem(file)
