"""Recomputes a prescription in plain Python, sharing neither the solver nor the arithmetic of ``heights``.

What it proves: that the choice is allowed and reaches what it says. What it can't prove is that nothing is better; it
refutes that claim where leaving out or exchanging single offers does better.
"""

from collections.abc import Iterator
from fractions import Fraction

from staveworks.engine.prescription.problem import Offer, Problem
from staveworks.engine.prescription.result import Prescription

NEAR = Fraction(1, 1_000_000)


def check_prescription(problem: Problem, answer: Prescription) -> list[str]:
    """What is wrong with ``answer``, as sentences; empty where nothing is."""
    return [*_forbidden(problem, answer.chosen), *_misstated(problem, answer), *_beaten(problem, answer)]


def _forbidden(problem: Problem, chosen: tuple[Offer, ...]) -> Iterator[str]:
    ids = [offer.id for offer in chosen]
    if len(set(ids)) < len(ids):
        yield "An offer is chosen twice."
    families = [offer.family for offer in chosen if offer.family is not None]
    if len(set(families)) < len(families):
        yield "Two offers of one family are chosen."
    for offer in chosen:
        if problem.by_id.get(offer.id) != offer:
            yield f"{offer.id} is not among the offers."
        if offer.capacity == 0:
            yield f"{offer.id} is not available."
        if set(offer.requires) - set(ids):
            yield f"{offer.id} lacks what it requires."
        if set(offer.excludes) & set(ids):
            yield f"{offer.id} excludes another chosen one."
    if _net(chosen) > problem.budget_fen:
        yield "The budget is exceeded."


def _misstated(problem: Problem, answer: Prescription) -> Iterator[str]:
    vector = _vector(problem, answer.chosen)
    stated = answer.reached
    if len(vector) != len(stated.vector) or any(
        abs(a - Fraction(b)) > NEAR for a, b in zip(vector, stated.vector, strict=True)
    ):
        yield "The heights are not those that the choice reaches."
    if stated.net_fen != _net(answer.chosen):
        yield "The net price is not that of the choice."
    if stated.lead_time_days != max((offer.lead_time_days for offer in answer.chosen), default=0):
        yield "The lead time is not that of the choice."
    if Fraction(answer.bound) < vector[0] - NEAR or answer.net_bound_fen > stated.net_fen:
        yield "A bound is passed by the answer itself."
    if answer.status == "optimal" and Fraction(answer.bound) > vector[0] + 2 * NEAR:
        yield "Optimal is claimed, but the bound is not reached."


def _beaten(problem: Problem, answer: Prescription) -> Iterator[str]:
    """One offer left out, one added, or one exchanged for another."""
    if answer.status != "optimal":
        return
    rest = [offer for offer in problem.offers if offer not in answer.chosen]
    sets = [answer.chosen, *(tuple(o for o in answer.chosen if o is not gone) for gone in answer.chosen)]
    for kept in sets:
        for more in [(), *((offer,) for offer in rest)]:
            choice = (*kept, *more)
            if _beats(problem, choice, answer.chosen):
                yield f"{sorted(offer.id for offer in choice)} does better."
                return


def _beats(problem: Problem, choice: tuple[Offer, ...], other: tuple[Offer, ...]) -> bool:
    if any(True for _ in _forbidden(problem, choice)):
        return False
    depth = 1 if problem.objective == "level" else None
    for a, b in zip(_vector(problem, choice)[:depth], _vector(problem, other)[:depth], strict=True):
        if abs(a - b) > NEAR:
            return a > b
    return _net(choice) < _net(other)


def _net(chosen: tuple[Offer, ...]) -> int:
    """Price by price, each voucher paying what its own cap, or what is left of its programme's, allows."""
    total = 0
    left: dict[str, int] = {}
    for offer in chosen:
        total += offer.price_fen
        if offer.voucher is not None:
            programme = offer.voucher.programme
            cap = offer.voucher.cap_fen if programme is None else left.get(programme, offer.voucher.cap_fen)
            paid = min(int(offer.price_fen * Fraction(offer.voucher.ratio)), cap)
            total -= paid
            if programme is not None:
                left[programme] = cap - paid
    return total


def _vector(problem: Problem, chosen: tuple[Offer, ...]) -> list[Fraction]:
    heights: dict[str, Fraction] = {}
    for plank in problem.planks:
        grown = Fraction(plank.own)
        lent = Fraction(0)
        for offer in chosen:
            for effect in offer.effects:
                if effect.plank == plank.code and effect.kind == "gain":
                    grown += Fraction(effect.amount)
                elif effect.plank == plank.code:
                    lent = max(lent, Fraction(effect.amount))
        if plank.target:
            stands: Fraction = min(Fraction(100), max(grown, lent))
            share: Fraction = 100 * stands / Fraction(plank.target)
            leak = Fraction(100) if plank.hole is None else Fraction(plank.hole)
            heights[plank.code] = min(leak, share)
    hoops = [plank for plank in problem.planks if plank.kind == "hoop" and plank.target]
    bearing = Fraction(100)
    if hoops and problem.bearing == "minimum":
        bearing = sorted(heights[hoop.code] for hoop in hoops)[0]
    elif hoops:
        weighed = sum((Fraction(hoop.weight) * heights[hoop.code] for hoop in hoops), Fraction(0))
        bearing = weighed / sum(Fraction(hoop.weight) for hoop in hoops)
    staves = [heights[plank.code] for plank in problem.planks if plank.kind == "stave" and plank.target]
    return sorted([*staves, bearing])
