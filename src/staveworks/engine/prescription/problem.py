"""What is asked: a firm's barrel, the offers, the budget and the objective. Heights are absolute, 0 to 100; money is in fen."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text

FULL = 100.0
MOST_FEN = 10**13
"""Net prices are summed exactly as integers; the solver sees them as floats, which hold integers far beyond this."""

OUTSIDE = Text(zh="应在 {low} 到 {high} 之间。", en="Must lie between {low} and {high}.")
TWICE = Text(zh="“{code}”出现了两次。", en="“{code}” stands twice.")
NO_WEIGHT = Text(
    zh="需要的箍，权重之和必须大于 0。",
    en="The weights of the hoops that are needed must sum to more than 0.",
)
UNEQUAL_CAPS = Text(
    zh="同一补贴项目“{code}”的上限必须相同。",
    en="The vouchers of one programme, “{code}”, must have the same cap.",
)
NOTHING_NEEDED = Text(zh="没有一块板是需要的。", en="No plank is needed.")


@dataclass(frozen=True, slots=True)
class Plank:
    """One plank of the firm: its own height, the height the business needs (0: not needed), its weight if it is a hoop.

    ``hole``: the relative height above which it leaks, whatever it is lifted to.
    """

    code: str
    kind: Literal["stave", "hoop"]
    own: float
    target: float = FULL
    weight: float = 1.0
    hole: float | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """``floor``: the plank stands at least at ``amount`` while the contract runs. ``gain``: it grows by ``amount`` and stays."""

    plank: str
    kind: Literal["floor", "gain"]
    amount: float


@dataclass(frozen=True, slots=True)
class Voucher:
    """What the public budget pays of a price: ``ratio`` (0 to 1) of it, at most ``cap_fen``: of this price, or of all prices
    together that vouchers of the same ``programme`` pay for."""

    ratio: Decimal
    cap_fen: int
    programme: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A service that can be bought once. ``capacity`` None is unlimited, 0 is not available now."""

    id: str
    price_fen: int
    effects: tuple[Effect, ...]
    voucher: Voucher | None = None
    family: str | None = None
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    lead_time_days: int = 0
    capacity: int | None = None

    @property
    def share_fen(self) -> int:
        """What the voucher would pay without its cap: ⌊price · ratio⌋."""
        return int(self.price_fen * Fraction(self.voucher.ratio)) if self.voucher else 0

    @property
    def net_fen(self) -> int:
        """Price less the voucher, bought alone: price − min(⌊price · ratio⌋, cap)."""
        return self.price_fen - min(self.share_fen, self.voucher.cap_fen if self.voucher else 0)


def net_of(offers: Iterable[Offer]) -> int:
    """What ``offers`` cost together: those of one programme share its cap."""
    net = 0
    shared: dict[str, tuple[int, int]] = {}
    for offer in offers:
        voucher = offer.voucher
        if voucher is None or voucher.programme is None:
            net += offer.net_fen
        else:
            net += offer.price_fen
            so_far, _ = shared.get(voucher.programme, (0, 0))
            shared[voucher.programme] = so_far + offer.share_fen, voucher.cap_fen
    return net - sum(min(share, cap) for share, cap in shared.values())


@dataclass(frozen=True)
class Problem:
    """Raises ``Invalid`` with the path of what is wrong (``planks.research.own``, ``offers[3].price_fen``)."""

    planks: tuple[Plank, ...]
    offers: tuple[Offer, ...]
    budget_fen: int
    objective: Literal["level", "leximin"] = "level"
    bearing: Literal["mean", "minimum"] = "mean"

    def __post_init__(self) -> None:
        for path, value, low, high in self._figures():
            if not low <= value <= high:  # false for NaN too
                raise Invalid(OUTSIDE.format(low=low, high=high), field=path)
        _refuse_twins((plank.code for plank in self.planks), "planks")
        _refuse_twins((offer.id for offer in self.offers), "offers")
        self._refuse_unequal_caps()
        if not self.needed:
            raise Invalid(NOTHING_NEEDED, field="planks")
        hoops = self.hoops
        if hoops and self.bearing == "mean" and not sum(hoop.weight for hoop in hoops) > 0:
            raise Invalid(NO_WEIGHT, field="weights")

    def _refuse_unequal_caps(self) -> None:
        caps: dict[str, int] = {}
        for place, offer in enumerate(self.offers):
            voucher = offer.voucher
            if voucher is None or voucher.programme is None:
                continue
            if caps.setdefault(voucher.programme, voucher.cap_fen) != voucher.cap_fen:
                path = f"offers[{place}].voucher.cap_fen"
                raise Invalid(UNEQUAL_CAPS.format(code=voucher.programme), field=path)

    def _figures(self) -> Iterator[tuple[str, float, float, float]]:
        """Every figure with its path and its bounds."""
        yield "budget_fen", self.budget_fen, 0, MOST_FEN
        for plank in self.planks:
            yield f"planks.{plank.code}.own", plank.own, 0, FULL
            yield f"planks.{plank.code}.target", plank.target, 0, FULL
            yield f"planks.{plank.code}.weight", plank.weight, 0, 1e6
            yield f"planks.{plank.code}.hole", plank.hole or 0, 0, FULL
        for place, offer in enumerate(self.offers):
            path = f"offers[{place}]"
            yield f"{path}.price_fen", offer.price_fen, 0, MOST_FEN
            yield f"{path}.lead_time_days", offer.lead_time_days, 0, 100_000
            yield f"{path}.capacity", offer.capacity or 0, 0, MOST_FEN
            for number, effect in enumerate(offer.effects):
                yield f"{path}.effects[{number}].{effect.kind}", effect.amount, 0, FULL
            if offer.voucher:
                yield f"{path}.voucher.ratio", float(offer.voucher.ratio), 0, 1
                yield f"{path}.voucher.cap_fen", offer.voucher.cap_fen, 0, MOST_FEN

    @cached_property
    def needed(self) -> tuple[Plank, ...]:
        """The planks whose target is above 0."""
        return tuple(plank for plank in self.planks if plank.target > 0)

    @cached_property
    def staves(self) -> tuple[Plank, ...]:
        return tuple(plank for plank in self.needed if plank.kind == "stave")

    @cached_property
    def hoops(self) -> tuple[Plank, ...]:
        return tuple(plank for plank in self.needed if plank.kind == "hoop")

    @cached_property
    def by_id(self) -> dict[str, Offer]:
        return {offer.id: offer for offer in self.offers}

    @cached_property
    def available(self) -> tuple[Offer, ...]:
        """The offers that can be chosen at all: with capacity, and so is all that they require, down the chain."""
        kept = {offer.id: offer for offer in self.offers if offer.capacity != 0}
        while lacking := [each for each in kept.values() if not kept.keys() >= set(each.requires)]:
            for offer in lacking:
                del kept[offer.id]
        return tuple(kept.values())


def _refuse_twins(codes: Iterator[str], path: str) -> None:
    for code, times in Counter(codes).items():
        if times > 1:
            raise Invalid(TWICE.format(code=code), field=path)
