"""The port behind which the ways of delivery stand: booking, task, project, and whatever comes later, without a change here.

``settings.MECHANISMS`` maps a code to ``"module:attribute"``; it is loaded when it is first asked for.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.trade.catalogue.documents import MOST_FEN
from staveworks.trade.catalogue.quotes import PricePart, Quote
from staveworks.trade.catalogue.types import Group, MechanismUnknown, OfferVersion, Price, QuantityInvalid

__all__ = [
    "OF_A_CONTRACT",
    "Buyer",
    "Mechanism",
    "PricePart",
    "Quote",
    "mechanism_of",
    "mechanisms",
    "name_of",
    "own_delivery_of",
]

OF_A_CONTRACT = "milestone"
"""In a request: the id of what a contract agreed on, instead of everything that the form asks. Only its provider can do it."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who asks for a price: the organisation, its price group for this offer, and the actor in whose transaction it happens.

    ``line_id``: the draft line that is priced anew, or the line that falls away for it: what it takes doesn't stand in the way.
    """

    actor: Actor
    org_id: UUID
    group: Group
    line_id: UUID | None = None


TOO_DEAR = Text(
    zh="一项最多 {most} 元，请分成几项。", en="One line costs at most ¥{most}. Order it in several."
)
type Wanted = tuple[Mapping[str, Any], UUID | None]
"""A request; the draft line that is priced anew, if it is one."""
type Told = Quote | StaveworksError
"""What it costs, or why it can't be had."""


class Mechanism(Protocol):
    """A way of delivery. Its methods run in the caller's transaction: ``terms_form`` and ``check_terms`` in the provider's, ``quote`` in
    the buyer's."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> Text: ...

    @property
    def has_calendar(self) -> bool:
        """Whether ``next_free`` changes as time goes by and as others order."""

    @property
    def its_fields(self) -> Collection[str]:
        """Names in ``form`` and in requests that are its own, asked or not: an offer's own form can't use them."""

    def terms_form(self, *, provider: UUID) -> Mapping[str, Any]:
        """JSON Schema (2020-12) of the terms that a provider fills in, of the shape that they have: plain values, objects, lists of
        objects. Named as in ``form``; ``x-when``: ``{"kind": ["test"]}`` — only while that entry says so. Without properties: none."""

    def check_terms(self, terms: Mapping[str, Any], *, provider: UUID, price: Price) -> None:
        """Raises ``Invalid`` at a field of the terms, such as ``resource``; also where the price doesn't go with them."""

    def form(self, version: OfferVersion) -> Mapping[str, Any]:
        """JSON Schema (2020-12) of what the buyer is asked."""

    def asks(self, version: OfferVersion) -> bool:
        """Whether ``form`` requires anything: such an offer isn't ordered by its name alone."""

    def quote(
        self, version: OfferVersion, request: Mapping[str, Any], *, buyer: Buyer, at: datetime
    ) -> Quote:
        """Raises ``Invalid`` at a field of the form; ``PriceByQuote``, ``NotServed``."""

    def next_free(self, versions: Sequence[OfferVersion]) -> Mapping[UUID, datetime | None]:
        """By offer id: when the next buyer can begin; offers without a calendar are left out."""


@runtime_checkable
class DeliversItself(Protocol):
    """A mechanism of whose offers some aren't delivered by a provider's word alone, but by what is done in it."""

    def own_delivery(self, version: OfferVersion) -> Text | None:
        """How a line of this offer is delivered there, for its provider; None: by its word, as any other."""


@runtime_checkable
class QuotesMany(Protocol):
    """A mechanism that looks its things up once for many requests of one offer: an order of a hundred lines is priced three times."""

    def quote_many(
        self, version: OfferVersion, wanted: Sequence[Wanted], *, buyer: Buyer, at: datetime
    ) -> list[Told]:
        """As ``quote`` for each request, what it would raise in its place."""


def quotes_of(
    mechanism: Mechanism, version: OfferVersion, wanted: Sequence[Wanted], *, buyer: Buyer, at: datetime
) -> list[Told]:
    """What each request would cost, or why it can't be had."""
    if isinstance(mechanism, QuotesMany):
        return [_payable(each) for each in mechanism.quote_many(version, wanted, buyer=buyer, at=at)]
    return [
        _payable(told(mechanism.quote, version, request, buyer=replace(buyer, line_id=line), at=at))
        for request, line in wanted
    ]


def _payable(each: Told) -> Told:
    """No line costs more than an offer may state for one."""
    if isinstance(each, Quote) and each.price_fen > MOST_FEN:
        return QuantityInvalid(TOO_DEAR.format(most=f"{MOST_FEN // 100:,}"), field="quantity")
    return each


def told[**P](quote: Callable[P, Quote], *args: P.args, **kwargs: P.kwargs) -> Told:
    """The quote, or what keeps it from being one."""
    try:
        return quote(*args, **kwargs)
    except StaveworksError as error:
        return error


def mechanism_of(code: str) -> Mechanism:
    """Raises ``MechanismUnknown``."""
    path = settings.MECHANISMS.get(code)
    if path is None:
        raise MechanismUnknown
    found: Mechanism = import_string(path.replace(":", "."))
    return found


def own_delivery_of(version: OfferVersion) -> Text | None:
    """What ``DeliversItself.own_delivery`` says; None too where the mechanism says nothing of it, or isn't installed any more."""
    try:
        mechanism = mechanism_of(version.content.mechanism)
    except MechanismUnknown:
        return None
    return mechanism.own_delivery(version) if isinstance(mechanism, DeliversItself) else None


def mechanisms() -> Iterable[Mechanism]:
    """All of them, in the order of the settings."""
    return [mechanism_of(code) for code in settings.MECHANISMS]


def name_of(code: str) -> Text:
    """A way of delivery's name; its code where it isn't installed any more."""
    try:
        return mechanism_of(code).name
    except MechanismUnknown:
        return Text(zh=code, en=code)
