"""What contracts lend a firm now, and its barrel with it. Nothing is stored: a stave is there while its contract runs, and gone after.

Only stated floors are lent. What a service leaves behind (a gain) is the firm's own wood and stands in its next answers.
"""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from staveworks.cluster.barrel.picture import Barrel, Height
from staveworks.cluster.barrel.picturing import picture_of
from staveworks.cluster.barrel.types import DiagnosisCard
from staveworks.cluster.prescription.domain import END, End, firm_document
from staveworks.cluster.prescription.picturing import binding_of
from staveworks.db.transaction import query
from staveworks.engine.prescription import Effect, Offer, Problem, reach, read_problem
from staveworks.foundation.parties.types import Actor
from staveworks.kit.intervals import Interval
from staveworks.kit.planks import Register
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.running import list_running_periods
from staveworks.trade.orders.running import list_lending

FULL = 100.0


@dataclass(frozen=True, slots=True)
class Lent:
    """One contract that lends; ``floors``: plank → absolute height. ``ends_date``: the first day without it, once that is known."""

    line_id: UUID
    subscription_id: UUID | None
    title: Text
    provider: Text
    floors: dict[str, float]
    ends_date: date | None


@query
def list_lent(actor: Actor, *, right: str = "barrel.read") -> list[Lent]:
    """Of one-off services while they are delivered, of subscriptions while a period runs that was ordered. Raises ``RightMissing``."""
    periods = {each.line_id: each for each in list_running_periods(actor, right=right)}
    return [
        Lent(
            line_id=line.line_id,
            subscription_id=periods[line.line_id].subscription_id if line.line_id in periods else None,
            title=line.title,
            provider=line.provider,
            floors={each.plank: each.amount for each in line.floors},
            ends_date=periods[line.line_id].ends_date if line.line_id in periods else None,
        )
        for line in list_lending(actor, also=periods, right=right)
    ]


def picture_with_lent(
    card: DiagnosisCard, bearing: str, lent: list[Lent], *, firm: str, register: Register
) -> Barrel:
    """The firm's own barrel with what is lent in its other colour, and the water that it holds so."""
    own = picture_of(card, firm=firm, register=register)
    if not lent or not any(plank.needed and plank.target > 0 for plank in card.planks.values()):
        return own
    offers = [_offer(each) for each in lent]
    problems = {end: _problem(card, bearing, end) for end in END}
    reached = {end: reach(problem, offers) for end, problem in problems.items()}
    targets = {code: plank.target for code, plank in card.planks.items()}
    floors = {code: max(each.floors.get(code, 0.0) for each in lent) for code in targets}

    def lifted(height: Height) -> Height:
        target = targets[height.code]
        if not height.needed or target <= 0:
            return height
        floor = FULL * min(1.0, floors[height.code] / target)
        low, likely, high = (max(each, floor) for each in (height.low, height.likely, height.high))
        return replace(height, low=low, likely=likely, high=high)

    return replace(
        own,
        staves=tuple(lifted(each) for each in own.staves),
        hoops=tuple(lifted(each) for each in own.hoops),
        water=_interval({end: each.water_level for end, each in reached.items()}),
        bearing=_interval({end: each.bearing for end, each in reached.items()}),
        binding=binding_of(problems["likely"], reached["likely"]),
        without_lending=card.water.likely,
    )


def _problem(card: DiagnosisCard, bearing: str, end: End) -> Problem:
    return read_problem(firm_document(card, bearing, end=end), [], budget_fen=0, kinds={})


def _offer(lent: Lent) -> Offer:
    return Offer(str(lent.line_id), 0, tuple(Effect(code, "floor", at) for code, at in lent.floors.items()))


def _interval(ends: dict[End, float]) -> Interval:
    return Interval(*sorted(ends.values()))
