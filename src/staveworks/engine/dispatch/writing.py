"""``Result`` → files: allocations, prices, lines and ``summary.json``. Each whole or not at all; files of others are left alone."""

import json
import math
import os
import shutil
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from staveworks.engine.dispatch.problem import TOLERANCE, Floats, Problem
from staveworks.engine.dispatch.result import Costs, Result
from staveworks.engine.dispatch.watch import peak_memory
from staveworks.engine.dispatch.why import WHY

if TYPE_CHECKING:
    import pyarrow as pa

type Format = Literal["csv", "parquet", "xlsx"]

SUMMARY, BOOK = "summary.json", "result.xlsx"
NAMES = ("allocations", "prices", "lines")
ALL_FILES = (SUMMARY, BOOK, *(f"{name}.{end}" for name in NAMES for end in ("csv", "parquet")))
SHEET_ROWS = 2**20 - 1


def write_result(
    problem: Problem, result: Result, folder: Path | str, *, format: Format = "csv"
) -> dict[str, Any]:
    """Write the files into ``folder``, which is made if missing, and give back the summary.

    All are written beside their places first and then put there, the summary last; ours of a former run in another format go.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    summary = summarise(problem, result)
    aside = Path(tempfile.mkdtemp(prefix=".dispatch-", dir=folder))
    try:
        _write_tables(tables_of(problem, result), aside, format)
        (aside / SUMMARY).write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", "utf-8")
        new = sorted((file.name for file in aside.iterdir()), key=lambda name: name == SUMMARY)
        (folder / SUMMARY).unlink(
            missing_ok=True
        )  # until the new one stands, nothing claims to be a whole result
        for name in new:
            os.replace(aside / name, folder / name)
        for name in set(ALL_FILES) - set(new):
            (folder / name).unlink(missing_ok=True)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return summary


def summarise(problem: Problem, result: Result) -> dict[str, Any]:
    """What ``summary.json`` says. A gap that is endless is null."""
    lines = result.lines
    return {
        "status": result.status,
        "objective": result.objective,
        "bound": result.bound,
        "gap": result.gap if math.isfinite(result.gap) else None,
        "proven_bound": result.proven_bound,
        "proven_gap": result.proven_gap if math.isfinite(result.proven_gap) else None,
        "costs": {kind: getattr(result.costs, kind) for kind in Costs.__slots__},
        "lines": len(problem.lines),
        "late_lines": int((lines.late > TOLERANCE).sum()),
        "rejected_lines": int((lines.rejected > TOLERANCE).sum()),
        "made": float(lines.made.sum()),
        "rejected": float(lines.rejected.sum()),
        "lots": int((result.allocations.step == 0).sum()),
        "fairness_prices": _by_firm(problem, result.fairness_prices),
        **(
            {"fairness_prices_with_lots": _by_firm(problem, result.with_lots.promise)}
            if result.with_lots
            else {}
        ),
        "seconds": dict(result.seconds),
        "memory_mb": peak_memory() // 2**20,
        "seed": result.seed,
        "version": version("staveworks"),
    }


def _by_firm(problem: Problem, prices: Floats) -> dict[str, float]:
    return {firm: price for firm, price in zip(problem.firms, prices.tolist(), strict=False) if price > 0}


def tables_of(problem: Problem, result: Result) -> "dict[str, pa.Table]":
    """With the ids of the problem; of prices the cells with hours."""
    import pyarrow as pa

    plan, lines = result.allocations, result.lines
    centres, line_ids = (pa.array(ids, pa.string()) for ids in (problem.work_centres.ids, problem.lines.ids))
    centre, bucket = np.nonzero(problem.work_centres.hours > 0)
    other = result.with_lots
    return {
        "allocations": pa.table(
            {
                "line": line_ids.take(pa.array(plan.line)),
                "lot": plan.lot,
                "step": plan.step,
                "work_centre": centres.take(pa.array(plan.work_centre)),
                "bucket": plan.bucket,
                "quantity": plan.quantity,
            }
        ),
        "prices": pa.table(
            {
                "work_centre": centres.take(pa.array(centre)),
                "bucket": bucket,
                "price": result.prices[centre, bucket],
                **({"price_with_lots": other.hours[centre, bucket]} if other else {}),
            }
        ),
        "lines": pa.table(
            {
                "line": line_ids,
                "made": lines.made,
                "rejected": lines.rejected,
                "late": lines.late,
                "cost": lines.cost,
                "why": pa.array(WHY).take(pa.array(lines.why)),
                **({"lot_price": other.lots} if other else {}),
            }
        ),
    }


def _write_tables(tables: "Mapping[str, pa.Table]", folder: Path, format: Format) -> None:
    if format == "xlsx":
        _write_book(tables, folder / BOOK)
        return
    from pyarrow import csv, parquet

    for name, table in tables.items():
        if format == "csv":
            csv.write_csv(table, folder / f"{name}.csv", csv.WriteOptions(quoting_style="needed"))
        else:
            parquet.write_table(table, folder / f"{name}.parquet")


def _write_book(tables: "Mapping[str, pa.Table]", file: Path) -> None:
    """Ids are written as text, so that leading zeros stay and none is taken for a formula."""
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(file), options) as book:
        bold = book.add_format({"bold": True})
        for name, table in tables.items():
            for part in range(max(1, math.ceil(len(table) / SHEET_ROWS))):
                sheet = book.add_worksheet(name if not part else f"{name} {part + 1}")
                sheet.freeze_panes(1, 0)
                sheet.write_row(0, 0, table.column_names, bold)
                some = table.slice(part * SHEET_ROWS, SHEET_ROWS)
                for row, cells in enumerate(
                    zip(*(column.to_pylist() for column in some.columns), strict=True), 1
                ):
                    sheet.write_row(row, 0, cells)
