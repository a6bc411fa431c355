"""Why this, why not that: every reason is recomputed from the barrel itself, without the solver."""

from collections import Counter
from collections.abc import Iterator, Sequence

from staveworks.engine.prescription.heights import TIE, Reached, better, reach
from staveworks.engine.prescription.problem import Offer, Problem
from staveworks.engine.prescription.result import Chosen, Unchosen


def explain_chosen(problem: Problem, chosen: Sequence[Offer]) -> tuple[Chosen, ...]:
    """In the order of ``chosen``."""
    with_all = reach(problem, chosen)
    return tuple(_chosen(problem, chosen, offer, with_all) for offer in chosen)


def _chosen(problem: Problem, chosen: Sequence[Offer], offer: Offer, with_all: Reached) -> Chosen:
    without = reach(problem, _without(chosen, offer))
    lifts = {
        code: (without.heights[code], height)
        for code, height in with_all.heights.items()
        if height > without.heights[code] + TIE
    }
    return Chosen(offer, lifts, without.water_level)


def _without(chosen: Sequence[Offer], offer: Offer) -> list[Offer]:
    """``chosen`` less ``offer`` and whatever requires it, down the chain."""
    kept = [other for other in chosen if other.id != offer.id]
    while True:
        ids = {other.id for other in kept}
        standing = [other for other in kept if ids >= set(other.requires)]
        if len(standing) == len(kept):
            return kept
        kept = standing


def explain_unchosen(problem: Problem, chosen: Sequence[Offer]) -> Iterator[Unchosen]:
    """For each offer that the whole budget could pay for and that is not among ``chosen``, in the order of the offers."""
    ids = {offer.id for offer in chosen}
    now = reach(problem, chosen)
    for offer in problem.offers:
        if offer.id not in ids and offer.net_fen <= problem.budget_fen:
            yield _unchosen(problem, chosen, offer, now)


def _unchosen(problem: Problem, chosen: Sequence[Offer], offer: Offer, now: Reached) -> Unchosen:
    if offer.capacity == 0:
        return Unchosen(offer, "not_available")
    available = {each.id for each in problem.available}
    if offer.id not in available:
        return Unchosen(offer, "needs_unavailable", tuple(i for i in offer.requires if i not in available))
    added = _with_needs(problem, chosen, offer)
    if taken := _families(chosen, added):
        return Unchosen(offer, "family_taken", taken)
    if barred := _barred([*chosen, *added]):
        return Unchosen(offer, "excluded", barred)
    then = reach(problem, [*chosen, *added])
    if not _gains(problem, then, now):
        return Unchosen(offer, "level_stays", _lowest(problem, now))
    lacking = then.net_fen - problem.budget_fen
    if lacking > 0:
        return Unchosen(offer, "over_budget", lacking_fen=lacking)
    return Unchosen(offer, "not_better")


def _gains(problem: Problem, then: Reached, now: Reached) -> bool:
    if problem.objective == "leximin":
        return better(then.vector, now.vector)
    return then.water_level > now.water_level + TIE


def _with_needs(problem: Problem, chosen: Sequence[Offer], offer: Offer) -> list[Offer]:
    """``offer`` and what it requires, down the chain, as far as it is not chosen already."""
    ids = {each.id for each in chosen}
    added: dict[str, Offer] = {}
    waiting = [offer.id]
    while waiting:
        code = waiting.pop()
        if code not in ids and code not in added:
            added[code] = problem.by_id[code]
            waiting += added[code].requires
    return list(added.values())


def _families(chosen: Sequence[Offer], added: Sequence[Offer]) -> tuple[str, ...]:
    """The other offers of a family of which one of ``added`` would be the second; the offer in question comes first."""
    times = Counter(offer.family for offer in [*chosen, *added] if offer.family is not None)
    crowded = {offer.family for offer in added if offer.family is not None and times[offer.family] > 1}
    return tuple(offer.id for offer in [*chosen, *added[1:]] if offer.family in crowded)


def _barred(offers: Sequence[Offer]) -> tuple[str, ...]:
    """Those of ``offers`` that another of them excludes."""
    ids = {offer.id for offer in offers}
    return tuple(dict.fromkeys(code for offer in offers for code in offer.excludes if code in ids))


def _lowest(problem: Problem, now: Reached) -> tuple[str, ...]:
    """The needed planks that hold the water where it is: the staves, or the hoops where the bearing is the lowest."""
    level = now.water_level
    staves = [stave.code for stave in problem.staves if now.heights[stave.code] <= level + TIE]
    if now.bearing > level + TIE:
        return tuple(staves)
    if problem.bearing == "minimum":
        hoops = [hoop.code for hoop in problem.hoops if now.heights[hoop.code] <= level + TIE]
    else:
        hoops = [hoop.code for hoop in problem.hoops if now.heights[hoop.code] < 100 - TIE]
    return tuple(staves + hoops)
