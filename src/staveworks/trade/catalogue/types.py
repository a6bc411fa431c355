"""Public words of the room: what an offer says, what it costs, for whom, and what is refused. Money in fen, ratios exact decimals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text

if TYPE_CHECKING:  # a command that computes nothing needs no mathematics loaded
    from staveworks.engine.prescription import Effect

EMPTY = Text(zh="", en="")

type Document = dict[str, Any]
"""JSON: what is stored, what programs send."""


class OfferState(StrEnum):
    """``draft`` nobody but its provider knows of it; ``published`` can be ordered; ``withdrawn`` no longer, what was ordered stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def text(self) -> Text:
        return STATE_TEXTS[self]


STATE_TEXTS = {
    OfferState.DRAFT: Text(zh="草稿", en="Draft"),
    OfferState.PUBLISHED: Text(zh="在架", en="Published"),
    OfferState.WITHDRAWN: Text(zh="已撤下", en="Withdrawn"),
}
EDGES = [
    (OfferState.DRAFT, OfferState.PUBLISHED),
    (OfferState.PUBLISHED, OfferState.WITHDRAWN),
    (OfferState.WITHDRAWN, OfferState.PUBLISHED),
]


class Group(StrEnum):
    """Whose price it is: a member of the offer's city, a member of another, whoever is not a member yet."""

    MEMBER = "member"
    ELSEWHERE = "elsewhere"
    GUEST = "guest"

    @property
    def text(self) -> Text:
        return GROUP_TEXTS[self]


GROUP_TEXTS = {
    Group.MEMBER: Text(zh="本市会员", en="Members here"),
    Group.ELSEWHERE: Text(zh="外市会员", en="Members of other cities"),
    Group.GUEST: Text(zh="非会员", en="Guests"),
}


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """One price for the whole."""

    amount_fen: int
    kind: Literal["fixed"] = "fixed"


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """So much a unit; ordered in multiples of ``step``, at least ``minimum``."""

    unit: Text
    unit_price_fen: int
    minimum: Decimal = Decimal(1)
    step: Decimal = Decimal(1)
    kind: Literal["per_unit"] = "per_unit"


@dataclass(frozen=True, slots=True)
class TimePrice:
    """So much for each ``step_minutes`` begun, at least ``minimum_minutes``."""

    step_minutes: int
    step_price_fen: int
    minimum_minutes: int
    kind: Literal["time"] = "time"


@dataclass(frozen=True, slots=True)
class Tier:
    """The unit price from quantity ``start`` on; the first tier starts at 0."""

    start: Decimal
    unit_price_fen: int


@dataclass(frozen=True, slots=True)
class TieredPrice:
    """``all_units``: the tier that the quantity reaches prices every unit. ``incremental``: each tier prices the units beyond its
    start, those up to the next one."""

    unit: Text
    mode: Literal["all_units", "incremental"]
    tiers: tuple[Tier, ...]
    minimum: Decimal = Decimal(1)
    step: Decimal = Decimal(1)
    kind: Literal["tiered"] = "tiered"


@dataclass(frozen=True, slots=True)
class QuotePrice:
    """Named by the provider when asked."""

    kind: Literal["quote"] = "quote"


type Price = FixedPrice | UnitPrice | TimePrice | TieredPrice | QuotePrice


@dataclass(frozen=True, slots=True)
class Charge:
    """One row of a price: quantity × unit price, rounded to the fen."""

    quantity: Decimal
    unit_price_fen: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class CancellationStep:
    """Cancelled at least ``hours`` before the beginning: ``ratio`` of the price is owed."""

    hours: int
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class Cancellation:
    """``steps`` by falling hours and rising ratios; ``late`` is owed after the last of them, ``no_show`` by who doesn't come."""

    steps: tuple[CancellationStep, ...] = ()
    late: Decimal = Decimal(1)
    no_show: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the provider holds; ``valid_until`` is its last day, None: without end."""

    name: Text
    number: str = ""
    valid_until: date | None = None

    def lapsed(self, today: date) -> bool:
        return self.valid_until is not None and self.valid_until < today


@dataclass(frozen=True, slots=True)
class Content:
    """All that an offer says. ``city`` None: anywhere. ``groups``: the factor on the price by price group; who isn't in it isn't
    served. ``effects_from``: from what quantity the effects hold: units, minutes where the price is by time, orders (of a subscription:
    periods) where it is one for the whole; None: from the smallest order. ``form``: JSON Schema (2020-12) of what a buyer is asked.
    ``terms`` belong to the mechanism."""

    title: Text
    mechanism: str
    planks: tuple[str, ...]
    price: Price
    text: Text = EMPTY
    delivers: tuple[Text, ...] = ()
    city: str | None = None
    effects: "tuple[Effect, ...]" = ()
    effects_from: Decimal | None = None
    form: Mapping[str, Any] | None = None
    groups: Mapping[Group, Decimal] | None = None
    lead_time_days: int = 0
    service_level: Text = EMPTY
    acceptance_days: int = 7
    cancellation: Cancellation = Cancellation()
    certificates: tuple[Certificate, ...] = ()
    programmes: tuple[str, ...] = ()
    tax: str = "services"
    terms: Mapping[str, Any] | None = None

    def ratio_for(self, group: Group) -> Decimal | None:
        """The factor on the price; None: not served. Without groups everybody pays the price as it stands."""
        return Decimal(1) if self.groups is None else self.groups.get(group)


@dataclass(frozen=True, slots=True)
class OfferVersion:
    """What an offer said from ``published_at`` on; never changes. An order keeps the version that it was placed on."""

    id: UUID
    offer_id: UUID
    number: int
    provider_org: UUID
    content: Content
    published_at: datetime


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer with the version in force, and what the reader pays. ``version`` None: never published. ``draft``: the working
    copy, shown to its provider only. ``group``: the reader's price group."""

    id: UUID
    provider_org: UUID
    provider: Text
    state: OfferState
    version: OfferVersion | None
    draft: Document | None
    group: Group
    own: bool


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """A row of the provider's desk. ``changed``: the working copy says something else than what is published."""

    id: UUID
    title: Text
    state: OfferState
    mechanism: str
    planks: tuple[str, ...]
    price: Price | None
    number: int
    changed: bool
    moved_at: datetime


class OfferInvalid(Invalid):
    """``field`` is the path in the document: ``price.tiers.1.unit_price_fen``."""


class QuantityInvalid(Invalid):
    """Too little, or no multiple of the step."""


class OfferNotFound(NotFound):
    text = Text(zh="没有这项服务，或它还没有上架。", en="No such offer, or it is not published yet.")


class MechanismUnknown(NotFound):
    text = Text(zh="没有这种交付方式。", en="No such way of delivery.")


class OfferNotPublished(Refused):
    text = Text(zh="这项服务已撤下，不能再订。", en="This offer was withdrawn and can't be ordered any more.")


class NothingToPublish(Refused):
    text = Text(zh="和在架的一样，没有要发布的。", en="The same as what is published: nothing to publish.")


class NotPublished(Refused):
    text = Text(zh="这项服务不在架上。", en="This offer is not published.")


class NotADraft(Refused):
    text = Text(
        zh="上过架的服务不能删除，只能撤下。",
        en="An offer that was published can't be deleted, only withdrawn.",
    )


class OfferChanged(Refused):
    text = Text(
        zh="您打开之后，别人改过这项服务。请重新打开再改。",
        en="Somebody changed this offer after you opened it. Open it again and make your change.",
    )


class PriceByQuote(Refused):
    text = Text(zh="这项服务按报价，请先询价。", en="This offer is priced on request. Ask for a quote first.")


class NotServed(Refused):
    text = Text(zh="这项服务不对您所在的价格组开放。", en="This offer is not open to your price group.")
