"""Markets: lines and work centres that share no capacity with others. Found by what may make what, cut out, put together again.

Two lines share capacity if a chain of work centres leads from one to the other. What kinds of line may be made where stands in the network
already, so the graph has a node a work centre and one for each kind and *area* (cities that goods can travel between), not one a line. With
fairness a firm's promise ties its work centres together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.markets.components import components
from staveworks.engine.dispatch.network import Indexed, Longs, Network
from staveworks.engine.dispatch.prices.ascent import Prices
from staveworks.engine.dispatch.problem import Capabilities, Commitments, Firms, Floats, Ints, Lines, Problem
from staveworks.engine.dispatch.result import Allocations
from staveworks.engine.dispatch.settled import Open

APART = 1_000
"""Lines that are worth a run of their own. Smaller markets are solved together, about so many lines at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """Places in the tables of the whole problem, each rising. Without fairness a firm may be in several markets."""

    lines: Longs
    centres: Longs
    firms: Longs


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Of a market: its new lots, its prices and what these prove; ``proof``: those that prove the most, prices of lots among them, or
    the same."""

    plan: Allocations
    prices: Prices
    proof: Prices


def find_markets(problem: Problem, indexed: Indexed) -> list[Market]:
    """By their first work centre. Lines that nobody can make and work centres that nobody needs are in none of them."""
    centres = len(problem.work_centres.hours)
    firms = len(problem.firms) if problem.fairness else 0
    node, count, label = _components(problem, indexed)
    of_line = label[centres + firms + node]
    wanted = problem.lines.quantity > 0
    group = _grouped(
        np.bincount(of_line[wanted], minlength=count), np.bincount(label[:centres], minlength=count) > 0
    )
    markets = int(group.max(initial=-1)) + 1
    centre = group[label[:centres]]
    if firms:
        of_firm = _members(group[label[centres : centres + firms]], markets)
    else:
        of_firm = [np.unique(problem.work_centres.firm[some]) for some in _members(centre, markets)]
    return [
        Market(*members)
        for members in zip(_members(group[of_line], markets), _members(centre, markets), of_firm, strict=True)
    ]


def _members(group: Longs, count: int) -> list[Longs]:
    """Of each group its members, rising; -1 is none."""
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group + 1, minlength=count + 1))
    return np.split(order, ends[:-1])[1:]


def _components(problem: Problem, indexed: Indexed) -> tuple[Longs, int, Longs]:
    """The node of each line, and the components of: work centres, firms with a promise, kinds in areas."""
    net, centres = indexed.network, problem.work_centres
    count = len(centres.hours)
    firms = len(problem.firms) if problem.fairness else 0
    areas, area = components(len(problem.cities), *np.nonzero(np.isfinite(problem.transport.cost)))
    useful = (centres.hours > 0).any(axis=1)[net.option_centre]
    kind = _kind_of_option(net)[useful]
    pair = kind * areas + area[net.option_city[useful]]
    ends = [(pair + count + firms, net.option_centre[useful].astype(np.int64))]
    if firms:
        ends.append((centres.firm.astype(np.int64) + count, np.arange(count)))
    one, other = (np.concatenate(each) for each in zip(*ends, strict=True))
    nodes = count + firms + len(net.weight) * areas
    number, label = components(nodes, one, other)
    return indexed.line_kind.astype(np.int64) * areas + area[problem.lines.city], number, label


def _kind_of_option(net: Network) -> Longs:
    """Options lie in the order of their places, stages and kinds here."""
    options = np.append(net.option_start, len(net.option_centre))[net.place_start[net.stage_start]]
    return np.repeat(np.arange(len(net.weight)), np.diff(options))


def _grouped(lines: Longs, has_centre: NDArray[np.bool_]) -> Longs:
    """For each component, by its number of lines, the market it belongs to; -1: none. Components are numbered by their first work
    centre, so the order of the lines doesn't matter."""
    lines = np.where(has_centre, lines, 0)
    large = np.flatnonzero(lines >= APART)
    group = np.full(len(lines), -1, np.int64)
    group[large] = np.arange(len(large))
    sizes = lines[large].tolist()
    here: list[int] = []
    held = 0
    for small in np.flatnonzero((lines > 0) & (lines < APART)).tolist():
        here.append(small)
        held += int(lines[small])
        if held >= APART:
            group[here] = len(sizes)
            sizes.append(held)
            here, held = [], 0
    group[here] = int(np.argmin(sizes)) if sizes else 0
    return group


def cut(part: Open, market: Market) -> Open:
    """The market as a problem of its own, with nothing of the others. It is solved by places: nothing in it has an id."""
    problem = part.problem
    centre = _places(len(problem.work_centres.hours), market.centres)
    firm = _places(len(problem.firms), market.firms)
    able = problem.capabilities
    some = centre[able.work_centre] >= 0
    centres = problem.work_centres
    alone = replace(
        problem,
        firms=[""] * len(market.firms),
        work_centres=replace(
            centres,
            ids=(),
            firm=firm[centres.firm[market.centres]],
            **{name: getattr(centres, name)[market.centres] for name in CENTRE_COLUMNS},
        ),
        capabilities=Capabilities(
            centre[able.work_centre[some]],
            able.family[some],
            able.cost[some],
            able.hours[some],
            able.setup_hours[some],
        ),
        lines=_lines(problem.lines, market.lines, firm),
        commitments=_commitments(problem.commitments, market.lines, len(problem.lines), centre),
    )
    none = np.zeros(0, np.int32)
    return Open(
        alone,
        part.left[market.centres],
        Allocations(none, none, none, none, none, np.zeros(0)),
        part.lots[market.lines],
        part.promised[market.firms] if len(part.promised) else part.promised,
    )


CENTRE_COLUMNS = ("city", "operation", "grade", "certificates", "hours")
LINE_COLUMNS = tuple(each.name for each in fields(Lines) if each.name not in ("ids", "allowed", "blocked"))


def _places(count: int, chosen: Longs) -> Ints:
    """Of each of ``count`` its place among the chosen; -1: it isn't."""
    places = np.full(count, -1, np.int32)
    places[chosen] = np.arange(len(chosen), dtype=np.int32)
    return places


def _lines(lines: Lines, chosen: Longs, firm: Ints) -> Lines:
    columns: dict[str, Any] = {name: getattr(lines, name)[chosen] for name in LINE_COLUMNS}
    for name in ("allowed", "blocked"):
        columns[name] = _firms(getattr(lines, name), chosen, firm)
    return Lines(ids=(), **columns)


def _firms(sets: Firms, chosen: Longs, firm: Ints) -> Firms:
    """Firms of other markets stay as -1: who allows only these allows none here."""
    sizes = np.diff(sets.start)[chosen]
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    rows = np.arange(start[-1]) + np.repeat(sets.start[chosen] - start[:-1], sizes)
    return Firms(start, firm[sets.firm[rows]])


def _commitments(given: Commitments, chosen: Longs, lines: int, centre: Ints) -> Commitments:
    """At a work centre of another market, which may not make the line any more: -1."""
    line = _places(lines, chosen)
    some: NDArray[np.bool_] = line[given.line] >= 0
    return Commitments(
        line[given.line[some]],
        given.lot[some],
        given.step[some],
        centre[given.work_centre[some]],
        given.bucket[some],
        given.quantity[some],
        given.status[some],
    )


def of_market(prices: Prices, market: Market) -> Prices:
    """The prices of its cells and firms alone."""
    promise = prices.promise[market.firms] if len(prices.promise) else prices.promise
    return Prices(prices.hours[market.centres], promise)


def left_out(part: Open, markets: Sequence[Market]) -> tuple[float, Floats]:
    """What lines and firms in no market cost, whatever is planned: nothing of the lines is made, the firms' promises aren't kept. And what
    an hour of each firm's is worth to its promise then, by firm; empty without fairness."""
    problem, lines = part.problem, part.problem.lines
    cost = lines.quantity * lines.reject_cost
    promise = np.zeros(len(part.promised))
    if problem.fairness:
        promise[part.promised > 0] = problem.fairness.penalty
    for market in markets:
        cost[market.lines] = 0.0
        if len(promise):
            promise[market.firms] = 0.0
    return float(np.add.reduce(cost) + np.add.reduce(promise * part.promised)), promise


def together(part: Open, markets: Sequence[Market], solved: Sequence[Solved]) -> Solved:
    """The answers as one. L of the whole is the sum: no line, cell or promise is in two markets."""
    plan = _joined(markets, [answer.plan for answer in solved])
    prices = proof = _prices(part, markets, [answer.prices for answer in solved])
    if any(len(answer.proof.lots) for answer in solved):
        proof = _prices(part, markets, [answer.proof for answer in solved])
    return Solved(plan, prices, proof)


def _prices(part: Open, markets: Sequence[Market], found: Sequence[Prices]) -> Prices:
    hours = np.zeros(part.problem.work_centres.hours.shape)
    lots = np.zeros(len(part.problem.lines) if any(len(prices.lots) for prices in found) else 0)
    cost, promise = left_out(part, markets)
    for market, prices in zip(markets, found, strict=True):
        hours[market.centres] = prices.hours
        if len(promise):
            promise[market.firms] = prices.promise
        if len(prices.lots):
            lots[market.lines] = prices.lots
    return Prices(hours, promise, fsum([cost, *(prices.bound for prices in found)]), lots)


def _joined(markets: Sequence[Market], plans: Sequence[Allocations]) -> Allocations:
    pairs = list(zip(markets, plans, strict=True))
    line = np.concatenate([market.lines[plan.line] for market, plan in pairs]).astype(np.int32)
    centre = np.concatenate([market.centres[plan.work_centre] for market, plan in pairs]).astype(np.int32)
    order = np.argsort(line, kind="stable")  # within a line lots and steps are sorted already
    lot, step, bucket, quantity = (
        np.concatenate([getattr(plan, name) for plan in plans])[order]
        for name in ("lot", "step", "bucket", "quantity")
    )
    return Allocations(line[order], lot, step, centre[order], bucket, quantity)
