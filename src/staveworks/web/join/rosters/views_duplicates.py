"""Pairs that may be one firm: decide, undo, look back."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters import duplicates, queries
from staveworks.foundation.rosters.types import DecisionCard, PairCard, PairDetail, PairNotFound
from staveworks.foundation.rosters.usecases.decide_duplicate import decide_duplicate
from staveworks.foundation.rosters.usecases.undo_decision import undo_decision
from staveworks.kit.errors import Refused
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.join.rosters.forms import sides_of
from staveworks.web.join.rosters.shown import segments
from staveworks.web.pages import page_of
from staveworks.web.words import error_words, tell

LISTED, PAGE = 50, 50
STATES = {
    "same": ("done", Text(zh="相同", en="same")),
    "close": ("waiting", Text(zh="相近", en="close")),
    "one side": ("over", Text(zh="仅一边有", en="one side")),
    "different": ("over", Text(zh="不同", en="different")),
    "none": ("", Text(zh="", en="")),
}


@door("roster.read")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The pairs at the left, the chosen one side by side at the right; of one list, or of all."""
    actor = actor_of(request)
    roster = _uuid(request.GET.get("roster"))
    card = queries.access_roster(actor, roster) if roster else None
    pairs = duplicates.list_pairs(actor, roster=roster, limit=LISTED)
    chosen = _chosen(actor, _uuid(request.GET.get("pair")), pairs)
    total = duplicates.count_pairs(actor, roster=roster)
    shown = {
        "roster": card,
        "segments": segments(card) if card else [],
        "pairs": [(pair, _address(roster, pair.id)) for pair in pairs],
        "total": total,
        "more": total - len(pairs),
        "pair": chosen,
        "fields": _numbered(chosen) if chosen else [],
        "next_url": _next(roster, pairs, chosen),
        "may_decide": actor.may("duplicate.decide"),
        "picked": "pair" in request.GET,
    }
    return render(request, "rosters/duplicates.html", shown)


def _chosen(actor: Actor, wanted: UUID | None, pairs: list[PairCard]) -> PairDetail | None:
    if wanted:
        return _pair(actor, wanted)
    return _pair(actor, pairs[0].id) if pairs else None


def _pair(actor: Actor, pair: UUID) -> PairDetail:
    """With the profile of a claimed firm where its owner shows it."""
    with reading(actor, purpose=Purpose.OPERATION, fields=[Field.PROFILE]) as log:
        found = duplicates.access_pair(actor, pair)
        log.of([found.left_firm, found.right_firm])
    return found


def _numbered(pair: PairDetail) -> list[dict[str, object]]:
    """Fields with the key that switches them (1–9) and the look of their state."""
    numbered, key = [], 0
    for field in pair.fields:
        if field.state == "none":
            continue
        key += field.choosable
        kind, word = STATES[field.state]
        number = key if field.choosable and key <= 9 else None
        numbered.append({"field": field, "kind": kind, "word": word, "key": number})
    return numbered


def _address(roster: UUID | None, pair: UUID | None) -> str:
    asked = {"roster": roster, "pair": pair}
    query = urlencode({name: str(value) for name, value in asked.items() if value})
    return reverse("duplicates") + (f"?{query}" if query else "")


def _next(roster: UUID | None, pairs: list[PairCard], chosen: PairDetail | None) -> str:
    """Where skipping leads: the pair after this one, from the last to the first."""
    ids = [pair.id for pair in pairs]
    if chosen is None or not ids:
        return _address(roster, None)
    at = ids.index(chosen.id) + 1 if chosen.id in ids else 0
    return _address(roster, ids[at % len(ids)])


@door("duplicate.decide")
@require_POST
def decide(request: HttpRequest, pair: UUID) -> HttpResponse:
    """Merge or keep apart, then the next pair; the toast undoes it."""
    actor, roster = actor_of(request), _uuid(request.POST.get("roster"))
    verdict = "merge" if request.POST.get("verdict") == "merge" else "apart"
    pairs = duplicates.list_pairs(actor, roster=roster, limit=LISTED)
    ids = [one.id for one in pairs]
    following = ids[(ids.index(pair) + 1) % len(ids)] if pair in ids and len(ids) > 1 else None
    try:
        made = decide_duplicate(
            actor,
            pair=pair,
            verdict="merge" if verdict == "merge" else "apart",
            fields=sides_of(request.POST),
        )
    except PairNotFound:
        raise
    except Refused as error:
        messages.error(request, error_words(error))
        return redirect(_address(roster, None))
    left = duplicates.count_pairs(actor, roster=roster)
    back = reverse("decision_undo", args=[made.id])
    messages.success(request, _told(made, left), extra_tags=f"undo:{back}")
    return redirect(_address(roster, following if left else None))


def _told(made: DecisionCard, left: int) -> str:
    names = {"a": made.left_name, "b": made.right_name, "n": left}
    if made.decision == "merge":
        return tell("已合并“{a}”与“{b}”，还剩 {n} 对。", "Merged “{a}” and “{b}”. {n} left.", **names)
    return tell("“{a}”与“{b}”已分开，还剩 {n} 对。", "“{a}” and “{b}” stay apart. {n} left.", **names)


@door("duplicate.decide")
@require_POST
def undo(request: HttpRequest, decision: UUID) -> HttpResponse:
    """Back to the pair, which is open again."""
    try:
        made = undo_decision(actor_of(request), decision=decision)
    except Refused as error:
        messages.error(request, error_words(error))
        return redirect("decisions")
    if made.split:
        messages.success(request, tell("已撤销，又合并在一起。", "Undone: merged again."))
        return redirect("roster_merge", made.row_id)
    messages.success(request, tell("已撤销，这一对又在待判重里。", "Undone. The pair is open again."))
    return redirect(_address(None, made.pair_id))


@door("roster.read")
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Every decision, who made it, and its undoing."""
    actor = actor_of(request)
    page = page_of(
        request.GET.get("page"),
        duplicates.count_decisions(actor),
        lambda start, size: duplicates.list_decisions(actor, limit=size, offset=start),
        size=PAGE,
    )
    shown = {
        "page": page,
        "may_decide": actor.may("duplicate.decide"),
        "open_pairs": duplicates.count_pairs(actor),
    }
    return render(request, "rosters/decisions.html", shown)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise PairNotFound from None
