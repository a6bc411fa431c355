"""The catalogue: search, filter, order; one offer with what it does for the reader's barrel and what it costs her."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from staveworks.cluster.prescription.own import find_own_problem
from staveworks.engine.prescription import Offer, Problem, Reached, reach
from staveworks.foundation.parties.models import City
from staveworks.foundation.parties.types import Actor
from staveworks.kit.data import data_file
from staveworks.kit.errors import StaveworksError
from staveworks.kit.planks import load_register
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.queries import find_place
from staveworks.mechanisms.booking.windows import said_of, windows_of
from staveworks.trade.catalogue.checking import TAXES, tax_rate
from staveworks.trade.catalogue.domain import price_of_effects
from staveworks.trade.catalogue.mechanisms import mechanism_of, name_of
from staveworks.trade.catalogue.programmes import programmes
from staveworks.trade.catalogue.queries import access_offer, quote_version
from staveworks.trade.catalogue.search import OfferCard, search_offers
from staveworks.trade.catalogue.types import (
    Content,
    MechanismUnknown,
    OfferState,
    OfferVersion,
    OfferView,
    QuotePrice,
    TieredPrice,
    TimePrice,
)
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.middleware import status_of
from staveworks.web.order.chips import chip_lines, order_chips, wanted_of
from staveworks.web.order.coming import training_of, with_people
from staveworks.web.order.free_times import free_times
from staveworks.web.order.holding import with_hold
from staveworks.web.order.prices import (
    cancellation_rows,
    effects_from_text,
    least_text,
    price_text,
    tier_rows,
)
from staveworks.web.order.request_forms import RequestForm
from staveworks.web.typed import whole_number
from staveworks.web.words import put_error, tell

ROWS = 20
MOST_PAGES = 500
ASKED_AT = {"price": "offer", "series": "offer_series"}
"""What a button of the form asks for, in place of the order: the page that shows it."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an offer states for one plank, in points; the reader's target, and how far it is reached without and with it."""

    plank: str
    kind: str
    amount: float
    before: float | None
    after: float | None
    target: float | None


@door("offer.read")
def catalogue(request: HttpRequest) -> HttpResponse:
    """What can be ordered, narrowed and in the order that the address says."""
    actor, wanted = actor_of(request), wanted_of(request.GET)
    barrel, number = find_own_problem(actor), _page(request)
    found = search_offers(actor, wanted, barrel=barrel, offset=(number - 1) * ROWS, limit=ROWS)
    pages = Paginator(range(found.total), ROWS)
    if number > pages.num_pages:
        return redirect(f"{request.path}?{_at_page(request, pages.num_pages)}")
    register = load_register(data_file("planks.yaml"))
    shown = {
        "cards": [
            (
                card,
                _price_of(card),
                least_text(card.price),
                name_of(card.mechanism),
                effects_from_text(card.price, card.effects_from),
            )
            for card in found.cards
        ],
        "found": found,
        "wanted": wanted,
        "lines": chip_lines(request, found, wanted, register),
        "orders": order_chips(request, found, fits=barrel is not None, searched=bool(wanted.words)),
        "page": pages.get_page(number),
        "binding": _binding(barrel),
        "barrel": barrel is not None,
        "register": register,
        "programmes": programmes(),
        "may_sell": actor.may("offer.manage"),
        "asked_order": request.GET.get("order", ""),
    }
    return render(request, "order/catalogue.html", shown)


@door("offer.read", to_change="order.place")
def one(request: HttpRequest, offer: UUID) -> HttpResponse:
    """One offer. What is filled in is priced (GET), or put into the order (POST)."""
    actor = actor_of(request)
    view = access_offer(actor, offer_id=offer)
    if view.version is None:
        return redirect("own_offer", offer)
    form, quote, status = _form(actor, view, _given(request)), None, 200
    if form is not None and request.POST.get("ask") in ASKED_AT:
        return redirect(_asked_at(form, offer, request.POST["ask"]))
    try:
        asked = _asked(form)
        if asked is not None and request.method == "POST":
            return _added(request, actor, view.version, asked)
        if asked is not None:
            quote = quote_version(actor, version_id=view.version.id, request=asked)
    except StaveworksError as error:
        if form is None or not form.is_bound:
            quote = None  # what can't be priced without an answer is priced after one
        else:
            put_error(form, error)
            status = status_of(error)
    if form is not None and form.errors:
        status = max(status, 422)
    shown = _shown(actor, view, view.version, form) | {"quote": quote}
    training = training_of(view.version)
    shown["training"], shown["training_offer"] = training is not None, training and training.offer_id
    shown["free"] = free_times(actor, view.version, request, quote) if form is not None else None
    return render(request, "order/offer.html", shown, status=status)


def _given(request: HttpRequest) -> Any:
    if request.method == "POST":
        return request.POST
    return request.GET if "ask" in request.GET else None


def _asked(form: RequestForm | None) -> dict[str, Any] | None:
    """What is asked for: as filled in; at first sight the least there is, where nothing has to be filled in."""
    if form is None:
        return None
    if form.is_bound:
        return form.request() if form.is_valid() else None
    return None if any(each.required for each in form.fields.values()) else {}


def _asked_at(form: RequestForm, offer: UUID, ask: str) -> str:
    """Where what was filled in is priced, or repeated: one form has all buttons, so that each goes by what the fields say now."""
    return f"{reverse(ASKED_AT[ask], args=[offer])}?{urlencode([('ask', '1'), *form.sent()])}#price"


def _added(request: HttpRequest, actor: Actor, version: OfferVersion, asked: dict[str, Any]) -> HttpResponse:
    added = add_line(actor, version_id=version.id, request=asked)
    messages.success(request, with_hold(tell("已加入订单。", "Added to the order."), unheld=added.unheld))
    return redirect(f"/orders/{added.order_id}/")


def _form(actor: Actor, view: OfferView, data: Any) -> RequestForm | None:
    """None where it can't be ordered: withdrawn, the reader's own, not for her, or the way isn't installed."""
    version = view.version
    if version is None or view.state is not OfferState.PUBLISHED or view.own:
        return None
    if version.content.ratio_for(view.group) is None:
        return None
    try:
        asked = mechanism_of(version.content.mechanism).form(version)
        return RequestForm(with_people(actor, version, asked), data)
    except MechanismUnknown:
        return None


def _shown(actor: Actor, view: OfferView, version: OfferVersion, form: RequestForm | None) -> dict[str, Any]:
    content, today = version.content, timezone.localdate()
    barrel = find_own_problem(actor)
    reached = _reached(barrel, version)
    ratio = content.ratio_for(view.group)
    city = City.objects.filter(code=content.city).first() if content.city else None
    return {
        "offer": view,
        "version": version,
        "content": content,
        "form": form,
        "served": ratio is not None,
        "price": price_text(content.price, ratio or Decimal(1)),
        "least": least_text(content.price),
        "on_request": isinstance(content.price, QuotePrice),
        "tiers": tier_rows(content.price, ratio or Decimal(1))
        if isinstance(content.price, TieredPrice)
        else [],
        "windows": _windows(content, ratio or Decimal(1)),
        "all_units": isinstance(content.price, TieredPrice) and content.price.mode == "all_units",
        "groups": [
            (group.text, price_text(content.price, each)) for group, each in (content.groups or {}).items()
        ],
        "effects": _effects(barrel, reached, version),
        "effects_from": effects_from_text(content.price, content.effects_from),
        "effects_fen": price_of_effects(content.price, content.effects_from, ratio or Decimal(1)),
        "lift": tuple(each.water_level for each in reached) if reached else None,
        "city": Text(zh=city.name_zh, en=city.name_en) if city else None,
        "mechanism": name_of(content.mechanism),
        "cancellation": cancellation_rows(content.cancellation, by_time=_by_time(content.mechanism)),
        "certificates": [(each, each.lapsed(today)) for each in content.certificates],
        "programmes": [programmes()[code] for code in content.programmes if code in programmes()],
        "tax": (TAXES.get(content.tax), Decimal(tax_rate(content.tax)) / 10_000),
        "may_order": actor.may("order.place"),
        "where": find_place(actor, terms=content.terms or {}) if _by_time(content.mechanism) else None,
    }


def _windows(content: Content, ratio: Decimal) -> list[tuple[Text, Text]]:
    """Hours at which a booking costs something else, and what."""
    if not isinstance(content.price, TimePrice) or not _by_time(content.mechanism):
        return []
    found = windows_of(content.terms or {})
    return [(said_of(each), price_text(content.price, ratio * each.ratio)) for each in found]


def _reached(barrel: Problem | None, version: OfferVersion) -> tuple[Reached, Reached] | None:
    """What the reader's barrel reaches without and with it; None without a barrel."""
    return (
        None
        if barrel is None
        else (reach(barrel, ()), reach(barrel, [Offer("", 0, version.content.effects)]))
    )


def _effects(
    barrel: Problem | None, reached: tuple[Reached, Reached] | None, version: OfferVersion
) -> list[Effect]:
    now, then = (each.heights for each in reached) if reached else ({}, {})
    targets = {plank.code: plank.target for plank in barrel.needed} if barrel else {}
    return [
        Effect(
            each.plank,
            each.kind,
            each.amount,
            now.get(each.plank),
            then.get(each.plank),
            targets.get(each.plank),
        )
        for each in version.content.effects
    ]


def _binding(barrel: Problem | None) -> str | None:
    """The lowest stave where one binds."""
    if barrel is None or not barrel.staves:
        return None
    now = reach(barrel, ())
    lowest = min(barrel.staves, key=lambda plank: now.heights[plank.code])
    return lowest.code if now.heights[lowest.code] <= now.water_level else None


def _by_time(mechanism: str) -> bool:
    try:
        return mechanism_of(mechanism).has_calendar
    except MechanismUnknown:
        return False


def _price_of(card: OfferCard) -> Text:
    return price_text(card.price, card.ratio or Decimal(1))


def _at_page(request: HttpRequest, number: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(number)
    return asked.urlencode()


def _page(request: HttpRequest) -> int:
    return min(whole_number(request.GET.get("page", "")) or 1, MOST_PAGES)
