"""The provider's desk: its offers, to write, publish, price, withdraw."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor
from staveworks.kit.data import data_file
from staveworks.kit.errors import Invalid, Refused, StaveworksError
from staveworks.kit.planks import load_register
from staveworks.kit.text import Text
from staveworks.trade.catalogue.documents import document_of
from staveworks.trade.catalogue.mechanisms import name_of
from staveworks.trade.catalogue.queries import access_offer, list_own_offers, list_terms_forms
from staveworks.trade.catalogue.types import Document, OfferNotFound, OfferState, OfferView
from staveworks.trade.catalogue.usecases.draft_offer import discard_draft, draft_offer, edit_draft
from staveworks.trade.catalogue.usecases.publish_offer import (
    change_price,
    check_draft,
    publish_offer,
    withdraw_offer,
)
from staveworks.web.asking import actor_of
from staveworks.web.deliver.offer_forms import USUAL, OfferForm, PriceForm
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.middleware import status_of
from staveworks.web.order.prices import price_text
from staveworks.web.typed import whole_number
from staveworks.web.words import error_words, tell

STATES = {OfferState.DRAFT: "waiting", OfferState.PUBLISHED: "running", OfferState.WITHDRAWN: "over"}
CHECKED = "check"
"""In the address of an offer's form: with what would be refused if it was published as it is."""
KEPT = Text(
    zh="已存为草稿，但还不能上架，请先改好标出的地方。",
    en="Kept as a draft, not published yet: mend what is marked first.",
)
STILL_OFF = Text(zh="还不能上架，请先改好标出的地方。", en="Not published yet: mend what is marked first.")
NO_PLANK_YET = Text(zh="请至少选一块木板。", en="Choose at least one plank.")
UNNAMED = Text(zh="（未命名）", en="(no title yet)")


@door("offer.manage")
def desk(request: HttpRequest) -> HttpResponse:
    """Who shortens an address of the desk comes to what it offers."""
    return redirect("own_offers")


@door("offer.manage")
def own_offers(request: HttpRequest) -> HttpResponse:
    """All offers of the organisation, by state."""
    found = list_own_offers(actor_of(request))
    chosen = request.GET.get("state", "")
    rows = [
        {
            "offer": each,
            "title": each.title if each.title.zh else UNNAMED,
            "price": price_text(each.price) if each.price else None,
            "way": name_of(each.mechanism) if each.mechanism else None,
            "mark": STATES[each.state],
        }
        for each in found
        if chosen not in list(OfferState) or each.state == chosen
    ]
    counts = {state: sum(each.state is state for each in found) for state in OfferState}
    chips = [
        {
            "label": state.text,
            "url": "?" if chosen == state else f"?state={state}",
            "count": counts[state],
            "current": chosen == state,
        }
        for state in OfferState
        if counts[state]
    ]
    return render(
        request, "deliver/offers.html", {"rows": rows, "total": len(found), "counts": counts, "chips": chips}
    )


@door("offer.manage")
def new(request: HttpRequest) -> HttpResponse:
    """Write a new offer; it is kept as a draft, and published if that is asked for."""
    return _write(request, actor_of(request), None)


@door("offer.manage")
def edit(request: HttpRequest, own_offer: UUID) -> HttpResponse:
    """Change the working copy of an offer; publish it."""
    actor = actor_of(request)
    return _write(request, actor, _own(actor, own_offer))


@door("offer.manage")
def price(request: HttpRequest, own_offer: UUID) -> HttpResponse:
    """Change the price alone, at once."""
    actor = actor_of(request)
    view = _own(actor, own_offer)
    if view.version is None or view.state is not OfferState.PUBLISHED:
        return redirect("own_offer", own_offer)
    form, status = PriceForm(document_of(view.version.content), request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = change_price(
                    actor,
                    offer_id=own_offer,
                    price=form.price(),
                    groups=form.groups(),
                    number=whole_number(request.POST.get("number", ""), digits=8) or 0,
                )
                said = tell(
                    "新价已上架（第 {v} 版）。已下的订单价格不变。",
                    "The new price holds (version {v}). Orders keep theirs.",
                    v=made.number,
                )
                messages.success(request, said)
                return redirect("own_offers")
            except StaveworksError as error:
                form.add_error(None, error_words(error))
                status = status_of(error)
    shown = {
        "form": form,
        "offer": view,
        "version": view.version,
        "now": price_text(view.version.content.price),
    }
    return render(request, "deliver/offer_price.html", shown, status=status)


@require_POST
@door("offer.manage")
def withdraw(request: HttpRequest, own_offer: UUID) -> HttpResponse:
    """Take it off the shelf, with an undo."""
    withdraw_offer(actor_of(request), offer_id=own_offer)
    undo = reverse("restore_offer", args=[own_offer])
    messages.success(
        request,
        tell("已撤下。已订的照旧。", "Withdrawn. What was ordered stands."),
        extra_tags=f"undo:{undo}",
    )
    return redirect("own_offers")


@require_POST
@door("offer.manage")
def restore(request: HttpRequest, own_offer: UUID) -> HttpResponse:
    """Put a withdrawn offer back; what its working copy says is published."""
    try:
        publish_offer(actor_of(request), offer_id=own_offer)
    except Invalid:
        return _to_mend(request, own_offer, STILL_OFF)
    except Refused as error:
        messages.error(request, error_words(error))
        return redirect("own_offer", own_offer)
    messages.success(request, tell("已重新上架。", "Published again."))
    return redirect("own_offers")


@require_POST
@door("offer.manage")
def discard(request: HttpRequest, own_offer: UUID) -> HttpResponse:
    """Delete a draft that was never published."""
    discard_draft(actor_of(request), offer_id=own_offer)
    messages.success(request, tell("草稿已删除。", "The draft is deleted."))
    return redirect("own_offers")


def _own(actor: Actor, own_offer: UUID) -> OfferView:
    view = access_offer(actor, offer_id=own_offer)
    if not view.own:
        raise OfferNotFound
    return view


def _write(request: HttpRequest, actor: Actor, view: OfferView | None) -> HttpResponse:
    home = Organisation.objects.filter(id=actor.org).values_list("city_id", flat=True).first()
    document: Document = (view.draft if view else None) or {"city": home, "cancellation": USUAL}
    register = load_register(data_file("planks.yaml"))
    ways = list_terms_forms(actor)

    def filled(data: Any) -> OfferForm:
        return OfferForm(document, register=register, home=home, ways=ways, data=data)

    form, status = filled(request.POST or None), 200
    if request.method == "POST":
        done, status = _try(form, lambda: _kept(request, actor, view, form.content()))
        if done is not None:
            return done
    elif view is not None and CHECKED in request.GET:
        as_it_is = {name: form[name].value() for name in form.fields}
        form = filled(as_it_is | {"publish": "1"})
        _try(form, lambda: check_draft(actor, offer_id=view.id))
    return render(request, "deliver/offer_form.html", {"form": form, "offer": view}, status=status)


def _kept(request: HttpRequest, actor: Actor, view: OfferView | None, content: Document) -> HttpResponse:
    """Kept as it is written; then published, if it can be. What can't be published is kept all the same."""
    if view is None:
        own_offer = draft_offer(actor, content=content)
    else:
        own_offer = view.id
        edit_draft(actor, offer_id=own_offer, content=content)
    if "publish" not in request.POST:
        messages.success(
            request,
            tell("已存为草稿，只有您单位能看到。", "Kept as a draft that only your organisation sees."),
        )
        return redirect("own_offer", own_offer)
    try:
        made = publish_offer(actor, offer_id=own_offer)
    except StaveworksError:
        if view is not None:
            raise
        return _to_mend(request, own_offer, KEPT)
    messages.success(request, tell("已上架（第 {v} 版）。", "Published (version {v}).", v=made.number))
    return redirect("own_offers")


def _to_mend(request: HttpRequest, own_offer: UUID, said: Text) -> HttpResponse:
    """On at its own page, where what keeps it from being published stands at its field; another try makes no second offer."""
    messages.error(request, say(said))
    return redirect(f"{reverse('own_offer', args=[own_offer])}?{CHECKED}=1")


def _try(form: OfferForm, do: Callable[[], HttpResponse | None]) -> tuple[HttpResponse | None, int]:
    """Where to go on, if it was done; what is refused stands at its field."""
    if not form.is_valid():
        return None, 422
    try:
        return do(), 200
    except StaveworksError as error:
        words = say(NO_PLANK_YET) if error.field == "planks" else error_words(error)
        form.add_error(form.field_of(error.field), words)
        return None, status_of(error)
