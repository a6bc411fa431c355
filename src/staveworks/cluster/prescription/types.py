"""Public words of the room: a basis, a prescription upon it, its frontier, and what is refused. Money in fen, heights 0–100."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from staveworks.cluster.programmes.types import Voucher
from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text

if TYPE_CHECKING:  # a command that computes nothing needs no mathematics loaded
    from staveworks.engine.prescription import Chosen, FrontierPoint, Prescription, Problem, Reached, Unchosen

type Document = dict[str, Any]
"""JSON, as ``staveworks prescribe`` reads it."""

MOST_BUDGET_FEN = 10**11
"""¥1 bn: beyond it somebody typed fen for yuan."""
MOST_DAYS = 3650


class Objective(StrEnum):
    """``level``: the water level alone. ``leximin``: the lowest height, then the next, and so on."""

    LEVEL = "level"
    LEXIMIN = "leximin"

    @property
    def text(self) -> Text:
        return OBJECTIVE_TEXTS[self]


OBJECTIVE_TEXTS = {
    Objective.LEVEL: Text(zh="只求水位最高，其余从省", en="The highest water level, for the least money"),
    Objective.LEXIMIN: Text(
        zh="先抬最短的板，再抬次短的，把预算用足",
        en="The shortest plank first, then the next, as far as the money goes",
    ),
}


@dataclass(frozen=True, slots=True)
class Service:
    """An offer of a basis, as people know it. ``version_id`` is what would be ordered: ``quantity`` units (None: the least), or so many
    ``orders`` one after the other, as of a subscription's periods; from there on the effects hold that are counted on."""

    version_id: UUID
    title: Text
    provider: Text
    city: str | None
    quantity: Decimal | None = None
    orders: int = 1


@dataclass(frozen=True, slots=True)
class PrescriptionView:
    """One answer with all that its page shows. ``before``: the barrel as it is. ``chosen`` and ``unchosen`` with their reasons;
    ``paid_fen``: what vouchers pay of each chosen offer. ``drawn``: the frontier is whole. ``highest``: the level that all
    offers together would reach. ``digest``: of all that was known."""

    id: UUID
    basis_id: UUID
    digest: str
    assessment_id: UUID
    made_at: datetime
    objective: Objective
    budget_fen: int
    horizon_days: int | None
    problem: "Problem"
    before: "Reached"
    answer: "Prescription"
    chosen: "tuple[Chosen, ...]"
    unchosen: "tuple[Unchosen, ...]"
    services: dict[str, Service]
    paid_fen: dict[str, int]
    steps: "tuple[FrontierPoint, ...]"
    drawn: bool
    highest: float

    @property
    def saved_fen(self) -> int:
        return self.answer.price_fen - self.answer.reached.net_fen

    @property
    def rises(self) -> bool:
        return bool(self.chosen)


@dataclass(frozen=True, slots=True)
class Now:
    """What has become of a prescription's basis. ``vouchers``: those that the firm holds now."""

    outdated: bool
    vouchers: tuple[Voucher, ...]


class Standing(StrEnum):
    """How far one chosen service has come. ``to_add``: by its name alone; ``to_book``, ``to_fill_in``: its form asks a time, or more."""

    TO_ADD = "to_add"
    TO_BOOK = "to_book"
    TO_FILL_IN = "to_fill_in"
    DRAFTED = "drafted"
    ORDERED = "ordered"


@dataclass(frozen=True, slots=True)
class Progress:
    """``order_id``: where it is drafted or ordered; ``price_fen``: what the prescription reckoned with."""

    service: Service
    offer_id: UUID
    standing: Standing
    order_id: UUID | None
    price_fen: int

    @property
    def left(self) -> bool:
        return self.order_id is None

    @property
    def asks(self) -> bool:
        return self.standing in (Standing.TO_BOOK, Standing.TO_FILL_IN)


@dataclass(frozen=True, slots=True)
class PrescriptionCard:
    """A row of a firm's prescriptions."""

    id: UUID
    made_at: datetime
    objective: Objective
    budget_fen: int
    horizon_days: int | None
    status: Literal["optimal", "feasible"]
    water_before: float
    water_after: float
    net_fen: int
    services: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What a replay found: ``faults`` in English, none where the answer is what it says."""

    offers: int
    faults: tuple[str, ...]


class NoBarrelYet(Refused):
    text = Text(
        zh="还没有诊断。先答八题，三分钟，再看处方。",
        en="No assessment yet. Answer eight questions first, three minutes; then see the prescription.",
    )


class NothingNeeded(Refused):
    text = Text(zh="这类企业一块板也不需要。", en="This kind of business needs no plank.")


class BudgetInvalid(Invalid):
    text = Text(zh="预算应在 0 到 10 亿元之间。", en="The budget must lie between 0 and 1,000,000,000 yuan.")


class ObjectiveUnknown(Invalid):
    text = Text(zh="没有这个目标。", en="There is no such objective.")


class HorizonInvalid(Invalid):
    text = Text(zh="应在 1 到 3650 天之间。", en="Must lie between 1 and 3,650 days.")


class PrescriptionNotFound(NotFound):
    text = Text(zh="没有这张处方。", en="There is no such prescription.")
