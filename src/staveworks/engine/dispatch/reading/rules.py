"""What rows must hold together: no key twice, routes without gap or circle, firms that exist."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.reading.assemble import parts
from staveworks.engine.dispatch.reading.columns import Columns
from staveworks.engine.dispatch.reading.faults import Faults
from staveworks.engine.dispatch.reading.tables import TABLES, Table
from staveworks.engine.dispatch.reading.words import CIRCLE, GAP, HOME, NO_ROUTE, TWICE, UNKNOWN


def find_doubles(of: Table, table: Columns, faults: Faults) -> None:
    """Rows with the key of a former one."""
    keys = of.keys
    if not len(table):
        return
    firsts = _firsts_of_ids(table) if keys == ("id",) else _firsts([table.of[key] for key in keys])
    again = np.flatnonzero(firsts != np.arange(len(firsts)))
    if keys != ("id",):  # what couldn't be looked up has been told
        good = np.all([table.of[key][again] >= 0 for key in keys], axis=0)
        again = again[good]
    faults.add_twins(of.name, keys[-1], table.rows[again], table.rows[firsts[again]], TWICE)


def _firsts_of_ids(table: Columns) -> NDArray[np.int64]:
    """For each row the first with the same id; blanks, which have been told, stand for themselves."""
    import pyarrow as pa

    encoded = pa.array(table.ids, pa.string()).dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    firsts = _firsts([codes])
    blank = [place for place, text in enumerate(encoded.dictionary.to_pylist()) if not text]
    own = np.isin(codes, blank)
    firsts[own] = np.flatnonzero(own)
    return firsts


def _firsts(keys: Sequence[NDArray[np.int32]]) -> NDArray[np.int64]:
    order = np.lexsort(keys[::-1])
    same = np.ones(len(order) - 1, bool)
    for key in keys:
        same &= key[order][1:] == key[order][:-1]
    begins = np.concatenate([[True], ~same])
    firsts = np.empty(len(order), np.int64)
    firsts[order] = order[np.flatnonzero(begins)][np.cumsum(begins) - 1]
    return firsts


def check_home(transport: Columns, faults: Faults) -> None:
    of = transport.of
    wrong = (of["from"] == of["to"]) & (of["from"] >= 0) & ((of["cost"] != 0) | (of["lag"] != 0))
    faults.add_rows("transport", "cost", transport.rows[wrong], HOME)


def check_routes(families: Columns, routes: Columns, operations: Sequence[str], faults: Faults) -> None:
    """Steps without a gap, no operation twice, a route for every family."""
    of = routes.of
    groups: dict[tuple[int, int], list[int]] = {}
    for row, (family, route) in enumerate(zip(of["family"].tolist(), of["route"].tolist(), strict=True)):
        if family >= 0:
            groups.setdefault((family, route), []).append(row)
    for rows in groups.values():
        _check_route(routes, sorted(rows, key=lambda row: of["step"][row]), operations, faults)
    without = np.setdiff1d(np.arange(len(families)), of["family"])
    if len(routes):
        faults.add_rows("families", "id", families.rows[without], NO_ROUTE)


def _check_route(routes: Columns, rows: list[int], operations: Sequence[str], faults: Faults) -> None:
    seen: set[int] = set()
    wanted = 0
    for row in rows:
        step, operation = int(routes.of["step"][row]), int(routes.of["operation"][row])
        at = int(routes.rows[row])
        if step > wanted:
            faults.add("routes", GAP.format(step=wanted), row=at, column="step")
        if operation in seen and operation >= 0:
            faults.add("routes", CIRCLE.format(operation=operations[operation]), row=at, column="operation")
        seen.add(operation)
        wanted = max(wanted, step + 1)


def check_firms(lines: Columns, centres: Columns, faults: Faults) -> None:
    """Firms that lines allow or block are those of work centres."""
    known = set(centres.texts.get("firm", ()))
    for name in ("allowed_firms", "blocked_firms"):
        for code, text in enumerate(lines.texts.get(name, ())):
            for firm in parts(text):
                if firm not in known and known:
                    rows = lines.rows[lines.of[name] == code]
                    faults.add_rows(
                        "lines", name, rows, UNKNOWN.format(value=firm, table="work_centres.firm")
                    )


def check_rows(tables: Mapping[str, Columns], operations: Sequence[str], faults: Faults) -> None:
    for name, table in tables.items():
        find_doubles(TABLES[name], table, faults)
    check_home(tables["transport"], faults)
    if "routes" not in faults.cut:
        check_routes(tables["families"], tables["routes"], operations, faults)
    if "work_centres" not in faults.cut:
        check_firms(tables["lines"], tables["work_centres"], faults)
