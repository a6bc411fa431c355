"""Shapes of the catalogue. Money in fen; decimals as text, exact."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, JsonValue

from staveworks.api.pagination import Page, Paging
from staveworks.api.shapes import In, Out, Words
from staveworks.trade.catalogue.documents import document_of, price_document
from staveworks.trade.catalogue.frozen import quote_document
from staveworks.trade.catalogue.mechanisms import Quote
from staveworks.trade.catalogue.search import BANDS, ON_REQUEST, OfferCard, Order
from staveworks.trade.catalogue.types import Group, OfferState, OfferVersion, OfferView, OwnOffer

Code = Annotated[str, Field(min_length=1, max_length=40)]
Codes = Annotated[list[Code], Field(max_length=30)]
PRICES = [*(band.code for band in BANDS), ON_REQUEST]
CONTENT = (
    "The offer: title, text, delivers (in both languages), mechanism, city, planks, effects, form (JSON Schema 2020-12), price, "
    "effects_from, groups, lead_time_days, service_level, acceptance_days, cancellation, certificates, programmes, tax, terms. "
    "A draft may lack any of them."
)


class Search(Paging):
    """Values of one filter are alternatives, filters are joined. ``city``: a code of GB/T 2260, or ``anywhere``."""

    q: Annotated[str, Field(max_length=200, description="Words, in Chinese, pinyin or English.")] = ""
    plank: Codes = []
    mechanism: Codes = []
    city: Codes = []
    price: Annotated[Codes, Field(description=f"Of the smallest order, in yuan: {', '.join(PRICES)}.")] = []
    within: Annotated[int | None, Field(ge=1, le=3650, description="Work can begin within so many days.")] = (
        None
    )
    programme: Codes = []
    provider: UUID | None = None
    order: Annotated[
        Order | None, Field(description="Default: relevance with words, else fit, else newest.")
    ] = None


class EffectOut(Out):
    plank: str
    kind: Literal["floor", "gain"]
    amount: float


class OfferRow(Out):
    """``group``: the caller's price group; ``from_fen``: what its smallest order costs, null on request, or where it isn't served.
    ``effects_from``: from what quantity the effects hold (null: the smallest order), ``effects_fen``: what it costs until they do.
    ``lift``: by how many points it alone raises the caller's water level; null without a barrel."""

    id: UUID
    version: UUID
    title: Words
    provider: UUID
    provider_name: Words
    mechanism: str
    planks: list[str]
    effects: list[EffectOut]
    city: str | None
    price: dict[str, Any]
    group: Group
    served: bool
    from_fen: int | None
    effects_from: Decimal | None
    effects_fen: int | None
    lead_time_days: int
    next_free_at: datetime | None
    programmes: list[str]
    lift: float | None
    distance_km: float | None

    @classmethod
    def of(cls, card: OfferCard) -> "OfferRow":
        return cls(
            id=card.id,
            version=card.version_id,
            title=Words.of(card.title),
            provider=card.provider_org,
            provider_name=Words.of(card.provider),
            mechanism=card.mechanism,
            planks=list(card.planks),
            effects=[EffectOut.model_validate(each) for each in card.effects],
            city=card.city,
            price=price_document(card.price),
            group=card.group,
            served=card.served,
            from_fen=card.from_fen,
            effects_from=card.effects_from,
            effects_fen=card.effects_fen,
            lead_time_days=card.lead_time_days,
            next_free_at=card.next_free_at,
            programmes=list(card.programmes),
            lift=card.lift,
            distance_km=card.distance_km,
        )


class FoundOut(Page[OfferRow]):
    """``counts``: for each filter how many offers each of its values has, the other filters as they are (``within``: days).
    ``corrected``: mistyped words → what was looked for instead. ``relaxed``: no offer has all the words."""

    total: int
    counts: dict[str, dict[str, int]]
    order: Order
    corrected: dict[str, str]
    relaxed: bool


class OfferVersionOut(Out):
    """What an offer said from a moment on; it never changes."""

    id: UUID
    offer: UUID
    number: int
    provider: UUID
    published_at: datetime
    content: dict[str, Any]

    @classmethod
    def of(cls, version: OfferVersion) -> "OfferVersionOut":
        return cls(
            id=version.id,
            offer=version.offer_id,
            number=version.number,
            provider=version.provider_org,
            published_at=version.published_at,
            content=document_of(version.content),
        )


class OfferOut(Out):
    """``version`` null: never published. ``draft``: the working copy, for its provider only."""

    id: UUID
    provider: UUID
    provider_name: Words
    state: OfferState
    group: Group
    version: OfferVersionOut | None
    draft: dict[str, Any] | None

    @classmethod
    def of(cls, view: OfferView) -> "OfferOut":
        return cls(
            id=view.id,
            provider=view.provider_org,
            provider_name=Words.of(view.provider),
            state=view.state,
            group=view.group,
            version=OfferVersionOut.of(view.version) if view.version else None,
            draft=view.draft,
        )


class OwnRow(Out):
    """``number`` 0: never published. ``changed``: the working copy says something else than what is published."""

    id: UUID
    title: Words
    state: OfferState
    mechanism: str
    planks: list[str]
    number: int
    changed: bool
    moved_at: datetime

    @classmethod
    def of(cls, row: OwnOffer) -> "OwnRow":
        return cls(
            id=row.id,
            title=Words.of(row.title),
            state=row.state,
            mechanism=row.mechanism,
            planks=list(row.planks),
            number=row.number,
            changed=row.changed,
            moved_at=row.moved_at,
        )


class Write(In):
    content: Annotated[dict[Code, JsonValue], Field(description=CONTENT)]


class ChangePrice(In):
    """``number``: of the version that was seen; another one since is a conflict. ``groups`` null: everybody pays the price."""

    price: dict[Code, JsonValue]
    groups: dict[Code, JsonValue] | None = None
    number: Annotated[int, Field(ge=1, le=2_147_483_647)]


class AskQuote(In):
    """What the offer's form asks."""

    request: dict[Code, JsonValue] = {}


class OfferMade(Out):
    id: UUID


class QuoteOut(Out):
    """What it costs now and what would be held; nothing is taken."""

    parts: list[dict[str, Any]]
    price_fen: int
    asks: list[dict[str, Any]]
    cancellation: dict[str, Any]
    lead_time_days: int
    starts_at: datetime | None
    due_at: datetime | None

    @classmethod
    def of(cls, quote: Quote) -> "QuoteOut":
        return cls(**quote_document(quote))
