"""A problem as the CSV or Parquet tables of ``docs/reference/dispatch-files.md``."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

from staveworks.engine.dispatch.problem import Problem


def write_tables(problem: Problem, folder: Path, form: str = "csv") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "problem.json").write_text(
        json.dumps({"buckets": problem.buckets, "operations": list(problem.operations)})
    )
    for name, columns in tables(problem).items():
        if form == "parquet":
            parquet.write_table(pa.table(columns), folder / f"{name}.parquet")
        else:
            csv.write_csv(pa.table(columns), folder / f"{name}.csv")


def tables(problem: Problem) -> dict[str, dict[str, object]]:
    centres, able, lines = problem.work_centres, problem.capabilities, problem.lines
    families, transport = problem.families, problem.transport
    cities, names = np.array(problem.cities), np.array(families.ids)
    source, target = np.nonzero(np.isfinite(transport.cost))
    centre, bucket = np.nonzero(centres.hours > 0)
    route = np.repeat(np.arange(len(problem.routes.family)), np.diff(problem.routes.start))
    return {
        "cities": {"id": cities},
        "transport": {
            "from": cities[source],
            "to": cities[target],
            "cost": transport.cost[source, target],
            "lag": transport.lag[source, target],
        },
        "families": {"id": names, "weight": families.weight, "hold_cost": families.hold_cost},
        "routes": {
            "family": names[problem.routes.family[route]],
            "route": np.array(problem.routes.ids)[route],
            "step": np.arange(len(route)) - problem.routes.start[route],
            "operation": np.array(problem.operations)[problem.routes.operation],
        },
        "work_centres": {
            "id": np.array(centres.ids),
            "firm": np.array(problem.firms)[centres.firm],
            "city": cities[centres.city],
            "operation": np.array(problem.operations)[centres.operation],
            "grade": centres.grade,
            "certificates": _words(problem, centres.certificates),
        },
        "capacity": {
            "work_centre": np.array(centres.ids)[centre],
            "bucket": bucket,
            "hours": centres.hours[centre, bucket],
        },
        "capabilities": {
            "work_centre": np.array(centres.ids)[able.work_centre],
            "family": names[able.family],
            "cost": able.cost,
            "hours": able.hours,
            "setup_hours": able.setup_hours,
        },
        "lines": {
            "id": np.array(lines.ids),
            "family": names[lines.family],
            "quantity": lines.quantity,
            "release": lines.release,
            "due": lines.due,
            "grade": lines.grade,
            "certificates": _words(problem, lines.certificates),
            "city": cities[lines.city],
            "late_cost": lines.late_cost,
            "reject_cost": lines.reject_cost,
            "min_lot": lines.min_lot,
            "max_lots": lines.max_lots,
        },
    }


def _words(problem: Problem, sets: np.ndarray) -> np.ndarray:
    """Names of a set, for up to 64 certificates."""
    known = {
        int(word): ";".join(name for bit, name in enumerate(problem.certificates) if int(word) >> bit & 1)
        for word in np.unique(sets[:, 0])
    }
    return np.array([known[word] for word in sets[:, 0].tolist()])
