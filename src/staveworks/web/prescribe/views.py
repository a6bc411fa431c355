"""The prescription's page: the answer in a sentence, the budget to move, why this and why not that, the level by budget."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from staveworks.cluster.prescription.carrying_out import progress_of
from staveworks.cluster.prescription.gathering import gather
from staveworks.cluster.prescription.lending import list_lent
from staveworks.cluster.prescription.queries import (
    access_prescription,
    compare_with_now,
    find_newest,
    list_prescriptions,
    replay_prescription,
)
from staveworks.cluster.prescription.types import NoBarrelYet, NothingNeeded, PrescriptionView
from staveworks.cluster.prescription.usecases.accept_prescription import (
    ASKS,
    Accepted,
    accept_prescription,
)
from staveworks.cluster.prescription.usecases.prescribe import make_prescription
from staveworks.engine.prescription import reach
from staveworks.foundation.parties.queries import city_names
from staveworks.kit.errors import Invalid
from staveworks.web.asking import actor_of, organisation_of
from staveworks.web.diagnose.registers import register_in_force
from staveworks.web.doors import door, in_one_look
from staveworks.web.language import current, say
from staveworks.web.prescribe.chart import SIZES, draw_frontier
from staveworks.web.prescribe.forms import BudgetForm
from staveworks.web.prescribe.printing import lifts, step_rows, unchosen_rows
from staveworks.web.prescribe.rows import more_of, page_of
from staveworks.web.words import put_error, tell

ROUND_YUAN = 10_000
SLIDES = 200
"""Steps of the slider."""
LEAST_SLIDE_YUAN = 200_000


@door("prescription.read")
def by_its_name(request: HttpRequest) -> HttpResponse:
    """Who writes the address by the name of the thing comes to where it is made."""
    return redirect("prescribe")


@door("prescription.read", to_change="prescription.make")
@in_one_look
def prescribe(request: HttpRequest) -> HttpResponse:
    """The newest prescription, or the way to the first; sent: another one."""
    if request.method == "POST":
        return _make(request)
    actor = actor_of(request)
    newest = find_newest(actor)
    if newest is None:
        return _first(request, BudgetForm())
    view = access_prescription(actor, prescription_id=newest)
    return _shown(request, view, BudgetForm(initial=_initial(view)))


@door("prescription.read")
@in_one_look
def prescription(request: HttpRequest, prescription: UUID) -> HttpResponse:
    view = access_prescription(actor_of(request), prescription_id=prescription)
    return _shown(request, view, BudgetForm(initial=_initial(view)))


@door("prescription.read")
def frontier(request: HttpRequest, prescription: UUID) -> HttpResponse:
    """The chart as far as it is drawn; it asks again until it is whole."""
    view = access_prescription(actor_of(request), prescription_id=prescription)
    return render(request, "prescribe/frontier.html", _chart(view))


@door("prescription.read")
def proof(request: HttpRequest, prescription: UUID) -> HttpResponse:
    """Why it is the best: what was compared, what was proved, recomputed now."""
    actor = actor_of(request)
    view = access_prescription(actor, prescription_id=prescription)
    found = replay_prescription(actor, prescription_id=prescription)
    return render(request, "prescribe/proof.html", {"view": view, "proof": found})


@door("prescription.read")
def prescriptions(request: HttpRequest) -> HttpResponse:
    """All that were made, the newest first."""
    return render(request, "prescribe/all.html", {"cards": list_prescriptions(actor_of(request))})


@require_POST
@door("prescription.accept")
def order(request: HttpRequest, prescription: UUID) -> HttpResponse:
    """Put what is chosen into the order draft."""
    done = accept_prescription(actor_of(request), prescription_id=prescription)
    _tell(request, done)
    return redirect(f"/orders/{done.order_id}/") if done.order_id else redirect("prescription", prescription)


def _tell(request: HttpRequest, done: Accepted) -> None:
    if done.added:
        words = tell(
            "{n} 项已放进订单草稿。",
            "{n} service is in the order draft.|{n} services are in the order draft.",
            n=done.added,
        )
        messages.success(request, words)
    elif not done.left:
        messages.success(request, tell("都已在订单草稿里。", "All of it is in the order draft already."))
    asks = sum(why is ASKS for _, why in done.left)
    if asks:
        words = tell(
            "还有 {n} 项要先选时间或填写要求，在下面选。",
            "{n} service asks for a time, or for more: choose below.|{n} services ask for a time, or for more: choose below.",
            n=asks,
        )
        messages.warning(request, words)
    for service, why in done.left:
        if why is ASKS:
            continue
        messages.warning(
            request,
            tell(
                "没放进去：{title}。{why}", "Left out: {title}. {why}", title=say(service.title), why=say(why)
            ),
        )


def _make(request: HttpRequest) -> HttpResponse:
    actor, form = actor_of(request), BudgetForm(request.POST)
    if form.is_valid():
        try:
            return redirect("prescription", make_prescription(actor, **form.asked()))
        except Invalid as refused:
            put_error(form, refused)
        except (NoBarrelYet, NothingNeeded):
            return redirect("prescribe")
    newest = find_newest(actor)
    if newest:
        return _shown(request, access_prescription(actor, prescription_id=newest), form, status=422)
    return _first(request, form, status=422)


def _first(request: HttpRequest, form: BudgetForm, status: int = 200) -> HttpResponse:
    """Nothing was prescribed yet: what is missing, or the form alone."""
    actor, offers = actor_of(request), 0
    try:
        offers = len(gather(actor, horizon_days=None).document["offers"])
        lacks = "" if offers else "offers"
    except NoBarrelYet:
        lacks = "barrel"
    except NothingNeeded:
        lacks = "need"
    may = actor.may("prescription.make")
    context: dict[str, Any] = {"form": form, "lacks": lacks, "offers": offers, "may_make": may}
    return render(request, "prescribe/first.html", context | _slider(form, None), status=status)


def _shown(request: HttpRequest, view: PrescriptionView, form: BudgetForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    cities = city_names(service.city for service in view.services.values())
    firm = str(say(organisation_of(request).title))
    progress, now = progress_of(actor, view), compare_with_now(actor, view)
    register = register_in_force()
    page = page_of(view, firm=firm, register=register, cities=cities, progress=progress)
    context: dict[str, Any] = {
        "page": page,
        "chosen": [(row, lifts(row, register)) for row in page.chosen],
        "nearest": unchosen_rows(page.nearest, register),
        "others": unchosen_rows(page.others, register),
        "order": next((each.order_id for each in progress if each.order_id), None),
        "left": sum(each.left for each in progress),
        "asks": sum(each.left and each.asks for each in progress),
        "form": form,
        "register": register,
        "outdated": now.outdated,
        "vouchers": now.vouchers,
        "lent": list_lent(actor, right="prescription.read"),
        "may_make": actor.may("prescription.make"),
        "may_order": actor.may("prescription.accept") and view.rises,
    }
    return render(
        request, "prescribe/prescription.html", context | _chart(view) | _slider(form, view), status=status
    )


def _chart(view: PrescriptionView) -> dict[str, Any]:
    """``done`` of ``total``: tenths of the way from the level as it is to the highest there can be."""
    drawings = [
        draw_frontier(view.steps, view.budget_fen, current(), whole=view.drawn, size=size) for size in SIZES
    ]
    low = reach(view.problem, ()).water_level
    reached = view.steps[-1].water_level if view.steps else low
    return {
        "view": view,
        "chart": mark_safe("".join(drawings)),  # noqa: S308 - our own drawing, texts escaped
        "steps": step_rows(view.steps),
        "more": more_of(view),
        "done": round(10 * (reached - low)),
        "total": max(1, round(10 * (view.highest - low))),
        "poll_url": None if view.drawn else reverse("prescription_frontier", args=[view.id]),
    }


def _slider(form: BudgetForm, view: PrescriptionView | None) -> dict[str, Any]:
    """From nothing to a little beyond what the last step of the frontier costs."""
    last = view.steps[-1].budget_fen if view and view.drawn and view.steps else 0
    budget = view.budget_fen if view else 0
    most_yuan = max(last * 1.1, budget * 1.5) / 100 or LEAST_SLIDE_YUAN
    most = max(ROUND_YUAN, -(-int(most_yuan) // ROUND_YUAN) * ROUND_YUAN)
    return {"slide_most": most, "slide_step": most // SLIDES}


def _initial(view: PrescriptionView) -> dict[str, Any]:
    yuan, fen = divmod(view.budget_fen, 100)
    return {
        "budget_fen": f"{yuan}.{fen:02d}" if fen else str(yuan),
        "objective": str(view.objective),
        "horizon_days": str(view.horizon_days or ""),
    }
