"""A prescription as the barrel's picture shows it: as it is, and with what is chosen; what contracts lend is lent, what is learnt stays."""

from collections import defaultdict
from collections.abc import Sequence

from staveworks.cluster.barrel.picture import Barrel, Height
from staveworks.engine.prescription import TIE, Offer, Plank, Problem, Reached, reach
from staveworks.kit.intervals import Interval
from staveworks.kit.planks import Register
from staveworks.kit.text import Text

FULL = 100.0


def picture_with(problem: Problem, chosen: Sequence[Offer], *, firm: str, register: Register) -> Barrel:
    """The barrel with ``chosen`` delivered. Floors are lent wood, gains are the firm's own."""
    reached = reach(problem, chosen)
    order = {code: place for place, code in enumerate(register)}
    planks = sorted(problem.needed, key=lambda plank: order.get(plank.code, len(order)))
    heights = [(plank.kind, _height(plank, chosen, register)) for plank in planks]
    lent = any(height.lent > TIE for _, height in heights)
    return Barrel(
        firm=firm,
        staves=tuple(height for kind, height in heights if kind == "stave"),
        hoops=tuple(height for kind, height in heights if kind == "hoop"),
        water=Interval.point(reached.water_level),
        bearing=Interval.point(reached.bearing),
        binding=binding_of(problem, reached),
        without_lending=reach(problem, _kept(chosen)).water_level if lent else None,
    )


def binding_of(problem: Problem, reached: Reached) -> str | None:
    """The plank that holds the water down: the lowest stave, or the weakest hoop where the hoops bear less than every stave; None
    where the barrel is full."""
    if reached.water_level >= FULL - TIE:
        return None
    staves = min(problem.staves, key=lambda stave: reached.heights[stave.code], default=None)
    if problem.hoops and (staves is None or reached.bearing < reached.heights[staves.code] - TIE):
        if problem.bearing == "minimum":
            return min(problem.hoops, key=lambda hoop: reached.heights[hoop.code]).code
        return max(problem.hoops, key=lambda hoop: hoop.weight * (FULL - reached.heights[hoop.code])).code
    return staves.code if staves else None


def _kept(chosen: Sequence[Offer]) -> list[Offer]:
    """What of ``chosen`` is there after every contract has ended."""
    return [
        Offer(offer.id, offer.price_fen, tuple(each for each in offer.effects if each.kind == "gain"))
        for offer in chosen
    ]


def _height(plank: Plank, chosen: Sequence[Offer], register: Register) -> Height:
    amounts: defaultdict[str, list[float]] = defaultdict(list)
    for offer in chosen:
        for effect in offer.effects:
            if effect.plank == plank.code:
                amounts[effect.kind].append(effect.amount)
    own = min(FULL, plank.own + sum(amounts["gain"]))
    stands = max([own, *amounts["floor"]])
    known = register.get(plank.code)
    top = _relative(stands, plank.target)
    return Height(
        code=plank.code,
        name=known.name if known else Text(zh=plank.code, en=plank.code),
        icon=known.icon if known else "help",
        own=min(_relative(own, plank.target), top),
        low=top,
        likely=top,
        high=top,
        hole=plank.hole,
    )


def _relative(height: float, target: float) -> float:
    return FULL * min(1.0, height / target)
