"""Generalized assignment as dispatch: one operation, one bucket; each job a family of its own that is made whole or rejected."""

import csv
from functools import cache

import numpy as np

from staveworks.engine.dispatch import Problem
from staveworks.engine.dispatch.problem import (
    Capabilities,
    Families,
    Firms,
    Floats,
    Lines,
    Routes,
    Transport,
    WorkCentres,
)
from tests.dispatching import GOLDEN

FOLDER = GOLDEN / "gap"


@cache
def best_known() -> dict[str, float]:
    with (FOLDER / "best-known.csv").open(encoding="utf-8") as file:
        return {row["Path"]: float(row["Best known solution value"]) for row in csv.DictReader(file)}


def read_gap(name: str) -> Problem:
    """Agents m, jobs n; m × n costs; m × n needs; m capacities."""
    numbers = np.array((FOLDER / name).read_text(encoding="utf-8").split(), float)
    agents, jobs = int(numbers[0]), int(numbers[1])
    cost, need, room = np.split(numbers[2:], [agents * jobs, 2 * agents * jobs])
    return assignment_problem(cost.reshape(agents, jobs), need.reshape(agents, jobs), room)


def assignment_problem(cost: Floats, need: Floats, room: Floats, reject_cost: float | None = None) -> Problem:
    """Rejection at ten times the largest cost, unless said."""
    agents, jobs = cost.shape
    ones, zeros = np.ones(jobs), np.zeros(jobs, np.int32)
    families, work_centres = np.arange(jobs, dtype=np.int32), np.arange(agents, dtype=np.int32)
    nobody = Firms(np.zeros(jobs + 1, np.int64), zeros[:0])
    return Problem(
        buckets=1,
        operations=["work"],
        cities=["here"],
        firms=[f"agent{agent}" for agent in range(agents)],
        certificates=[],
        transport=Transport(np.zeros((1, 1)), np.zeros((1, 1), np.int32)),
        families=Families([f"job{job}" for job in range(jobs)], ones, np.zeros(jobs)),
        routes=Routes(["0"] * jobs, families, np.arange(jobs + 1, dtype=np.int32), zeros),
        work_centres=WorkCentres(
            ids=[f"agent{agent}" for agent in range(agents)],
            firm=work_centres,
            city=np.zeros(agents, np.int32),
            operation=np.zeros(agents, np.int32),
            grade=np.zeros(agents, np.int32),
            certificates=np.zeros((agents, 1), np.uint64),
            hours=room.reshape(agents, 1),
        ),
        capabilities=Capabilities(
            work_centre=np.repeat(work_centres, jobs),
            family=np.tile(families, agents),
            cost=cost.ravel(),
            hours=need.ravel(),
            setup_hours=np.zeros(agents * jobs),
        ),
        lines=Lines(
            ids=[f"job{job}" for job in range(jobs)],
            family=families,
            quantity=ones,
            release=zeros,
            due=zeros,
            grade=zeros,
            certificates=np.zeros((jobs, 1), np.uint64),
            city=zeros,
            late_cost=np.zeros(jobs),
            reject_cost=np.full(jobs, 10 * cost.max() if reject_cost is None else reject_cost),
            min_lot=ones,
            max_lots=np.ones(jobs, np.int32),
            allowed=nobody,
            blocked=nobody,
        ),
    )
