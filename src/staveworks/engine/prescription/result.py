"""The answer: what to buy, what it reaches, and how far that is proved."""

from dataclasses import dataclass
from typing import Literal

from staveworks.engine.prescription.heights import Reached
from staveworks.engine.prescription.problem import Offer

Why = Literal[
    "not_available",
    "needs_unavailable",
    "family_taken",
    "excluded",
    "over_budget",
    "level_stays",
    "not_better",
]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Why an offer is chosen: the planks that stand lower without it, and the water level without it (and without what
    requires it)."""

    offer: Offer
    lifts: dict[str, tuple[float, float]]
    level_without: float


@dataclass(frozen=True, slots=True)
class Unchosen:
    """Why an offer that the budget could pay for is not chosen. ``because``: the offers or planks that stand in its way;
    ``lacking_fen``: what it would cost beyond the money that is left."""

    offer: Offer
    why: Why
    because: tuple[str, ...] = ()
    lacking_fen: int = 0


@dataclass(frozen=True, slots=True)
class Prescription:
    """``bound``: no choice within the budget brings the water level higher. ``net_bound_fen``: none that reaches the same
    costs less. ``optimal`` means that all of it is proved, to 10⁻⁶ of a height and to the fen."""

    chosen: tuple[Offer, ...]
    reached: Reached
    status: Literal["optimal", "feasible"]
    bound: float
    net_bound_fen: int

    @property
    def price_fen(self) -> int:
        return sum(offer.price_fen for offer in self.chosen)

    @property
    def gap(self) -> float:
        """How much higher the water might still stand."""
        return max(0.0, self.bound - self.reached.water_level)


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """From this net budget on, the water can stand at ``water_level``."""

    budget_fen: int
    water_level: float
    chosen: tuple[Offer, ...]
