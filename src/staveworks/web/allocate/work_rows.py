"""A firm's work as its page shows it: week by week with what it comes to, the lots of a line on one machine in one row."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from staveworks.web.allocate.names import Names

ALIKE = ("bucket", "line", "operation", "family", "work_centre")
WEEK = itemgetter("bucket")


def work_said(work: Iterable[Mapping[str, Any]], names: Names) -> list[dict[str, Any]]:
    """Weeks with their lots, hours and pay; in each its ``rows``."""
    found = []
    for bucket, its in groupby(sorted(work, key=WEEK), WEEK):
        lots = list(its)
        found.append(
            {
                "week": names.week(bucket),
                "monday": names.monday(bucket),
                **_sums(lots),
                "rows": [_row(each, names) for each in _alike(lots)],
            }
        )
    return found


def _alike(lots: Iterable[Mapping[str, Any]]) -> Iterable[list[Mapping[str, Any]]]:
    """Lots that differ in their size alone, in the order in which the first of each stands."""
    found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for lot in lots:
        found.setdefault(tuple(lot[key] for key in ALIKE), []).append(lot)
    return found.values()


def _row(lots: list[Mapping[str, Any]], names: Names) -> dict[str, Any]:
    lot = lots[0]
    return {
        "line": lot["line"],
        "quantity": sum(each["quantity"] for each in lots),
        **_sums(lots),
        "family_name": names.of("families", lot["family"]),
        "unit": names.unit(lot["family"]),
        "operation_name": names.of("operations", lot["operation"]),
        "centre": names.of("centres", lot["work_centre"]),
    }


def _sums(lots: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "lots": len(lots),
        "hours": sum(each["hours"] for each in lots),
        "pay_fen": sum(round(100 * each["pay"]) for each in lots),
    }
