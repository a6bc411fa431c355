"""The cluster's shortest staves: what an hour more is worth, by operation, city and bucket, and what 1 % more would save."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from staveworks.engine.dispatch import Problem, Result

ONE_PERCENT = 0.01
LEAST_PRICE = 0.005
"""Money per hour below which nothing is short."""
MOST = 200


@dataclass(frozen=True, slots=True)
class Stave:
    """``price``: money per hour, the mean over the hours that are there. ``saves``: by its prices, for 1 % more of them.
    ``firms``: with hours there."""

    operation: str
    city: str
    bucket: int
    price: float
    saves: float
    hours: float
    firms: int


def staves_of(problem: Problem, result: Result) -> list[Stave]:
    """The dearest first, at most ``MOST``."""
    centres, buckets = problem.work_centres, problem.buckets
    cities = len(problem.cities)
    group = centres.operation.astype(np.int64) * cities + centres.city
    groups = len(problem.operations) * cities
    worth, hours = np.zeros((groups, buckets)), np.zeros((groups, buckets))
    np.add.at(worth, group, result.prices * centres.hours)
    np.add.at(hours, group, centres.hours)
    firms = _firms(problem, group, groups)
    price = np.divide(worth, hours, out=np.zeros_like(worth), where=hours > 0)
    order = np.argsort(-price, axis=None, kind="stable")[:MOST]
    found = []
    for place in order:
        at, bucket = divmod(int(place), buckets)
        if price[at, bucket] < LEAST_PRICE:
            break
        found.append(
            Stave(
                problem.operations[at // cities],
                problem.cities[at % cities],
                bucket,
                float(price[at, bucket]),
                float(worth[at, bucket] * ONE_PERCENT),
                float(hours[at, bucket]),
                int(firms[at, bucket]),
            )
        )
    return found


def _firms(problem: Problem, group: "np.ndarray[Any, np.dtype[np.int64]]", groups: int) -> Any:
    """How many firms have hours, by (group, bucket)."""
    count = np.zeros((groups, problem.buckets), np.int64)
    centre, bucket = np.nonzero(problem.work_centres.hours > 0)
    if len(centre):
        rows = np.unique(np.stack([group[centre], bucket, problem.work_centres.firm[centre]], axis=1), axis=0)
        np.add.at(count, (rows[:, 0], rows[:, 1]), 1)
    return count
