"""Requests: the board, one's own from draft to award, what a provider does with its proposal."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.foundation.files.queries import checked
from staveworks.foundation.files.types import FileRecord
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.mechanisms.projects.queries import (
    access_attachment,
    access_request,
    list_answered_requests,
    list_contracts,
    list_own_requests,
    list_project_providers,
    list_requests,
)
from staveworks.mechanisms.projects.types import (
    Phase,
    ProposalNotFound,
    Request,
    RequestCard,
    RequestKind,
    RequestNotFound,
)
from staveworks.mechanisms.projects.usecases.accept_nda import accept_nda
from staveworks.mechanisms.projects.usecases.award_request import award_request
from staveworks.mechanisms.projects.usecases.compare_proposals import give_points
from staveworks.mechanisms.projects.usecases.open_proposal import open_proposal
from staveworks.mechanisms.projects.usecases.seal_proposal import withdraw_proposal
from staveworks.mechanisms.projects.usecases.write_request import (
    change_request,
    close_request,
    draft_request,
    publish_request,
)
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.middleware import status_of
from staveworks.web.order.project_forms import (
    AskForm,
    AwardForm,
    CodeForm,
    PointsForm,
    WhyForm,
    asked_initial,
)
from staveworks.web.words import error_words, put_error, tell

BADGES = {
    Phase.DRAFT: "over",
    Phase.COLLECTING: "waiting",
    Phase.OPENING: "waiting",
    Phase.COMPARING: "yours",
    Phase.AWARDED: "done",
    Phase.CLOSED: "over",
}


def badge(card: RequestCard) -> tuple[str, Text]:
    """The shape and the word of a request's phase, for its reader."""
    shape = BADGES[card.phase]
    return ("waiting" if shape == "yours" and not card.own else shape), card.phase.text


@door("request.read")
def requests(request: HttpRequest) -> HttpResponse:
    """The board of open requests, one's own, those answered, and contracts."""
    actor = actor_of(request)
    asked = request.GET.get("kind", "")
    kind = RequestKind(asked) if asked in set(RequestKind) else None
    board = list_requests(actor, kind=kind)
    answered = list_answered_requests(actor) if actor.may("proposal.make") else []
    shown = {
        "board": board,
        "kind": kind,
        "kinds": list(RequestKind),
        "own": [(card, badge(card)) for card in list_own_requests(actor)],
        "answered": [(card, badge(card)) for card in answered],
        "contracts": list_contracts(actor),
        "may_ask": actor.may("request.manage"),
    }
    return render(request, "order/requests.html", shown)


@door("request.manage")
def new(request: HttpRequest) -> HttpResponse:
    """Write a request; it stays a draft that nobody else sees."""
    return _write(request, None)


@door("request.manage")
def edit(request: HttpRequest, own_request: UUID) -> HttpResponse:
    """Change a draft."""
    return _write(request, _own(actor_of(request), own_request))


@door("request.read")
def one(request: HttpRequest, asked_request: UUID) -> HttpResponse:
    """A request, for its buyer and for whoever may answer it."""
    return _page(request, access_request(reader(actor_of(request)), request_id=asked_request))


@door("request.manage")
@require_POST
def publish(request: HttpRequest, own_request: UUID) -> HttpResponse:
    said = tell("已发布。截止前，谁也看不到方案。", "Published. Until the deadline nobody sees any proposal.")
    return _act(request, own_request, lambda actor: publish_request(actor, request_id=own_request), said)


@door("request.manage")
@require_POST
def close(request: HttpRequest, own_request: UUID) -> HttpResponse:
    """Without an award."""
    form = WhyForm(request.POST)

    def act(actor: Actor) -> None:
        close_request(actor, request_id=own_request, reason=form.cleaned_data["reason"])

    return _filled(
        request, own_request, "close_form", form, act, tell("需求已结束。", "The request is closed.")
    )


@door("request.manage")
@require_POST
def points(request: HttpRequest, own_request: UUID) -> HttpResponse:
    """Give one opened proposal points."""
    found = _own(actor_of(request), own_request)
    proposal = _uuid(request.POST.get("proposal"))
    row = next((each for each in found.comparison if each.opened.proposal_id == proposal), None)
    form = PointsForm(found.criteria, row.points if row else [None] * len(found.criteria), request.POST)

    def act(actor: Actor) -> None:
        give_points(actor, request_id=own_request, proposal_id=proposal, points=form.points())

    return _filled(
        request, own_request, str(proposal), form, act, tell("已记下评分。", "The points are noted.")
    )


@door("request.manage")
@require_POST
def award(request: HttpRequest, own_request: UUID) -> HttpResponse:
    """To one opened proposal; its contract follows."""
    actor, found = actor_of(request), _own(actor_of(request), own_request)
    form = AwardForm(found.comparison, request.POST)
    if not form.is_valid():
        return _page(request, found, award_form=form, status=422)
    try:
        contract = award_request(
            actor,
            request_id=own_request,
            proposal_id=UUID(form.cleaned_data["proposal"]),
            reason=form.cleaned_data["reason"],
        )
    except StaveworksError as error:
        put_error(form, error)
        return _page(request, found, award_form=form, status=status_of(error))
    messages.success(
        request,
        tell("已定标，节点已放进您的订单。", "Awarded. Its milestones are in your order: hold and place it."),
    )
    return redirect("contract", contract)


@door("proposal.make")
@require_POST
def nda(request: HttpRequest, asked_request: UUID) -> HttpResponse:
    """Accept it, and see the attachments."""
    said = tell("已接受保密约定，附件可以看了。", "Accepted: the attachments are open to you now.")
    return _act(request, asked_request, lambda actor: accept_nda(actor, request_id=asked_request), said)


@door("proposal.make")
@require_POST
def withdraw(request: HttpRequest, asked_request: UUID) -> HttpResponse:
    """Before the deadline."""
    said = tell("方案已撤回。", "The proposal is withdrawn.")
    return _act(
        request, asked_request, lambda actor: withdraw_proposal(actor, request_id=asked_request), said
    )


@door("proposal.make")
@require_POST
def open_sealed(request: HttpRequest, asked_request: UUID) -> HttpResponse:
    """After the deadline, with the code."""
    form = CodeForm(request.POST)

    def act(actor: Actor) -> None:
        open_proposal(actor, request_id=asked_request, code=form.cleaned_data["code"])

    said = tell("已开标，需求方看得到您的方案了。", "Opened: the buyer can read your proposal now.")
    return _filled(request, asked_request, "code_form", form, act, said)


@door("request.read")
def attachment(request: HttpRequest, asked_request: UUID, attachment: UUID) -> HttpResponse:
    """A file of a request, to save."""
    actor = reader(actor_of(request))
    return saved(access_attachment(actor, request_id=asked_request, file_id=attachment))


def saved(file: FileRecord) -> HttpResponse:
    """Never shown in place, never kept by a cache."""
    with checked(file) as content:
        response = HttpResponse(content.read(), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{file.id}.{file.name.rpartition(".")[2][:5]}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def store(actor: Actor, files: Sequence[Any]) -> list[UUID]:
    """Uploaded files as files of the actor's organisation. Raises what ``store_file`` does, at ``papers``."""
    return [
        store_file(actor, name=each.name or "", content=each.chunks(), field="papers").id for each in files
    ]


def _write(request: HttpRequest, found: Request | None) -> HttpResponse:
    actor = actor_of(request)
    form = AskForm(
        list_project_providers(actor),
        request.POST or None,
        request.FILES or None,
        initial=asked_initial(found),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                kept = [each.id for each in (found.attachments or ())] if found else []
                files = [*kept, *store(actor, form.cleaned_data["papers"])]
                if found:
                    own = found.card.id
                    change_request(actor, request_id=own, asked=form.asked(), files=files)
                else:
                    own = draft_request(actor, asked=form.asked(), files=files)
            except StaveworksError as error:
                put_error(form, error)
                status = status_of(error)
            else:
                return redirect("request", own)
    return render(request, "order/request_form.html", {"form": form, "found": found}, status=status)


def _page(request: HttpRequest, found: Request, *, status: int = 200, **forms: Any) -> HttpResponse:
    """``forms``: those that were sent and refused, in place of empty ones."""
    actor = actor_of(request)
    tried = {key: form for key, form in forms.items() if key.count("-") == 4}
    shown = {
        "found": found,
        "card": found.card,
        "badge": badge(found.card),
        "phase": found.card.phase.value,
        "may_manage": found.card.own and actor.may("request.manage"),
        "may_propose": not found.card.own and actor.may("proposal.make"),
        "close_form": WhyForm(),
        "award_form": AwardForm(found.comparison),
        "code_form": CodeForm(),
        "rows": [
            (row, tried.get(str(row.opened.proposal_id)) or PointsForm(found.criteria, row.points))
            for row in found.comparison
        ],
    }
    return render(request, "order/request.html", shown | forms, status=status)


def _act(request: HttpRequest, asked: UUID, act: Callable[[Actor], object], said: str) -> HttpResponse:
    """One button: done, or why not, on the same page."""
    try:
        act(actor_of(request))
    except StaveworksError as error:
        if status_of(error) in (403, 404):
            raise
        messages.error(request, error_words(error))
    else:
        messages.success(request, said)
    return redirect("request", asked)


def _filled(
    request: HttpRequest, asked: UUID, name: str, form: Any, act: Callable[[Actor], object], said: str
) -> HttpResponse:
    """One small form on the page: done, or the page again with the form as it was filled in."""
    actor = actor_of(request)
    found = access_request(reader(actor), request_id=asked)
    if not form.is_valid():
        return _page(request, found, status=422, **{name: form})
    try:
        act(actor)
    except StaveworksError as error:
        if status_of(error) in (403, 404):
            raise
        put_error(form, error)
        return _page(request, found, status=status_of(error), **{name: form})
    messages.success(request, said)
    return redirect("request", asked)


def _own(actor: Actor, own_request: UUID) -> Request:
    """Raises ``RequestNotFound`` for one of another organisation's."""
    found = access_request(reader(actor), request_id=own_request)
    if not found.card.own:
        raise RequestNotFound
    return found


def reader(actor: Actor) -> Actor:
    """Whoever may act on a request may see it."""
    return replace(actor, rights=actor.rights | {"request.read"})


def _uuid(text: str | None) -> UUID:
    """Raises ``ProposalNotFound``."""
    try:
        return UUID(text or "")
    except ValueError:
        raise ProposalNotFound from None
