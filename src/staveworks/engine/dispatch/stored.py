"""A result's files read back, to be checked against their problem."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.problem import Floats, Problem
from staveworks.engine.dispatch.reading.columns import Columns, Reader
from staveworks.engine.dispatch.reading.faults import Faults
from staveworks.engine.dispatch.reading.folder import Folder
from staveworks.engine.dispatch.reading.rules import find_doubles
from staveworks.engine.dispatch.reading.sheets import Workbook
from staveworks.engine.dispatch.reading.source import Source
from staveworks.engine.dispatch.reading.tables import RESULT_TABLES
from staveworks.engine.dispatch.reading.words import BLANK, NO_PATH, NOT_NUMBER, NOT_OBJECT, UNREADABLE
from staveworks.engine.dispatch.result import Allocations, Costs, LineOutcomes, Result, WithLots
from staveworks.engine.dispatch.why import WHY
from staveworks.engine.dispatch.writing import BOOK, SUMMARY


def read_result(problem: Problem, folder: Path | str) -> Result:
    """What ``write_result`` wrote. Raises ``BadProblem`` with every fault of the files."""
    folder, faults = Path(folder), Faults()
    summary = _summary(folder / SUMMARY, faults)
    source: Source = Workbook(folder / BOOK) if (folder / BOOK).is_file() else Folder(folder)
    reader = Reader(source, faults, buckets=problem.buckets, operations=problem.operations)
    reader.know("lines", problem.lines.ids)
    reader.know("work_centres", problem.work_centres.ids)
    tables = {name: reader.read(table) for name, table in RESULT_TABLES.items()}
    for name, table in tables.items():
        find_doubles(RESULT_TABLES[name], table, faults)
    faults.raise_any()
    return _result(problem, summary, tables)


def _summary(file: Path, faults: Faults) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        faults.add(SUMMARY, NO_PATH.format(path=file.name))
        return {}
    except (OSError, ValueError, RecursionError) as error:
        faults.add(SUMMARY, UNREADABLE.format(why=error))
        return {}
    if not isinstance(found, dict) or not isinstance(found.get("costs"), dict):
        faults.add(SUMMARY, NOT_OBJECT, column="costs")
        return {}
    wanted = {name: found.get(name) for name in ("objective", "bound", "proven_bound")}
    for name, value in {**wanted, **{kind: found["costs"].get(kind) for kind in Costs.__slots__}}.items():
        if value is None:
            faults.add(SUMMARY, BLANK, column=name)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            faults.add(SUMMARY, NOT_NUMBER.format(value=value), column=name)
    return found


def _result(problem: Problem, summary: dict[str, Any], tables: dict[str, Columns]) -> Result:
    plan, cells = tables["allocations"].of, tables["prices"].of
    order = np.lexsort((plan["step"], plan["lot"], plan["line"]))
    lines = tables["lines"]
    lots = np.zeros(len(problem.lines))
    lots[lines.of["line"]] = lines.of["lot_price"]
    outcome = {name: np.full(len(problem.lines), np.nan) for name in ("made", "rejected", "late", "cost")}
    for name, values in outcome.items():
        values[lines.of["line"]] = lines.of[name]
    why = np.zeros(len(problem.lines), np.int8)
    codes = np.array([WHY.index(word) if word in WHY else 0 for word in lines.texts["why"]] or [0], np.int8)
    why[lines.of["line"]] = codes[lines.of["why"]]
    return Result(
        status="optimal" if summary.get("status") == "optimal" else "feasible",
        objective=float(summary["objective"]),
        bound=float(summary["bound"]),
        proven_bound=float(summary["proven_bound"]),
        costs=Costs(**{kind: float(summary["costs"][kind]) for kind in Costs.__slots__}),
        allocations=Allocations(
            **{
                name: plan[name][order]
                for name in ("line", "lot", "step", "work_centre", "bucket", "quantity")
            }
        ),
        prices=_by_cell(problem, cells, "price"),
        fairness_prices=_by_firm(problem, summary.get("fairness_prices")),
        lines=LineOutcomes(**outcome, why=why),
        seed=int(summary.get("seed") or 0),
        seconds=dict(summary.get("seconds") or {}),
        with_lots=WithLots(
            _by_cell(problem, cells, "price_with_lots"),
            _by_firm(problem, summary.get("fairness_prices_with_lots")),
            lots,
        )
        if lots.any() or cells["price_with_lots"].any()
        else None,
    )


def _by_cell(problem: Problem, cells: Mapping[str, NDArray[Any]], column: str) -> Floats:
    prices = np.zeros(problem.work_centres.hours.shape)
    prices[cells["work_centre"], cells["bucket"]] = cells[column]
    return prices


def _by_firm(problem: Problem, said: Mapping[str, float] | None) -> Floats:
    if not problem.fairness:
        return np.zeros(0)
    return np.array([float((said or {}).get(firm, 0.0)) for firm in problem.firms])
