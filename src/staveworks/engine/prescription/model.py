"""The offers of a problem as binary columns, and the heights they reach as rows."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from staveworks.engine.prescription.milp import PRECISE, Milp
from staveworks.engine.prescription.problem import FULL, Offer, Plank, Problem


class Model(Milp):
    """One binary column for each available offer, with what forbids choosing them together."""

    def __init__(self, problem: Problem, offers: Sequence[Offer]) -> None:
        super().__init__()
        self.problem, self.offers = problem, offers
        self.column = {offer.id: self.add_binary() for offer in offers}
        self._exclude()

    def _exclude(self) -> None:
        families: defaultdict[str, list[int]] = defaultdict(list)
        pairs: set[tuple[int, int]] = set()
        for offer in self.offers:
            mine = self.column[offer.id]
            if offer.family is not None:
                families[offer.family].append(mine)
            for needed in offer.requires:
                if needed != offer.id:
                    self.at_least({self.column[needed]: 1.0, mine: -1.0}, 0.0)
            others = [self.column[code] for code in offer.excludes if code in self.column]
            pairs |= {(min(mine, other), max(mine, other)) for other in others}
        for members in families.values():
            if len(members) > 1:
                self.at_most(dict.fromkeys(members, 1.0), 1.0)
        for one, other in sorted(pairs):
            self.at_most({one: 1.0, other: 1.0} if one != other else {one: 1.0}, 1.0 if one != other else 0.0)

    @cached_property
    def prices(self) -> dict[int, float]:
        """Net price by column. Where a programme's cap may bind over several offers, these cost their full price, and a column
        of what the programme pays, at most its cap and at most the shares of what is chosen, is taken off."""
        prices = {self.column[offer.id]: float(offer.net_fen) for offer in self.offers}
        for members in self._sharing():
            voucher = members[0].voucher
            assert voucher is not None
            paid = self.add(0.0, float(voucher.cap_fen))
            self.at_most(
                {paid: 1.0, **{self.column[each.id]: -float(each.share_fen) for each in members}}, 0.0
            )
            prices |= {self.column[each.id]: float(each.price_fen) for each in members} | {paid: -1.0}
        return prices

    def _sharing(self) -> list[list[Offer]]:
        """The offers of each programme whose shares together exceed its cap."""
        shares: defaultdict[str, list[Offer]] = defaultdict(list)
        for offer in self.offers:
            if offer.voucher and offer.voucher.programme is not None:
                shares[offer.voucher.programme].append(offer)
        return [
            members
            for members in shares.values()
            if members[0].voucher and sum(each.share_fen for each in members) > members[0].voucher.cap_fen
        ]

    def keep_within(self, budget_fen: int) -> None:
        """Σ net price ≤ budget. All are whole fen, so half a fen more is the same and leaves room for rounding."""
        self.at_most(self.prices, budget_fen + 0.5)

    def forbid(self, chosen: Sequence[Offer]) -> None:
        """Not all of ``chosen`` together."""
        self.at_most({self.column[offer.id]: 1.0 for offer in chosen}, len(chosen) - 1.0)

    def chosen(self, values: Sequence[float]) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if values[self.column[offer.id]] > 0.5)

    # heights

    def keep(self, values: Sequence[float]) -> None:
        """The vector, sorted ascending, stands at ``values`` or above as far as they go: all of it at the first, all but
        one at the second, …"""
        for below, value in enumerate(values):
            self._stand_at(value, self._excuses(below))

    def _excuses(self, below: int) -> Sequence[int | None]:
        """For each element of the vector, the staves first and the bearing last, a column that excuses it; ``below`` of
        them may be excused."""
        elements = len(self.problem.staves) + 1
        if not below:
            return [None] * elements
        columns = [self.add_binary() for _ in range(elements)]
        self.at_most(dict.fromkeys(columns, 1.0), below)
        return columns

    def _stand_at(self, value: float, excuses: Sequence[int | None]) -> None:
        for stave, excuse in zip(self.problem.staves, excuses, strict=False):
            self._lift(stave, value, excuse)
        if self.problem.bearing == "minimum":
            for hoop in self.problem.hoops:
                self._lift(hoop, value, excuses[-1])
        elif self.problem.hoops:
            self.at_least({self._bearing: 1.0, **_term(excuses[-1], value)}, value)

    def rise(self, below: int, low: float, high: float) -> int:
        """A column to be maximised: what all of the vector but ``below`` elements reaches, between ``low`` and ``high``."""
        column = self.add(low, high)
        heights = [*(self._height(stave) for stave in self.problem.staves), self._bearing]
        for height, excuse in zip(heights, self._excuses(below), strict=True):
            self.at_least({height: 1.0, column: -1.0, **_term(excuse, high)}, 0.0)
        return column

    def _lift(self, plank: Plank, height: float, excuse: int | None) -> None:
        """``plank`` stands at ``height`` (relative) or above: one floor high enough, or gains that sum up to it. Nothing stands above
        its hole or full height, however much is gained."""
        if height > (FULL if plank.hole is None else plank.hole) + PRECISE:
            self.at_least(_term(excuse, 1.0), 1.0)
            return
        lack = height * plank.target / FULL - plank.own
        if lack <= PRECISE:
            return
        floors, gains = self._effects(plank)
        terms = {column: min(gain / lack, 1.0) for column, gain in gains.items()}
        terms |= {column: 1.0 for column, floor in floors.items() if floor >= plank.own + lack}
        self.at_least(terms | _term(excuse, 1.0), 1.0)

    def _height(self, plank: Plank) -> int:
        """A column that is at most the relative height of ``plank``: own and gains, or one floor in their stead."""
        own, scale = min(plank.own, plank.target), FULL / plank.target
        room = plank.target - own
        floors, gains = self._effects(plank)
        column = self.add(0.0, FULL if plank.hole is None else plank.hole)
        terms = {column: 1.0}
        if gains:
            grown = self.add(0.0, room)
            self.at_most({grown: 1.0, **{offer: -min(gain, room) for offer, gain in gains.items()}}, 0.0)
            terms[grown] = -scale
        stands = {}
        for offer, floor in floors.items():
            lent = min(floor, plank.target) - own
            if lent > 0:
                stand = self.add(0.0, 1.0)
                self.at_most({stand: 1.0, offer: -1.0}, 0.0)
                stands[stand], terms[stand] = 1.0, -lent * scale
        if stands:
            lending = self.add(0.0, 1.0, whole=bool(gains))
            self.at_most({**stands, lending: -1.0}, 0.0)
            if gains:
                self.at_most({grown: 1.0, lending: room}, room)
        self.at_most(terms, own * scale)
        return column

    @cached_property
    def _bearing(self) -> int:
        """A column that is at most what the hoops bear."""
        column, hoops = self.add(0.0, FULL), self.problem.hoops
        heights = [self._height(hoop) for hoop in hoops]
        if self.problem.bearing == "minimum":
            for height in heights:
                self.at_most({column: 1.0, height: -1.0}, 0.0)
        elif hoops:
            total = sum(hoop.weight for hoop in hoops)
            shares = {h: -hoop.weight / total for h, hoop in zip(heights, hoops, strict=True)}
            self.at_most({column: 1.0, **shares}, 0.0)
        return column

    def _effects(self, plank: Plank) -> tuple[dict[int, float], dict[int, float]]:
        """Floors and gains of the offers on ``plank``, by column; several of one offer are taken together."""
        floors: dict[int, float] = {}
        gains: dict[int, float] = {}
        for offer in self.offers:
            column = self.column[offer.id]
            for effect in offer.effects:
                if effect.plank != plank.code:
                    continue
                if effect.kind == "floor":
                    floors[column] = max(floors.get(column, 0.0), effect.amount)
                elif effect.amount > 0:
                    gains[column] = gains.get(column, 0.0) + effect.amount
        return floors, gains


def _term(column: int | None, value: float) -> dict[int, float]:
    return {} if column is None else {column: value}
