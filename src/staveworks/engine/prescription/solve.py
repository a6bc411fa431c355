"""What to buy. Three questions one after the other: how high can it stand; what is the least it costs; how soon can it be there.

How high: a level is tried by covering rows alone (each short plank lifted to it, within the budget), which is quick; halving
the span between reached and refuted levels brings it down to ``NARROW``, and one "maximise t" within that span settles it.
Under ``leximin`` the question is asked again for the second smallest height, the third, …, the earlier ones kept.
"""

import math
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from staveworks.engine.prescription.heights import TIE, Reached, better, reach
from staveworks.engine.prescription.milp import Answer
from staveworks.engine.prescription.model import Model
from staveworks.engine.prescription.problem import Offer, Problem, net_of
from staveworks.engine.prescription.result import FrontierPoint, Prescription

NARROW = 1.0
"""Span of levels, in points, that is left to the last search; narrower spans cost more trials than they save."""
SAME = 0.9 * TIE
"""What is kept of an earlier height when the next question is asked."""
WHOLE_FEN = 0.5
"""Prices are whole: a bound nearer than this is exact."""

Progress = Callable[[float, float], None]
"""Called with the water level reached and the level that cannot be passed."""


def prescribe(
    problem: Problem, *, seconds: float = math.inf, progress: Progress | None = None
) -> Prescription:
    """The best choice of offers within the budget; the best found so far where ``seconds`` end the search."""
    return _Search(problem, seconds, progress).prescribe()


def frontier(problem: Problem, *, start_fen: int = 0) -> Iterator[FrontierPoint]:
    """Every net budget at which the best water level rises, ascending, from ``start_fen`` on, which is the first whether or not
    it rises there; the problem's own budget does not count."""
    problem = replace(problem, objective="level")
    budget: int | None = start_fen
    while budget is not None:
        search = _Search(replace(problem, budget_fen=budget), math.inf, None)
        best = search.prescribe()
        yield FrontierPoint(budget, best.reached.water_level, best.chosen)
        budget = search.least_above(best.reached.water_level)


class _Search:
    """``chosen`` is the best choice so far; it is always feasible."""

    def __init__(self, problem: Problem, seconds: float, progress: Progress | None) -> None:
        self.problem = problem
        self.offers = problem.available
        self.ends = time.monotonic() + seconds
        self.tell = progress or (lambda level, bound: None)
        self.chosen: tuple[Offer, ...] = ()
        self.too_dear: list[tuple[Offer, ...]] = []
        self.proved = True

    def prescribe(self) -> Prescription:
        stages = len(self.problem.staves) + 1 if self.problem.objective == "leximin" else 1
        kept: list[float] = []
        bounds: list[float] = []
        for _ in range(stages):
            bounds.append(self._raise(kept))
            kept.append(self.now.vector[len(kept)] - SAME)
        net_bound = self._cheapen(kept)
        self._hasten(kept)
        self._prune(kept)
        return Prescription(
            chosen=self.chosen,
            reached=self.now,
            status="optimal" if self.proved else "feasible",
            bound=bounds[0],
            net_bound_fen=net_bound,
        )

    @property
    def now(self) -> Reached:
        return reach(self.problem, self.chosen)

    @property
    def left(self) -> float:
        return min(self.ends - time.monotonic(), 1e9)

    # how high

    def _raise(self, kept: Sequence[float]) -> float:
        """Raise the first element of the vector that is not in ``kept``; the bound on it."""
        place = len(kept)
        low, high = self.now.vector[place], reach(self.problem, self.offers).vector[place]
        while high - low > NARROW:
            middle = (low + high) / 2
            model = self._model([*kept, middle])
            answer = self._solve(model, {}, maximise=False)
            if answer.values is not None:
                self._take(model.chosen(answer.values), place)
                low = max(middle, self.now.vector[place])
            elif answer.proved:
                high = middle
            else:
                break
            self.tell(self.now.water_level, high if not place else self.now.water_level)
        return self._settle(kept, low, high)

    def _settle(self, kept: Sequence[float], low: float, high: float) -> float:
        """One search for the highest level between ``low``, which is reached, and ``high``, which bounds it."""
        place = len(kept)
        while high - low > TIE:
            model = self._model([*kept, low - SAME])
            column = model.rise(place, low - SAME, high)
            answer = self._solve(model, {column: 1.0}, maximise=True)
            if answer.values is not None:
                self._take(model.chosen(answer.values), place)
            reached = self.now.vector[place]
            high = max(reached, min(high, answer.bound))
            if not answer.proved:
                self.proved = self.proved and high - reached <= TIE
                break
            if reached <= low:  # within the solver's precision, nothing above is left
                break
            low = reached
        self.tell(self.now.water_level, high if not place else self.now.water_level)
        return high

    # how cheap, how soon, how little

    def _cheapen(self, kept: Sequence[float]) -> int:
        """The cheapest choice that keeps the heights; a lower bound on its net price."""
        model = self._model(kept, budget=False)
        answer = self._solve(model, model.prices, maximise=False, gap=WHOLE_FEN)
        if answer.values is not None:
            found = model.chosen(answer.values)
            if net_of(found) <= self.now.net_fen:
                self.chosen = found
        net = self.now.net_fen
        self.proved = self.proved and answer.proved
        return net if answer.proved else max(0, min(net, math.ceil(max(answer.bound, 0.0) - WHOLE_FEN)))

    def _hasten(self, kept: Sequence[float]) -> None:
        """Among the choices at this net price, one whose longest lead time is the shortest."""
        net = self.now.net_fen
        days = sorted({offer.lead_time_days for offer in self.offers})
        low, high = 0, bisect_left(days, self.now.lead_time_days)
        while low < high:
            middle = (low + high) // 2
            within = tuple(offer for offer in self.offers if offer.lead_time_days <= days[middle])
            found = self._at_price(kept, net, within)
            if found is None:
                low = middle + 1
            else:
                self.chosen = found
                high = bisect_left(days, self.now.lead_time_days)

    def _at_price(self, kept: Sequence[float], net: int, offers: Sequence[Offer]) -> tuple[Offer, ...] | None:
        model = self._model(kept, offers=replace(self.problem, offers=tuple(offers)).available, budget=False)
        answer = self._solve(model, model.prices, maximise=False, gap=WHOLE_FEN)
        if answer.values is None:
            self.proved = self.proved and answer.proved
            return None
        found = model.chosen(answer.values)
        if net_of(found) <= net:
            return found
        self.proved = self.proved and answer.proved
        return None

    def _prune(self, kept: Sequence[float]) -> None:
        """Leave out what costs nothing and changes nothing."""
        for offer in self.chosen:
            rest = tuple(other for other in self.chosen if other is not offer)
            needed = any(offer.id in other.requires for other in rest)
            vector = reach(self.problem, rest).vector
            if not needed and all(a >= b for a, b in zip(vector, kept, strict=False)):
                self.chosen = rest

    def least_above(self, level: float) -> int | None:
        """The least net price at which the water stands above ``level``; None where none does."""
        model = self._model([level + 2 * TIE], budget=False)
        answer = self._solve(model, model.prices, maximise=False, gap=WHOLE_FEN)
        if answer.values is None:
            return None
        return net_of(model.chosen(answer.values))

    # one programme

    def _model(
        self, kept: Sequence[float], *, offers: Sequence[Offer] | None = None, budget: bool = True
    ) -> Model:
        model = Model(self.problem, self.offers if offers is None else offers)
        model.keep(kept)
        if budget:
            model.keep_within(self.problem.budget_fen)
            for dear in self.too_dear:
                model.forbid(dear)
        return model

    def _solve(
        self, model: Model, objective: dict[int, float], *, maximise: bool, gap: float = 0.0
    ) -> Answer:
        """Solve, and solve again without a choice that exceeds the budget by less than the solver can see."""
        answer = model.solve(objective, maximise=maximise, seconds=self.left, gap=gap)
        while answer.values is not None and objective is not model.prices:
            found = model.chosen(answer.values)
            if net_of(found) <= self.problem.budget_fen:
                break
            self.too_dear.append(found)
            model.forbid(found)
            answer = model.solve(objective, maximise=maximise, seconds=self.left, gap=gap)
        return answer

    def _take(self, found: tuple[Offer, ...], place: int) -> None:
        """Keep ``found`` where it is better in the first elements of the vector, up to ``place``."""
        if better(reach(self.problem, found).vector[: place + 1], self.now.vector[: place + 1]):
            self.chosen = found
