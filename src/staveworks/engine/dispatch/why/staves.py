"""The cluster's shortest stave: what an hour is worth by operation, city and bucket, and what one per cent more of it would save."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.check.committed import work_hours
from staveworks.engine.dispatch.problem import Floats, Ints, Problem
from staveworks.engine.dispatch.result import Result


@dataclass(frozen=True, slots=True, eq=False)
class Staves:
    """One row an (operation, city, bucket) with hours; ``price`` of an hour, the mean over its cells weighted by their hours;
    ``saves``: money that one per cent more hours there would save; ``firms``: how many have hours there."""

    operation: Ints
    city: Ints
    bucket: Ints
    firms: NDArray[np.int64]
    hours: Floats
    used: Floats
    price: Floats
    saves: Floats

    def __len__(self) -> int:
        return len(self.operation)


def find_staves(problem: Problem, result: Result) -> Staves:
    """Sorted by what one per cent more would save, the most first."""
    plan, centres = result.allocations, problem.work_centres
    used = np.zeros_like(centres.hours)
    work = work_hours(problem, plan.line, plan.work_centre, plan.quantity)
    np.add.at(used, (plan.work_centre, plan.bucket), work)
    centre, bucket = np.nonzero(centres.hours > 0)
    key = (
        centres.operation[centre].astype(np.int64) * len(problem.cities) + centres.city[centre]
    ) * problem.buckets
    keys, own = np.unique(key + bucket, return_inverse=True)
    hours, work_done, value = (
        np.bincount(own, cells[centre, bucket], len(keys))
        for cells in (centres.hours, used, centres.hours * result.prices)
    )
    firms = np.unique(np.stack([own, centres.firm[centre]]), axis=1)[0]
    order = np.argsort(-value, kind="stable")
    place, moment = np.divmod(keys, problem.buckets)
    operation, city = np.divmod(place, max(1, len(problem.cities)))
    return Staves(
        operation=operation[order].astype(np.int32),
        city=city[order].astype(np.int32),
        bucket=moment[order].astype(np.int32),
        firms=np.bincount(firms, minlength=len(keys))[order],
        hours=hours[order],
        used=work_done[order],
        price=(value / hours)[order],
        saves=0.01 * value[order],
    )
