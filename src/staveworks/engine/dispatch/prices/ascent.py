"""Prices of hours that make L(π) large: smoothed ascent by L-BFGS, π ≥ 0, at falling temperature; exact L of each stage decides.

With fairness each firm has a multiplier μ in [0, penalty], subtracted from the prices of its hours; the promise then earns μ · promised.
"""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.network import Table
from staveworks.engine.dispatch.problem import Floats, Problem

if TYPE_CHECKING:
    from staveworks.engine.dispatch.prices.chunks import Pricing

type Stage = tuple[float, int]
STAGES: Sequence[Stage] = ((0.05, 20), (0.01, 50), (0.003, 80), (0.001, 120), (0.0004, 100), (0.00015, 100))
"""Temperature, in costs of an operation, and steps at it."""
MEMORY = 30
SUFFICIENT = 1e-4
TINY = 1e-9
"""Prices below this part of an operation's cost are said as 0, if that costs nothing of the bound."""


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """``hours`` (W, B) per work centre and bucket, ``promise`` (firms) what fairness adds, ``lots`` (lines) per lot; ``bound`` is L of them."""

    hours: Table
    promise: Floats
    bound: float = -math.inf
    lots: Floats = field(default_factory=lambda: np.zeros(0))
    """By line, what one lot more would save; empty where limits on lots have no price."""

    def net(self, firm: NDArray[np.int32], theta: float = 1.0) -> Table:
        """What an hour costs a line: θ times its price, less what the promise gives."""
        return theta * self.hours - self.promise[firm][:, None] if len(self.promise) else theta * self.hours


@dataclass(slots=True, eq=False)
class Dual:
    """L as a function of one vector, scaled so that steps of one length suit all cells."""

    problem: Problem
    pricing: "Pricing"
    pool: Executor
    promised: Floats
    """By firm: hours that are promised and not settled; empty without fairness."""
    scale: Table = field(init=False)

    def __post_init__(self) -> None:
        hours = self.problem.work_centres.hours
        self.scale = (
            np.where(hours > 0, np.maximum(hours, 1e-6 * max(hours.max(initial=0.0), 1e-300)), 1.0) ** -0.25
        )

    @property
    def ceiling(self) -> Floats:
        penalty = self.problem.fairness.penalty if self.problem.fairness else 0.0
        return np.concatenate([np.full(self.scale.size, np.inf), np.full(len(self.promised), penalty)])

    def pack(self, prices: Prices) -> Floats:
        return np.concatenate([(prices.hours / self.scale).ravel(), prices.promise])

    def unpack(self, point: Floats) -> Prices:
        return Prices(
            point[: self.scale.size].reshape(self.scale.shape) * self.scale, point[self.scale.size :]
        )

    def value(self, point: Floats, tau: float) -> tuple[float, Floats]:
        """−L and its gradient, for a minimiser."""
        prices, centres = self.unpack(point), self.problem.work_centres
        total, load = self.pricing.value(prices.net(centres.firm), tau, self.pool)
        slope = ((load - centres.hours) * self.scale).ravel()
        if len(self.promised):
            used = np.bincount(centres.firm, load.sum(axis=1), len(self.promised))
            slope = np.concatenate([slope, self.promised - used])
        return -(total - self._hours_cost(prices)), -slope

    def bound(self, prices: Prices) -> float:
        """L itself: valid for any prices ≥ 0."""
        total, _ = self.pricing.value(prices.net(self.problem.work_centres.firm), 0.0, self.pool)
        return total - self._hours_cost(prices)

    def _hours_cost(self, prices: Prices) -> float:
        paid = float((prices.hours * self.problem.work_centres.hours).sum())
        return paid - float(prices.promise @ self.promised) if len(self.promised) else paid


def no_prices(problem: Problem) -> Prices:
    return Prices(
        np.zeros_like(problem.work_centres.hours), np.zeros(len(problem.firms) if problem.fairness else 0)
    )


def money(problem: Problem) -> float:
    """The cost of an operation: the unit in which temperatures are said."""
    return (
        float(np.mean(problem.capabilities.cost, dtype=float)) or 1.0
        if len(problem.capabilities.cost)
        else 1.0
    )


def ascend(
    dual: Dual,
    start: Prices,
    stages: Sequence[Stage],
    heard: Callable[[Prices], object] = lambda _: None,
    over: Callable[[], bool] = lambda: False,
) -> Prices:
    """The best prices of all stages by exact L. ``heard`` is told of each stage's, ``over`` is asked at every step."""
    unit = money(dual.problem)
    best = Prices(start.hours, start.promise, dual.bound(start))
    point = dual.pack(start)
    for tau, steps in stages:
        if over():
            break
        value = partial(dual.value, tau=tau * unit)
        point = descend(value, point, dual.ceiling, steps, 0.1 * unit, over)
        prices = cleaned(dual, dual.unpack(point), TINY * unit)
        best = prices if prices.bound > best.bound else best
        heard(best)
    return best


def cleaned(dual: Dual, prices: Prices, tiny: float) -> Prices:
    """The same prices, the tiny ones 0."""
    hours = np.where((prices.hours < tiny) | (dual.problem.work_centres.hours <= 0), 0.0, prices.hours)
    return Prices(hours, prices.promise, dual.bound(Prices(hours, prices.promise)))


def descend(
    value: Callable[[Floats], tuple[float, Floats]],
    point: Floats,
    ceiling: Floats,
    steps: int,
    first: float,
    over: Callable[[], bool] = lambda: False,
) -> Floats:
    """Projected L-BFGS in the box 0 … ceiling until it is ``over``; ``first`` is the longest move of the first step."""
    here, slope = value(point)
    moves: list[tuple[Floats, Floats, float]] = []
    for _ in range(steps):
        if over():
            break
        free = ~(((point <= 0) & (slope > 0)) | ((point >= ceiling) & (slope < 0)))
        way = _direction(np.where(free, slope, 0.0), moves, first) * free
        if dot(way, slope) >= 0:
            moves.clear()
            way = _direction(np.where(free, slope, 0.0), moves, first)
        found = _search(value, point, here, slope, way, ceiling)
        if found is None:
            if not moves:
                break
            moves.clear()
            continue
        after, here, after_slope = found
        step, turn = after - point, after_slope - slope
        bend = dot(step, turn)
        if bend > 1e-12 * math.sqrt(dot(step, step) * dot(turn, turn)):
            moves = [*moves[1 - MEMORY :], (step, turn, 1 / bend)]
        point, slope = after, after_slope
    return point


def _direction(slope: Floats, moves: list[tuple[Floats, Floats, float]], first: float) -> Floats:
    """The two loops of L-BFGS."""
    way = -slope
    if not moves:
        return way * (first / max(float(np.abs(way).max(initial=0.0)), 1e-300))
    parts, spare = [], np.empty_like(way)
    for step, turn, inverse in reversed(moves):
        parts.append(inverse * dot(step, way, spare))
        way -= np.multiply(turn, parts[-1], out=spare)
    step, turn, inverse = moves[-1]
    way *= 1 / (inverse * dot(turn, turn))
    for (step, turn, inverse), part in zip(moves, reversed(parts), strict=True):
        way += np.multiply(step, part - inverse * dot(turn, way, spare), out=spare)
    return way


def _search(
    value: Callable[[Floats], tuple[float, Floats]],
    point: Floats,
    here: float,
    slope: Floats,
    way: Floats,
    ceiling: Floats,
) -> tuple[Floats, float, Floats] | None:
    """Shorten the step along the projected way until it gains enough."""
    length = 1.0
    for _ in range(20):
        after = np.clip(point + length * way, 0.0, ceiling)
        there, after_slope = value(after)
        if there <= here + SUFFICIENT * dot(slope, after - point):
            return after, there, after_slope
        length *= 0.4
    return None


def dot(a: Floats, b: Floats, spare: Floats | None = None) -> float:
    """Summed in one order whatever the number of threads (a library's product is not); ``spare`` is room to work in."""
    return float(np.add.reduce(np.multiply(a, b, out=spare)))
