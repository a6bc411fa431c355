"""Runs: the history, a new one, one with its plan; stop, replay, publish."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.mechanisms.dispatch.demand_columns import COLUMNS
from staveworks.mechanisms.dispatch.run_queries import (
    access_report,
    access_run,
    list_demands,
    list_runs,
    list_what_ifs,
    usual_seconds,
)
from staveworks.mechanisms.dispatch.types.runs import Fault, ProblemFaulty, RunCard, place_of
from staveworks.mechanisms.dispatch.usecases.publish_run import publish_run
from staveworks.mechanisms.dispatch.usecases.replay_run import ask_replay
from staveworks.mechanisms.dispatch.usecases.start_run import next_monday, start_run
from staveworks.mechanisms.dispatch.usecases.stop_run import stop_run
from staveworks.mechanisms.dispatch.usecases.withdraw_run import withdraw_run
from staveworks.mechanisms.dispatch.withdrawing import why_not_withdrawn
from staveworks.web.allocate.forms import RunForm, WithdrawForm
from staveworks.web.allocate.names import Names
from staveworks.web.allocate.sentences import state_of
from staveworks.web.allocate.shown import names_in, page_of_run, what_ifs_of
from staveworks.web.allocate.tried import Tried
from staveworks.web.allocate.views_demand import PAGE
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.middleware import status_of
from staveworks.web.words import put_error, tell

SILENT, LONG = timedelta(seconds=60), timedelta(seconds=10)
MOST_SHARE = 97
"""Per cent: a run that takes longer than the one before it isn't over yet."""


@door("dispatch.read")
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """The history, the newest first."""
    actor = actor_of(request)
    found = list_runs(actor)
    shown = {
        "runs": [(card, *state_of(card)) for card in found],
        "open": sum(card.is_open for card in found),
        "demands": len(list_demands(actor)),
        "may_run": actor.may("dispatch.run"),
    }
    return render(request, "allocate/runs.html", shown)


@door("dispatch.run")
def new_run(request: HttpRequest) -> HttpResponse:
    """Demand, capacity, weeks, seed."""
    actor = actor_of(request)
    found = list_demands(actor) if actor.may("dispatch.read") else []
    wanted = request.GET.get("demand", "")
    whole = [each for each in found if not each.faults]
    chosen = next((each for each in whole if str(each.id) == wanted), next(iter(whole), None))
    initial = {
        "demand": chosen and str(chosen.id),
        "capacity": "own" if chosen is None or chosen.with_capacity else "registry",
    }
    form = RunForm(found, request.POST or None, first=next_monday(timezone.localdate()), initial=initial)
    status, faults = 422 if request.method == "POST" else 200, []
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("dispatch_run", _start(actor, form.cleaned_data))
        except ProblemFaulty as error:
            faults = [
                (*_place(each, form.cleaned_data["demand"]), each.in_sheet) for each in error.faults[:50]
            ]
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
    shown = {"form": form, "faults": faults, "any": any(not each.faults for each in found)}
    return render(request, "allocate/new.html", shown, status=status)


def _place(fault: Fault, demand: str) -> tuple[str, str]:
    """Where it stands in the sheet, and where it is mended: a line on the page of its demand."""
    at = fault.entry
    if fault.table != "lines" or at is None:
        return place_of(fault), ""
    column = say(COLUMNS[fault.column]) if fault.column in COLUMNS else fault.column or ""
    link = f"{reverse('dispatch_demand', args=[demand])}?row={at}&page={at // PAGE + 1}#line"
    return tell("第 {row} 行 · {column}", "Row {row} · {column}", row=fault.row, column=column), link


def _start(actor: Actor, said: dict[str, Any]) -> UUID:
    return start_run(
        actor,
        demand=UUID(said["demand"]),
        first=said["first"],
        weeks=said["weeks"],
        seed=said["seed"],
        name=said["name"],
        own_capacity=said["capacity"] == "own",
    )


@door("dispatch.read")
@require_safe
def run(request: HttpRequest, run: UUID) -> HttpResponse:
    """One run: how it goes, or its plan with what is short, late and why."""
    return page_of_one(request, run)


def page_of_one(
    request: HttpRequest,
    run: UUID,
    *,
    form: WithdrawForm | None = None,
    tried: Tried | None = None,
    status: int = 200,
) -> HttpResponse:
    """``form``: of a withdrawal that was refused; ``tried``: a what-if that was."""
    actor = actor_of(request)
    card = access_run(actor, run)
    if card.is_draft and card.base:
        return redirect("dispatch_run", card.base)
    shown = _frame(actor, card) | {"withdraw_form": form or WithdrawForm(), "withdrawing": form is not None}
    shown["withdrawing"] |= "withdraw" in request.GET
    shown["refused"] = tried and tried.text
    if shown["may_ask"] and card.published_at:
        shown["not_withdrawn"] = why_not_withdrawn(actor, run)
    shown["base_withdrawn"] = bool(card.base and access_run(actor, card.base).withdrawn_at)
    if card.has_plan:
        report, names = access_report(actor, run)
        shown |= page_of_run(card, report, names, request.GET, tried)
        shown |= _what_ifs(actor, run, shown["names"], request.GET.get("what_if", ""))
    return render(request, "allocate/run.html", shown, status=status)


def _what_ifs(actor: Actor, run: UUID, names: Names, chosen: str = "") -> dict[str, Any]:
    asked = [
        (each, access_report(actor, each.id)[0] if each.has_plan else {})
        for each in list_what_ifs(actor, run)
    ]
    return what_ifs_of(asked, names, chosen)


@door("dispatch.read")
@require_safe
def state(request: HttpRequest, run: UUID) -> HttpResponse:
    """How far it has come; once it is over the page is loaded anew. A what-if takes its place among the others by itself, so that
    nobody loses the next question half typed, and so does what came of a replay."""
    actor = actor_of(request)
    card = access_run(actor, run)
    if "replay" in request.GET:
        return render(request, "allocate/replay.html", {"run": card})
    quiet = "quiet" in request.GET
    if quiet and card.base and not card.is_open:
        report, said = access_report(actor, card.base)
        names = names_in(access_run(actor, card.base), report, said)
        shown = {**_frame(actor, card), **_what_ifs(actor, card.base, names)}
        return render(request, "allocate/what_ifs.html", shown)
    if not card.is_open:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    if quiet:
        return HttpResponse(status=204)
    return render(request, "allocate/progress.html", _frame(actor, card))


def _frame(actor: Actor, card: RunCard) -> dict[str, Any]:
    kind, word = state_of(card)
    silent = bool(card.touched_at and timezone.now() - card.touched_at > SILENT)
    began = card.started_at if card.is_open and not card.mark else None
    waited = timezone.now() - began if began else timedelta()
    usual = usual_seconds(actor, card) if card.is_open else None
    return {
        "run": card,
        "kind": kind,
        "word": word,
        "mark": card.mark,
        "silent": card.is_open and silent,
        "waited": round(waited.total_seconds()),
        "compiling": waited > LONG,
        "usual": usual and max(1, round(usual)),
        "share": usual
        and min(MOST_SHARE, round(100 * (card.mark.seconds if card.mark else 0) / max(1, usual))),
        "may_run": actor.may("dispatch.run"),
        "may_ask": actor.may("dispatch.run") and not card.withdrawn_at,
    }


@door("dispatch.run")
@require_POST
def stop(request: HttpRequest, run: UUID) -> HttpResponse:
    """The best plan so far is kept."""
    _done(
        request,
        lambda: stop_run(actor_of(request), run=run),
        tell("正在停下，保留目前最好的方案。", "Stopping; the best plan so far is kept."),
    )
    return redirect("dispatch_run", run)


@door("dispatch.run")
@require_POST
def replay(request: HttpRequest, run: UUID) -> HttpResponse:
    _done(
        request,
        lambda: ask_replay(actor_of(request), run=run),
        tell("正在用同样的输入复算。", "Being worked out again from the same inputs."),
    )
    return redirect("dispatch_run", run)


@door("dispatch.run")
@require_POST
def publish(request: HttpRequest, run: UUID) -> HttpResponse:
    """Every firm in it is told its own part."""
    try:
        told = publish_run(actor_of(request), run=run)
    except StaveworksError as error:
        messages.error(request, say(error.text))
    else:
        messages.success(
            request,
            tell(
                "已公布，{n} 家企业会收到通知；没排到活的，也会知道为什么。",
                "Published. {n} firm is being told.|Published. {n} firms are being told; those without work also why.",
                n=told,
            ),
        )
    return redirect("dispatch_run", run)


@door("dispatch.run")
@require_POST
def withdraw(request: HttpRequest, run: UUID) -> HttpResponse:
    """Its hours are free again; every firm that was told of it is told why."""
    form, status = WithdrawForm(request.POST), 422
    if form.is_valid():
        try:
            told = withdraw_run(actor_of(request), run=run, reason=form.cleaned_data["reason"])
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            said = tell(
                "已撤回，{n} 家企业在“派给我们的活”里读到理由，排到活的会收到待办。",
                "Withdrawn. {n} firm reads why under Work for us, with a to-do if it had work."
                "|Withdrawn. {n} firms read why under Work for us; those with work get a to-do.",
                n=told,
            )
            messages.success(request, said)
            return redirect("dispatch_run", run)
    return page_of_one(request, run, form=form, status=status)


def _done(request: HttpRequest, act: Any, words: str) -> None:
    try:
        act()
    except StaveworksError as error:
        messages.error(request, say(error.text))
    else:
        messages.success(request, words)
