"""Problems put beside each other: nothing that is made of one can be made of the other."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch import Problem
from staveworks.engine.dispatch.problem import (
    Capabilities,
    Commitments,
    Families,
    Firms,
    Lines,
    Routes,
    Transport,
    WorkCentres,
)


def beside(one: Problem, other: Problem) -> Problem:
    """Both as one problem, the other's tables after the one's. Buckets, operations and certificates are those of both; the ids of the
    other end in a prime."""
    assert one.buckets == other.buckets
    assert list(one.operations) == list(other.operations)
    assert list(one.certificates) == list(other.certificates)
    return replace(
        one,
        cities=_ids(one.cities, other.cities),
        firms=_ids(one.firms, other.firms),
        transport=_transport(one.transport, other.transport),
        families=_families(one.families, other.families),
        routes=_routes(one, other),
        work_centres=_centres(one, other),
        capabilities=_capabilities(one, other),
        lines=_lines(one, other),
        commitments=_commitments(one, other),
    )


def _ids(one, other):
    return [*one, *(f"{each}'" for each in other)]


def _and(one: NDArray, other: NDArray) -> NDArray:
    return np.concatenate([one, other])


def _transport(one: Transport, other: Transport) -> Transport:
    """No way leads from the one's cities to the other's."""
    a, b = len(one.cost), len(other.cost)
    cost, lag = np.full((a + b, a + b), np.inf), np.zeros((a + b, a + b), np.int32)
    cost[:a, :a], cost[a:, a:] = one.cost, other.cost
    lag[:a, :a], lag[a:, a:] = one.lag, other.lag
    return Transport(cost, lag)


def _families(one: Families, other: Families) -> Families:
    return Families(
        _ids(one.ids, other.ids), _and(one.weight, other.weight), _and(one.hold_cost, other.hold_cost)
    )


def _routes(one: Problem, other: Problem) -> Routes:
    a, b = one.routes, other.routes
    return Routes(
        [*a.ids, *b.ids],
        _and(a.family, b.family + len(one.families.ids)),
        _and(a.start, b.start[1:] + a.start[-1]),
        _and(a.operation, b.operation),
    )


def _centres(one: Problem, other: Problem) -> WorkCentres:
    a, b = one.work_centres, other.work_centres
    return WorkCentres(
        _ids(a.ids, b.ids),
        _and(a.firm, b.firm + len(one.firms)),
        _and(a.city, b.city + len(one.cities)),
        *(
            _and(getattr(a, name), getattr(b, name))
            for name in ("operation", "grade", "certificates", "hours")
        ),
    )


def _capabilities(one: Problem, other: Problem) -> Capabilities:
    a, b = one.capabilities, other.capabilities
    return Capabilities(
        _and(a.work_centre, b.work_centre + len(one.work_centres.hours)),
        _and(a.family, b.family + len(one.families.ids)),
        *(_and(getattr(a, name), getattr(b, name)) for name in ("cost", "hours", "setup_hours")),
    )


def _lines(one: Problem, other: Problem) -> Lines:
    a, b = one.lines, other.lines
    more = {"family": len(one.families.ids), "city": len(one.cities)}
    columns = {
        name: _and(
            getattr(a, name), getattr(b, name) + more.get(name, 0) if name in more else getattr(b, name)
        )
        for name in Lines.__slots__
        if name not in ("ids", "allowed", "blocked")
    }
    sets = {
        name: Firms(_and(of.start, also.start[1:] + of.start[-1]), _and(of.firm, also.firm + len(one.firms)))
        for name in ("allowed", "blocked")
        for of, also in [(getattr(a, name), getattr(b, name))]
    }
    return Lines(ids=_ids(a.ids, b.ids), **columns, **sets)


def _commitments(one: Problem, other: Problem) -> Commitments:
    a, b = one.commitments, other.commitments
    more = {"line": len(one.lines), "work_centre": len(one.work_centres.hours)}
    return Commitments(
        **{
            name: _and(getattr(a, name), getattr(b, name) + more.get(name, 0))
            for name in Commitments.__slots__
        }
    )
