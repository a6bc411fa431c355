"""A contract, for both of its sides: milestones delivered and accepted or returned, changes proposed and signed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.mechanisms.projects.queries import access_contract, access_delivered_file, contract_of_change
from staveworks.mechanisms.projects.types import ChangeNotFound, Contract, ContractStep, Milestone
from staveworks.mechanisms.projects.usecases.award_request import set_aside
from staveworks.mechanisms.projects.usecases.change_contract import (
    propose_change,
    refuse_change,
    sign_change,
)
from staveworks.mechanisms.projects.usecases.run_contract import (
    accept_milestone,
    confirm_contract,
    deliver_milestone,
    order_milestones,
    return_milestone,
)
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.middleware import status_of
from staveworks.web.order.project_forms import ChangeForm, HandOverForm, WhyForm
from staveworks.web.order.views_projects import reader, saved, store
from staveworks.web.words import error_words, put_error, tell

TURN = {
    "buyer": {ContractStep.UNORDERED, ContractStep.DELIVERED},
    "provider": {ContractStep.ORDERED, ContractStep.WORKING, ContractStep.RETURNED},
}
BADGES = {ContractStep.ACCEPTED: "done", ContractStep.FELL_AWAY: "over"}


@door("request.read")
def contract(request: HttpRequest, contract: UUID) -> HttpResponse:
    return _page(request, access_contract(actor_of(request), contract_id=contract))


@door("order.place")
@require_POST
def order(request: HttpRequest, contract: UUID) -> HttpResponse:
    """Its milestones into the order that is being filled."""
    try:
        order_milestones(actor_of(request), contract_id=contract)
    except StaveworksError as error:
        return _refused(request, contract, error)
    messages.success(
        request, tell("已放进订单，请占住并下单。", "They are in your order: hold and place it.")
    )
    return redirect("orders")


@door("line.serve")
@require_POST
def confirm(request: HttpRequest, contract: UUID) -> HttpResponse:
    said = tell("已接单。", "Confirmed.")
    return _act(request, contract, lambda actor: confirm_contract(actor, contract_id=contract), said)


@door("line.serve")
@require_POST
def deliver(request: HttpRequest, contract: UUID, place: int) -> HttpResponse:
    form = HandOverForm(request.POST, request.FILES)

    def act(actor: Actor) -> None:
        files = store(actor, form.cleaned_data["papers"])
        text = form.cleaned_data["text"]
        deliver_milestone(actor, contract_id=contract, place=place, text=text, files=files)

    return _filled(
        request, contract, place, form, act, tell("已交付，等对方验收。", "Delivered; the buyer accepts it.")
    )


@door("order.place")
@require_POST
def accept(request: HttpRequest, contract: UUID, place: int) -> HttpResponse:
    said = tell("已验收，这个节点进入结算。", "Accepted: this milestone is settled.")
    return _act(
        request, contract, lambda actor: accept_milestone(actor, contract_id=contract, place=place), said
    )


@door("order.place")
@require_POST
def give_back(request: HttpRequest, contract: UUID, place: int) -> HttpResponse:
    form = WhyForm(request.POST)

    def act(actor: Actor) -> None:
        reason = form.cleaned_data["reason"]
        return_milestone(actor, contract_id=contract, place=place, reason=reason)

    return _filled(request, contract, place, form, act, tell("已退回。", "Returned."))


@door("change.sign")
def change(request: HttpRequest, contract: UUID) -> HttpResponse:
    """Propose how milestones shall be; nothing changes before the other side has signed."""
    actor = actor_of(request)
    found = access_contract(reader(actor), contract_id=contract)
    form = ChangeForm(found, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                propose_change(actor, contract_id=contract, edits=form.edits(), reason=reason)
            except StaveworksError as error:
                form.put(error)
                status = status_of(error)
            else:
                messages.success(
                    request, tell("已提出，等对方签。", "Proposed; it waits for the other side.")
                )
                return redirect("contract", contract)
    return render(request, "order/change.html", {"contract": found, "form": form}, status=status)


@door("change.sign")
@require_POST
def sign(request: HttpRequest, change: UUID) -> HttpResponse:
    said = tell("已签，变更生效。", "Signed: the change holds.")
    return _decide(request, change, lambda actor: sign_change(actor, change_id=change), said)


@door("change.sign")
@require_POST
def refuse(request: HttpRequest, change: UUID) -> HttpResponse:
    said = tell("没有签，一切照旧。", "Refused: everything stays as it was.")
    return _decide(request, change, lambda actor: refuse_change(actor, change_id=change), said)


@door("request.manage")
@require_POST
def aside(request: HttpRequest, contract: UUID) -> HttpResponse:
    """The order fell through: choose another."""
    actor = actor_of(request)
    found = access_contract(reader(actor), contract_id=contract)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, aside_form=form)
    try:
        set_aside(actor, contract_id=contract, reason=form.cleaned_data["reason"])
    except StaveworksError as error:
        put_error(form, error)
        return _page(request, found, status=status_of(error), aside_form=form)
    messages.success(request, tell("定标已撤销，可以另选。", "Set aside: choose another proposal."))
    return redirect("request", found.request_id)


@door("request.read")
def delivered(request: HttpRequest, contract: UUID, delivered_file: UUID) -> HttpResponse:
    """A delivered file, to save."""
    return saved(access_delivered_file(actor_of(request), contract_id=contract, file_id=delivered_file))


def _page(
    request: HttpRequest,
    found: Contract,
    *,
    status: int = 200,
    place: int | None = None,
    form: Any = None,
    **more: Any,
) -> HttpResponse:
    """``form``: the one at ``place`` that was sent and refused."""
    actor = actor_of(request)
    side = "buyer" if actor.org == found.buyer_org else "provider"
    rows = [(each, _badge(each, side), form if each.place == place else None) for each in found.milestones]
    shown = {
        "contract": found,
        "side": side,
        "rows": rows,
        "turns": sum(each[1][0] == "yours" for each in rows),
        "may_order": side == "buyer" and actor.may("order.place"),
        "may_serve": side == "provider" and actor.may("line.serve"),
        "may_sign": actor.may("change.sign"),
        "may_manage": side == "buyer" and actor.may("request.manage"),
        "unordered": any(
            each.step in {ContractStep.UNORDERED, ContractStep.FELL_AWAY} for each in found.milestones
        ),
        "drafted": any(each.line_state == "draft" for each in found.milestones),
        "ordered": any(each.step is ContractStep.ORDERED for each in found.milestones),
        "fallen": all(
            each.step in {ContractStep.UNORDERED, ContractStep.FELL_AWAY} for each in found.milestones
        ),
        "waiting": [each for each in found.changes if each.open],
        "decided": [each for each in found.changes if not each.open],
        "here": actor.org,
        "why": WhyForm(),
        "hand_over": HandOverForm(),
        "aside_form": WhyForm(),
    }
    return render(request, "order/contract.html", shown | more, status=status)


def _badge(milestone: Milestone, side: str) -> tuple[str, Any]:
    step = milestone.step
    if step in TURN[side]:
        return "yours", step.text
    return BADGES.get(step, "waiting"), step.text


def _act(request: HttpRequest, contract: UUID, act: Callable[[Actor], object], said: str) -> HttpResponse:
    try:
        act(actor_of(request))
    except StaveworksError as error:
        return _refused(request, contract, error)
    messages.success(request, said)
    return redirect("contract", contract)


def _refused(request: HttpRequest, contract: UUID, error: StaveworksError) -> HttpResponse:
    if status_of(error) in (403, 404):
        raise error
    messages.error(request, error_words(error))
    return redirect("contract", contract)


def _filled(
    request: HttpRequest, contract: UUID, place: int, form: Any, act: Callable[[Actor], object], said: str
) -> HttpResponse:
    actor = actor_of(request)
    found = access_contract(reader(actor), contract_id=contract)
    if not form.is_valid():
        return _page(request, found, status=422, place=place, form=form)
    try:
        act(actor)
    except StaveworksError as error:
        if status_of(error) in (403, 404):
            raise
        put_error(form, error)
        return _page(request, found, status=status_of(error), place=place, form=form)
    messages.success(request, said)
    return redirect("contract", contract)


def _decide(request: HttpRequest, change: UUID, act: Callable[[Actor], object], said: str) -> HttpResponse:
    contract = contract_of_change(actor_of(request), change_id=change)
    if contract is None:
        raise ChangeNotFound
    return _act(request, contract, act, said)
