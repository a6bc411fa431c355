"""Pricing passes over all lines, in chunks of kinds that threads take in turn. The chunks are the same for any number of threads."""

import math
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from staveworks.engine.dispatch.network import Demand, Network, Table
from staveworks.engine.dispatch.prices.pricing import price_kinds
from staveworks.engine.dispatch.problem import Floats

CHUNKS = 16
FEW, SHORT = 2, 1e6
"""Of a pass of less work than that, places and classes counted, the chunks go to so many threads at once."""
TINY = 2e4
"""A pass of less work than that is over before another thread has begun."""


class Pricing(NamedTuple):
    """A network and its demand, cut into chunks of kinds of about the same work."""

    network: Network
    demand: Demand
    cuts: list[int]
    hands: int
    """How many threads are of use: handing a short pass over takes as long as it does."""

    def value(self, prices: Table, tau: float, pool: Executor) -> tuple[float, Table]:
        """Σ over lines at these prices, hours not subtracted; and the load, zero at τ = 0."""
        total, load, _ = self._run(prices, tau, pool)
        return total, load

    def each(self, prices: Table, pool: Executor) -> Floats:
        """(wants): the cheapest a unit of each could be at these prices, if there were room everywhere."""
        return self._run(prices, 0.0, pool)[2]

    def _run(self, prices: Table, tau: float, pool: Executor) -> tuple[float, Table, Floats]:
        loads = np.zeros((len(self.cuts) - 1 if tau > 0 else 1, *prices.shape))
        costs = np.empty(len(self.demand.quantity))

        def run(chunk: int) -> float:
            load = loads[chunk if tau > 0 else 0]
            begin, end = self.cuts[chunk], self.cuts[chunk + 1]
            return price_kinds(self.network, self.demand, begin, end, prices, tau, load, costs)

        count = len(self.cuts) - 1
        hands = min(self.hands, count)
        apart = pool.map if hands > 1 else map
        totals = apart(lambda hand: [run(chunk) for chunk in range(hand, count, hands)], range(hands))
        return math.fsum(each for hand in totals for each in hand), loads.sum(axis=0), costs


def chunked(network: Network, demand: Demand) -> Pricing:
    """Cut the kinds by an estimate of the work of each."""
    kinds = len(network.weight)
    places = np.diff(network.place_start[network.stage_start]).astype(float)
    classes = np.diff(network.class_start)
    wants = np.diff(demand.want_start[network.class_start])
    work = np.cumsum(places**2 * classes + places * wants + 1)
    total = work[-1] if kinds else 0.0
    cuts = np.searchsorted(work, np.linspace(0, total, CHUNKS + 1)[1:-1])
    hands = 1 if total < TINY else FEW if total < SHORT else CHUNKS
    return Pricing(network, demand, [0, *np.unique(cuts[(cuts > 0) & (cuts < kinds)]).tolist(), kinds], hands)
