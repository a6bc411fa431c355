"""Which published plans stand, and the hours that they have taken of firms' work centres. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from staveworks.mechanisms.dispatch.domain.plan import Plan

WEEK = timedelta(weeks=1)
LITTLE = 0.05
"""Hours; what firms are told is rounded."""

type Cell = tuple[str, date]
"""A work centre of the registry (its id, or its firm and name where that is all that was kept) and a Monday."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Hours of one week that two plans would have both."""

    firm: str
    work_centre: str
    bucket: int
    hours: float


def standing(
    published: Mapping[UUID, datetime],
    withdrawn: Mapping[UUID, datetime],
    bases: Mapping[UUID, UUID | None],
    *,
    upon: UUID | None,
    at: datetime,
) -> frozenset[UUID]:
    """Plans published by ``at`` and neither withdrawn nor replaced by then: a plan replaces those that it was made upon, and they don't
    come back when it is withdrawn. What ``upon`` would replace itself, it included, doesn't stand in its way."""
    there = {run for run, when in published.items() if when <= at}
    gone = {
        former
        for run in there
        for former in formers(run, bases)
        if published.get(former, at) < published[run]
    } | {run for run, when in withdrawn.items() if when <= at}
    return frozenset(there - gone - ({upon, *formers(upon, bases)} if upon else set()))


def formers(run: UUID, bases: Mapping[UUID, UUID | None]) -> Iterator[UUID]:
    """The runs that it was made upon, the nearest first."""
    base = bases.get(run)
    while base is not None:
        yield base
        base = bases.get(base)


def centre_in(problem_id: str) -> str | None:
    """The registry's work centre behind an id of a problem (one for each set of certificates); None for one of a workbook."""
    try:
        return str(UUID(problem_id[:36]))
    except ValueError:
        return None


def hours_in(shares: Iterable[tuple[UUID, date, Sequence[Mapping[str, Any]]]]) -> Counter[Cell]:
    """Of what firms were told: firm, first Monday, its work. Work without ``centre`` was told by a former version."""
    found: Counter[Cell] = Counter()
    for firm, first, work in shares:
        for row in work:
            centre = centre_in(row["centre"]) if "centre" in row else place_of(str(firm), row["work_centre"])
            if centre:
                found[centre, first + row["bucket"] * WEEK] += row["hours"]
    return found


def place_of(firm: str, name: str) -> str:
    return f"{firm} {name}"


def overlaps(
    plan: Plan, names: Mapping[str, Mapping[str, Any]], *, first: date, more: Counter[Cell]
) -> list[Overlap]:
    """Where the plan has hours that others took since it was asked, those with most first; ``more``: all that they took since."""
    problem, found = plan.problem, []
    for number, id_ in enumerate(problem.work_centres.ids):
        centre = centre_in(id_)
        if centre is None:
            continue
        firm = problem.firms[problem.work_centres.firm[number]]
        keys = centre, place_of(firm, str(names.get("centres", {}).get(id_)))
        for bucket in plan.used[number].nonzero()[0].tolist():
            taken = sum(more[key, first + bucket * WEEK] for key in keys)
            over = plan.used[number, bucket] + taken - problem.work_centres.hours[number, bucket]
            if taken > LITTLE and over > LITTLE:
                found.append(Overlap(firm, id_, bucket, round(float(over), 1)))
    return sorted(found, key=lambda each: -each.hours)
