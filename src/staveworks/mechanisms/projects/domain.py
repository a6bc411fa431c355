"""Pure decisions: what a request must say, where it stands, who leads the comparison, how far a milestone is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from staveworks.kit.text import Text
from staveworks.mechanisms.projects.types import (
    Asked,
    ContractStep,
    Criterion,
    Delivery,
    MilestoneVerdict,
    Opened,
    Phase,
    Planned,
    PointsInvalid,
    Ranked,
    ReasonMissing,
    RequestInvalid,
    RequestState,
)
from staveworks.trade.orders.types import FELL_AWAY, LineState

FILL_IN = Text(zh="请填写。", en="Fill this in.")
TOO_LONG = Text(zh="太长了。", en="Too long.")
TOO_SOON = Text(zh="截止时间离现在至少 {hours} 小时。", en="The deadline is at least {hours} hours from now.")
TOO_LATE = Text(zh="截止时间最远一年。", en="The deadline is at most a year away.")
NO_BUDGET = Text(zh="预算大于 0；不写就是不公开。", en="A budget above 0, or none.")
NOT_100 = Text(
    zh="各项权重合计应为 100，现在是 {total}。", en="The weights make {total}; they should make 100."
)
NAMES = Text(
    zh="每项标准都要有名称，权重 1 到 100。", en="Each criterion has a name and a weight of 1 to 100."
)
ONE_PRICE = Text(zh="按价格评分的只能有一项。", en="Only one criterion goes by price.")
MOST_CRITERIA, MOST_PROVIDERS = 10, 50
LINE, TEXT = 120, 20_000
YEAR_HOURS = 366 * 24
REASON = 2000


def check_asked(asked: Asked, *, now: datetime, shortest_hours: int) -> Asked:
    """With its words trimmed. Raises ``RequestInvalid`` at the field."""
    title, text = " ".join(asked.title.split()), asked.text.strip()
    for key, words, longest in (("title", title, LINE), ("text", text, TEXT)):
        if not words:
            raise RequestInvalid(FILL_IN, field=key)
        if len(words) > longest:
            raise RequestInvalid(TOO_LONG, field=key)
    check_deadline(asked.closes_at, now=now, shortest_hours=shortest_hours)
    if asked.budget_fen is not None and asked.budget_fen <= 0:
        raise RequestInvalid(NO_BUDGET, field="budget")
    for key in ("nda", "rights_clause", "confidentiality"):
        if len(getattr(asked, key)) > TEXT:
            raise RequestInvalid(TOO_LONG, field=key)
    if len(asked.providers) > MOST_PROVIDERS:
        raise RequestInvalid(TOO_LONG, field="providers")
    check_criteria(asked.criteria)
    return Asked(
        title,
        text,
        asked.closes_at,
        asked.criteria,
        asked.kind,
        asked.budget_fen,
        asked.nda.strip(),
        asked.rights_clause.strip(),
        asked.confidentiality.strip(),
        tuple(dict.fromkeys(asked.providers)),
    )


def check_deadline(closes_at: datetime, *, now: datetime, shortest_hours: int) -> None:
    """Raises ``RequestInvalid``."""
    hours = (closes_at - now).total_seconds() / 3600
    if hours < shortest_hours:
        raise RequestInvalid(TOO_SOON.format(hours=shortest_hours), field="closes_at")
    if hours > YEAR_HOURS:
        raise RequestInvalid(TOO_LATE, field="closes_at")


def check_criteria(criteria: Sequence[Criterion]) -> None:
    """Raises ``RequestInvalid``."""
    if not 1 <= len(criteria) <= MOST_CRITERIA or not all(
        each.name.strip() and len(each.name) <= LINE and 1 <= each.weight <= 100 for each in criteria
    ):
        raise RequestInvalid(NAMES, field="criteria")
    if sum(each.by_price for each in criteria) > 1:
        raise RequestInvalid(ONE_PRICE, field="criteria")
    total = sum(each.weight for each in criteria)
    if total != 100:
        raise RequestInvalid(NOT_100.format(total=total), field="criteria")


def phase_of(
    state: RequestState, *, closes_at: datetime, opens_until: datetime, unopened: int | None, now: datetime
) -> Phase:
    """``unopened``: how many sealed proposals aren't open; None: the reader can't know."""
    if state is not RequestState.OPEN:
        return Phase(state)
    if now < closes_at:
        return Phase.COLLECTING
    return Phase.OPENING if now < opens_until and unopened != 0 else Phase.COMPARING


def check_points(points: Mapping[int, int], criteria: Sequence[Criterion]) -> None:
    """Points by the place of the criterion; those by price give themselves. Raises ``PointsInvalid``."""
    for place, value in points.items():
        if not 0 <= place < len(criteria) or criteria[place].by_price or not 0 <= value <= 100:
            raise PointsInvalid(field=f"points_{place}")


def rank(
    opened: Sequence[Opened], criteria: Sequence[Criterion], given: Mapping[tuple[UUID, int], int]
) -> tuple[Ranked, ...]:
    """The comparison, the best first; those without all points last. ``given``: (proposal, place of the criterion) → points.

    ``opened`` comes in the order in which the proposals were sealed: equal totals stay in it.
    """
    cheapest = min((each.price_fen for each in opened), default=0)
    ranked = []
    for each in opened:
        points = tuple(
            round(100 * cheapest / each.price_fen) if one.by_price else given.get((each.proposal_id, place))
            for place, one in enumerate(criteria)
        )
        total = (
            sum(one.weight * value for one, value in zip(criteria, points, strict=True) if value is not None)
            if None not in points
            else None
        )
        ranked.append(Ranked(each, points, None if total is None else total / 100))
    return tuple(sorted(ranked, key=lambda one: (one.total is None, -(one.total or 0))))


def step_of(line: LineState | None, deliveries: Sequence[Delivery]) -> ContractStep:
    """How far a milestone is: what its order line says, then what was said of its last delivery."""
    if line is None or line in {LineState.DRAFT, LineState.AWAITING_APPROVAL}:
        return ContractStep.UNORDERED
    if line in FELL_AWAY:
        return ContractStep.FELL_AWAY
    if line in {LineState.ACCEPTED, LineState.SETTLED}:
        return ContractStep.ACCEPTED
    if line is LineState.PLACED:
        return ContractStep.ORDERED
    if line in {LineState.DELIVERED, LineState.DISPUTED}:
        return ContractStep.DELIVERED
    if not deliveries:
        return ContractStep.WORKING
    return (
        ContractStep.RETURNED
        if deliveries[-1].verdict is MilestoneVerdict.RETURNED
        else ContractStep.DELIVERED
    )


def check_reason(text: str, *, field: str = "reason") -> str:
    """Raises ``ReasonMissing``."""
    words = text.strip()
    if not words:
        raise ReasonMissing(field=field)
    return words[:REASON]


def price_moved(old: Planned, new: Planned) -> bool:
    """Whether a change needs another order line."""
    return old.price_fen != new.price_fen
