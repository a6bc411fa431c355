"""Demand against capacity by operation, city and bucket: hours that the lines due then need, hours planned, hours there are."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from staveworks.engine.dispatch import Problem
from staveworks.mechanisms.dispatch.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class Load:
    """Of one operation, in hours, an entry for each bucket. ``wanted``: of the lines due then, whoever makes them, by the first
    route at the mean speed of those who can. Of the whole cluster, and ``used`` and ``capacity`` by city."""

    operation: str
    wanted: list[float]
    used: list[float]
    capacity: list[float]
    cities: dict[str, dict[str, list[float]]]


def load_of(plan: Plan) -> list[Load]:
    problem = plan.problem
    wanted = _wanted(problem)
    centres = problem.work_centres
    found = []
    for operation, code in enumerate(problem.operations):
        mine = centres.operation == operation
        cities = {
            problem.cities[city]: {
                "used": _rounded(plan.used[mine & (centres.city == city)].sum(axis=0)),
                "capacity": _rounded(centres.hours[mine & (centres.city == city)].sum(axis=0)),
            }
            for city in np.unique(centres.city[mine])
        }
        found.append(
            Load(
                code,
                _rounded(wanted[operation]),
                _rounded(plan.used[mine].sum(axis=0)),
                _rounded(centres.hours[mine].sum(axis=0)),
                cities,
            )
        )
    return found


def _wanted(problem: Problem) -> Any:
    """(operations, buckets). What is due past the horizon counts in its last bucket."""
    lines, routes = problem.lines, problem.routes
    speed = _mean_hours(problem)
    found = np.zeros((len(problem.operations), problem.buckets))
    due = np.clip(lines.due, 0, problem.buckets - 1)
    first: dict[int, int] = {}
    for route, family in enumerate(routes.family.tolist()):
        first.setdefault(family, route)
    for family, route in first.items():
        mine = lines.family == family
        quantity = np.bincount(due[mine], lines.quantity[mine], minlength=problem.buckets)
        for operation in routes.operation[routes.start[route] : routes.start[route + 1]]:
            found[operation] += quantity * speed[operation, family]
    return found


def _mean_hours(problem: Problem) -> Any:
    """Hours per unit by (operation, family), the mean over the work centres that can."""
    able = problem.capabilities
    shape = (len(problem.operations), len(problem.families.ids))
    total, count = np.zeros(shape), np.zeros(shape)
    at = (problem.work_centres.operation[able.work_centre], able.family)
    np.add.at(total, at, able.hours)
    np.add.at(count, at, 1)
    return np.divide(total, count, out=np.zeros(shape), where=count > 0)


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 2) for value in values]
