"""Stock: what the provider keeps, its lots and what of them is spoken for, receipts and counts."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.stock_queries import access_stock, list_stocks
from staveworks.mechanisms.tasks.types.stock import Stock, StockNotFound
from staveworks.mechanisms.tasks.usecases.keep_stock import correct_count, keep_stock, receive_lot
from staveworks.web.asking import actor_of
from staveworks.web.deliver.stock_forms import CountForm, LotForm, StockForm
from staveworks.web.doors import door
from staveworks.web.language import said, say
from staveworks.web.middleware import status_of
from staveworks.web.words import put_error

KEPT = Text(zh="已登记。收进第一批货，就能开卖。", en="Recorded. Receive the first lot and it can be sold.")
RECEIVED = Text(zh="已收货，现在就能卖。", en="Received; it is for sale now.")
CORRECTED = Text(zh="已更正，原来的数仍留着。", en="Corrected; what stood before stays on record.")
AMOUNTS = ("there", "held", "committed", "free")


@door("line.serve", to_change="offer.manage")
def stocks(request: HttpRequest) -> HttpResponse:
    """What the organisation keeps; one more."""
    actor = actor_of(request)
    form, status = StockForm(request.POST or None), 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = keep_stock(actor, name=form.name_text(), unit=form.unit_text())
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(request, say(KEPT))
            return redirect("stock", made) if actor.may("line.serve") else redirect("stocks")
    today = timezone.localdate()
    found = list_stocks(actor) if actor.may("line.serve") else []
    shown = {
        "rows": [(each, _totals(each)) for each in found],
        "empty": sum(not each.total("free", today) for each in found),
        "form": form,
        "may_keep": actor.may("offer.manage"),
    }
    return render(request, "deliver/stocks.html", shown, status=status)


@door("line.serve")
def stock(request: HttpRequest, stock: UUID) -> HttpResponse:
    """One good: its lots; one that comes in."""
    actor = actor_of(request)
    found = access_stock(actor, stock_id=stock)
    form = LotForm(said(found.unit), request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            receive_lot(actor, stock_id=stock, **form.cleaned_data)
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(request, say(RECEIVED))
            return redirect("stock", stock)
    return _page(request, found, form, status=status)


@door("line.serve")
@require_POST
def count(request: HttpRequest, stock: UUID, stock_lot: UUID) -> HttpResponse:
    """What a count found of one lot."""
    actor = actor_of(request)
    found = access_stock(actor, stock_id=stock)
    lot = next((each for each in found.lots if each.id == stock_lot), None)
    if lot is None:
        raise StockNotFound
    form, status = CountForm(lot, request.POST), 422
    if form.is_valid():
        try:
            correct_count(actor, lot_id=stock_lot, **form.cleaned_data)
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(request, say(CORRECTED))
            return redirect("stock", stock)
    return _page(request, found, LotForm(said(found.unit)), tried=(stock_lot, form), status=status)


def _page(
    request: HttpRequest,
    found: Stock,
    form: LotForm,
    *,
    tried: tuple[UUID, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    lots = [
        (
            lot,
            lot.lapsed(today),
            tried[1] if tried and tried[0] == lot.id else CountForm(lot),
            bool(tried and tried[0] == lot.id),
        )
        for lot in found.lots
    ]
    shown = {"stock": found, "totals": _totals(found), "lots": lots, "form": form}
    return render(request, "deliver/stock.html", shown, status=status)


def _totals(found: Stock) -> dict[str, int]:
    today = timezone.localdate()
    return {what: found.total(what, today) for what in AMOUNTS}
